// Adaptive Cards up to 1.3, drawn as Webex draws them. Knows one card; what becomes of an answer is the caller's.

import { el, inline, markdown, safeUrl } from "/text.js";

const STYLES = ["default", "emphasis", "good", "attention", "warning", "accent"];
const word = (value, known, otherwise) => {
  const found = known.find((it) => it.toLowerCase() === String(value).toLowerCase());
  return (found ?? otherwise).toLowerCase();
};
const list = (value) => (Array.isArray(value) ? value : []);
let count = 0;

/** Draws a card. `submit(data)` is called with what a button and the inputs say, and gives a promise. */
export function drawCard(card, submit) {
  return new Card(card, submit, null).draw();
}

class Card {
  constructor(card, submit, parent) {
    this.card = card;
    this.submit = submit;
    this.parent = parent;
    this.inputs = [];
  }

  draw() {
    const box = el("div", { class: "card" });
    box.append(...this.elements(this.card.body));
    const said = el("p", { class: "said", role: "status" });
    if (list(this.card.actions).length) box.append(this.actionSet(this.card.actions, said));
    box.append(said);
    return box;
  }

  elements(items) {
    return list(items).map((item, index) => this.element(item, index === 0)).filter(Boolean);
  }

  element(item, first) {
    if (!item || item.isVisible === false) return null;
    const draw = DRAW[item.type];
    const drawn = draw ? draw.call(this, item) : el("p", { class: "fallback" }, item.fallbackText ?? "");
    const outer = el("div", { class: `item space-${first ? "none" : word(item.spacing, SPACES, "default")}` }, drawn);
    if (item.separator && !first) outer.classList.add("separator");
    if (item.height === "stretch") outer.classList.add("stretch");
    if (item.horizontalAlignment) outer.classList.add(`align-${word(item.horizontalAlignment, ALIGN, "left")}`);
    return item.selectAction ? this.selectable(outer, item.selectAction) : outer;
  }

  selectable(outer, action) {
    const title = action.title ?? "Choose";
    if (action.type === "Action.OpenUrl" && safeUrl(action.url)) {
      return el("a", { class: "select", href: safeUrl(action.url), target: "_blank", rel: "noopener noreferrer", "aria-label": title }, outer);
    }
    if (action.type !== "Action.Submit") return outer;
    const said = el("p", { class: "said", role: "status" });
    const box = el("div", { class: "select", role: "button", tabindex: "0", "aria-label": title }, outer, said);
    const press = () => this.press(action, box, said);
    box.addEventListener("click", press);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        press();
      }
    });
    return box;
  }

  actionSet(actions, said = el("p", { class: "said", role: "status" })) {
    const buttons = el("div", { class: "actions" });
    const shown = el("div", { class: "shown" });
    for (const action of list(actions)) buttons.append(this.action(action, buttons, shown, said));
    return el("div", {}, buttons, shown, said.isConnected ? null : said);
  }

  action(action, buttons, shown, said) {
    const style = word(action.style, ["default", "positive", "destructive"], "default");
    const title = action.title ?? "";
    if (action.type === "Action.OpenUrl") {
      const href = safeUrl(action.url);
      return el("a", { class: `button ${style}`, href, target: "_blank", rel: "noopener noreferrer" }, title);
    }
    const button = el("button", { type: "button", class: `button ${style}` }, title);
    if (action.type === "Action.ShowCard") {
      const card = new Card(action.card ?? {}, this.submit, this).draw();
      card.classList.add("inner");
      card.hidden = true;
      shown.append(card);
      button.classList.add("show");
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => {
        const open = card.hidden;
        for (const other of shown.children) other.hidden = true;
        for (const other of buttons.querySelectorAll("[aria-expanded]")) other.setAttribute("aria-expanded", "false");
        card.hidden = !open;
        button.setAttribute("aria-expanded", String(open));
      });
    } else if (action.type === "Action.Submit") {
      button.addEventListener("click", () => this.press(action, button, said));
    } else {
      button.disabled = true;
    }
    return button;
  }

  async press(action, button, said) {
    const takes = action.associatedInputs?.toLowerCase() !== "none";
    const inputs = [];
    for (let card = this; takes && card; card = card.parent) inputs.push(...card.inputs);
    const wrong = inputs.filter((input) => !input.check());
    if (wrong.length) return wrong[0].field.focus();
    const data = typeof action.data === "object" && action.data ? { ...action.data } : {};
    if (typeof action.data === "string") data.data = action.data;
    for (const input of inputs) data[input.id] = input.value();
    button.setAttribute("aria-disabled", "true");
    const failed = await this.submit(data);
    button.removeAttribute("aria-disabled");
    said.textContent = failed ?? "Sent";
    said.classList.toggle("failed", Boolean(failed));
  }

  /** A field with its label and what may be wrong with it. */
  input(item, field, { value = () => field.value, empty = () => value() === "", wrap = null } = {}) {
    const id = `input-${++count}`;
    const error = el("p", { class: "error", id: `${id}-error`, hidden: true });
    (wrap ?? field).id = id;
    field.setAttribute("aria-describedby", error.id);
    if (item.isRequired) field.setAttribute("aria-required", "true");
    const check = () => {
      let fault = "";
      if (item.isRequired && empty()) fault = item.errorMessage ?? "This is needed.";
      else if (!empty()) {
        const fits = !item.regex || new RegExp(`^(?:${item.regex})$`).test(value());
        if (!fits || (field.validity && !field.validity.valid)) fault = item.errorMessage ?? (field.validationMessage || "This does not fit.");
      }
      error.textContent = fault;
      error.hidden = !fault;
      field.setAttribute("aria-invalid", String(Boolean(fault)));
      return !fault;
    };
    // While they type: were it gone only when they leave the field, the button would move away under their click.
    field.addEventListener("input", () => error.hidden || check());
    this.inputs.push({ id: item.id, value, check, field });
    const mark = item.isRequired ? el("span", { class: "required", "aria-hidden": "true" }, " *") : null;
    const label = item.label ? el("label", { for: id }, ...inline(String(item.label)), mark) : null;
    if (!label) field.setAttribute("aria-label", item.placeholder ?? item.title ?? item.id ?? "");
    return el("div", { class: "input" }, label, wrap ?? field, error);
  }
}

const SPACES = ["none", "small", "default", "medium", "large", "extraLarge", "padding"];
const ALIGN = ["left", "center", "right"];
const text = (value) => (value === undefined || value === null ? undefined : String(value));

const DRAW = {
  TextBlock(item) {
    const classes = [
      "text",
      `size-${word(item.size, ["small", "default", "medium", "large", "extraLarge"], "default")}`,
      `weight-${word(item.weight, ["lighter", "default", "bolder"], "default")}`,
      `color-${word(item.color, ["default", "dark", "light", "accent", "good", "warning", "attention"], "default")}`,
      item.isSubtle ? "subtle" : "",
      item.wrap ? "" : "one-line",
      item.fontType?.toLowerCase() === "monospace" ? "mono" : "",
    ];
    const box = el("div", { class: classes.join(" ") }, ...markdown(String(item.text ?? "")));
    if (item.wrap && item.maxLines) {
      box.classList.add("lines");
      box.style.setProperty("--lines", String(Number(item.maxLines)));
    }
    return box;
  },
  RichTextBlock(item) {
    const runs = list(item.inlines).map((run) => {
      if (typeof run === "string") return run;
      const weight = word(run.weight, ["lighter", "default", "bolder"], "default");
      const color = word(run.color, ["default", "dark", "light", "accent", "good", "warning", "attention"], "default");
      const size = word(run.size, ["small", "default", "medium", "large", "extraLarge"], "default");
      const classes = `size-${size} weight-${weight} color-${color}${run.isSubtle ? " subtle" : ""}${run.italic ? " italic" : ""}${run.strikethrough ? " struck" : ""}`;
      return el("span", { class: classes }, String(run.text ?? ""));
    });
    return el("p", { class: "text" }, ...runs);
  },
  Image(item) {
    const src = safeUrl(item.url, ["http:", "https:", "data:"]);
    const size = word(item.size, ["auto", "stretch", "small", "medium", "large"], "auto");
    const classes = `image size-${size}${item.style?.toLowerCase() === "person" ? " person" : ""}`;
    const image = el("img", { class: classes, src, alt: String(item.altText ?? ""), referrerpolicy: "no-referrer" });
    if (/^\d+px$/.test(item.width)) image.style.width = item.width;
    if (/^\d+px$/.test(item.height)) image.style.height = item.height;
    return image;
  },
  ImageSet(item) {
    const images = list(item.images).map((image) => DRAW.Image.call(this, { size: item.imageSize ?? "medium", ...image }));
    return el("div", { class: "images" }, ...images);
  },
  Container(item) {
    return el("div", { class: `container style-${word(item.style, STYLES, "default")}` }, ...this.elements(item.items));
  },
  ColumnSet(item) {
    const columns = list(item.columns).map((column, index) => {
      const middle = word(column.verticalContentAlignment, ["top", "center", "bottom"], "top");
      const box = el("div", { class: `column style-${word(column.style, STYLES, "default")} middle-${middle} gap-${index ? word(column.spacing, SPACES, "default") : "none"}` });
      const width = column.width ?? "stretch";
      if (width === "auto") box.style.flex = "0 1 auto";
      else if (/^\d+px$/.test(width)) box.style.flex = `0 0 ${width}`;
      else box.style.flex = `${Number(width) || 1} 1 0`;
      box.append(...this.elements(column.items));
      return column.selectAction ? this.selectable(box, column.selectAction) : box;
    });
    return el("div", { class: `columns style-${word(item.style, STYLES, "default")}` }, ...columns);
  },
  FactSet(item) {
    const facts = list(item.facts).flatMap((fact) => [
      el("dt", {}, ...inline(String(fact.title ?? ""))),
      el("dd", {}, ...inline(String(fact.value ?? ""))),
    ]);
    return el("dl", { class: "facts" }, ...facts);
  },
  ActionSet(item) {
    return this.actionSet(item.actions);
  },
  "Input.Text"(item) {
    const type = word(item.style, ["text", "tel", "url", "email"], "text");
    const field = item.isMultiline ? el("textarea", { rows: "3" }) : el("input", { type });
    if (item.maxLength) field.maxLength = Number(item.maxLength);
    if (item.placeholder) field.placeholder = String(item.placeholder);
    field.value = text(item.value) ?? "";
    return this.input(item, field);
  },
  "Input.Number"(item) {
    const field = el("input", { type: "number", min: text(item.min), max: text(item.max), placeholder: text(item.placeholder), step: "any" });
    field.value = text(item.value) ?? "";
    return this.input(item, field);
  },
  "Input.Date"(item) {
    const field = el("input", { type: "date", min: text(item.min), max: text(item.max) });
    field.value = text(item.value) ?? "";
    return this.input(item, field);
  },
  "Input.Time"(item) {
    const field = el("input", { type: "time", min: text(item.min), max: text(item.max) });
    field.value = text(item.value) ?? "";
    return this.input(item, field);
  },
  "Input.Toggle"(item) {
    const [on, off] = [text(item.valueOn) ?? "true", text(item.valueOff) ?? "false"];
    const field = el("input", { type: "checkbox" });
    field.checked = text(item.value) === on;
    const value = () => (field.checked ? on : off);
    const wrap = el("label", { class: "choice" }, field, el("span", {}, ...inline(String(item.title ?? ""))));
    const drawn = this.input(item, field, { value, empty: () => !field.checked, wrap });
    if (!item.label) field.removeAttribute("aria-label");
    return drawn;
  },
  "Input.ChoiceSet"(item) {
    const chosen = (text(item.value) ?? "").split(item.isMultiSelect ? "," : "\u0000");
    const choices = list(item.choices).map((choice) => [String(choice.title ?? ""), String(choice.value ?? "")]);
    if (!item.isMultiSelect && word(item.style, ["compact", "expanded"], "compact") === "compact") {
      const first = el("option", { value: "" }, text(item.placeholder) ?? "");
      const field = el("select", {}, first, ...choices.map(([title, value]) => el("option", { value }, title)));
      field.value = choices.some(([, value]) => value === chosen[0]) ? chosen[0] : "";
      return this.input(item, field);
    }
    const name = `choice-${++count}`;
    const boxes = choices.map(([title, value]) => {
      const box = el("input", { type: item.isMultiSelect ? "checkbox" : "radio", name, value });
      box.checked = chosen.includes(value);
      return el("label", { class: "choice" }, box, el("span", {}, ...inline(title)));
    });
    const group = el("div", { role: "group", class: "choices", tabindex: "-1" }, ...boxes);
    const value = () => [...group.querySelectorAll("input:checked")].map((box) => box.value).join(",");
    return this.input(item, group, { value });
  },
};
