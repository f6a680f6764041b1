//! How people address the bot before or after what they want: by its name, with a greeting, as “bot”. Removes only the
//! words of a list: any other word in front of a command may reverse its meaning.

/// Words in front of a command that do not change it.
const BEFORE: [&str; 54] = [
    "hey",
    "hi",
    "hello",
    "hiya",
    "yo",
    "dear",
    "good",
    "morning",
    "afternoon",
    "evening",
    "day",
    "there",
    "ok",
    "okay",
    "please",
    "sorry",
    "thanks",
    "thank",
    "you",
    "bot",
    "robot",
    "webex",
    "assistant",
    "roulette",
    "coffee",
    "mr",
    "привіт",
    "вітаю",
    "вітання",
    "добрий",
    "доброго",
    "добридень",
    "день",
    "дня",
    "ранок",
    "ранку",
    "вечір",
    "вечора",
    "агов",
    "гей",
    "слухай",
    "слухайте",
    "алло",
    "шановний",
    "пане",
    "друже",
    "вибач",
    "вибачте",
    "дякую",
    "бот",
    "боте",
    "ботику",
    "рулетка",
    "рулетко",
];

/// Words after a command that do not change it.
const AFTER: [&str; 21] = [
    "please",
    "thanks",
    "thank",
    "you",
    "thx",
    "cheers",
    "bot",
    "robot",
    "roulette",
    "coffee",
    "дякую",
    "дяки",
    "спасибі",
    "бот",
    "боте",
    "ботику",
    "рулетка",
    "рулетко",
    "вибач",
    "вибачте",
    "sorry",
];

/// The most such words before or after.
const MOST: usize = 3;

/// Marks around words.
pub(super) fn is_mark(c: char) -> bool {
    c.is_whitespace() || ".,;:!?…\"'«»“”()".contains(c)
}

/// What is said to the bot of that name, whether the whole name is used or only its first word.
pub(super) fn without_name<'a>(text: &'a str, name: &str) -> &'a str {
    let first = name.split_whitespace().next().unwrap_or_default();
    without_any(text, &[name, first])
}

/// What is said to whoever has one of these names, at either end of the text.
pub(super) fn without_any<'a>(text: &'a str, names: &[&str]) -> &'a str {
    // A letter may have another length in the other case.
    let begun = |text: &'a str, name: &str| {
        let mut letters = text.char_indices();
        let fits =
            name.chars().all(|c| letters.next().is_some_and(|(_, other)| c.to_lowercase().eq(other.to_lowercase())));
        let rest = letters.as_str();
        (fits && !name.is_empty() && !rest.starts_with(|c: char| c.is_alphanumeric())).then_some(rest)
    };
    let ended = |text: &'a str, name: &str| {
        let start = text.char_indices().rev().nth(name.chars().count().checked_sub(1)?)?.0;
        let alone = text[..start].ends_with(|c: char| c.is_whitespace() || c == '@' || c == ',');
        (alone && text[start..].to_lowercase() == name.to_lowercase()).then_some(&text[..start])
    };
    let addressed = text.trim_start_matches('@');
    let trimmed = text.trim_end_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
    let at_start = names.iter().find_map(|name| begun(addressed, name));
    let at_end = || names.iter().find_map(|name| ended(trimmed, name)).map(|rest| rest.trim_end_matches('@'));
    at_start.or_else(at_end).unwrap_or(text)
}

/// The text without words that only address somebody: first the whole text, and then less and less of it.
pub(super) fn without_vocatives(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let known = |word: &str, of: &[&str]| {
        let lower = word.trim_matches(|c| is_mark(c) || c == '@').to_lowercase();
        lower.is_empty() || of.contains(&&*lower) || lower.len() > 3 && lower.ends_with("bot")
    };
    let before = words.iter().take(MOST).take_while(|word| known(word, &BEFORE)).count();
    let after = words.iter().rev().take(MOST).take_while(|word| known(word, &AFTER)).count();
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let mut left = Vec::new();
    for (from, to) in (0..=before).flat_map(|from| (0..=after).map(move |to| (from, to))) {
        if from + to < words.len() {
            let (first, last) = (words[from], words[words.len() - to - 1]);
            left.push(&text[place(first)..place(last) + last.len()]);
        }
    }
    left
}

/// Whether it is a greeting and nothing else.
pub(super) fn is_greeting(words: &[&str]) -> bool {
    const GREETS: [&str; 13] = [
        "hey",
        "hi",
        "hello",
        "hiya",
        "yo",
        "good",
        "привіт",
        "вітаю",
        "вітання",
        "добрий",
        "доброго",
        "добридень",
        "агов",
    ];
    words.first().is_some_and(|first| GREETS.contains(first)) && words.iter().all(|word| BEFORE.contains(word))
}
