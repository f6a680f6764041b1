//! The words that people type to the bot, in both languages. Does not know what follows from them.

/// Words that mean nothing here.
pub(super) const POLITE: [&str; 4] = ["please", "будь", "ласка", "будь-ласка"];

/// Words of people who want to leave, whatever else they say.
pub(super) const STOPS: [&str; 30] = [
    "stop",
    "stopp",
    "unsubscribe",
    "unsubscribed",
    "unenroll",
    "unenrol",
    "subscription",
    "quit",
    "leave",
    "remove",
    "opt",
    "opt-out",
    "стоп",
    "вийти",
    "виходжу",
    "припиніть",
    "припини",
    "зупиніть",
    "зупини",
    "відпишіть",
    "відпиши",
    "відписатися",
    "відписатись",
    "відписка",
    "видаліть",
    "приберіть",
    "годі",
    "підписку",
    "підписки",
    "підписка",
];

/// What somebody is “on” who is away for a while and does not leave.
pub(super) const LEAVES: [&str; 8] = ["on", "annual", "parental", "maternity", "paternity", "sick", "study", "unpaid"];

/// Phrases with which people leave.
pub(super) const LEAVING: [&str; 9] = [
    "don't want to take part",
    "do not want to take part",
    "don't want to participate",
    "do not want to participate",
    "don't write to me",
    "не хочу брати участь",
    "не хочу брати участі",
    "не хочу зустрічатися",
    "не пишіть мені",
];

/// Words that look like a command but mean something else.
pub(super) const NO_SLIPS: [&str; 21] = [
    "star", "cause", "paused", "pauses", "smart", "stare", "stark", "stars", "starts", "state", "statue", "skips",
    "skipped", "resumes", "resumed", "presume", "cancels", "moved", "changes", "changed", "lists",
];

/// What is stopped by somebody who no longer wants to pause.
pub(super) const PAUSES: [&str; 5] = ["pause", "pausing", "break", "паузу", "перерву"];

/// Whole phrases that decline everything that was offered.
pub(super) const NEVER_MIND: [&str; 22] = [
    "never mind",
    "nevermind",
    "nothing",
    "none",
    "none of them",
    "none of these",
    "neither",
    "forget it",
    "forget about it",
    "leave it",
    "leave it as it is",
    "keep it as it is",
    "нічого",
    "нічого не треба",
    "не треба",
    "не важливо",
    "неважливо",
    "забудь",
    "забудьте",
    "жодного",
    "залиш як є",
    "залиште як є",
];

/// Questions about what this is.
pub(super) const HOW: [&str; 10] = [
    "how does this work",
    "how does it work",
    "what is this",
    "what's this",
    "what can you do",
    "who are you",
    "як це працює",
    "що це",
    "що ти вмієш",
    "хто ти",
];

/// Questions about whom and when somebody meets.
pub(super) const MEETING_QUESTIONS: [&str; 31] = [
    "who am i meeting",
    "who do i meet",
    "whom do i meet",
    "who is my partner",
    "who's my partner",
    "who am i meeting next",
    "who am i meeting this week",
    "when is my meeting",
    "when's my meeting",
    "when is my next meeting",
    "when's my next meeting",
    "when is the meeting",
    "when is the next meeting",
    "when do i meet",
    "when do we meet",
    "what's the link",
    "what is the link",
    "where is the link",
    "where's the link",
    "what's the status of my meeting",
    "what is the status of my meeting",
    "з ким я зустрічаюся",
    "з ким я зустрічаюсь",
    "з ким у мене зустріч",
    "з ким зустріч",
    "з ким моя зустріч",
    "з ким наступна зустріч",
    "коли зустріч",
    "коли моя зустріч",
    "коли наступна зустріч",
    "яке посилання",
];

/// Words of people who are sorry, and so do not quite say yes.
pub(super) const APOLOGIES: [&str; 4] = ["sorry", "вибач", "вибачте", "жаль"];

/// Whole phrases that say that somebody is back.
pub(super) const BACK: [&str; 9] = [
    "back",
    "i'm back",
    "i’m back",
    "i am back",
    "back again",
    "я повернулась",
    "я повернулася",
    "я повернувся",
    "я знову тут",
];

/// Words after a command that mean oneself, and now.
pub(super) const OWN: [&str; 21] = [
    "now",
    "today",
    "again",
    "me",
    "my",
    "i",
    "myself",
    "participation",
    "taking",
    "part",
    "out",
    "there",
    "commands",
    "зараз",
    "знову",
    "вже",
    "мій",
    "моя",
    "мені",
    "участь",
    "мою",
];

/// Words for the person about whom somebody asks why.
pub(super) const WHOM: [&str; 30] = [
    "him",
    "her",
    "them",
    "me",
    "us",
    "this",
    "these",
    "that",
    "those",
    "they",
    "person",
    "people",
    "partner",
    "colleague",
    "pair",
    "do",
    "did",
    "am",
    "i",
    "get",
    "meet",
    "meeting",
    "with",
    "саме",
    "він",
    "вона",
    "вони",
    "ця",
    "ці",
    "люди",
];

/// The beginnings of lengths of time.
pub(super) const LENGTHS: [&str; 8] = ["min", "hour", "hrs", "day", "week", "хв", "год", "дні"];

/// Words by which something is called off.
pub(super) const CANCEL: [&str; 10] = [
    "cancel",
    "скасувати",
    "скасуй",
    "скасуйте",
    "скасовую",
    "відмінити",
    "відміни",
    "відмініть",
    "відміняю",
    "відміна",
];

/// Words by which a round is left out.
pub(super) const SKIP: [&str; 6] = ["skip", "пропустити", "пропускаю", "пропущу", "пропусти", "пропустіть"];

/// Words by which a meeting gets another time.
pub(super) const MOVE: [&str; 9] =
    ["change", "move", "reschedule", "перенести", "перенеси", "перенесіть", "змінити", "зміни", "змініть"];
