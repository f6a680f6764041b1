//! What a template may contain: Adaptive Cards 1.3 as far as Webex draws them, as a table of elements and their
//! properties, and the few things on which the conversation relies. Knows the format and the values that fill a card;
//! reads no file.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::old_form;
use crate::domain::message::render::{DATA, ROOT, Scope, Values, WHEN, action, condition_of, name_of};
use crate::store::cells::{nearest, quoted};

/// What the value of a property must be.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Bool,
    Whole,
    /// A width: a word, pixels or a weight.
    Width,
    Word(&'static [&'static str]),
    /// A list of objects, each of one of these types.
    List(Of),
    /// One object of one of these types.
    One(Of),
    /// The data that a button sends back.
    Data,
}

/// The types of objects that are allowed in a place: by name, because elements contain elements.
#[derive(Clone, Copy)]
enum Of {
    Elements,
    Columns,
    Facts,
    Choices,
    Runs,
    Images,
    Actions,
    Clicks,
    Inner,
}

impl Of {
    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Elements => ELEMENTS,
            Self::Columns => COLUMNS,
            Self::Facts => FACTS,
            Self::Choices => CHOICES,
            Self::Runs => RUNS,
            Self::Images => IMAGES,
            Self::Actions => ACTIONS,
            Self::Clicks => CLICKS,
            Self::Inner => INNER,
        }
    }
}

use Is::{Bool, Data, List, One, Text, Whole, Width, Word};

/// A type of object: its name, whether the name must be written, and the properties that it must have.
struct Kind {
    name: &'static str,
    written: bool,
    needs: &'static [&'static str],
    /// All properties that it may have, in groups.
    has: &'static [&'static [(&'static str, Is)]],
}

const fn kind(
    name: &'static str,
    needs: &'static [&'static str],
    has: &'static [&'static [(&'static str, Is)]],
) -> Kind {
    Kind { name, written: true, needs, has }
}

/// A type that need not be named, because no other is allowed in its place.
const fn part(
    name: &'static str,
    needs: &'static [&'static str],
    has: &'static [&'static [(&'static str, Is)]],
) -> Kind {
    Kind { name, written: false, needs, has }
}

type Properties = &'static [(&'static str, Is)];

const SPACING: Is = Word(&["none", "small", "default", "medium", "large", "extraLarge", "padding"]);
const LEFT_RIGHT: Is = Word(&["left", "center", "right"]);
const TOP_BOTTOM: Is = Word(&["top", "center", "bottom"]);
const BOX_STYLE: Is = Word(&["default", "emphasis", "good", "attention", "warning", "accent"]);
const COLOR: Is = Word(&["default", "dark", "light", "accent", "good", "warning", "attention"]);
const FONT: Is = Word(&["default", "monospace"]);
const TEXT_SIZE: Is = Word(&["default", "small", "medium", "large", "extraLarge"]);
const WEIGHT: Is = Word(&["default", "lighter", "bolder"]);

const PLACE: Properties = &[("id", Text), ("isVisible", Bool), ("separator", Bool), ("spacing", SPACING)];
const HEIGHT: Properties = &[("height", Word(&["auto", "stretch"]))];
const LETTERS: Properties = &[
    ("text", Text),
    ("color", COLOR),
    ("fontType", FONT),
    ("isSubtle", Bool),
    ("size", TEXT_SIZE),
    ("weight", WEIGHT),
];
const INPUT: Properties = &[("label", Text), ("isRequired", Bool), ("errorMessage", Text)];
const BOX: Properties =
    &[("style", BOX_STYLE), ("bleed", Bool), ("minHeight", Text), ("selectAction", One(Of::Clicks))];
const BUTTON: Properties =
    &[("id", Text), ("title", Text), ("iconUrl", Text), ("style", Word(&["default", "positive", "destructive"]))];
const SPAN: Properties = &[("min", Text), ("max", Text), ("placeholder", Text), ("value", Text)];

const SUBMIT: Kind =
    kind("Action.Submit", &["data"], &[BUTTON, &[("data", Data), ("associatedInputs", Word(&["auto", "none"]))]]);
const OPEN: Kind = kind("Action.OpenUrl", &["url"], &[BUTTON, &[("url", Text)]]);

/// What a tap on something other than a button may do.
static CLICKS: &[Kind] = &[SUBMIT, OPEN];
static ACTIONS: &[Kind] = &[SUBMIT, OPEN, kind("Action.ShowCard", &["card"], &[BUTTON, &[("card", One(Of::Inner))]])];

const IMAGE: &[Properties] = &[
    PLACE,
    &[
        ("url", Text),
        ("altText", Text),
        ("backgroundColor", Text),
        ("height", Text),
        ("horizontalAlignment", LEFT_RIGHT),
        ("selectAction", One(Of::Clicks)),
        ("size", Word(&["auto", "stretch", "small", "medium", "large"])),
        ("style", Word(&["default", "person"])),
        ("width", Text),
    ],
];
static IMAGES: &[Kind] = &[part("Image", &["url", "altText"], IMAGE)];
static COLUMNS: &[Kind] = &[part(
    "Column",
    &[],
    &[PLACE, BOX, &[("items", List(Of::Elements)), ("verticalContentAlignment", TOP_BOTTOM), ("width", Width)]],
)];
static FACTS: &[Kind] = &[part("Fact", &["title", "value"], &[&[("title", Text), ("value", Text)]])];
static CHOICES: &[Kind] = &[part("Input.Choice", &["title", "value"], &[&[("title", Text), ("value", Text)]])];
static RUNS: &[Kind] = &[kind(
    "TextRun",
    &["text"],
    &[
        LETTERS,
        &[
            ("highlight", Bool),
            ("italic", Bool),
            ("selectAction", One(Of::Clicks)),
            ("strikethrough", Bool),
            ("underline", Bool),
        ],
    ],
)];

static ELEMENTS: &[Kind] = &[
    kind(
        "TextBlock",
        &["text"],
        &[PLACE, HEIGHT, LETTERS, &[("horizontalAlignment", LEFT_RIGHT), ("maxLines", Whole), ("wrap", Bool)]],
    ),
    kind(
        "RichTextBlock",
        &["inlines"],
        &[PLACE, HEIGHT, &[("horizontalAlignment", LEFT_RIGHT), ("inlines", List(Of::Runs))]],
    ),
    kind("Image", &["url", "altText"], IMAGE),
    kind(
        "ImageSet",
        &["images"],
        &[PLACE, HEIGHT, &[("images", List(Of::Images)), ("imageSize", Word(&["auto", "small", "medium", "large"]))]],
    ),
    kind(
        "Container",
        &["items"],
        &[PLACE, HEIGHT, BOX, &[("items", List(Of::Elements)), ("verticalContentAlignment", TOP_BOTTOM)]],
    ),
    kind(
        "ColumnSet",
        &["columns"],
        &[PLACE, HEIGHT, BOX, &[("columns", List(Of::Columns)), ("horizontalAlignment", LEFT_RIGHT)]],
    ),
    kind("FactSet", &["facts"], &[PLACE, HEIGHT, &[("facts", List(Of::Facts))]]),
    kind("ActionSet", &["actions"], &[PLACE, HEIGHT, &[("actions", List(Of::Actions))]]),
    kind(
        "Input.Text",
        &["id", "label"],
        &[
            PLACE,
            HEIGHT,
            INPUT,
            &[
                ("isMultiline", Bool),
                ("maxLength", Whole),
                ("placeholder", Text),
                ("regex", Text),
                ("style", Word(&["text", "tel", "url", "email"])),
                ("value", Text),
            ],
        ],
    ),
    kind("Input.Date", &["id", "label"], &[PLACE, HEIGHT, INPUT, SPAN]),
    kind("Input.Time", &["id", "label"], &[PLACE, HEIGHT, INPUT, SPAN]),
    kind(
        "Input.Number",
        &["id", "label"],
        &[PLACE, HEIGHT, INPUT, &[("min", Whole), ("max", Whole), ("placeholder", Text), ("value", Whole)]],
    ),
    kind(
        "Input.Toggle",
        &["id", "label", "title"],
        &[
            PLACE,
            HEIGHT,
            INPUT,
            &[("title", Text), ("value", Text), ("valueOff", Text), ("valueOn", Text), ("wrap", Bool)],
        ],
    ),
    kind(
        "Input.ChoiceSet",
        &["id", "label", "choices"],
        &[
            PLACE,
            HEIGHT,
            INPUT,
            &[
                ("choices", List(Of::Choices)),
                ("isMultiSelect", Bool),
                ("placeholder", Text),
                ("style", Word(&["compact", "expanded"])),
                ("value", Text),
                ("wrap", Bool),
            ],
        ],
    ),
];

const BODY: Properties = &[
    ("version", Word(&["1.3"])),
    ("body", List(Of::Elements)),
    ("actions", List(Of::Actions)),
    ("fallbackText", Text),
    ("lang", Text),
    ("minHeight", Text),
    ("selectAction", One(Of::Clicks)),
    ("speak", Text),
    ("verticalContentAlignment", TOP_BOTTOM),
];
static INNER: &[Kind] = &[kind("AdaptiveCard", &[], &[BODY])];
static OUTER: &[Kind] = &[kind("AdaptiveCard", &["version", "body", "fallbackText"], &[BODY, &[("$schema", Text)]])];

/// Everything that is wrong with a template, each fault with its place; `values` are those that fill it.
pub(super) fn faults(template: &Value, values: &Values) -> Vec<(String, String)> {
    let mut check = Check { faults: Vec::new(), ids: BTreeSet::new(), wanted: Vec::new() };
    check.one(template, "", OUTER, Scope { root: values, here: values }, false);
    if !template.is_object() {
        return check.faults;
    }
    if template["body"][0]["type"] != "Container" || template["body"][0]["id"] != "${letter}" {
        check.fault(
            "body[0]",
            "must be a Container with the id “${letter}”, by which roulette finds the card that people tapped",
        );
    }
    for (at, input) in std::mem::take(&mut check.wanted) {
        if !check.ids.contains(input) {
            check.fault(&at, format!("needs an input with the id {} on this card", quoted(input)));
        }
    }
    check.faults
}

struct Check {
    faults: Vec<(String, String)>,
    /// The ids of the elements that were checked so far.
    ids: BTreeSet<String>,
    /// The inputs on which buttons rely, each with the place of the button.
    wanted: Vec<(String, &'static str)>,
}

impl Check {
    fn fault(&mut self, at: &str, what: impl Into<String>) {
        self.faults.push((at.to_owned(), what.into()));
    }

    fn list(&mut self, value: &Value, at: &str, kinds: &[Kind], scope: Scope<'_>) {
        let Some(items) = value.as_array() else { return self.fault(at, "must be a list") };
        for (index, item) in items.iter().enumerate() {
            self.one(item, &format!("{at}[{index}]"), kinds, scope, true);
        }
    }

    fn one(&mut self, value: &Value, at: &str, kinds: &[Kind], scope: Scope<'_>, in_list: bool) {
        let Some(object) = value.as_object() else { return self.fault(at, "must be an object") };
        let mut scope = scope;
        if in_list && let Some(list) = object.get(DATA).or(object.get(old_form::EACH)) {
            let named = list.as_str().and_then(name_of);
            let Some(items) = named.and_then(|name| scope.items(name)) else {
                let at = inside(at, if object.contains_key(DATA) { DATA } else { old_form::EACH });
                return self.fault(&at, format!("{} is not a list that this card has", told(list)));
            };
            scope.here = items.first().unwrap_or(scope.here);
        }
        let Some(kind) = self.kind(object, at, kinds) else { return };
        for need in kind.needs {
            if !object.contains_key(*need) {
                self.fault(at, format!("{} needs {}", kind.name, quoted(need)));
            }
        }
        for (name, value) in object {
            let at = inside(at, name);
            let known = || kind.has.iter().copied().flatten();
            match &**name {
                "type" => {}
                WHEN if in_list => self.condition(value, &at, scope),
                DATA if in_list => {}
                _ => match known().find(|(known, _)| known == name) {
                    Some((_, is)) => self.property(value, &at, *is, scope),
                    None => {
                        let meant = nearest(name, known().map(|(name, _)| *name));
                        let meant = meant.map(|meant| format!(": did you mean {}?", quoted(meant)));
                        let what = format!("{} has no such property in version 1.3", kind.name);
                        self.fault(&at, what + &meant.unwrap_or_default());
                    }
                },
            }
        }
        let id = object.get("id").and_then(Value::as_str);
        if let Some(id) = id.filter(|id| !kind.name.starts_with("Action.") && !self.ids.insert((*id).to_owned())) {
            self.fault(&inside(at, "id"), format!("another element is called {} too", quoted(id)));
        }
    }

    fn kind<'a>(&mut self, object: &Map<String, Value>, at: &str, kinds: &'a [Kind]) -> Option<&'a Kind> {
        let Some(name) = object.get("type") else {
            let found = kinds.iter().find(|kind| !kind.written);
            if found.is_none() {
                self.fault(at, "needs a “type”");
            }
            return found;
        };
        let found = kinds.iter().find(|kind| name == kind.name);
        if found.is_none() {
            let known: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
            self.fault(
                &inside(at, "type"),
                format!("{} cannot stand here; what can: {}", told(name), known.join(", ")),
            );
        }
        found
    }

    fn property(&mut self, value: &Value, at: &str, is: Is, scope: Scope<'_>) {
        match is {
            Text => self.text(value, at, scope),
            Bool if value.is_boolean() => {}
            Bool => self.fault(at, "must be true or false"),
            Whole if value.is_u64() => {}
            Whole => self.fault(at, "must be a whole number"),
            Width if value.as_str().is_some_and(is_width) || value.as_f64().is_some_and(|width| width > 0.0) => {}
            Width => self.fault(at, "must be “auto”, “stretch”, pixels such as “80px”, or a number"),
            Word(words) if value.as_str().is_some_and(|word| words.contains(&word)) => {}
            Word(words) => self.fault(at, format!("must be {}", words.join(" or "))),
            List(of) => self.list(value, at, of.kinds(), scope),
            One(of) => self.one(value, at, of.kinds(), scope, false),
            Data => self.data(value, at),
        }
    }

    fn text(&mut self, value: &Value, at: &str, scope: Scope<'_>) {
        let Some(text) = value.as_str() else { return self.fault(at, "must be a text") };
        for rest in text.split("${").skip(1) {
            match rest.split_once('}') {
                Some((name, _)) => self.name(name, at, scope),
                None => self.fault(at, "has a “${” without its “}”"),
            }
        }
    }

    fn condition(&mut self, value: &Value, at: &str, scope: Scope<'_>) {
        match value.as_str().and_then(condition_of) {
            Some(names) => names.into_iter().for_each(|name| self.name(name, at, scope)),
            None => self.fault(at, "must be a condition such as “${link != ''}” or “${link != '' || image != ''}”"),
        }
    }

    fn name(&mut self, name: &str, at: &str, scope: Scope<'_>) {
        if scope.has(name) {
            return;
        }
        let of_root = format!("{ROOT}{name}");
        let meant = if scope.has(&of_root) {
            Some(of_root)
        } else {
            nearest(name, scope.here.texts().chain(scope.root.texts())).map(str::to_owned)
        };
        let here = if std::ptr::eq(scope.here, scope.root) { "" } else { " in that list" };
        let meant = meant.map(|meant| format!(": did you mean ${{{meant}}}?")).unwrap_or_default();
        self.fault(at, format!("${{{name}}} is not a value of this card{here}{meant}"));
    }

    /// The bot reads these keys and no others, and trusts none of them.
    fn data(&mut self, data: &Value, at: &str) {
        let Some(object) = data.as_object() else { return self.fault(at, "must be an object") };
        let named = object.get("action").and_then(Value::as_str);
        match named.and_then(|named| action::ALL.into_iter().find(|known| *known == named)) {
            Some(known) => {
                self.wanted.extend(action::inputs(known).iter().map(|input| (at.to_owned(), *input)));
                if matches!(known, action::YES | action::NO) && !object.contains_key("number") {
                    self.fault(at, "needs “number”: “${number}”");
                }
            }
            None => self.fault(&inside(at, "action"), format!("must be one of {}", action::ALL.join(", "))),
        }
        if !object.contains_key("key") {
            self.fault(at, "needs “key”: “${key}”");
        }
        for (name, value) in object {
            let expected = match &**name {
                "action" => continue,
                "key" if value == "${$root.key}" => continue,
                "key" => "${key}",
                "number" => "${number}",
                _ => {
                    self.fault(&inside(at, name), "must not be here: only action, key and number are sent back");
                    continue;
                }
            };
            if value != expected {
                self.fault(&inside(at, name), format!("must be “{expected}”"));
            }
        }
    }
}

fn told(value: &Value) -> String {
    value.as_str().map_or_else(|| quoted(&value.to_string()), quoted)
}

fn inside(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn is_width(text: &str) -> bool {
    let pixels = |text: &str| text.strip_suffix("px").is_some_and(|number| number.parse::<u32>().is_ok());
    matches!(text, "auto" | "stretch") || pixels(text)
}
