//! What Markdown means: whom it mentions, and how it reads without its marks. Knows the few marks that Webex has.

use crate::sandbox::model::Model;

/// The addresses in `<@personEmail:…>` and `<@personId:…>`, each once.
pub(super) fn mentions(model: &Model, markdown: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (start, _) in markdown.match_indices("<@") {
        if let Some((email, _, _)) = mention(model, &markdown[start..])
            && !found.contains(&email)
        {
            found.push(email);
        }
    }
    found
}

/// The mention at the beginning of `text`: the address, the name that is shown, and the number of bytes.
fn mention(model: &Model, text: &str) -> Option<(String, String, usize)> {
    let (inside, _) = text.strip_prefix("<@")?.split_once('>')?;
    let (key, name) = inside.split_once('|').map_or((inside, None), |(key, name)| (key, Some(name)));
    let person = match key.split_once(':')? {
        ("personEmail", email) => model.person(email),
        ("personId", id) => model.person_by_id(id),
        _ => None,
    }?;
    Some((person.email.clone(), name.unwrap_or(&person.name).to_owned(), inside.len() + 3))
}

/// The text of `[text](address)` at the beginning of `text`, and the number of bytes.
fn link(text: &str) -> Option<(&str, usize)> {
    let (inside, rest) = text.strip_prefix('[')?.split_once("](")?;
    let address = rest.split_once(')')?.0;
    Some((inside, inside.len() + address.len() + 4))
}

/// The text as people read it, without Markdown's marks.
pub(super) fn plain(model: &Model, markdown: &str) -> String {
    let mut plain = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(letter) = rest.chars().next() {
        if let Some((_, name, length)) = mention(model, rest) {
            plain.push_str(&name);
            rest = &rest[length..];
        } else if let Some((inside, length)) = link(rest) {
            plain.push_str(inside);
            rest = &rest[length..];
        } else if let Some(escaped) = rest.strip_prefix('\\').and_then(|it| it.chars().next()) {
            plain.push(escaped);
            rest = &rest[1 + escaped.len_utf8()..];
        } else {
            if !['*', '`'].contains(&letter) {
                plain.push(letter);
            }
            rest = &rest[letter.len_utf8()..];
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_reads_as_its_words() {
        let model = Model::new(Vec::new(), chrono_tz::Tz::UTC);
        for (markdown, words) in [
            ("", ""),
            ("Hello, **Ann** and *Bo*!", "Hello, Ann and Bo!"),
            ("[Join](https://example.com/a) now [not a link", "Join now [not a link"),
            (r"2 \* 3, a_b@example.com", "2 * 3, a_b@example.com"),
            ("<@personEmail:roulette@webex.bot> help <@personEmail:organizer@example.com|O>", "Roulette help O"),
            ("<@personEmail:nobody@example.com> a < b", "<@personEmail:nobody@example.com> a < b"),
        ] {
            assert_eq!(plain(&model, markdown), words);
        }
        let both = "<@personEmail:roulette@webex.bot> <@personEmail:roulette@webex.bot> <@all>";
        assert_eq!(mentions(&model, both), ["roulette@webex.bot"]);
    }
}
