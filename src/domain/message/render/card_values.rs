//! Which card shows which message, and the values with which it is filled: a message that is not mentioned here has no
//! card. A card is always filled with the same names; what does not apply is blank. Knows no template and no language.

use chrono::{DateTime, NaiveDate, NaiveTime};

use super::plain::spoken;
use super::template::Values;
use crate::domain::message::language::{RenderedText, Words, choices, starter_of, with_department};
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, Meeting, Rejected};
use crate::domain::zone::Zone;

/// The longest list in a message.
const LISTED: usize = 50;

/// The name and the values of the card; none if the message needs no card.
pub(super) fn values_of(
    message: &BotMessage,
    rendered: &RenderedText,
    words: &dyn Words,
) -> Option<(&'static str, Values)> {
    let values = Values::default;
    let (name, programme, values) = match message {
        BotMessage::Introduction { meeting, starter, .. } => {
            let values = of_meeting(meeting, words).plain("starter", starter_of(words, starter));
            ("introduction", &*meeting.programme, values)
        }
        BotMessage::Reminder(meeting) => ("reminder", &*meeting.programme, of_meeting(meeting, words)),
        BotMessage::DidYouMeet(meeting) | BotMessage::WhatHappened { meeting, .. } => {
            ("did-you-meet", &*meeting.programme, of_meeting(meeting, words))
        }
        BotMessage::LeftOut { programme, .. } => ("left-out", &**programme, values()),
        BotMessage::PartnerGone { meeting, .. } | BotMessage::CalledOff { meeting, .. } => {
            ("partner-gone", &*meeting.programme, of_meeting(meeting, words))
        }
        BotMessage::NotWith { booked: Some(meeting), .. } => {
            ("call-off", &*meeting.programme, of_meeting(meeting, words))
        }
        BotMessage::PartnerUnreachable(meeting) => {
            ("partner-unreachable", &*meeting.programme, of_meeting(meeting, words))
        }
        BotMessage::Help { meetings, organizes, .. } => {
            let own = words.organizers_commands().iter().filter(|_| *organizes);
            let commands = words
                .commands()
                .iter()
                .chain(own)
                .map(|(typed, does)| values().plain("typed", *typed).plain("does", *does));
            let values = coming_values(meetings, words)
                .list("commands", commands.collect())
                .plain("some_commands", words.labels().typing);
            ("help", programme_of(meetings), values)
        }
        BotMessage::Status { meetings, .. } | BotMessage::WhichMeeting(meetings) => (
            "help",
            programme_of(meetings),
            coming_values(meetings, words).list("commands", vec![]).plain("some_commands", ""),
        ),
        BotMessage::SuggestTime { meeting, from, to, times: (first, last), date, time, problem } => {
            let iso = |date: &NaiveDate| date.format("%Y-%m-%d").to_string();
            let clock = |time: &NaiveTime| time.format("%H:%M").to_string();
            let (problem, rest) = rendered.lines.split_at(usize::from(problem.is_some()));
            let values = of_meeting(meeting, words)
                .plain("problem", problem.concat())
                .plain("from", iso(from))
                .plain("to", iso(to))
                .plain("date", iso(date))
                .plain("first", clock(first))
                .plain("last", clock(last))
                .plain("time", clock(time));
            return Some(("suggest-time", common(values, &meeting.programme, &rendered.heading, rest, words)));
        }
        BotMessage::Proposal { meeting, number, to, .. } => {
            let values = of_move(meeting, meeting.start, *to, words).plain("number", number.to_string());
            // What the facts show is not repeated.
            let rest = rendered.lines.get(1..).unwrap_or_default();
            return Some(("proposal", common(values, &meeting.programme, &rendered.heading, rest, words)));
        }
        BotMessage::Moved { meeting, from, .. } => {
            ("moved", &*meeting.programme, of_move(meeting, *from, meeting.start, words))
        }
        BotMessage::Declined { meeting, .. }
        | BotMessage::DeclineNoted(meeting)
        | BotMessage::Expired(meeting)
        | BotMessage::BackOn(meeting)
        | BotMessage::NotMoved { meeting, .. }
        | BotMessage::Rejected(_, Some(meeting)) => {
            let begun = matches!(message, BotMessage::Rejected(Rejected::Begun, _));
            let values = of_meeting(meeting, words).plain("can_move", if begun { "" } else { "yes" });
            ("still-on", &*meeting.programme, values)
        }
        BotMessage::Summary { programme, pairs: groups, left_out: people, .. } => {
            let item = |name| move |line: String| Values::default().plain(name, line);
            let values = values()
                .list("pairs", pairs(groups, words).into_iter().map(item("pair")).collect())
                .plain("some_left_out", if people.is_empty() { "" } else { words.labels().left_out })
                .list("left_out", left_out(people, words).into_iter().map(item("person")).collect());
            ("summary", &**programme, values)
        }
        BotMessage::Report { programme, counts, .. } => {
            let values = values()
                .plain("meetings", counts.meetings.to_string())
                .plain("met", counts.met.to_string())
                .plain("could_not", counts.could_not.to_string())
                .plain("unknown", counts.unknown().to_string())
                // What the numbers show is not repeated.
                .plain("differ", rendered.lines.get(1..).unwrap_or_default().join(" "));
            ("report", &**programme, values)
        }
        BotMessage::Month { programme, held, met: (met, _), reach, .. } => {
            let labels = words.labels();
            let reach = reach.map(|(_, now)| (format!("{now}{}", labels.percent_sign), labels.month_reach));
            let figures = [(held.to_string(), labels.month_held), (met.to_string(), labels.month_met)];
            let figures = figures
                .into_iter()
                .chain(reach)
                .map(|(figure, what)| Values::default().plain("figure", figure).plain("what", what));
            ("month", &**programme, values().list("figures", figures.collect()))
        }
        BotMessage::WriteAnnouncement { programme, text, image, problem } => {
            let (problem, rest) = rendered.lines.split_at(usize::from(problem.is_some()));
            let values = announced(text, image).plain("problem", problem.concat()).plain("key", "new");
            return Some(("write-announcement", common(values, programme, &rendered.heading, rest, words)));
        }
        BotMessage::Announcement { programme, text, image } => {
            ("announcement", &**programme, announced(text, image.as_deref().unwrap_or_default()))
        }
        BotMessage::AnnouncementTest { programme, key, text, image } => {
            ("announcement-test", &**programme, announced(text, image.as_deref().unwrap_or_default()).plain("key", key))
        }
        // A message that offers choices has a button for each.
        message => match choices(message, words) {
            choices if choices.is_empty() => return None,
            choices => ("choose", "", values().list("choices", choices.into_iter().map(choice).collect())),
        },
    };
    Some((name, common(values, programme, &rendered.heading, &rendered.lines, words)))
}

fn choice((choice, typed): (String, String)) -> Values {
    Values::default().plain("choice", choice).plain("key", typed)
}

fn common(values: Values, programme: &str, heading: &str, lines: &[String], words: &dyn Words) -> Values {
    let lines = lines.iter().map(|line| Values::default().plain("line", spoken(line, words))).collect();
    let values = values.plain("programme", programme).plain("heading", heading).list("lines", lines);
    words.labels().all().fold(values, |values, (name, label)| values.plain(name, label))
}

fn of_meeting(meeting: &Meeting, words: &dyn Words) -> Values {
    let labels = words.labels();
    // Two partners have one line each, with the department after the name.
    let alone = meeting.partners.len() == 1;
    let partners = meeting.partners.iter().map(|partner| {
        Values::default()
            .plain("who", if alone { partner.name.to_string() } else { with_department(partner) })
            .plain("theirs", words.theirs(meeting, partner).unwrap_or_default())
            .plain("theirs_label", if alone { labels.their_time } else { &*partner.name })
    });
    let department = meeting.partners.first().filter(|_| alone).map_or("", |partner| &*partner.department);
    Values::default()
        .plain("key", &meeting.key)
        .plain("link", meeting.link.as_deref().unwrap_or_default())
        .plain("department", department)
        .plain("when", words.span(meeting.start, meeting.minutes))
        .list("partners", partners.collect())
}

/// The move of a meeting from one time to another.
fn of_move(meeting: &Meeting, old: DateTime<Zone>, new: DateTime<Zone>, words: &dyn Words) -> Values {
    of_meeting(meeting, words)
        .plain("old", words.span(old, meeting.minutes))
        .plain("new", words.span(new, meeting.minutes))
}

fn programme_of(meetings: &[Meeting]) -> &str {
    meetings.first().map_or("", |meeting| &*meeting.programme)
}

fn coming_values(meetings: &[Meeting], words: &dyn Words) -> Values {
    let items = meetings.iter().take(LISTED).enumerate().map(|(at, meeting)| {
        Values::default()
            .plain("index", (at + 1).to_string())
            .plain("names", words.partners(meeting))
            .plain("when", words.span(meeting.start, meeting.minutes))
            .plain("key", &meeting.key)
    });
    Values::default()
        .list("meetings", items.collect())
        .plain("some_meetings", if meetings.is_empty() { "" } else { words.labels().coming })
}

fn announced(text: &str, image: &str) -> Values {
    Values::default().markdown("announcement", text).plain("image", image)
}

/// Somebody's upcoming meetings, one per line.
pub(super) fn coming(meetings: &[Meeting], words: &dyn Words) -> impl Iterator<Item = String> {
    let line =
        |meeting: &Meeting| format!("{}: {}", words.partners(meeting), words.span(meeting.start, meeting.minutes));
    meetings.iter().take(LISTED).map(line)
}

/// The people who meet, one line for each group.
pub(super) fn pairs(pairs: &[Vec<Sanitized>], words: &dyn Words) -> Vec<String> {
    let names = |pair: &Vec<Sanitized>| words.together(&pair.iter().map(|name| &**name).collect::<Vec<_>>());
    listed(pairs.iter().map(names).collect(), words)
}

/// The people who do not meet, each with the reason.
pub(super) fn left_out(people: &[(Sanitized, Sanitized)], words: &dyn Words) -> Vec<String> {
    listed(people.iter().map(|(name, why)| format!("{name}: {why}")).collect(), words)
}

/// As many lines as fit, and how many more there are.
pub(super) fn listed(mut lines: Vec<String>, words: &dyn Words) -> Vec<String> {
    let more = lines.len().saturating_sub(LISTED);
    if more > 0 {
        lines.truncate(LISTED);
        lines.push(words.more(more));
    }
    lines
}
