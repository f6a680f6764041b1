//! Somebody says that they cannot come, without using a command: “I'm ill this week”, «я у відпустці до 20 грудня». It
//! has no effect except that the bot asks which rounds are meant, so it may be read generously. Knows words; knows no
//! round.

use chrono::NaiveDate;

use super::time_phrase::{self, Span, TimePhrase};
use crate::domain::language::Language;

/// Ways to say that one cannot, before the verb.
const CANNOT: [&str; 25] = [
    "can't",
    "cant",
    "cannot",
    "can not",
    "won't",
    "wont",
    "will not",
    "am not able",
    "i'm not able",
    "unable",
    "not be able",
    "not coming",
    "не зможу",
    "не можу",
    "не прийду",
    "не буду",
    "не буде",
    "не вийде",
    "не встигаю",
    "не встигну",
    "не приєднаюся",
    "не приєднаюсь",
    "не виходить",
    "не приходитиму",
    "не беру участі",
];

/// What somebody cannot do.
const COME: [&str; 25] = [
    "make",
    "come",
    "coming",
    "attend",
    "join",
    "be",
    "do",
    "meet",
    "participate",
    "there",
    "here",
    "available",
    "прийти",
    "бути",
    "приєднатися",
    "приєднатись",
    "зустрітися",
    "зустрітись",
    "мене",
    "участь",
    "участі",
    "взяти",
    "присутня",
    "присутній",
    "прийду",
];

/// Where somebody is instead, or why.
const AWAY: [&str; 83] = [
    "away",
    "vacation",
    "vacations",
    "holiday",
    "holidays",
    "pto",
    "ooo",
    "out of office",
    "out of the office",
    "out of town",
    "on leave",
    "annual leave",
    "parental leave",
    "maternity leave",
    "paternity leave",
    "sick leave",
    "day off",
    "days off",
    "week off",
    "time off",
    "am off",
    "i'm off",
    "be off",
    "sick",
    "ill",
    "unwell",
    "flu",
    "covid",
    "in hospital",
    "travelling",
    "traveling",
    "business trip",
    "unavailable",
    "absent",
    "busy",
    "not available",
    "not be available",
    "not feeling well",
    "not well",
    "not here",
    "not there",
    "not around",
    "not working",
    "have to miss",
    "will miss",
    "need to miss",
    "відпустці",
    "відпустка",
    "відпустку",
    "відпустки",
    "хворію",
    "хворий",
    "хвора",
    "захворів",
    "захворіла",
    "лікарняному",
    "лікарняний",
    "відрядженні",
    "відрядження",
    "відсутній",
    "відсутня",
    "вихідний",
    "am out",
    "i'm out",
    "be out",
    "out next",
    "out tomorrow",
    "out on",
    "out until",
    "out from",
    "out this",
    "out sick",
    "conflict",
    "came up",
    "another meeting",
    "not in the office",
    "not in office",
    "мене немає",
    "мене нема",
    "поза офісом",
    "декреті",
    "інша зустріч",
    "іншу зустріч",
];

/// A command in the middle of a sentence.
const EMBEDDED: [&str; 24] = [
    "skip",
    "skipping",
    "sit out",
    "leave out",
    "cancel",
    "pause",
    "break",
    "miss",
    "пропустити",
    "пропускаю",
    "пропущу",
    "скасувати",
    "скасуй",
    "скасуйте",
    "відмінити",
    "пауза",
    "паузу",
    "перерва",
    "перерву",
    "зайнята",
    "зайнятий",
    "занята",
    "зайнято",
    "зайняті",
];

/// Words that reverse such a sentence, or make it a question.
const OTHERWISE: [&str; 27] = [
    "not",
    "no",
    "never",
    "don't",
    "dont",
    "isn't",
    "aren't",
    "wasn't",
    "won't",
    "didn't",
    "back",
    "if",
    "when",
    "unless",
    "whether",
    "how",
    "why",
    "what",
    "не",
    "ні",
    "якщо",
    "коли",
    "чи",
    "як",
    "чому",
    "ніколи",
    "повернулася",
];

/// Longer sentences are not searched for days.
const LONGEST: usize = 40;

/// Whether somebody says that they cannot.
pub(super) fn is_cannot(words: &[&str]) -> bool {
    says(words, &CANNOT)
}

/// When somebody cannot come, if they say that they cannot; nothing if they do not say when.
pub(super) fn understand(
    words: &[&str],
    is_question: bool,
    language: Language,
    today: NaiveDate,
) -> Option<TimePhrase> {
    let when = when(words, language, today);
    let is_when = when != TimePhrase::Nothing;
    let cannot = is_cannot(words) && (is_when || words.len() <= 3 || words.iter().any(|word| COME.contains(word)));
    let otherwise = words.iter().any(|word| OTHERWISE.contains(word));
    let negated = AWAY.iter().any(|away| away.starts_with("not ") && says(words, &[away]));
    let away = says(words, &AWAY) && (!otherwise || negated) && !is_question;
    let embedded = says(words, &EMBEDDED) && !otherwise;
    (cannot && !is_question || away || embedded).then_some(when)
}

/// When somebody is back again, if that is what they say.
pub(super) fn back(words: &[&str], language: Language, today: NaiveDate) -> Option<TimePhrase> {
    // Somebody who asks whether they are back does not say so.
    if matches!(words, ["am" | "will" | "чи", ..]) {
        return None;
    }
    let at =
        words.iter().position(|word| ["back", "повертаюся", "повертаюсь", "повернуся", "повернусь"].contains(word))?;
    let plain = |word: &&str| ["i", "i'm", "am", "i'll", "will", "be", "я", "вже"].contains(word);
    let phrase = time_phrase::understand(&words[at + 1..], language, today);
    let is_clear = matches!(phrase, TimePhrase::Days(_)) && words[..at].iter().all(plain);
    is_clear.then_some(phrase)
}

fn says(words: &[&str], of: &[&str]) -> bool {
    let text = format!(" {} ", words.join(" "));
    of.iter().any(|said| text.contains(&format!(" {said} ")))
}

/// The days that are mentioned anywhere in a sentence: the longest part of it that can be read as days.
fn when(words: &[&str], language: Language, today: NaiveDate) -> TimePhrase {
    if words.len() > LONGEST {
        return TimePhrase::Nothing;
    }
    // A word like “may” or “sat” means no day if it stands alone.
    let read = |part: &[&str]| match part {
        [one] if time_phrase::is_month(one) || one.chars().count() < 4 => None,
        _ => Some(of_days(part, language, today)),
    };
    let parts = (1..=words.len()).rev().flat_map(|length| words.windows(length));
    let clear = |phrase: &TimePhrase| matches!(phrase, TimePhrase::Days(_) | TimePhrase::Long(_));
    parts.filter_map(read).find(clear).unwrap_or(TimePhrase::Nothing)
}

/// The days named by somebody who is away on them: “until the 20th” begins today.
fn of_days(words: &[&str], language: Language, today: NaiveDate) -> TimePhrase {
    match words {
        [until, rest @ ..] if is_until(until) && !rest.is_empty() => {
            let ends = time_phrase::ends(rest, language, today);
            if ends.is_empty() {
                return TimePhrase::Unclear;
            }
            TimePhrase::Days(ends.into_iter().map(|to| Span { from: today, to }).collect())
        }
        _ => time_phrase::understand(words, language, today),
    }
}

/// Whether the word introduces how long something lasts.
pub(super) fn is_until(word: &str) -> bool {
    ["until", "untill", "till", "til", "through", "thru", "до", "по"].contains(&word)
}
