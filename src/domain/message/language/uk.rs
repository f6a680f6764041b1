//! Ukrainian. Uses «ви»; names stay as they are written, so no sentence needs one in another case, and nothing is said
//! about a person in the past tense, which would need their gender. Knows what is said; knows neither Markdown nor
//! cards.

use chrono::{Datelike, NaiveDate};

use super::when::When;
use super::{APART, Labels, STARTERS, Sentences, Words, each_choice, joined, slavic, some, weekday};
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{
    BotMessage, Break, Comeback, DraftProblem, FoundColleague, InsteadOf, Meeting, NextMeeting, OrganizerNews,
    Overview, Participation, Rejected, Stuck, Then, TimeProblem, WhatNext, WhyOff, WithoutPartner,
};
use crate::domain::state::bookings::MoveReason;
use crate::domain::state::reports::{Counts, SeenCounts};

pub(super) struct Ukrainian;

const LABELS: Labels = Labels {
    join: "Приєднатися",
    suggest: "Запропонувати новий час",
    another: "Запропонувати інший час",
    skip: "Пропустити",
    pause: "Пауза",
    pause_how: "На скільки?",
    pause_wrong: "Будь ласка, виберіть, на скільки.",
    weeks_1: "1 тиждень",
    weeks_2: "2 тижні",
    weeks_4: "4 тижні",
    weeks_8: "8 тижнів",
    yes: "Так",
    no: "Ні",
    met: "Так, відбулася",
    not_yet: "Ще ні",
    could_not: "Не вийшло",
    send: "Надіслати пропозицію",
    send_to_all: "Надіслати всім",
    test: "Перевірити",
    announcement: "Що ви хочете сказати; можна з Markdown",
    announcement_wrong: "Будь ласка, спершу напишіть текст.",
    image: "Адреса зображення, якщо треба: https://…",
    with: "Хто",
    department: "Відділ",
    when: "Коли",
    their_time: "Їхній час",
    old_time: "Заплановано",
    new_time: "Пропозиція",
    starter: "Для початку розмови",
    day: "День",
    day_wrong: "Будь ласка, виберіть один із запропонованих днів.",
    time: "Час",
    time_wrong: "Будь ласка, виберіть час із запропонованих.",
    coming: "Ваші найближчі зустрічі",
    typing: "Що можна написати",
    left_out: "Без пари",
    meetings_count: "усього зустрічей",
    met_count: "відбулися",
    month_held: "зустрічей відбулося",
    month_met: "людей із кимось зустрілися",
    percent_sign: "\u{a0}%",
    month_reach: "колег з інших відділів — за два кроки",
    could_not_count: "не відбулися",
    unknown_count: "без відповіді",
    picture: "Зображення до цього оголошення",
};

const COMMANDS: [(&str, &str); 13] = [
    ("1, 2 …", "запропонувати новий час для зустрічі з цим номером"),
    ("перенести", "запропонувати новий час для найближчої зустрічі"),
    ("так, ні", "відповісти на моє останнє запитання"),
    ("статус", "як ви берете участь і з ким зустрічаєтеся"),
    ("чому", "як добираються пари"),
    ("пропустити", "обійтися без наступного раунду; або: пропустити 9 грудня"),
    ("повернути", "усе ж не пропускати його"),
    ("пауза 2 тижні", "зробити перерву; або: пауза до 10 січня"),
    ("продовжити", "повернутися з перерви"),
    ("не з ІМ’Я", "ніколи не бути в парі з цією людиною; це лишиться між нами"),
    ("знову з ІМ’Я", "забрати це назад"),
    ("стоп", "вийти з програми"),
    ("старт", "повернутися до програми"),
];

const ORGANIZERS_COMMANDS: [(&str, &str); 7] = [
    ("огляд", "побачити цей раунд, останні відповіді, хто без пари та що застрягло"),
    ("хто вийшов", "побачити, хто вийшов і хто на паузі"),
    ("знайти ІМ’Я", "побачити, як хтось бере участь"),
    ("пауза ІМ’Я до 20 грудня", "поставити когось на паузу; спершу я перепитаю, а потім скажу цій людині"),
    ("звіт", "побачити, скільки людей зустрілися в останньому раунді"),
    ("оголосити", "написати всім учасникам"),
    ("привітати", "привітати новачків, якщо я про це питав; або: нікого не вітати"),
];

const LOOKED_UP: &str = "Після кожної зустрічі я дивлюся у Webex, хто на ній був. Зберігаю лише те, чи прийшли обоє, хтось \
                         один чи ніхто: не те, скільки часу і з якого пристрою.";
const CHANGE: &str = "Щоб запропонувати інший час, напишіть `1` або `перенести`.";
const MET_OR_NOT: &str =
    "Відповідайте, будь ласка, кнопками цього повідомлення або напишіть `відбулася`, `ще ні` чи `не вийшло`.";
const FAIR: &str = "Черга справедлива: хто пропускав нещодавно, знову пропустить останнім.";

const DAYS: [&str; 7] = ["понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя"];
/// The days in the accusative, as they follow «на».
const ON_DAYS: [&str; 7] = ["понеділок", "вівторок", "середу", "четвер", "п’ятницю", "суботу", "неділю"];
const MONTHS: [&str; 12] = [
    "січень",
    "лютий",
    "березень",
    "квітень",
    "травень",
    "червень",
    "липень",
    "серпень",
    "вересень",
    "жовтень",
    "листопад",
    "грудень",
];

fn month_and_year(date: NaiveDate) -> String {
    format!("{} {}", MONTHS[date.month0() as usize], date.year())
}

const OF_MONTHS: [&str; 12] = [
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];

/// A date, as in «2 грудня».
fn date(date: NaiveDate) -> String {
    format!("{} {}", date.day(), OF_MONTHS[date.month0() as usize])
}

/// A date with its year, as in «2 грудня 2026 року».
fn with_year(day: NaiveDate) -> String {
    format!("{} {} року", date(day), day.year())
}

fn meetings(count: usize) -> String {
    format!("{count} {}", slavic(count, ["зустріч", "зустрічі", "зустрічей"]))
}

/// The instrumental, as it follows «з».
fn with_colleagues(count: usize) -> String {
    format!("{count} {}", slavic(count, ["колегою", "колегами", "колегами"]))
}

fn minutes(count: u16, one: &'static str) -> String {
    format!("{count} {}", slavic(count.into(), [one, "хвилини", "хвилин"]))
}

/// A length of time as it follows «за»; in hours if it is a whole number of them.
fn ahead(count: u16) -> String {
    match (count / 60, count % 60) {
        (hours @ 1.., 0) => format!("{hours} {}", slavic(hours.into(), ["годину", "години", "годин"])),
        _ => minutes(count, "хвилину"),
    }
}

fn cancelled(count: usize) -> String {
    format!("Через це скасовано {}; тих, хто мав зустрітися з вами, попереджено.", meetings(count))
}

/// The form of a verb for one partner or for several.
fn verb<'a>(meeting: &Meeting, one: &'a str, more: &'a str) -> &'a str {
    if meeting.partners.len() == 1 { one } else { more }
}

impl Ukrainian {
    fn problem(&self, problem: &TimeProblem) -> String {
        match problem {
            TimeProblem::NoTime => "Потрібні і день, і час.".to_owned(),
            TimeProblem::WhichDay(days) => {
                let days: Vec<String> = days.iter().map(|day| with_year(*day)).collect();
                format!("Ця дата може означати {}: будь ласка, напишіть її так: 2026-12-31.", days.join(" або "))
            }
            TimeProblem::Past => "Цей час уже минув.".to_owned(),
            TimeProblem::TooSoon(ahead) => {
                format!("Це надто скоро: виберіть час щонайменше за {} від цієї миті.", self::ahead(*ahead))
            }
            TimeProblem::TooLate(last) => format!("Це надто пізно: останній можливий день — {}.", self.day(*last)),
            TimeProblem::Holiday => "Це неробочий день.".to_owned(),
            TimeProblem::Same => "Зустріч і так запланована на цей час.".to_owned(),
            TimeProblem::Busy => "У вас тоді інша зустріч цієї програми.".to_owned(),
            TimeProblem::PartnerBusy(name) => format!("{name} має тоді іншу зустріч цієї програми."),
        }
    }

    fn draft_problem(problem: &DraftProblem) -> String {
        match problem {
            DraftProblem::Blank => "Тексту ще немає.".to_owned(),
            DraftProblem::TooLong(length, most) => {
                format!("Знаків забагато: {length}. Оголошення має щонайбільше {most}.")
            }
            DraftProblem::Image(_) => {
                "Webex не завантажить зображення з такої адреси: вона має починатися з https:// і не мати пробілів."
                    .to_owned()
            }
        }
    }

    fn why_off(why: WhyOff) -> &'static str {
        match why {
            WhyOff::PartnerGone => "Хтось із вас не зможе прийти, тож її скасовано.",
            WhyOff::ReaderGone => "За списком учасників вас того дня немає, тож її скасовано.",
            WhyOff::DayOff => "Для когось із вас цей день тепер вихідний, тож її скасовано.",
            WhyOff::Plan => "Організатори змінили план того раунду, тож її скасовано.",
            WhyOff::WeekOff => "Того тижня раунду все ж немає, тож її скасовано.",
            WhyOff::NoTime => "Ваші робочі години більше не мають спільного часу, тож її скасовано.",
            WhyOff::Deleted => "Її скасував у Webex той, хто дбає про зустрічі.",
        }
    }

    fn instead(&self, InsteadOf { names, why }: &InsteadOf) -> String {
        let people = self.together(&names.iter().map(|it| &**it).collect::<Vec<_>>());
        match why {
            WhyOff::PartnerGone => {
                let can = if names.len() == 1 { "зможе" } else { "зможуть" };
                format!("{people} не {can} прийти, тож ця зустріч замість тієї.")
            }
            _ => format!("План змінився. Замість зустрічі, на якій мали бути ви та {people}, — ця."),
        }
    }

    fn next_meeting(&self, next: &NextMeeting) -> String {
        match next {
            NextMeeting::Meeting(meeting) => format!(
                "Ваша наступна зустріч: {}, {}.",
                self.partners_in_full(meeting),
                self.span(meeting.start, meeting.minutes)
            ),
            NextMeeting::Draw(date) => format!("Наступний раунд із вами: {}.", self.day(*date)),
            NextMeeting::Nothing => "Я напишу вам, коли відбудеться наступне жеребкування.".to_owned(),
        }
    }

    fn comeback(&self, comeback: &Comeback) -> String {
        match comeback {
            Comeback::AfterAll(meeting) => format!(
                "Ваша зустріч усе ж відбудеться: {}, {}.",
                self.partners_in_full(meeting),
                self.span(meeting.start, meeting.minutes)
            ),
            Comeback::Taken(names, next) => {
                let people = self.together(&names.iter().map(|it| &**it).collect::<Vec<_>>());
                let has = if names.len() == 1 { "уже має" } else { "уже мають" };
                format!("{people} {has} іншу пару. {}", self.next_meeting(next))
            }
            Comeback::WithoutYou(names, next) => {
                let people = self.together(&names.iter().map(|it| &**it).collect::<Vec<_>>());
                format!("{people} цього разу зустрічаються вдвох. {}", self.next_meeting(next))
            }
            Comeback::Next(next) => self.next_meeting(next),
        }
    }

    fn news(&self, news: &OrganizerNews) -> String {
        match news {
            OrganizerNews::Joined(name, Some(first)) => {
                format!("{name}: тепер у списку; перший раунд — {}.", self.day(*first))
            }
            OrganizerNews::Joined(name, None) => format!("{name}: тепер у списку."),
            OrganizerNews::Left(name) => format!("{name}: у списку більше немає."),
            OrganizerNews::OnePerson(name, email) => format!(
                "{name}: одну людину з таким іменем вилучено зі списку, а іншу додано. Якщо це одна людина з новою \
                 адресою, впишіть {email} у стовпчик `formerly` її рядка: тоді нічого не загубиться."
            ),
            OrganizerNews::Silent(name) => {
                format!("{name}: давно не озивається, тож має перерву, доки не напише мені.")
            }
            OrganizerNews::Stopped(name) => format!("{name}: участь завершено."),
            OrganizerNews::Paused(name, until) => format!("{name}: пауза до {} включно.", with_year(*until)),
            OrganizerNews::NewAddress(name, email) => format!("{name}: нова адреса {email}."),
            OrganizerNews::Cancelled(names, day, gone) => {
                let people = self.together(&names.iter().map(|it| &**it).collect::<Vec<_>>());
                format!("Скасовано зустріч раунду ({}): {people}. У списку більше немає: {gone}.", date(*day))
            }
            OrganizerNews::Alone(name, day, why) => format!("{name}: без пари в раунді ({}): {why}.", date(*day)),
        }
    }

    fn status(
        &self,
        part: Participation,
        skipped: &[NaiveDate],
        coming: &[Meeting],
        met: usize,
        not_with: &[Sanitized],
    ) -> Sentences {
        let how = match part {
            Participation::Takes => "Ви берете участь.".to_owned(),
            Participation::Paused(until) => format!("У вас пауза до {} включно.", with_year(until)),
            Participation::Stopped => "Ви більше не берете участі. Щоб повернутися, напишіть `старт`.".to_owned(),
        };
        let days: Vec<String> = skipped.iter().map(|date| self.day(*date)).collect();
        Sentences::new("Ваша участь", [])
            .line(how)
            .line_if(When::Skips, || format!("Ви пропускаєте: {}.", days.join("; ")))
            .line_if(When::HasMet, || format!("Ви вже зустрілися з {}.", with_colleagues(met)))
            .line_if(When::Wishes, || {
                format!(
                    "Вам не випадають: {}; це бачите лише ви. `знову з ІМ’Я` забирає це назад.",
                    joined(not_with, "; ")
                )
            })
            .line_if(When::NoneAhead, || "Найближчим часом зустрічей у вас немає.".to_owned())
            .hint(match coming {
                [] => "Напишіть `довідка`, щоб побачити, що ще можна сказати.",
                _ => "Щоб запропонувати новий час, напишіть номер зустрічі; про все інше розповість `довідка`.",
            })
    }

    fn left_out(&self, day: NaiveDate, why: WithoutPartner, next: Option<NaiveDate>) -> Sentences {
        let why = match why {
            WithoutPartner::Odd => format!("Кількість учасників непарна, тож хтось лишається без пари. {FAIR}"),
            WithoutPartner::Rules => {
                "Вчасно не знайшлося нікого вільного, з ким ви могли б зустрітися за правилами програми.".to_owned()
            }
            WithoutPartner::Limit => format!("Учасників більше, ніж зустрічей у раунді. {FAIR}"),
            WithoutPartner::PartnerGone => {
                "Ваша пара не зможе прийти, а інших вільних колег вчасно не знайшлося.".to_owned()
            }
        };
        let next = next.map_or_else(
            || "Я напишу вам, коли відбудеться наступне жеребкування.".to_owned(),
            |next| format!("Наступний раунд — {}, і ви знову берете участь у жеребкуванні.", self.day(next)),
        );
        let on = ON_DAYS[weekday(day)];
        Sentences::new("Цього разу без зустрічі", [])
            .line(format!("На жаль, на {on}, {}, пари для вас немає. {why}", date(day)))
            .line(next)
    }

    fn missed(missed: Rejected) -> Sentences {
        match missed {
            Rejected::Begun => Sentences::new("Змінити вже не можна", ["Зустріч почалася або вже минула."]),
            Rejected::Cancelled => Sentences::new("Цю зустріч скасовано", ["Тож вирішувати більше нічого."]),
            Rejected::OutOfDate => Sentences::new(
                "Ця пропозиція вже не діє",
                ["На неї вже відповіли, замість неї є новіша або минув її час."],
            ),
            Rejected::NotYours => {
                Sentences::new("Це не ваша зустріч", ["Вас немає серед її учасників, тож нічого не змінилося."])
            }
            Rejected::Unknown => Sentences::new(
                "Ця картка застаріла",
                ["Її зустріч давно минула, тож нічого не змінилося. Напишіть `довідка`, щоб побачити найближчі."],
            ),
        }
    }

    fn not_with_whom(&self, message: &BotMessage, typed: &str, again: bool) -> Sentences {
        let rendered = Sentences::new("Про кого йдеться?", []);
        let typed = self.quoted(typed);
        let choices = each_choice(message, self);
        if choices.is_empty() {
            return rendered.line(format!("Серед колег не знайдено: {typed}.")).line(if again {
                "Напишіть `знову з` і повне ім’я або адресу."
            } else {
                "Напишіть `не з` і повне ім’я або адресу."
            });
        }
        rendered
            .line(format!(
                "Не зовсім зрозуміло, хто це: {typed}. Поки що нічого не змінено. Будь ласка, натисніть кнопку або напишіть:"
            ))
            .line(choices)
    }

    fn overview(&self, overview: &Overview) -> Sentences {
        let Overview { programme, round, answers, stuck } = overview;
        let rendered = Sentences::new(format!("Програма «{programme}»: стан справ"), []);
        let rendered = match round {
            None => rendered.line("На цей тиждень і далі ще немає жодного раунду."),
            Some(round) => {
                let alone = round.alone.iter().map(|(name, why)| format!("{name} ({why})"));
                rendered
                    .line(format!(
                        "Раунд, {}: {}, заплановано у Webex: {}.",
                        self.day(round.date),
                        meetings(round.meetings),
                        round.booked
                    ))
                    .line(match round.alone.len() {
                        0 => "Без пари ніхто не лишився.".to_owned(),
                        _ => format!("Без пари: {}.", some(alone, self)),
                    })
            }
        };
        let rendered = match answers {
            None => rendered.line("Ще жоден раунд не закінчився, тож відповідей немає."),
            Some((date, counts)) => rendered.line(format!(
                "Відповіді про раунд ({}): зустрілися: {}; не вийшло: {}; ще невідомо: {}.",
                self.day(*date),
                counts.said_met,
                counts.said_could_not,
                counts.unsaid()
            )),
        };
        let seen = answers.map(|(_, counts)| counts.seen).unwrap_or_default();
        let rendered = rendered.line_if(When::Seen, || Self::seen(seen));
        let stuck_words = stuck.iter().map(|stuck| match stuck {
            Stuck::NotBooked(names, why) => format!("Webex відмовляє в зустрічі ({}): {why}", joined(names, APART)),
            Stuck::Unreachable(one) => format!("Webex не знає адреси: {} ({})", one.name, one.email),
            Stuck::Unsent(number) => format!("повідомлень, які чекають на надсилання: {number}"),
        });
        rendered.line(if stuck.is_empty() {
            "Нічого не застрягло.".to_owned()
        } else {
            format!("Застрягло: {}.", some(stuck_words, self))
        })
    }

    fn who_stopped(&self, stopped: &[Sanitized], paused: &[(Sanitized, NaiveDate)]) -> Sentences {
        let pauses = paused.iter().map(|(name, until)| format!("{name} до {}", with_year(*until)));
        Sentences::new("Хто не бере участі", [])
            .line_if(When::NobodyAway, || "Ніхто не вийшов, і на паузі нікого немає.".to_owned())
            .line_if(When::SomeStopped, || format!("Вийшли: {}.", some(stopped.iter().map(ToString::to_string), self)))
            .line_if(When::SomePause, || format!("На паузі: {}.", some(pauses, self)))
    }

    fn found(&self, one: &FoundColleague) -> Sentences {
        let FoundColleague { name, department, email, part, meetings, met, .. } = one;
        let heading = if department.is_empty() { name.to_string() } else { format!("{name} ({department})") };
        let coming =
            meetings.iter().map(|one| format!("{}, {}", self.partners(one), self.span(one.start, one.minutes)));
        Sentences::new(heading, [])
            .line(match part {
                Participation::Takes => format!("{email}: бере участь."),
                Participation::Paused(until) => format!("{email}: на паузі до {} включно.", with_year(*until)),
                Participation::Stopped => {
                    format!("{email}: участі більше не бере. Повернутися можна лише самостійно, командою `старт`.")
                }
            })
            .line_if(When::HasMet, || format!("Скільки колег уже зустріли: {met}."))
            .line_if(When::SomeAhead, || format!("Найближчі зустрічі: {}.", some(coming, self)))
            .line_if(When::Unreachable, || "Webex не знає цієї адреси.".to_owned())
    }

    fn whom(&self, message: &BotMessage, typed: &str, then: Then) -> Sentences {
        let rendered = Sentences::new("Про кого мова?", []);
        let (typed, choices) = (self.quoted(typed), each_choice(message, self));
        if choices.is_empty() {
            return rendered.line(format!("Не знаходжу серед колег: {typed}.")).line(match then {
                Then::Find => "Напишіть `знайти` й повне ім’я або адресу.",
                Then::Pause(_) => "Напишіть `пауза`, повне ім’я або адресу та, скажімо, `до 20 грудня`.",
            });
        }
        rendered
            .line(format!("Не зовсім зрозуміло, хто це: {typed}. Будь ласка, натисніть кнопку або напишіть:"))
            .line(choices)
    }

    fn pause_other(&self, message: &BotMessage, name: &str, until: Option<NaiveDate>, number: usize) -> Sentences {
        match until {
            None => Sentences::new(format!("Пауза, {name}: до якого дня?"), [])
                .line("Поки що нічого не змінено. Будь ласка, натисніть кнопку або напишіть:")
                .line(each_choice(message, self)),
            Some(until) => Sentences::new(format!("Пауза, {name}: точно?"), [])
                .line(format!("Вона триватиме до {} включно.", with_year(until)))
                .line_if(When::Cancels, || {
                    format!("Це скасує {}; усіх, кого це стосується, буде попереджено.", meetings(number))
                })
                .line("Поки що нічого не змінено. Напишіть `так` або натисніть кнопку, і я про це скажу; або напишіть `ні`."),
        }
    }

    fn seen(SeenCounts { both, one, nobody }: SeenCounts) -> String {
        format!("За даними Webex: обоє прийшли — {both}, хтось один — {one}, ніхто — {nobody}.")
    }

    fn report(&self, date: NaiveDate, counts: Counts, corrects: bool) -> Sentences {
        let Counts { meetings: number, met, could_not, differ, said_met, said_could_not, seen, never_booked } = counts;
        let round = format!("Раунд, {}: скільки зустрічей відбулося", self.day(date));
        let heading = if corrects { format!("{round} (з пізнішими відповідями)") } else { round };
        Sentences::new(heading, [])
            .line(format!(
                "Усього зустрічей: {number}. Відбулися: {met}. Не відбулися: {could_not}. Без відповіді: {}.",
                counts.unknown()
            ))
            .line_if(When::Differ, || {
                format!("Серед тих, що відбулися, є такі, про які учасники кажуть різне: {differ}.")
            })
            .line_if(When::NeverBooked, || {
                format!("Ще зустрічей, які так і не вдалося призначити, тож нікого не запрошено: {never_booked}.")
            })
            .line_if(When::Seen, || {
                let said = format!("Зі слів учасників: відбулися — {said_met}, не відбулися — {said_could_not}.");
                format!("{} {said}", Self::seen(seen))
            })
    }
}

impl Words for Ukrainian {
    fn labels(&self) -> &'static Labels {
        &LABELS
    }

    fn commands(&self) -> &'static [(&'static str, &'static str)] {
        &COMMANDS
    }

    fn organizers_commands(&self) -> &'static [(&'static str, &'static str)] {
        &ORGANIZERS_COMMANDS
    }

    fn typed_of_round(&self, date: NaiveDate, back: bool) -> String {
        format!("{} {date}", if back { "повернути" } else { "пропустити" })
    }

    fn typed_of_wish(&self, email: &str, again: bool) -> String {
        if again { format!("знову з {email}") } else { format!("не з {email}") }
    }

    fn typed_of_break(&self, Break { from, until }: &Break) -> (String, String) {
        let last = with_year(*until);
        match from {
            Some(from) => (format!("Від {} до {last}", with_year(*from)), format!("пауза з {from} до {until}")),
            None => (format!("До {last}"), format!("пауза до {until}")),
        }
    }

    fn go_on(&self) -> [(&'static str, &'static str); 3] {
        [("Так, продовжую", "старт"), ("Запитайте за місяць", "пауза 4 тижні"), ("Завершити", "стоп")]
    }

    fn usual_breaks(&self) -> [(&'static str, &'static str); 4] {
        let Labels { weeks_1, weeks_2, weeks_4, weeks_8, .. } = LABELS;
        [
            (weeks_1, "пауза 1 тиждень"),
            (weeks_2, "пауза 2 тижні"),
            (weeks_4, "пауза 4 тижні"),
            (weeks_8, "пауза 8 тижнів"),
        ]
    }

    fn typed_of_find(&self, email: &str) -> String {
        format!("знайти {email}")
    }

    fn typed_of_pause(&self, email: &str, until: Option<NaiveDate>, sure: bool) -> String {
        let until = until.map_or_else(String::new, |until| format!(" до {until}"));
        format!("{}пауза {email}{until}", if sure { "так " } else { "" })
    }

    fn sure(&self) -> &'static str {
        "Так, пауза"
    }

    fn organizers_news(&self, news: &OrganizerNews) -> String {
        self.news(news)
    }

    fn starters(&self) -> &'static [&'static str; STARTERS] {
        &QUESTIONS
    }

    fn shared(&self, tag: &str) -> String {
        format!("У вас є дещо спільне: {tag}. З чого це почалося в кожного з вас?")
    }

    fn agenda(&self, programme: &str, people: &str) -> String {
        format!(
            "{people} зустрічаються в програмі «{programme}»: коротка розмова колег, які рідко бачаться.\n\n\
             Готуватися не треба. Якщо хочеться з чогось почати:"
        )
    }

    fn and(&self) -> &'static str {
        "та"
    }

    fn without_tapping(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("Відповідайте, будь ласка, кнопками цього повідомлення або напишіть", "Напишіть, будь ласка,"),
            ("натисніть кнопку цього повідомлення або напишіть", "напишіть"),
            ("Будь ласка, натисніть потрібну кнопку або напишіть:", "Будь ласка, напишіть:"),
            ("Будь ласка, натисніть кнопку або напишіть:", "Будь ласка, напишіть:"),
            ("Натисніть або напишіть:", "Будь ласка, напишіть:"),
            ("Напишіть `так` або натисніть кнопку, і я", "Напишіть `так`, і я"),
        ]
    }

    fn by_typing(&self, message: &BotMessage) -> &'static str {
        match message {
            BotMessage::SuggestTime { .. } => {
                "Форми тут зараз не працюють. Напишіть час, наприклад: `перенести 1 на четвер 11:00`."
            }
            BotMessage::WriteAnnouncement { .. } | BotMessage::AnnouncementTest { .. } => {
                "Форми тут зараз не працюють. Щоб написати всім, виконайте `roulette notify --announce FILE.md`."
            }
            _ => "Кнопки тут зараз не працюють: напишіть відповідь або `допомога`, щоб побачити, що можна писати.",
        }
    }

    fn nobody_hears(&self, email: &str) -> String {
        match email {
            "" => "Тут ніхто не читає відповідей: якщо щось треба, напишіть тому, хто це організовує.".to_owned(),
            email => format!("Тут ніхто не читає відповідей: якщо щось треба, напишіть на {email}."),
        }
    }

    fn quoted(&self, text: &str) -> String {
        format!("«{text}»")
    }

    fn day(&self, day: NaiveDate) -> String {
        format!("{}, {}", DAYS[weekday(day)], date(day))
    }

    fn more(&self, count: usize) -> String {
        format!("і ще {count}")
    }

    fn meets(&self, meeting: &Meeting) -> String {
        let verb = verb(meeting, "зустрінеться", "зустрінуться");
        let (whom, when) = (self.partners_in_full(meeting), self.span(meeting.start, meeting.minutes));
        let mut text = format!("З вами {verb} {whom}: {when}.");
        for partner in &meeting.partners {
            if let Some(theirs) = self.theirs(meeting, partner) {
                text += &format!(" Там, де {}, це {theirs}.", partner.name);
            }
        }
        text
    }

    fn tell(&self, message: &BotMessage) -> Sentences {
        match message {
            BotMessage::Introduction { meeting, instead, .. } => {
                Sentences::new(format!("Познайомтеся: {}", self.partners(meeting)), [])
                    .line_if(When::AfterAll, || "Для вас таки знайшлася пара.".to_owned())
                    .line_if(When::Instead, || instead.as_ref().map(|it| self.instead(it)).unwrap_or_default())
                    .line(format!("{}, щоб познайомитися; готуватися не треба.", minutes(meeting.minutes, "хвилина")))
                    .hint(
                        "Якщо час вам не підходить, напишіть `1` або `перенести`, щоб запропонувати інший; \
                     `пропустити`, щоб пропустити цю зустріч; `пауза`, щоб зробити перерву.",
                    )
            }
            BotMessage::Reminder(meeting) => {
                Sentences::new(format!("Незабаром зустріч: {}", self.partners(meeting)), []).hint(CHANGE)
            }
            BotMessage::DidYouMeet(meeting) => Sentences::new("Чи відбулася ваша зустріч?", [])
                .line(format!("{}: {}.", self.partners(meeting), self.moment(meeting.start)))
                .line("Якщо не склалося, так і скажіть: тоді жереб може знову звести вас разом.")
                .hint(MET_OR_NOT),
            BotMessage::WaitedAlone(meeting) => Sentences::new("Дякую, що прийшли", [])
                .line(format!(
                    "Ви були на зустрічі ({}), але, схоже, марно чекали. З вами мали зустрітися: {}. Мені шкода, що так \
                     вийшло; я запитаю, що сталося.",
                    self.moment(meeting.start),
                    self.partners(meeting)
                ))
                .line("Робити нічого не треба. Якщо зустріч усе-таки відбулася, напишіть `відбулася`."),
            BotMessage::WhatHappened { meeting, waited } => Sentences::new("Що сталося з вашою зустріччю?", [])
                .line(format!("{}: {}.", self.partners(meeting), self.moment(meeting.start)))
                .line(format!("На зустрічі я бачу лише одну людину: {waited}. Таке буває; що завадило?"))
                .line("Якщо ви зустрілися деінде або не склалося, так і скажіть: мені лише треба знати, що далі.")
                .hint(MET_OR_NOT),
            BotMessage::LeftOut { date, why, next, .. } => self.left_out(*date, *why, *next),
            BotMessage::PartnerGone { meeting, next: WhatNext::Rest(name) } => {
                Sentences::new(format!("Зустріч у меншому складі: {name}"), [])
                    .line(format!("{} не зможе прийти: {}.", self.partners(meeting), self.moment(meeting.start)))
                    .line("Тож вас двоє; нове запрошення прийде замість старого.")
            }
            BotMessage::PartnerGone { meeting, next } => Sentences::new("Вашу зустріч скасовано", [])
                .line(format!(
                    "{} не {} прийти. Скасована зустріч: {}.",
                    self.partners(meeting),
                    verb(meeting, "зможе", "зможуть"),
                    self.moment(meeting.start)
                ))
                .line(if *next == WhatNext::Seeking {
                    "Я шукаю для вас іншу вільну людину й познайомлю вас, щойно зустріч буде заплановано."
                } else {
                    "Шукати для вас когось іншого цього разу вже запізно. Робити нічого не треба: у наступному раунді ви \
                     перші в черзі."
                }),
            BotMessage::CalledOff { meeting, why, .. } => Sentences::new("Вашу зустріч скасовано", [])
                .line(format!(
                    "Мала бути зустріч: {}, {}. {}",
                    self.partners(meeting),
                    self.moment(meeting.start),
                    Self::why_off(*why)
                ))
                .line_if(When::Seeking, || {
                    "Я шукаю для вас іншу вільну людину й познайомлю вас, щойно зустріч буде заплановано.".to_owned()
                })
                .line_if(When::NextRound, || {
                    "Робити нічого не треба: у наступному раунді ви знову берете участь.".to_owned()
                }),
            BotMessage::BackOn(meeting) => {
                Sentences::new(format!("Зустріч усе ж відбудеться: {}", self.partners(meeting)), [])
                    .line("Зустріч, яку було скасовано, знову в силі.")
                    .hint(CHANGE)
            }
            BotMessage::PartnerUnreachable(meeting) => {
                Sentences::new(format!("Напишіть, будь ласка, самі: {}", self.partners(meeting)), []).line(
                    "Webex не знає адреси, яка в мене є, тож моїх повідомлень там ніхто не отримує. \
                     Зустріч лишається в силі: вистачить короткого листа від вас.",
                )
            }
            BotMessage::Help { .. } => Sentences::new("Чим я можу допомогти", [])
                .line("Я знайомлю колег, які рідко бачаться, і дбаю про їхні зустрічі.")
                .line_if(When::LooksUp, || LOOKED_UP.to_owned())
                .line_if(When::NoneAhead, || "Найближчим часом зустрічей у вас немає.".to_owned()),
            BotMessage::Status { part, skipped, meetings, met, not_with } => {
                self.status(*part, skipped, meetings, *met, not_with)
            }
            BotMessage::Why { meetings, unmet, met } => {
                let next = meetings.first().map(|next| format!("Наступна зустріч: {}.", self.partners(next)));
                Sentences::new("Чому саме ці люди", [])
                    .line_if(When::SomeAhead, || next.unwrap_or_default())
                    .line(
                        "Кожен раунд вирішує жереб: серед тих, хто може зустрітися за правилами програми, і \
                         насамперед серед тих, хто ще не бачився. Пару отримує якомога більше людей; ніхто нікого не \
                         вибирає.",
                    )
                    .line(match unmet {
                        0 if *met == 0 => "Наразі за цими правилами зустрітися вам немає з ким.".to_owned(),
                        0 => "Ви вже зустрілися з усіма, з ким могли; тепер черга за тими, кого ви давно не бачили."
                            .to_owned(),
                        _ => format!("Ви ще не зустрілися з {}.", with_colleagues(*unmet)),
                    })
            }
            BotMessage::SuggestTime { meeting, from, to, problem, .. } => {
                Sentences::new("Який час вам підходить?", [])
                    .line_if(When::Problem, || problem.as_ref().map(|it| self.problem(it)).unwrap_or_default())
                    .line(format!(
                        "Зараз заплановано: {}, {}. Новий час теж за вашим годинником.",
                        self.partners(meeting),
                        self.span(meeting.start, meeting.minutes),
                    ))
                    .hint(&format!(
                        "Заповніть, будь ласка, картку цього повідомлення: день від {} до {}.",
                        date(*from),
                        date(*to)
                    ))
            }
            BotMessage::NothingToMove => Sentences::new(
                "Нічого переносити",
                ["Попереду немає такої зустрічі, яку можна перенести. Напишіть `довідка`, щоб побачити найближчі."],
            ),
            BotMessage::Suggested { meeting, to, outside } => Sentences::new("Вашу пропозицію надіслано", [])
                .line(format!(
                    "{} {}, чи підходить новий час: {}. Доти лишається старий: {}.",
                    self.partners(meeting),
                    verb(meeting, "вирішує", "вирішують"),
                    self.span(*to, meeting.minutes),
                    self.moment(meeting.start)
                ))
                .line_if(When::Outside, || format!("Поза робочими годинами: {}.", joined(outside, APART))),
            BotMessage::Proposal { meeting, by, to, .. } => {
                Sentences::new(format!("{by} пропонує новий час"), [])
                    .line(format!(
                        "Заплановано: {}. Пропозиція: {}. Чи підходить вам?",
                        self.moment(meeting.start),
                        self.span(*to, meeting.minutes)
                    ))
                    .line_if(When::Outside, || "Це поза вашими робочими годинами: відмовити цілком нормально.".to_owned())
                    .hint(
                        "Відповідайте, будь ласка, кнопками цього повідомлення або напишіть `так` чи `ні`. Доти \
                     лишається старий час.",
                    )
            }
            BotMessage::Waiting(meeting) => Sentences::new("Дякую, записано", []).line(format!(
                "Зустріч перенесеться, щойно погодяться всі. Доти лишається старий час: {}.",
                self.moment(meeting.start)
            )),
            BotMessage::Moved { from, minutes: before, why: MoveReason::Length, .. } => {
                Sentences::new("Ваша зустріч має нову тривалість", []).line(format!(
                    "Раніше — {}, {}; календар оновиться сам.",
                    minutes(*before, "хвилина"),
                    self.moment(*from)
                ))
            }
            BotMessage::Moved { from, why, .. } => {
                let why = match why {
                    MoveReason::Agreed => "Усі згодні.",
                    MoveReason::ByHand => "Її перенесли в календарі Webex.",
                    MoveReason::DayOff => "Той день став вихідним.",
                    MoveReason::Programme | MoveReason::Length => "Програма зустрічається тепер в інший час.",
                    MoveReason::WorkingHours => "Час узгоджено з робочими годинами учасників.",
                };
                Sentences::new("Ваша зустріч має новий час", [])
                    .line(format!(
                        "{why} Попередній час ({}) більше не діє; календар оновиться сам.",
                        self.moment(*from)
                    ))
                    .hint(CHANGE)
            }
            BotMessage::MoveWaits { meeting, to } => {
                Sentences::new("Ви домовилися про новий час", []).line(format!(
                    "Новий час: {}. Зараз Webex не може перенести зустріч; я спробую знову й напишу, коли вдасться. \
                     Доти лишається старий час: {}.",
                    self.span(*to, meeting.minutes),
                    self.moment(meeting.start)
                ))
            }
            BotMessage::Declined { by, to, .. } => Sentences::new("Лишається старий час", [])
                .line(format!("{by} не може: {}.", self.moment(*to)))
                .hint(CHANGE),
            BotMessage::DeclineNoted(_) => {
                Sentences::new("Лишається старий час", []).line("Ваше «ні» записано й передано.").hint(CHANGE)
            }
            BotMessage::Expired(_) => Sentences::new("Лишається старий час", [])
                .line("На пропозицію нового часу вчасно не відповіли.")
                .hint(CHANGE),
            BotMessage::NotMoved { why: Some(why), .. } => Sentences::new("Лишається старий час", [])
                .line("Ви домовилися про інший час, але Webex його не прийняв. Перепрошую за клопіт.")
                .line(format!("Відповідь Webex: {}", self.quoted(why)))
                .hint(CHANGE),
            BotMessage::NotMoved { why: None, .. } => Sentences::new("Лишається старий час", [])
                .line("Ви домовилися про інший час, але Webex не встиг перенести зустріч. Перепрошую за клопіт.")
                .hint(CHANGE),
            BotMessage::Rejected(missed, _) => Self::missed(*missed),
            BotMessage::Skipped { date, .. } => Sentences::new("Пропускаємо", [])
                .line(format!("Ви пропускаєте раунд: {}.", self.day(*date)))
                .line_if(When::Cancels, || "Ваше запрошення скасовано; тих, хто мав прийти, попереджено.".to_owned())
                .line(format!("Якщо передумаєте, напишіть `повернути {date}`.")),
            BotMessage::Unskipped(date, comeback) => Sentences::new("Ви знову з нами", [])
                .line(format!("Ви більше не пропускаєте раунд: {}.", self.day(*date)))
                .line(self.comeback(comeback)),
            BotMessage::NothingToSkip { back: false } => {
                Sentences::new("Нічого пропускати", ["Попереду немає раунду, який можна пропустити."])
            }
            BotMessage::NothingToSkip { back: true } => {
                Sentences::new("Нічого повертати", ["Ви не пропускаєте жодного з раундів попереду."])
            }
            BotMessage::WhichRound { .. } => Sentences::new(
                "Про який раунд ідеться?",
                ["Поки що нічого не змінено. Будь ласка, натисніть кнопку або напишіть:"],
            )
            .line(each_choice(message, self)),
            BotMessage::WhichProgramme { .. } => Sentences::new(
                "Про яку програму йдеться?",
                ["Ви берете участь у кількох, і поки що нічого не змінено. Будь ласка, натисніть кнопку або напишіть:"],
            )
            .line(each_choice(message, self)),
            BotMessage::Absence { .. } => Sentences::new(
                "Обійтися цього разу без вас?",
                ["Поки що нічого не змінено. Будь ласка, натисніть потрібну кнопку або напишіть:"],
            )
            .line(each_choice(message, self)),
            BotMessage::WhichMeeting(_) => Sentences::new("Про яку зустріч ідеться?", []).line(
                "Напишіть її номер або `перенести` з номером і новим часом, наприклад `перенести 2 на п’ятницю 15:00`.",
            ),
            BotMessage::Paused { until, cancelled: number } => Sentences::new("Гарного відпочинку", [])
                .line(format!("У вас пауза до {} включно. Далі ви знову з нами.", with_year(*until)))
                .line_if(When::Cancels, || cancelled(*number))
                .line("Щоб повернутися раніше, напишіть `продовжити`."),
            BotMessage::PauseHow { typed, breaks } => Sentences::new("До якого дня?", [])
                .line_if(When::Typed, || match breaks.len() {
                    0 => format!("Я не розумію {}.", self.quoted(typed)),
                    _ => format!("Не зовсім зрозуміло, що означає {}.", self.quoted(typed)),
                })
                .line("Поки що нічого не змінено. Будь ласка, натисніть кнопку або напишіть:")
                .line(each_choice(message, self))
                .line_if(When::AnyDay, || "Можна й інший день: `пауза до 2027-01-11`.".to_owned()),
            BotMessage::Resumed(comeback) => {
                Sentences::new("З поверненням", ["Ви знову берете участь."]).line(self.comeback(comeback))
            }
            BotMessage::StopHow => Sentences::new("Хочете вийти з програми?", ["Поки що нічого не змінено."])
                .line("Напишіть лише `стоп`, щоб вийти, `пауза 4 тижні`, щоб зробити перерву, або `пропустити`, щоб не брати участі в наступному раунді."),
            BotMessage::AskedAgain => Sentences::new("Вас не було чути", [])
                .line("Якщо ви тим часом натискали кнопку, це до мене не дійшло. Ось моє запитання ще раз:"),
            BotMessage::AnsweredPrivately => Sentences::default().line("Відповідь — в особистих повідомленнях."),
            BotMessage::NotUnderstood(typed) => Sentences::new("Не вдалося зрозуміти", [])
                .line_if(When::Typed, || format!("Ви написали {}. Нічого не змінено.", self.quoted(typed)))
                .line(
                    "Напишіть `статус`, щоб побачити свої зустрічі, `перенести`, щоб змінити час найближчої, \
                     `пропустити`, щоб обійтися без неї, `пауза 2 тижні`, щоб зробити перерву, `не з ІМ’Я`, щоб не \
                     бути в парі з кимось, або `довідка`, щоб дізнатися про все.",
                ),
            BotMessage::NothingChanged => Sentences::default().line("Гаразд, нічого не змінено."),
            BotMessage::Welcome => Sentences::default().line("Будь ласка!"),
            BotMessage::Stopped(number) => {
                Sentences::new("До побачення і дякуємо", ["Зустрічей і повідомлень більше не буде."])
                    .line_if(When::Cancels, || cancelled(*number))
                    .line("Якщо захочете повернутися, напишіть `старт`.")
            }
            BotMessage::Started(comeback) => {
                Sentences::new("Раді, що ви з нами", ["Ви знову берете участь."]).line(self.comeback(comeback))
            }
            BotMessage::PausedByRoster(until) => Sentences::new("Ще не зараз", [])
                .line(format!(
                    "У списку учасників у вас пауза до {} включно. Після того ви знову з нами.",
                    with_year(*until)
                ))
                .line("Якщо це помилка, її виправить той, хто організовує програму."),
            BotMessage::NotWith { name, booked } => Sentences::new("Записано, це лишиться між нами", [])
                .line(format!("Вам не випаде {name}. Ніхто про це не дізнається."))
                .line_if(When::Booked, || {
                    let start = booked.as_ref().map(|meeting| self.moment(meeting.start)).unwrap_or_default();
                    format!(
                        "Одну зустріч уже заплановано: {name}, {start}. Вона в силі, якщо ви її не скасуєте: тоді ви \
                         пропускаєте той раунд, і ніхто не дізнається чому."
                    )
                })
                .line("Щоб забрати це назад, напишіть `знову з ІМ’Я`.")
                .hint_if(When::Booked,
                    &format!(
                        "Щоб скасувати її, натисніть кнопку цього повідомлення або напишіть `пропустити {}`.",
                        booked.as_ref().map(|meeting| meeting.start.date_naive().to_string()).unwrap_or_default()
                    ),
                ),
            BotMessage::MeetAgain(name) => Sentences::new("Записано, це лишиться між нами", [])
                .line(format!("Вам знову може випасти {name}. Ніхто про це не дізнається.")),
            BotMessage::NoSuchWish { typed, wishes } => Sentences::new("Такого побажання немає", [])
                .line(format!("Ви не просили не зводити вас із {}.", self.quoted(typed)))
                .line_if(When::Wishes, || format!("Вам не випадають: {}.", joined(wishes, "; "))),
            BotMessage::NotWithWhom { typed, again, .. } => self.not_with_whom(message, typed, *again),
            BotMessage::Overview(overview) => self.overview(overview),
            BotMessage::WhoStopped { stopped, paused } => self.who_stopped(stopped, paused),
            BotMessage::Found(one) => self.found(one),
            BotMessage::Whom { typed, then, .. } => self.whom(message, typed, *then),
            BotMessage::PauseOther { name, until, meetings, .. } => self.pause_other(message, name, *until, *meetings),
            BotMessage::PausedOther { name, until, is_new: false, .. } => {
                Sentences::new(format!("{name}: пауза вже є"), [])
                    .line(format!("Вона до {} включно; нічого не змінено.", with_year(*until)))
            }
            BotMessage::PausedOther { name, until, cancelled, .. } => {
                Sentences::new(format!("{name}: пауза почалася"), [])
                    .line(format!("Вона до {} включно. Цю людину я попередив.", with_year(*until)))
                    .line_if(When::Cancels, || {
                        format!("Скасовано {}; усіх, кого це стосується, попереджено.", meetings(*cancelled))
                    })
            }
            BotMessage::PausedBy { by, until, cancelled: number } => Sentences::new("У вас перерва", [])
                .line(format!(
                    "Паузу до {} включно для вас поставлено на прохання того, хто організовує програму: {by}. Далі ви \
                     знову з нами.",
                    with_year(*until)
                ))
                .line_if(When::Cancels, || cancelled(*number))
                .line("Якщо ви цього не хочете, напишіть `продовжити`, і ви одразу знову братимете участь."),
            BotMessage::NothingToReport => {
                Sentences::new("Звітувати ще нема про що", ["Жоден раунд не закінчився. Спитайте після першого."])
            }
            BotMessage::Met => Sentences::new("Чудово", ["Дякую! Сподіваюся, розмова була приємна."]),
            BotMessage::NotYet(meeting) => Sentences::new("Дякую", [])
                .line(format!("Сподіваюся, ви ще знайдете час для зустрічі: ви та {}.", self.partners(meeting))),
            BotMessage::CouldNot { again } => Sentences::new(
                "Дякую, що сказали",
                [if *again {
                    "Жереб може знову звести вас разом в одному з наступних раундів."
                } else {
                    "Ваші слова записано поруч із тими, що я вже чую від інших."
                }],
            ),
            BotMessage::NotOnRoster => Sentences::new(
                "Ми ще не знайомі",
                ["Я дбаю про зустрічі в програмі для колег, а вас немає в її списку. \
                  Якщо хочете долучитися, зверніться до її організаторів."],
            ),
            BotMessage::Organizing(programme) => {
                Sentences::new(format!("Ви організовуєте програму «{programme}»"), [])
                    .line("Самі ви участі не берете, тож зустрічей у вас тут немає. Що можна написати:")
            }
            BotMessage::Greeting { programme, next, .. } => {
                Sentences::new(format!("Вітаємо в програмі «{programme}»"), [])
                    .line(
                        "Я знайомлю колег, які рідко бачаться: час від часу я планую для вас коротку зустріч із кимось \
                         з іншої частини компанії. Готуватися не треба.",
                    )
                    .line(self.next_meeting(next))
                    .line(
                        "Кожну зустріч можна перенести, пропустити (`пропустити`), зробити перерву (`пауза`) або вийти з \
                         програми (`стоп`). Напишіть `довідка`, щоб побачити все.",
                    )
                    .line(
                        "Я зберігаю, з ким і коли ви зустрілися та що ви мені написали; самих розмов я не чую й не \
                         записую.",
                    )
                    .line_if(When::LooksUp, || LOOKED_UP.to_owned())
            }
            BotMessage::News { programme, .. } => Sentences::new(format!("Новини програми «{programme}»"), []),
            BotMessage::GoOn(programme) => Sentences::new("Продовжуємо?", []).line(format!(
                "Я давно нічого від вас не чую. Чи хочете ви й далі зустрічатися з колегами в програмі «{programme}»? Якщо не \
                 відповісте, наступний жереб буде без вас."
            ))
            .line(format!("Натисніть або напишіть: {}.", each_choice(message, self))),
            BotMessage::Rests(programme) => Sentences::new("Маєте перерву", []).line(format!(
                "Від вас нічого не чути, тож поки що програма «{programme}» триває без вас. Напишіть мені будь-що, і ви знову \
                 з нами: наприклад, `старт`."
            )),
            BotMessage::ManySilent(silent, of) => Sentences::new("Запитати тих, хто не озивається?", [])
                .line(format!(
                    "Кілька раундів не озиваються: {silent} з {of}. Це багато, тож, можливо, я їх не чую, і спершу питаю вас."
                ))
                .line(
                    "Щоб запитати їх, чи продовжувати, виконайте `roulette notify --ask-silent yes`; щоб не питати, — з `no`.",
                ),
            BotMessage::ManyNewcomers(new, of) => Sentences::new("Привітати новачків?", [])
                .line(format!(
                    "Нових людей у списку: {new} з {of}, тож я спершу питаю. Участь вони беруть у будь-якому разі."
                ))
                .line(
                    "Напишіть мені як організатор `привітати` або `нікого не вітати`; або виконайте `roulette notify --greet \
                     yes`.",
                ),
            BotMessage::Greeted { waiting: 0, .. } => {
                Sentences::new("Ніхто з нових не чекає на привітання", ["Нічого не змінено."])
            }
            BotMessage::Greeted { greeted: false, .. } => {
                Sentences::new("Нікого не вітаю", ["Участь вони беруть так само."])
            }
            BotMessage::Greeted { waiting: number, .. } => Sentences::new("Вітання в дорозі", [])
                .line(format!("Отримають привітання, кожен у робочий час: {number}.")),
            BotMessage::Summary { date, pairs, not_booked, .. } => {
                Sentences::new(format!("Раунд, {}: {}", self.day(*date), meetings(pairs.len())), [])
                    .line_if(When::NotBooked, || format!("З них ще не призначено: {not_booked}."))
            }
            BotMessage::Report { date, counts, corrects, .. } => self.report(*date, *counts, *corrects),
            BotMessage::Month { month, meetings: number, held, unknown, met: (met, of), reach, .. } => {
                let (before, now) = reach.unwrap_or_default();
                Sentences::new(format!("Підсумки місяця: {}", month_and_year(*month)), [])
                    .line(format!("Відбулося зустрічей: {held} з {number}. Невідомо про: {unknown}."))
                    .line(format!(
                        "Із тих, хто брав участь, зустрілися з кимось: {met} з {of}{}.",
                        if *unknown > 0 { ", якщо відбулися й ці зустрічі" } else { "" }
                    ))
                    .line_if(When::Reaches, || {
                        format!(
                            "За два кроки люди тепер досягають {now} % колег з інших відділів; до першого раунду було \
                             {before} %."
                        )
                    })
            }
            BotMessage::MonthPage(month) => {
                let month = month_and_year(*month);
                Sentences::new("", [&format!("Звіт за {month}: сторінка, яку можна читати, друкувати й передати далі.")])
            }
            BotMessage::MovedLine { people, from, to } => {
                let names = self.together(&people.iter().map(|it| &**it).collect::<Vec<_>>());
                Sentences::default().line(format!(
                    "{names}: зустріч перенесено. Було: {}; стало: {}.",
                    self.moment(*from),
                    self.moment(*to)
                ))
            }
            BotMessage::Unreachable(_) => Sentences::new("Webex не знає цих адрес", [])
                .line("Перевірте їх, будь ласка, у списку. Тих, хто мав зустрітися з цими людьми, попереджено."),
            BotMessage::RosterFault { more, since, .. } => {
                Sentences::new("Список співробітників треба виправити", [])
                    .line(format!(
                        "Користуватися ним таким, як він є, не можна, тож беру останній справний. Його дата: {}. \
                     Зустрічі, повідомлення й відповіді тривають, і ніхто не вважається вибулим. Нові люди та зміни \
                     чекають, як і наступний жереб. Нагадую раз на день. Що не так:",
                        self.day(*since)
                    ))
                    .hint_if(When::More, &format!("Усього ще {more}; усі покаже `roulette roster check`."))
            }
            BotMessage::RefusedAlike { bookings, .. } => {
                let heading =
                    if *bookings { "Бронювання зустрічей зупинено" } else { "Надсилання повідомлень зупинено" };
                Sentences::new(heading, []).line(
                    "Webex однаково відмовляє кільком людям, тож вони тут ні до чого. Нічого не втрачено: спробую \
                     знову під час кожного запуску, а нагадувати про це не буду. Що не так:",
                )
            }
            BotMessage::ListenerGap { is_read, from, until, asked } => Sentences::new("Нікого не було чути", [])
                .line(format!(
                    "Від {} {} до {} {} мені не повідомляли, що хтось пише. {} прочитано, і на нього є відповідь; натиснуті \
                     кнопки втрачено.",
                    from.format("%d.%m"),
                    from.format("%H:%M"),
                    until.format("%d.%m"),
                    until.format("%H:%M"),
                    if *is_read { "Написане тим часом" } else { "Написане за останні два тижні (давнішого — ні)" },
                ))
                .line_if(When::Asked, || format!("Відкриті запитання ставлю ще раз, усього людей: {asked}.")),
            BotMessage::SpaceChosen { programme } => Sentences::new("Усе працює", []).line(format!(
                "Відтепер я розповідаю тут, як справи у «{programme}»: хто зустрівся, коли раунд завершиться, а якщо щось \
                 потребує вашої уваги — одразу.",
            )),
            BotMessage::RunFaults { faults, .. } if faults.is_empty() => Sentences::new("Виправлено", []),
            BotMessage::RunFaults { fixed, .. } => Sentences::new("Дещо мені заважає", [])
                .line(
                    "Усе, що від цього не залежить, триває. Перевіряю це під час кожного запуску, нагадую раз на день і скажу, коли це буде \
                     виправлено. Що не так:",
                )
                .hint_if(When::Fixed, &format!("Виправлено: {}.", joined(fixed, ", "))),
            BotMessage::WriteAnnouncement { problem, .. } => Sentences::new("Написати всім", [])
                .line_if(When::Problem, || problem.as_ref().map(Self::draft_problem).unwrap_or_default())
                .line("Спершу можна перевірити: тоді це побачите лише ви. Або одразу надіслати всім.")
                .hint("Заповніть, будь ласка, картку цього повідомлення."),
            BotMessage::Announced(0) => {
                Sentences::new("Надсилати нікому", ["Усі учасники вже мають це оголошення."])
            }
            BotMessage::Announced(number) => Sentences::new("Уже в дорозі", [])
                .line(format!("Скільки колег отримає ваше оголошення у свій робочий час: {number}.")),
            BotMessage::Announcement { .. } => Sentences::default(),
            BotMessage::AnnouncementTest { .. } => Sentences::new(
                "Ось як це виглядатиме",
                ["Поки що це бачите лише ви. Надіслати всім, хто бере участь?"],
            )
            .hint("Відповідайте, будь ласка, кнопкою цього повідомлення."),
        }
    }
}

const QUESTIONS: [&str; STARTERS] = [
    "Ким ви хотіли стати, коли вам було десять?",
    "Яка дрібниця зробила ваш тиждень кращим?",
    "Що робить ваша команда, про що інші майже не знають?",
    "Яке місце поблизу вашого дому варто побачити кожному гостеві?",
    "Чого ви нещодавно навчилися, що ніяк не пов’язане з роботою?",
    "Яку частину своєї роботи вам хотілося б пояснити дитині?",
    "Що ви слухаєте під час роботи, якщо слухаєте?",
    "Що ви готуєте, коли приходять друзі?",
    "Якою була ваша найперша робота?",
    "Яку книжку, фільм чи серіал ви подарували б усім тут?",
    "Що б ви зробили, якби завтра мали вільний вечір?",
    "Яке запитання вам найчастіше ставлять на роботі?",
    "Що вас здивувало, коли ви прийшли до компанії?",
    "Без якого інструмента ви не змогли б працювати?",
    "Що ви бачите зі свого місця просто зараз?",
    "Який спорт, гру чи захоплення ви покинули, і чи почали б знову?",
    "Який вигляд має для вас ідеальний ранок?",
    "Хто навчив вас того, чим ви досі користуєтеся щодня?",
    "Яке слово вам найбільше подобається в одній з ваших мов?",
    "Що б ви покращили тут, якби на це вистачило одного дня?",
    "Яку подорож ви повторили б негайно?",
    "Яку найкращу пораду ви колись пропустили повз вуха?",
    "Яке свято вашої країни потребує пояснень?",
    "Як ви завершуєте робочий день?",
    "Яка тварина живе з вами чи могла б жити?",
    "Про що ви могли б коротко розповісти без підготовки?",
    "Яка помилка навчила вас найбільше?",
    "Що ви лагодили востаннє і який вигляд воно мало?",
    "Який запах повертає вас у дитинство?",
    "Чого ви чекаєте з нетерпінням?",
    "Хто з колег нещодавно вам допоміг і як?",
    "Що люди думають про вашу роботу, хоча це не так?",
    "Яка пора року вам найближча?",
    "Як називалася б книжка про ваш останній місяць?",
    "Яке вміння вам хотілося б мати вже завтра?",
    "Що завжди є у вашій сумці чи на вашому столі?",
    "Яка новина цього року викликала у вас усмішку?",
    "За чим в офісі ви сумуєте, чи зовсім не сумуєте?",
    "На якій вулиці чи в якому селі ви виросли, і як там було?",
    "Що ви востаннє зробили власними руками?",
    "Яку традицію вашої команди варто перейняти іншим?",
];
