//! Answers to what the bot asked, as people say them: yes, no, thanks, 👍; in English or Ukrainian.
//! All words of an answer must be known here: “yes, but later” is none. Knows nothing of what was asked.

use super::chat_command::ChatCommand;

/// What became of a meeting, without the words of [`AROUND`].
const OUTCOMES: [(&str, ChatCommand); 32] = [
    ("met", ChatCommand::Met),
    ("we met", ChatCommand::Met),
    ("yes we met", ChatCommand::Met),
    ("yes met", ChatCommand::Met),
    ("we did", ChatCommand::Met),
    ("yes we did", ChatCommand::Met),
    ("відбулася", ChatCommand::Met),
    ("так відбулася", ChatCommand::Met),
    ("зустрілися", ChatCommand::Met),
    ("ми зустрілися", ChatCommand::Met),
    ("так зустрілися", ChatCommand::Met),
    ("так ми зустрілися", ChatCommand::Met),
    ("not yet", ChatCommand::NotYet),
    ("no not yet", ChatCommand::NotYet),
    ("ще ні", ChatCommand::NotYet),
    ("ні ще ні", ChatCommand::NotYet),
    ("поки ні", ChatCommand::NotYet),
    ("could not", ChatCommand::CouldNot),
    ("we could not", ChatCommand::CouldNot),
    ("no we could not", ChatCommand::CouldNot),
    ("couldn't", ChatCommand::CouldNot),
    ("we couldn't", ChatCommand::CouldNot),
    ("no we couldn't", ChatCommand::CouldNot),
    ("відбулась", ChatCommand::Met),
    ("зустрілись", ChatCommand::Met),
    ("ми зустрілись", ChatCommand::Met),
    ("так зустрілись", ChatCommand::Met),
    ("не вийшло", ChatCommand::CouldNot),
    ("ні не вийшло", ChatCommand::CouldNot),
    ("не вдалося", ChatCommand::CouldNot),
    ("ні не вдалося", ChatCommand::CouldNot),
    ("не склалося", ChatCommand::CouldNot),
];

/// Yes, whatever was asked.
const YES: [&str; 24] = [
    "yes",
    "y",
    "yep",
    "yeah",
    "yup",
    "ya",
    "absolutely",
    "definitely",
    "+1",
    "+",
    "👍",
    "✅",
    "✔",
    "thumbsup",
    "так",
    "ага",
    "угу",
    "авжеж",
    "звісно",
    "звичайно",
    "атож",
    "aye",
    "yea",
    "certainly",
];

/// Yes to what is suggested; of what has been, it says nothing.
const AGREED: [&str; 17] = [
    "sure",
    "ok",
    "okay",
    "k",
    "agreed",
    "agree",
    "deal",
    "perfect",
    "great",
    "👌",
    "добре",
    "гаразд",
    "згода",
    "згодна",
    "згоден",
    "окей",
    "ок",
];

/// That a time suits, in the very words.
const SUITED: [&str; 52] = [
    "works",
    "works fine",
    "works for me",
    "works for us",
    "works fine for me",
    "that works",
    "that works for me",
    "it works",
    "it works for me",
    "this works",
    "this works for me",
    "that time works",
    "that time works for me",
    "suits me",
    "that suits me",
    "it suits me",
    "fine",
    "fine with me",
    "fine for me",
    "that's fine",
    "that is fine",
    "that's fine with me",
    "i'm fine with that",
    "good for me",
    "that's good",
    "that's good for me",
    "sounds good",
    "sounds good to me",
    "that sounds good",
    "sounds great",
    "all good",
    "all right",
    "alright",
    "of course",
    "i can",
    "i can make it",
    "i'm available",
    "i am available",
    "no problem",
    "not a problem",
    "why not",
    "with pleasure",
    "підходить",
    "мені підходить",
    "це мені підходить",
    "влаштовує",
    "мене влаштовує",
    "годиться",
    "можу",
    "я можу",
    "зможу",
    "мені зручно",
];

const NO: [&str; 25] = [
    "no",
    "n",
    "nope",
    "nah",
    "can't",
    "cant",
    "cannot",
    "not",
    "unfortunately",
    "doesn't",
    "doesnt",
    "don't",
    "won't",
    "-1",
    "👎",
    "❌",
    "thumbsdown",
    "ні",
    "нє",
    "не",
    "неа",
    "ніяк",
    "нажаль",
    "відмовляюся",
    "unable",
];

/// What leans to neither side alone.
const SUITS: [&str; 15] = [
    "works",
    "work",
    "suits",
    "suit",
    "fine",
    "good",
    "can",
    "available",
    "pleasure",
    "підходить",
    "можу",
    "зможу",
    "влаштовує",
    "годиться",
    "зручно",
];

const THANKS: [&str; 12] =
    ["thanks", "thank", "thx", "ty", "cheers", "🙏", "дякую", "дяки", "спасибі", "вдячна", "вдячний", "дякуємо"];

/// Words around an answer.
const AROUND: [&str; 50] = [
    "for",
    "me",
    "us",
    "with",
    "that",
    "this",
    "it",
    "is",
    "it's",
    "its",
    "i",
    "i'm",
    "will",
    "time",
    "day",
    "the",
    "a",
    "to",
    "of",
    "course",
    "very",
    "much",
    "so",
    "you",
    "sorry",
    "please",
    "sounds",
    "make",
    "do",
    "does",
    "am",
    "be",
    "there",
    "lot",
    "many",
    "then",
    "all",
    "right",
    "на",
    "жаль",
    "мені",
    "мене",
    "це",
    "цей",
    "час",
    "вибачте",
    "дуже",
    "я",
    "вам",
    "❤",
];

/// The answer, if it is one. Thanks alone are thanks; a question is no answer.
pub(super) fn understand(text: &str) -> Option<ChatCommand> {
    if text.contains('?') {
        return None;
    }
    let text = text.replace(['’', 'ʼ', '‘', '`', '´'], "'").replace("будь ласка", "please");
    let plain: String = text.chars().filter(|c| !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')).collect();
    let marks = |c: char| ",.;:!?…\"«»“”()*".contains(c);
    let words: Vec<&str> =
        plain.split_whitespace().flat_map(|word| word.split(marks)).filter(|it| !it.is_empty()).collect();
    let core: Vec<&str> = words.iter().copied().filter(|word| !is_polite(word)).collect();
    if let Some((_, outcome)) = OUTCOMES.iter().find(|(said, _)| core.join(" ") == *said) {
        return Some(outcome.clone());
    }
    if SUITED.contains(&&*core.join(" ")) {
        return Some(ChatCommand::Agreed);
    }
    let has = |set: &[&str]| words.iter().any(|word| set.contains(word));
    let known = |word: &&str| [&YES[..], &AGREED, &NO, &SUITS, &THANKS, &AROUND].iter().any(|set| set.contains(word));
    if !words.iter().all(known) {
        return None;
    }
    let apology = words.contains(&"sorry") || words.contains(&"жаль") || words.contains(&"вибачте");
    match (has(&YES), has(&AGREED), has(&NO)) {
        (true, _, false) if !apology => Some(ChatCommand::Yes),
        (false, true, false) if !apology => Some(ChatCommand::Agreed),
        // “Not” alone says nothing.
        (false, false, true) if words.len() > 1 || !["not", "не"].contains(&words[0]) => Some(ChatCommand::No),
        (false, false, false) if has(&THANKS) && !has(&SUITS) => Some(ChatCommand::Thanks),
        _ => None,
    }
}

fn is_polite(word: &str) -> bool {
    THANKS.contains(&word) || ["sorry", "please", "you", "вибачте", "жаль", "на"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood_as_people_say_them() {
        let yes = [
            "yes",
            "Yep",
            "👍",
            "👍🏽",
            "+1",
            "yes, works for me",
            "Yes, I can",
            "of course, yes",
            "ага",
            "так, підходить",
        ];
        let agreed = [
            "sure!",
            "ok",
            "Ok, thanks",
            "that works",
            "Works for me!",
            "fine with me",
            "sounds good",
            "of course!",
            "I can, thanks",
            "No problem",
            "добре",
            "згода",
            "Мені підходить",
            "гаразд, дякую",
        ];
        let no = [
            "no",
            "nope",
            "sorry, can't",
            "Sorry, I can’t",
            "no, sorry",
            "that doesn't work for me",
            "cannot make it",
            "👎",
            "ні",
            "на жаль, ні",
            "на жаль, не можу",
            "не підходить",
            "ні, дякую",
        ];
        let thanks = ["Thanks!", "thank you", "Thank you very much", "дякую", "Дуже дякую!", "🙏"];
        let none = [
            "yes, but later",
            "yes and no",
            "not",
            "not sure",
            "could we do 4pm",
            "hello",
            "",
            "може",
            "sorry",
            "можливо",
            "Можливо, дякую",
            "good day!",
            "good",
            "is this time good for you?",
            "ok?",
            "can you",
            "yes, sorry",
        ];
        let all = [
            (&yes[..], Some(ChatCommand::Yes)),
            (&agreed, Some(ChatCommand::Agreed)),
            (&no, Some(ChatCommand::No)),
            (&thanks, Some(ChatCommand::Thanks)),
            (&none, None),
        ];
        let wrong: Vec<&str> = all
            .iter()
            .flat_map(|(texts, meant)| texts.iter().filter(|text| understand(&text.to_lowercase()) != *meant))
            .copied()
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
