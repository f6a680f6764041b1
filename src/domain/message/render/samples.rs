//! One message of each kind, for people to look at, and to check templates and languages. If a part of a message is
//! optional, the first sample of its kind has it.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};

use crate::domain::message::sanitized::{Link, Sanitized};
use crate::domain::message::{
    BotMessage, Break, Comeback, DraftProblem, FoundColleague, InsteadOf, Meeting, Named, Namesake, NextMeeting,
    OrganizerNews, Overview, Participation, Partner, Rejected, RoundNow, Stuck, Then, TimeProblem, WhatNext, WhyOff,
    WithoutPartner,
};
use crate::domain::starters::Starter;
use crate::domain::state::bookings::MoveReason;
use crate::domain::state::reports::{Counts, SeenCounts};
use crate::domain::zone::Zone;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap_or_default()
}

fn at(zone: Zone, on: u32, minute: u32) -> DateTime<Zone> {
    zone.from_utc_datetime(&day(on).and_time(NaiveTime::from_hms_opt(13, minute, 0).unwrap_or_default()))
}

const HERE: Zone = Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv);
const THERE: Zone = Zone::compiled_in(chrono_tz::Tz::Europe__Berlin);

/// How texts from other people appear: names, departments, what was typed.
type Written<'a> = &'a dyn Fn(&str) -> String;

/// A meeting with somebody in another zone.
fn meeting(written: Written<'_>) -> Meeting {
    Meeting {
        key: "m1".to_owned(),
        programme: written("Coffee Roulette").into(),
        partners: vec![Partner {
            name: written("Bo Ek").into(),
            department: written("Sales").into(),
            start: at(THERE, 2, 10),
        }],
        start: at(HERE, 2, 10),
        minutes: 30,
        link: Link::of("https://example.webex.com/meet/m1"),
    }
}

/// A meeting of three, one of them on another date by their clock, and without a link yet.
fn trio(written: Written<'_>) -> Meeting {
    let cy = Partner { name: written("Cy Roe").into(), department: Sanitized::default(), start: at(HERE, 9, 10) };
    let di = Partner {
        name: written("Di Wu").into(),
        department: written("IT").into(),
        start: at(Zone::compiled_in(chrono_tz::Tz::Pacific__Auckland), 9, 10),
    };
    let (key, start) = ("m2".to_owned(), at(HERE, 9, 10));
    Meeting { key, partners: vec![cy, di], start, link: None, ..meeting(written) }
}

/// Two colleagues with the same name, and another one.
fn namesakes(written: Written<'_>) -> Vec<Namesake> {
    let of = |name: &str, department: &str, email: &str| Namesake {
        name: written(name).into(),
        department: written(department).into(),
        email: email.to_owned(),
    };
    vec![
        of("Bo Ek", "Sales", "bo.ek@example.com"),
        of("Bo Ek", "IT", "bo.ek2@example.com"),
        of("Bo Lind", "IT", "bo.lind@example.com"),
    ]
}

fn moved(mut meeting: Meeting, to: DateTime<Zone>) -> Meeting {
    for partner in &mut meeting.partners {
        partner.start = to.with_timezone(&partner.start.timezone());
    }
    Meeting { start: to, ..meeting }
}

/// All samples, in the order of [`BotMessage`].
pub fn samples() -> Vec<BotMessage> {
    samples_with(&str::to_owned)
}

/// The same with other texts from people.
pub fn samples_with(written: Written<'_>) -> Vec<BotMessage> {
    let name = |text: &str| Sanitized::from(written(text));
    let sentence = |text: &str| Sanitized::sentence(&written(text));
    let (meeting, trio, programme) = (|| meeting(written), || trio(written), || name("Coffee Roulette"));
    let new = at(HERE, 3, 40);
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let suggest = |problem| BotMessage::SuggestTime {
        meeting: meeting(),
        from: day(1),
        to: day(15),
        times: (time(7, 0), time(19, 30)),
        date: day(3),
        time: time(15, 40),
        problem,
    };
    let left_out = |why, next| BotMessage::LeftOut { programme: programme(), date: day(2), why, next };
    let status = |part, skipped, meetings, met| {
        let not_with = if met == 1 { vec![name("Bo Ek"), name("Di Wu")] } else { vec![] };
        BotMessage::Status { part, skipped, meetings, met, not_with }
    };
    let instead = |why| Some(InsteadOf { names: vec![name("Eve Fox")], why });
    let introduction = |meeting, number, instead, after_all| {
        let starter = Starter::BuiltIn(number);
        BotMessage::Introduction { meeting, starter, instead, after_all }
    };
    let own_starter =
        |starter| BotMessage::Introduction { meeting: meeting(), starter, instead: None, after_all: false };
    let off = |why, next| BotMessage::CalledOff { meeting: meeting(), why, next };
    let has_moved = |why| BotMessage::Moved { meeting: moved(meeting(), new), from: at(HERE, 2, 10), minutes: 30, why };
    let next_meeting = || NextMeeting::Meeting(Box::new(meeting()));
    let proposal = |meeting, outside| BotMessage::Proposal { meeting, number: 3, by: name("Bo Ek"), to: new, outside };
    let report = |counts, corrects| BotMessage::Report { programme: programme(), date: day(2), counts, corrects };
    let month = |reach| BotMessage::Month {
        programme: programme(),
        month: day(1),
        meetings: 76,
        held: 71,
        unknown: 3,
        met: (38, 40),
        reach,
    };
    let counts = Counts {
        meetings: 12,
        met: 9,
        could_not: 1,
        differ: 1,
        said_met: 9,
        said_could_not: 1,
        seen: SeenCounts::default(),
        never_booked: 0,
    };
    let overview = |booked: Option<usize>, alone: Vec<(Sanitized, Sanitized)>, is_stuck: bool| {
        let refused = Stuck::NotBooked(vec![name("Ann Lee"), name("Bo Ek")], name("The site has no licence"));
        let lost = Stuck::Unreachable(Named { name: name("Cy Roe"), email: name("cy@example.com") });
        BotMessage::Overview(Box::new(Overview {
            programme: programme(),
            round: booked.map(|booked| RoundNow { date: day(2), meetings: 6, booked, alone }),
            answers: booked.map(|_| (day(1), counts)),
            stuck: if is_stuck { vec![refused, lost, Stuck::Unsent(3)] } else { vec![] },
        }))
    };
    let found = |part, meetings, is_unreachable| {
        BotMessage::Found(Box::new(FoundColleague {
            name: name("Bo Ek"),
            department: name("IT"),
            email: "bo.ek@example.com".into(),
            part,
            meetings,
            met: 3,
            is_unreachable,
        }))
    };
    let pause = |until, meetings| BotMessage::PauseOther {
        name: name("Bo Ek"),
        email: "bo.ek@example.com".to_owned(),
        until,
        meetings,
    };
    let breaks = [(None, 11), (None, 12), (Some(7), 20)];
    let breaks = breaks.map(|(from, until)| Break { from: from.map(day), until: day(until) });
    let text = "**Hello** everybody,\n\nwe meet in the [garden](https://example.com/garden) on Friday.";
    let image = || Link::of("https://example.com/garden.png");
    let write = |text: &str, image: &str, problem| BotMessage::WriteAnnouncement {
        programme: programme(),
        text: text.to_owned(),
        image: image.to_owned(),
        problem,
    };
    vec![
        introduction(meeting(), 1, None, false),
        introduction(meeting(), 4, None, true),
        introduction(trio(), 2, instead(WhyOff::PartnerGone), false),
        introduction(meeting(), 3, instead(WhyOff::Plan), false),
        own_starter(Starter::Own(sentence("Which book would you read again?"))),
        own_starter(Starter::Shared(sentence("chess"))),
        BotMessage::Reminder(meeting()),
        BotMessage::DidYouMeet(meeting()),
        BotMessage::WaitedAlone(meeting()),
        BotMessage::WaitedAlone(trio()),
        BotMessage::WhatHappened { meeting: meeting(), waited: name("Bo Ek") },
        BotMessage::WhatHappened { meeting: trio(), waited: name("Cy Roe") },
        left_out(WithoutPartner::Odd, Some(day(9))),
        left_out(WithoutPartner::Rules, Some(day(9))),
        left_out(WithoutPartner::Limit, None),
        left_out(WithoutPartner::PartnerGone, None),
        BotMessage::PartnerGone { meeting: meeting(), next: WhatNext::Nobody },
        BotMessage::PartnerGone { meeting: meeting(), next: WhatNext::Seeking },
        BotMessage::PartnerGone { meeting: meeting(), next: WhatNext::Rest(name("Cy Roe")) },
        off(WhyOff::PartnerGone, WhatNext::Seeking),
        off(WhyOff::ReaderGone, WhatNext::Nobody),
        off(WhyOff::DayOff, WhatNext::Seeking),
        off(WhyOff::Plan, WhatNext::Nobody),
        off(WhyOff::WeekOff, WhatNext::Nobody),
        off(WhyOff::NoTime, WhatNext::Seeking),
        off(WhyOff::Deleted, WhatNext::Nobody),
        BotMessage::BackOn(meeting()),
        BotMessage::PartnerUnreachable(meeting()),
        BotMessage::Help { meetings: vec![meeting(), trio()], organizes: true, attendance: false },
        BotMessage::Help { meetings: vec![], organizes: false, attendance: true },
        status(Participation::Takes, vec![day(9), day(16)], vec![meeting()], 5),
        status(Participation::Paused(day(24)), vec![], vec![], 1),
        status(Participation::Stopped, vec![], vec![], 0),
        BotMessage::Why { meetings: vec![meeting()], unmet: 21, met: 5 },
        BotMessage::Why { meetings: vec![], unmet: 0, met: 5 },
        BotMessage::Why { meetings: vec![], unmet: 0, met: 0 },
        suggest(Some(TimeProblem::NoTime)),
        suggest(Some(TimeProblem::WhichDay(vec![day(3), day(12)]))),
        suggest(Some(TimeProblem::Past)),
        suggest(Some(TimeProblem::TooSoon(120))),
        suggest(Some(TimeProblem::TooLate(day(15)))),
        suggest(Some(TimeProblem::Holiday)),
        suggest(Some(TimeProblem::Same)),
        suggest(Some(TimeProblem::Busy)),
        suggest(Some(TimeProblem::PartnerBusy(name("Bo Ek")))),
        suggest(None),
        BotMessage::NothingToMove,
        BotMessage::Suggested { meeting: meeting(), to: new, outside: vec![] },
        BotMessage::Suggested { meeting: trio(), to: new, outside: vec![name("Cy Roe"), name("Di Wu")] },
        proposal(meeting(), true),
        proposal(trio(), false),
        BotMessage::Waiting(trio()),
        has_moved(MoveReason::Agreed),
        has_moved(MoveReason::ByHand),
        has_moved(MoveReason::DayOff),
        has_moved(MoveReason::Programme),
        has_moved(MoveReason::WorkingHours),
        BotMessage::Moved { meeting: meeting(), from: at(HERE, 2, 10), minutes: 45, why: MoveReason::Length },
        BotMessage::MoveWaits { meeting: meeting(), to: new },
        BotMessage::Declined { meeting: meeting(), by: name("Bo Ek"), to: new },
        BotMessage::DeclineNoted(meeting()),
        BotMessage::Expired(meeting()),
        BotMessage::NotMoved { meeting: meeting(), why: Some(name("The host is busy.")) },
        BotMessage::NotMoved { meeting: meeting(), why: None },
        BotMessage::Rejected(Rejected::Begun, Some(meeting())),
        BotMessage::Rejected(Rejected::Cancelled, None),
        BotMessage::Rejected(Rejected::OutOfDate, Some(meeting())),
        BotMessage::Rejected(Rejected::NotYours, None),
        BotMessage::Rejected(Rejected::Unknown, None),
        BotMessage::Skipped { date: day(2), cancelled: true },
        BotMessage::Skipped { date: day(2), cancelled: false },
        BotMessage::Unskipped(day(2), Comeback::AfterAll(Box::new(meeting()))),
        BotMessage::Unskipped(day(2), Comeback::Taken(vec![name("Bo Ek")], next_meeting())),
        BotMessage::NothingToSkip { back: false },
        BotMessage::NothingToSkip { back: true },
        BotMessage::WhichRound { dates: vec![day(2), day(9)], back: false },
        BotMessage::WhichRound { dates: vec![day(9)], back: true },
        BotMessage::WhichProgramme { names: vec!["Coffee Roulette".into(), "Mentoring".into()], typed: "skip".into() },
        BotMessage::WhichMeeting(vec![meeting(), trio()]),
        BotMessage::Paused { until: day(24), cancelled: 2 },
        BotMessage::Paused { until: day(24), cancelled: 0 },
        BotMessage::PauseHow { typed: name("untill x-mas"), breaks: vec![] },
        BotMessage::PauseHow { typed: name("pause until 11/12"), breaks: breaks[..2].to_vec() },
        BotMessage::PauseHow { typed: String::new().into(), breaks: breaks[2..].to_vec() },
        BotMessage::Absence { dates: vec![day(2)], breaks: vec![] },
        BotMessage::Absence { dates: vec![], breaks: breaks[2..].to_vec() },
        BotMessage::Resumed(Comeback::Next(next_meeting())),
        BotMessage::Unskipped(day(2), Comeback::WithoutYou(vec![name("Bo Ek"), name("Di Wu")], next_meeting())),
        BotMessage::Resumed(Comeback::Taken(vec![name("Bo Ek"), name("Di Wu")], NextMeeting::Draw(day(9)))),
        BotMessage::StopHow,
        BotMessage::NotUnderstood(name("hm")),
        BotMessage::NothingChanged,
        BotMessage::Welcome,
        BotMessage::AnsweredPrivately,
        BotMessage::AskedAgain,
        BotMessage::Stopped(1),
        BotMessage::Started(Comeback::Next(NextMeeting::Nothing)),
        BotMessage::PausedByRoster(day(24)),
        BotMessage::NotWith { name: name("Bo Ek"), booked: None },
        BotMessage::NotWith { name: name("Bo Ek"), booked: Some(meeting()) },
        BotMessage::MeetAgain(name("Bo Ek")),
        BotMessage::NoSuchWish { typed: name("xyz"), wishes: vec![name("Bo Ek"), name("Bo Lind")] },
        BotMessage::NoSuchWish { typed: name("xyz"), wishes: vec![] },
        BotMessage::NotWithWhom { typed: name("bo"), near: namesakes(written), again: false },
        BotMessage::NotWithWhom { typed: name("bo"), near: namesakes(written)[..2].to_vec(), again: true },
        BotMessage::NotWithWhom { typed: name("xyz"), near: vec![], again: false },
        BotMessage::Met,
        BotMessage::NotYet(meeting()),
        BotMessage::CouldNot { again: true },
        BotMessage::CouldNot { again: false },
        BotMessage::NotOnRoster,
        BotMessage::Organizing(programme()),
        BotMessage::Greeting { programme: programme(), next: next_meeting(), attendance: false },
        BotMessage::Greeting { programme: programme(), next: NextMeeting::Draw(day(9)), attendance: true },
        BotMessage::News {
            programme: programme(),
            news: vec![
                OrganizerNews::Joined(name("Ann Lee"), Some(day(9))),
                OrganizerNews::Joined(name("Bo Ek"), None),
                OrganizerNews::Left(name("Cy Roe")),
                OrganizerNews::OnePerson(name("Cy Roe"), name("cy@example.com")),
                OrganizerNews::Stopped(name("Di Wu")),
                OrganizerNews::Paused(name("Eve Fox"), day(24)),
                OrganizerNews::NewAddress(name("Flo Gray"), sentence("flo@example.com")),
                OrganizerNews::Cancelled(vec![name("Bo Ek"), name("Cy Roe")], day(2), name("Cy Roe")),
                OrganizerNews::Alone(name("Bo Ek"), day(2), sentence("odd number")),
            ],
        },
        BotMessage::GoOn(programme()),
        BotMessage::Rests(programme()),
        BotMessage::ManySilent(12, 30),
        BotMessage::ManyNewcomers(12, 30),
        BotMessage::Greeted { waiting: 0, greeted: true },
        BotMessage::Greeted { waiting: 12, greeted: false },
        BotMessage::Greeted { waiting: 12, greeted: true },
        BotMessage::Summary {
            not_booked: 1,
            programme: programme(),
            date: day(2),
            pairs: vec![vec![name("Ann Lee"), name("Bo Ek")], vec![name("Cy Roe"), name("Di Wu"), name("Eve Fox")]],
            left_out: vec![(name("Flo Gray"), name("pauses until 2026-12-10"))],
        },
        report(Counts { never_booked: 2, ..counts }, false),
        report(Counts { met: 11, differ: 0, said_met: 11, ..counts }, true),
        report(Counts { met: 10, could_not: 0, seen: SeenCounts { both: 9, one: 1, nobody: 1 }, ..counts }, false),
        BotMessage::MovedLine { people: vec![name("Ann Lee"), name("Bo Ek")], from: at(HERE, 2, 10), to: new },
        BotMessage::Unreachable(vec![Named { name: name("Bo Ek"), email: name("bo@example.com") }]),
        BotMessage::RosterFault {
            faults: vec![
                sentence("staff.csv:3: email: “bo” has no @"),
                sentence("staff.csv:4: has 2 fields where the header has 3"),
            ],
            more: 2,
            since: day(1),
        },
        BotMessage::RosterFault { faults: vec![sentence("staff.csv: cannot be read")], more: 0, since: day(1) },
        BotMessage::RefusedAlike { bookings: true, why: sentence("The site has no licence") },
        BotMessage::RefusedAlike { bookings: false, why: sentence("The card cannot be read") },
        BotMessage::ListenerGap { is_read: true, from: at(HERE, 2, 10), until: at(HERE, 4, 12), asked: 3 },
        BotMessage::ListenerGap { is_read: false, from: at(HERE, 2, 10), until: at(HERE, 2, 12), asked: 0 },
        BotMessage::SpaceChosen { programme: programme() },
        BotMessage::RunFaults {
            faults: vec![sentence("bookings: 3 meetings are left to do"), sentence("login: nobody is logged in")],
            fixed: vec![name("messages")],
        },
        BotMessage::RunFaults { faults: Vec::new(), fixed: vec![name("staff.csv")] },
        overview(Some(5), vec![(name("Flo Gray"), name("odd number"))], true),
        overview(Some(6), vec![], false),
        overview(None, vec![], false),
        BotMessage::WhoStopped {
            stopped: vec![name("Di Wu"), name("Eve Fox")],
            paused: vec![(name("Bo Ek"), day(24))],
        },
        BotMessage::WhoStopped { stopped: vec![], paused: vec![] },
        found(Participation::Takes, vec![meeting()], false),
        found(Participation::Paused(day(24)), vec![], true),
        found(Participation::Stopped, vec![], false),
        BotMessage::Whom { typed: name("bo"), near: namesakes(written), then: Then::Find },
        BotMessage::Whom {
            typed: name("bo"),
            near: namesakes(written)[..2].to_vec(),
            then: Then::Pause(Some(day(24))),
        },
        BotMessage::Whom { typed: name("xyz"), near: vec![], then: Then::Find },
        BotMessage::Whom { typed: name("xyz"), near: vec![], then: Then::Pause(None) },
        pause(Some(day(24)), 2),
        pause(Some(day(24)), 0),
        pause(None, 0),
        BotMessage::PausedOther { name: name("Bo Ek"), until: day(24), cancelled: 2, is_new: true },
        BotMessage::PausedOther { name: name("Bo Ek"), until: day(24), cancelled: 0, is_new: false },
        BotMessage::PausedBy { by: name("Nadia Organizer"), until: day(24), cancelled: 1 },
        month(Some((31, 47))),
        month(None),
        BotMessage::MonthPage(day(1)),
        BotMessage::NothingToReport,
        write(text, "garden.png", Some(DraftProblem::Image(name("garden.png")))),
        write("", "", Some(DraftProblem::Blank)),
        write("", "", Some(DraftProblem::TooLong(2_001, 2_000))),
        write("", "", None),
        BotMessage::Announced(40),
        BotMessage::Announced(1),
        BotMessage::Announced(0),
        BotMessage::Announcement { programme: programme(), text: text.to_owned(), image: image() },
        BotMessage::AnnouncementTest {
            programme: programme(),
            key: "a1".to_owned(),
            text: text.to_owned(),
            image: image(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the variants, as they are written in the source.
    fn variants() -> impl Iterator<Item = &'static str> {
        let (_, written) = include_str!("../mod.rs").split_once("pub enum BotMessage {\n").unwrap();
        let (written, _) = written.split_once("\n}\n").unwrap();
        let own = written.lines().filter_map(|line| line.strip_prefix("    "));
        let named = own.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
        named.filter_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()).next())
    }

    #[test]
    fn every_message_has_a_sample() {
        let name = |debug: String| debug.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
        let sampled: Vec<String> = samples().iter().map(|message| name(format!("{message:?}"))).collect();
        assert!(variants().count() > 70);
        // Every sample must be one of the variants, so that none is overlooked because of how it is written.
        assert_eq!(sampled.iter().find(|name| variants().all(|variant| variant != **name)), None);
        let missing: Vec<&str> = variants().filter(|variant| !sampled.iter().any(|name| name == variant)).collect();
        assert_eq!(missing, [""; 0], "these messages have no sample");
    }
}
