// Text to nodes. Whatever people wrote becomes text nodes only, never markup.

/** An element with properties, and children that are nodes or texts. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") element.className = value;
    else if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** The address if it is one that a page may lead to. */
export function safeUrl(text, protocols = ["http:", "https:", "mailto:"]) {
  try {
    const url = new URL(text);
    return protocols.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function anchor(href, children) {
  const url = safeUrl(href);
  if (!url) return el("span", {}, ...children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

const INSIDE = String.raw`((?:\\.|[^\\])+?)`;
const INLINE = new RegExp(
  [
    String.raw`\\([^\w\s])`,
    String.raw`\*\*${INSIDE}\*\*`,
    String.raw`(?<!\w)__${INSIDE}__(?!\w)`,
    String.raw`\*(?!\s)${INSIDE}\*`,
    String.raw`(?<!\w)_(?!\s)${INSIDE}_(?!\w)`,
    "`([^`]+)`",
    String.raw`\[((?:\\.|[^\]\\])*)\]\(([^)\s]+)\)`,
    String.raw`<@person(?:Email|Id):([^|>]+)(?:\|([^>]*))?>`,
    String.raw`<(https?:[^>\s]+)>`,
    String.raw`(https?://[^\s<>]*[^\s<>.,;:!?)"'])`,
  ].join("|"),
  "gs",
);

/** Markdown within a line: bold, italic, code, links, mentions. */
export function inline(text, nameOf = (key) => key) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, escaped, bold, bold2, italic, italic2, code, label, href, person, name, auto, bare] = found;
    nodes.push(text.slice(end, found.index));
    end = found.index + whole.length;
    if (escaped !== undefined) nodes.push(escaped);
    else if (bold ?? bold2) nodes.push(el("strong", {}, ...inline(bold ?? bold2, nameOf)));
    else if (italic ?? italic2) nodes.push(el("em", {}, ...inline(italic ?? italic2, nameOf)));
    else if (code !== undefined) nodes.push(el("code", {}, code));
    else if (label !== undefined) nodes.push(anchor(href, inline(label, nameOf)));
    else if (person !== undefined) nodes.push(el("span", { class: "mention" }, name ?? nameOf(person)));
    else nodes.push(anchor(auto ?? bare, [auto ?? bare]));
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** Markdown of several lines: paragraphs, line breaks, lists, quotes, headings as bold lines. */
export function markdown(text, nameOf) {
  const blocks = [];
  let paragraph = null;
  let list = null;
  for (const line of text.replaceAll("\r", "").split("\n")) {
    const item = line.match(/^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/);
    if (item) {
      paragraph = null;
      const name = item[1] ? "ol" : "ul";
      if (list?.localName !== name) {
        list = el(name, item[1] && item[1] !== "1" ? { start: item[1] } : {});
        blocks.push(list);
      }
      list.append(el("li", {}, ...inline(item[2], nameOf)));
    } else if (line.trim() === "") {
      paragraph = list = null;
    } else {
      list = null;
      const heading = line.match(/^#{1,6}\s+(.*)$/);
      const quote = line.match(/^>\s?(.*)$/);
      if (paragraph) paragraph.append(el("br"));
      else blocks.push((paragraph = el("p")));
      if (heading) paragraph.append(el("strong", {}, ...inline(heading[1], nameOf)));
      else if (quote) paragraph.append(el("q", {}, ...inline(quote[1], nameOf)));
      else paragraph.append(...inline(line, nameOf));
    }
  }
  return blocks;
}

/** Text as it is, with its line breaks. */
export function plain(text) {
  return [el("p", {}, ...text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line])))];
}
