//! How Webex's answers are read: what is null, missing or of an unexpected type counts as absent, and in a list the
//! items that can be read are kept. Knows JSON; knows no call.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A member that may be missing, null or anything else: what is not understood is absent.
pub(super) fn optional<'de, D: Deserializer<'de>, T: Default + DeserializeOwned>(from: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

/// A list of which some or all items may be anything: returns those that are understood.
pub(super) fn items<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(items) = Value::deserialize(from)? else { return Ok(Vec::new()) };
    Ok(items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect())
}

/// A number of seconds, even if it is written as a text or with a decimal point.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number| *number >= 0.0).map(|number| number as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Read {
        #[serde(default, deserialize_with = "optional")]
        name: String,
        #[serde(default, deserialize_with = "optional")]
        flag: Option<bool>,
        #[serde(default, deserialize_with = "items")]
        list: Vec<String>,
        #[serde(default, deserialize_with = "seconds")]
        life: Option<u64>,
    }

    #[test]
    fn what_is_not_understood_is_absent_and_the_rest_is_read() {
        let nothing = Read { name: String::new(), flag: None, list: vec![], life: None };
        for odd in ["null", "{}", "[[]]", "[null, 7, {}]"] {
            let body = format!(r#"{{"name":{odd},"flag":{odd},"list":{odd},"life":{odd},"new":{odd}}}"#);
            assert_eq!(serde_json::from_str::<Read>(&body).unwrap(), nothing, "{odd}");
        }
        assert_eq!(serde_json::from_str::<Read>("{}").unwrap(), nothing);
        let read: Read =
            serde_json::from_str(r#"{"name":"n","flag":true,"list":["a",null,"b"],"life":"60.5"}"#).unwrap();
        let list = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(read, Read { name: "n".to_owned(), flag: Some(true), list, life: Some(60) });
    }
}
