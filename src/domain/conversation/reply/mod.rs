//! Answers to the bot's questions, in people's own words: yes, no, thanks, 👍; in English or Ukrainian. All words of an
//! answer must be known here: “yes, but later” is not an answer. Does not know what was asked.

mod words;

use self::words::{AGREED, AROUND, DENIED, DOUBTS, MORE, NO, OUTCOMES, PLAIN_NO, REFUSED, SUITED, SUITS, THANKS, YES};
use super::chat_command::ChatCommand;
use super::time_phrase;

/// The answer, if it is one. Thanks alone count as thanks; a question is not an answer.
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
    // “Yes, that works for me”, “no, I'd rather not”: words with the same meaning may come before the exact phrase.
    let same = |of: &[&[&str]]| core.iter().take_while(|word| of.iter().any(|set| set.contains(word))).count();
    let after = |begun: usize, said: &[&str]| (0..=begun).any(|at| said.contains(&&*core[at..].join(" ")));
    let (agrees, refuses) = (same(&[&YES, &AGREED]), same(&[&NO]));
    if after(refuses, &REFUSED) {
        return Some(ChatCommand::No);
    }
    if after(agrees, &SUITED) && !words.iter().any(|word| ["sorry", "жаль", "вибачте"].contains(word)) {
        let is_yes = core[..agrees].iter().any(|word| YES.contains(word));
        return Some(if is_yes { ChatCommand::Yes } else { ChatCommand::Agreed });
    }
    // “I do not mind” does not mean no, whatever comes before it.
    if words.windows(2).any(|two| ["не", "not", "don't"].contains(&two[0]) && DENIED.contains(&two[1])) {
        return None;
    }
    // “Deal with it” does not mean “deal”.
    if words.windows(2).any(|two| two == ["deal", "with"]) || words[..] == ["ok", "you"] {
        return None;
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
        // “No, it works for me” says no to something else.
        (false, false, true) if has(&SUITS) && words.iter().all(|it| !NO.contains(it) || PLAIN_NO.contains(it)) => None,
        // “Not” alone says nothing.
        (false, false, true) if words.len() > 1 || !["not", "не"].contains(&words[0]) => Some(ChatCommand::No),
        (false, false, false) if has(&THANKS) && !has(&SUITS) => Some(ChatCommand::Thanks),
        _ => None,
    }
}

/// Whether it begins with yes and goes on without taking that back: “yes, it was great”.
pub(super) fn is_glad_yes(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && !"'’-".contains(c)).collect();
    let is_doubt = |word: &&str| {
        let word = word.replace('’', "'");
        DOUBTS.contains(&&*word)
            || ["n't", "'ll"].iter().any(|end| word.ends_with(end))
            || time_phrase::is_weekday_alone(&[&word])
    };
    let first = words.iter().find(|word| !word.is_empty());
    first.is_some_and(|word| ["yes", "yeah", "yep", "yup", "так"].contains(word))
        && !text.contains('?')
        && !words.iter().any(is_doubt)
}

/// Whether it means yes and nothing else, for example that somebody will come.
pub(super) fn is_plain_yes(text: &str) -> bool {
    let is_mark = |c: char| !c.is_alphanumeric() && !"+👍👌✅✔'".contains(c);
    let words = text.split(is_mark).filter(|word| !word.is_empty());
    let known =
        |word: &str| YES.contains(&word) || AGREED.contains(&word) || ["please", "thanks", "дякую"].contains(&word);
    words.clone().count() > 0 && { words }.all(known)
}

/// The longest kind word, in words.
const KIND: usize = 12;

/// Whether it is thanks with a kind word that needs no answer: “thanks, that was great”.
pub(super) fn is_small_talk(words: &[&str]) -> bool {
    const THANK: [&str; 9] = ["thanks", "thank", "thx", "дякую", "дякуємо", "дяки", "спасибі", "вдячна", "вдячний"];
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    words.len() <= KIND
        && words.iter().any(|word| THANK.contains(word))
        && !words.iter().any(|word| MORE.contains(word) || is_number(word))
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
            "yes, that's fine by me",
            "yes, that works for me",
            "так, без проблем",
            "так, не проти",
            "yes, of course",
            "так, чудово",
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
            "fine by me",
            "Fine with me!",
            "sure thing",
            "Sounds good",
            "works",
            "that works",
            "ok, that works for me",
            "I don't mind",
            "sounds like a plan",
            "let's do it",
            "чудово",
            "Давай!",
            "не проти",
            "я не проти",
            "домовились",
            "Домовилися, дякую",
            "без проблем",
            "підходить",
            "добре, давайте",
            "чому б і ні",
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
            "not really",
            "No way!",
            "can't do",
            "sorry, can't do that",
            "rather not",
            "I'd rather not",
            "no, I'd rather not",
            "I don't think so",
            "not this time",
            "no good",
            "не вийде",
            "на жаль, не вийде",
            "та ні",
            "Ні в якому разі!",
            "на жаль, ні",
            "ні, не вийде",
            "краще ні",
            "я проти",
            "нам не підходить",
            "цього дня не зможу",
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
            "not sure",
            "I'm not sure",
            "not sure that works",
            "no, it works for me",
            "ні, можу",
            "no idea",
            "no worries",
            "не впевнений",
            "не впевнена",
            "не знаю",
            "навряд чи",
            "hardly",
            "sure, but not on Friday",
            "так, але не в середу",
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
            "ні, я не проти",
            "не відмовляюся",
            "deal with it",
            "ok you",
        ];
        for text in ["thanks, that was great", "thank you so much!", "дякую, було цікаво", "Thanks a lot, see you"]
        {
            let lower = text.to_lowercase();
            let words: Vec<&str> = lower.split([' ', ',', '!']).filter(|word| !word.is_empty()).collect();
            assert!(understand(&lower) == Some(ChatCommand::Thanks) || is_small_talk(&words), "{text}");
        }
        for text in ["thanks but no", "thanks skip next week", "дякую не треба", "that was great", ""] {
            assert!(!is_small_talk(&text.split(' ').collect::<Vec<_>>()), "{text}");
        }
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
