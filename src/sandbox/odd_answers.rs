//! Answers that Webex may well give although nobody expects them: odd members, stray links, options not granted. Knows
//! JSON and answers; knows no rule of Webex, and decides nothing about what a call does.

use chrono::{TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::faults::OddAnswer;
use super::http::{Answer, Call};

/// The warning that a site sends if it does not grant what was requested.
const WARNING: &str = "1001 webex \"Some of what was asked for is not granted on this site\"";

/// Changes what is requested to what is granted.
pub(super) fn grant(call: &mut Call, odd_answer: &OddAnswer) {
    let OddAnswer::Ungranted(option) = odd_answer else { return };
    let Ok(mut body) = serde_json::from_slice::<Value>(&call.body) else { return };
    if let Some(asked) = body.get_mut(option) {
        *asked = match &*asked {
            Value::Bool(asked) => json!(!asked),
            Value::Number(_) => json!(0),
            _ => json!("allowJoinWithLobby"),
        };
        call.body = body.to_string().into_bytes();
    }
}

/// Whether the request asks for an option.
pub(super) fn asks_for(call: &Call, option: &str) -> bool {
    serde_json::from_slice::<Value>(&call.body).is_ok_and(|body| body.get(option).is_some())
}

/// The answer as it goes out.
pub(super) fn altered(call: &Call, odd_answer: &OddAnswer, mut answer: Answer) -> Answer {
    match odd_answer {
        OddAnswer::Endless => {
            let zeros = call.query.split('&').find_map(|pair| pair.strip_prefix("cursor=")).map_or(0, str::len);
            let rest: Vec<&str> = call.query.split('&').filter(|pair| !pair.starts_with("cursor=")).collect();
            let link = format!(
                "<{}{}?{}&cursor={}>; rel=\"next\"",
                call.root,
                call.path,
                rest.join("&"),
                "0".repeat(zeros + 1)
            );
            if answer.status == 200 && call.method == "GET" && answer.body.starts_with(b"{\"items\"") {
                answer.headers.retain(|(name, _)| *name != "link");
                answer = answer.header("link", link);
            }
        }
        OddAnswer::Huge(bytes) => {
            let mut body = vec![b' '; *bytes];
            body.append(&mut answer.body);
            answer.body = body;
        }
        OddAnswer::NullLinks => {
            for (_, link) in answer.headers.iter_mut().filter(|(name, _)| *name == "link") {
                *link = link.replace("max=100", "max=null");
            }
        }
        OddAnswer::Date(days) => {
            let date = Utc::now() + TimeDelta::days(*days);
            answer = answer.header("date", date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
        OddAnswer::Odd(member, how) => answer.body = odd(&answer.body, member, how),
        OddAnswer::Ungranted(_) if answer.status == 200 => answer = answer.header("warning", WARNING.to_owned()),
        OddAnswer::OtherOrganization => answer.body = elsewhere(call, &answer.body),
        OddAnswer::Ungranted(_) | OddAnswer::NoOption(_) | OddAnswer::InProgress | OddAnswer::HostLimit(_) => {}
    }
    answer
}

/// The body with one odd member; `member` is a path such as `items.0.start`.
fn odd(body: &[u8], member: &str, how: &str) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    let (path, name) = member.rsplit_once('.').map_or(("", member), |(path, name)| (path, name));
    let pointer: String = path.split('.').filter(|part| !part.is_empty()).map(|part| format!("/{part}")).collect();
    match value.pointer_mut(&pointer) {
        Some(Value::Object(fields)) => set(fields, name, how),
        Some(Value::Array(items)) => {
            if let (Some(item), Some(odd)) = (name.parse().ok().and_then(|at: usize| items.get_mut(at)), value_of(how))
            {
                *item = odd;
            }
        }
        _ => {}
    }
    value.to_string().into_bytes()
}

fn set(fields: &mut Map<String, Value>, name: &str, how: &str) {
    match value_of(how) {
        Some(odd) => drop(fields.insert(name.to_owned(), odd)),
        None => drop(fields.remove(name)),
    }
}

/// The replacement for a member; none if it is missing.
fn value_of(how: &str) -> Option<Value> {
    Some(match how {
        "null" => Value::Null,
        "number" => json!(7),
        "text" => json!("odd"),
        "flag" => json!(true),
        "list" => json!([null, 7, {}, "odd"]),
        "object" => json!({ "odd": [null] }),
        "extra" => json!({ "new": "nobody knows this member yet" }),
        _ => return None,
    })
}

/// What a bot from another organization is told.
fn elsewhere(call: &Call, body: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    if value.get("items").is_some() {
        value["items"] = json!([]);
    } else if call.caller.as_ref().is_some_and(super::oauth::Caller::is_bot) && value.get("orgId").is_some() {
        value["orgId"] = json!("another-organization");
    }
    value.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_is_odd_and_the_others_stay() {
        let odd = |member: &str, how: &str| {
            let body = br#"{"items":[{"id":"a","tags":["x"]},{"id":"b"}]}"#;
            String::from_utf8(odd(body, member, how)).unwrap()
        };
        assert_eq!(odd("items.0.id", "null"), r#"{"items":[{"id":null,"tags":["x"]},{"id":"b"}]}"#);
        assert_eq!(odd("items.0.id", "missing"), r#"{"items":[{"tags":["x"]},{"id":"b"}]}"#);
        assert_eq!(odd("items.1", "number"), r#"{"items":[{"id":"a","tags":["x"]},7]}"#);
        assert_eq!(odd("items", "text"), r#"{"items":"odd"}"#);
        assert_eq!(odd("items.7.id", "null"), r#"{"items":[{"id":"a","tags":["x"]},{"id":"b"}]}"#);
    }
}
