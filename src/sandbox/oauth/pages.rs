//! The few pages of a login. Everything that is inserted into them is escaped. Knows HTML; decides nothing.

use super::code::PARAMETERS;
use crate::sandbox::http::{Answer, Pairs};
use crate::sandbox::people::{ORGANIZER, Person};

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn page(title: &str, content: &str) -> Answer {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/style.css\">\n<body class=\"login\">\n<main>\n<h1>{title}</h1>\n\
         {content}\n</main>\n</body>\n</html>\n"
    );
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    Answer::text("text/html", html).header("content-security-policy", policy.to_owned())
}

fn chooser(people: &[Person]) -> String {
    let option = |person: &Person| {
        let chosen = if person.email == ORGANIZER { " selected" } else { "" };
        let (email, name) = (escape(&person.email), escape(&person.name));
        format!("<option value=\"{email}\"{chosen}>{name} ({email})</option>\n")
    };
    let options: String = people.iter().filter(|person| !person.is_bot()).map(option).collect();
    format!("<label for=\"person\">You are</label>\n<select id=\"person\" name=\"person\">\n{options}</select>\n")
}

const BUTTONS: &str = "<p class=\"buttons\"><button name=\"decision\" value=\"allow\" class=\"primary\">Allow</button>\n\
    <button name=\"decision\" value=\"deny\">Deny</button></p>\n";

/// The page that asks whether an integration may act for somebody.
pub(super) fn login(people: &[Person], pairs: &Pairs, scopes: &[String]) -> Answer {
    let hidden = |name: &&str| {
        let value = escape(pairs.get(name).unwrap_or_default());
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
    };
    let hidden: String = PARAMETERS.iter().map(hidden).collect();
    let scopes: String = scopes.iter().map(|scope| format!("<li><code>{}</code></li>\n", escape(scope))).collect();
    let chooser = chooser(people);
    let content = format!(
        "<p><strong>roulette</strong> asks for:</p>\n<ul>\n{scopes}</ul>\n\
         <form method=\"post\" action=\"/v1/authorize\">\n{hidden}{chooser}{BUTTONS}</form>"
    );
    page("Log in to Webex (sandbox)", &content)
}

/// The page for a person with another device.
pub(super) fn verify(people: &[Person], user_code: &str) -> Answer {
    let (chooser, code) = (chooser(people), escape(user_code));
    let content = format!(
        "<form method=\"post\" action=\"/verify\">\n<label for=\"code\">The code that your device shows</label>\n\
         <input id=\"code\" name=\"userCode\" value=\"{code}\" autocomplete=\"off\" required>\n{chooser}{BUTTONS}</form>"
    );
    page("Log in on another device (sandbox)", &content)
}

/// The page after a decision about another device.
pub(super) fn done(allowed: bool) -> Answer {
    let text = if allowed { "You are logged in on your device." } else { "Your device was told that you said no." };
    page("Thank you", &format!("<p>{text} You can close this page.</p>"))
}

/// The page for a request about which nobody can decide.
pub(super) fn wrong(why: &str) -> Answer {
    page("This does not work", &format!("<p>{}</p>", escape(why))).status(400)
}

/// The page for an unknown address.
pub(in crate::sandbox) fn not_here() -> Answer {
    page("There is nothing here", "<p><a href=\"/\">To the sandbox</a></p>").status(404)
}
