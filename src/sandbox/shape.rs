//! What the body of a request must look like: a table of fields for each call, and one reader for all of them.
//! Everything that is wrong is reported at once. Knows JSON; knows no call and no rule that needs the model or the
//! clock.

use serde_json::{Map, Value};

use super::errors::Refusal;

/// What the value of a field must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Text with at least one character and at most this many.
    Text(usize),
    /// Text with at most this many bytes.
    Bytes(usize),
    /// Text that looks like an address.
    Email,
    /// `true` or `false`.
    Flag,
    /// A whole number, not below zero.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of at most this many of these.
    List(&'static Kind, usize),
    /// An object with these fields.
    Object(&'static [Field]),
    /// Any object: checked elsewhere, or accepted without effect.
    Free,
    /// Webex knows it but the sandbox does not.
    Foreign,
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    name: &'static str,
    kind: Kind,
    required: bool,
    nullable: bool,
}

/// A field that must be there.
pub(super) const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true, nullable: false }
}

/// A field that may be there.
pub(super) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false, nullable: false }
}

impl Field {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The field may be `null`.
    pub(super) const fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// The JSON object in `body`, if it has that shape.
pub(super) fn read(shape: &[Field], body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let value: Value = serde_json::from_slice(body).map_err(|error| Refusal::bad(format!("not JSON: {error}")))?;
    let Value::Object(object) = value else { return Err(Refusal::bad("the body must be a JSON object")) };
    let mut faults = Vec::new();
    check_object(shape, &object, "", &mut faults);
    if faults.is_empty() { Ok(object) } else { Err(Refusal::invalid(faults)) }
}

/// Whether the text is `name@domain.tld`, without spaces.
pub(super) fn is_email(text: &str) -> bool {
    let plain = !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "<>,;\"".contains(letter));
    let parts = text.split_once('@');
    plain && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

fn check_object(shape: &[Field], object: &Map<String, Value>, at: &str, faults: &mut Vec<String>) {
    for name in object.keys().filter(|name| shape.iter().all(|field| field.name != **name)) {
        faults.push(format!("“{at}{name}” is not a field of this request"));
    }
    for field in shape {
        let at = format!("{at}{}", field.name);
        match object.get(field.name) {
            None if field.required => faults.push(format!("“{at}” is missing")),
            None => {}
            Some(Value::Null) if field.nullable => {}
            Some(value) => check(field.kind, value, &at, faults),
        }
    }
}

fn check(kind: Kind, value: &Value, at: &str, faults: &mut Vec<String>) {
    let fault = match (kind, value) {
        (Kind::Text(_), Value::String(text)) if text.is_empty() => Some("must not be empty".to_owned()),
        (Kind::Text(most), Value::String(text)) if text.chars().count() > most => {
            Some(format!("must be at most {most} characters long"))
        }
        (Kind::Bytes(most), Value::String(text)) if text.len() > most => {
            Some(format!("must be at most {most} bytes long"))
        }
        (Kind::Email, Value::String(text)) if !is_email(text) => Some("must be an email address".to_owned()),
        (Kind::Text(_) | Kind::Bytes(_) | Kind::Email, Value::String(_))
        | (Kind::Flag, Value::Bool(_))
        | (Kind::Free, Value::Object(_)) => None,
        (Kind::Text(_) | Kind::Bytes(_) | Kind::Email, _) => Some("must be a text".to_owned()),
        (Kind::Flag, _) => Some("must be true or false".to_owned()),
        (Kind::Number, value) if value.as_u64().is_some() => None,
        (Kind::Number, _) => Some("must be a whole number".to_owned()),
        (Kind::Word(words), value) if value.as_str().is_some_and(|word| words.contains(&word)) => None,
        (Kind::Word(words), _) => Some(format!("must be one of: {}", words.join(", "))),
        (Kind::List(_, most), Value::Array(list)) if list.len() > most => {
            Some(format!("must hold at most {most} items"))
        }
        (Kind::List(kind, _), Value::Array(list)) => {
            for (index, item) in list.iter().enumerate() {
                check(*kind, item, &format!("{at}[{index}]"), faults);
            }
            None
        }
        (Kind::List(..), _) => Some("must be a list".to_owned()),
        (Kind::Object(shape), Value::Object(object)) => {
            check_object(shape, object, &format!("{at}."), faults);
            None
        }
        (Kind::Object(_) | Kind::Free, _) => Some("must be an object".to_owned()),
        (Kind::Foreign, _) => Some("is not something that the sandbox can do".to_owned()),
    };
    faults.extend(fault.map(|fault| format!("“{at}” {fault}")));
}
