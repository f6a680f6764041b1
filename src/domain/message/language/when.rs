//! Decides which sentences of a message are said: every language marks a sentence that is not always said with the same
//! condition, which is evaluated here, once for all languages. Knows no language.

use super::super::{BotMessage, WhatNext, WhyOff};

/// The condition under which a sentence is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Always.
    Always,
    /// The reader was told before that there is nobody for them.
    AfterAll,
    /// It is the only message in which a day other than those offered can be named.
    AnyDay,
    /// At least one person has an open question.
    Asked,
    /// There is a booked meeting with that person.
    Booked,
    /// A meeting is cancelled because of it, or would be.
    Cancels,
    /// Two of those who met say different things.
    Differ,
    /// At least one colleague has been met so far.
    HasMet,
    /// The reader has not heard that another meeting is off.
    Instead,
    /// The program checks at Webex who came to meetings.
    LooksUp,
    /// Something is fixed while something else is not.
    Fixed,
    /// There are more faults than are listed.
    More,
    /// A meeting was never booked.
    NeverBooked,
    /// Nothing replaces the meeting, and the reader is in the next round.
    NextRound,
    /// Nobody left, and nobody pauses.
    NobodyAway,
    /// There is no meeting ahead.
    NoneAhead,
    /// Some meetings of the round are not booked.
    NotBooked,
    /// It is outside somebody's working hours.
    Outside,
    /// What was filled in is not possible.
    Problem,
    /// It is known how far people's networks reach.
    Reaches,
    /// Another partner is sought.
    Seeking,
    /// Webex saw who came to a meeting.
    Seen,
    /// There are rounds that the reader skips.
    Skips,
    /// There is a meeting ahead.
    SomeAhead,
    /// At least one person pauses.
    SomePause,
    /// At least one person left for good.
    SomeStopped,
    /// What the reader typed can be shown.
    Typed,
    /// Webex does not know the address.
    Unreachable,
    /// There are colleagues with whom the reader does not want to be paired.
    Wishes,
}

/// Whether a sentence is part of the message.
pub(super) fn is_said(message: &BotMessage, when: When) -> bool {
    use BotMessage as M;
    match (when, message) {
        (When::Always, _) => true,
        (When::AfterAll, M::Introduction { after_all, .. }) => *after_all,
        (When::AnyDay, M::PauseHow { breaks, .. }) => breaks.is_empty(),
        (When::Asked, M::ListenerGap { asked, .. }) => *asked > 0,
        (When::Booked, M::NotWith { booked, .. }) => booked.is_some(),
        (When::Cancels, M::Skipped { cancelled, .. }) => *cancelled,
        (When::Cancels, M::PauseOther { meetings: number, .. } | M::Stopped(number)) => *number > 0,
        (
            When::Cancels,
            M::Paused { cancelled, .. } | M::PausedOther { cancelled, .. } | M::PausedBy { cancelled, .. },
        ) => *cancelled > 0,
        (When::Differ, M::Report { counts, .. }) => counts.differ > 0,
        (When::HasMet, M::Status { met, .. }) => *met > 0,
        (When::HasMet, M::Found(one)) => one.met > 0,
        (When::Instead, M::Introduction { instead, .. }) => instead.is_some(),
        (When::LooksUp, M::Help { attendance, .. } | M::Greeting { attendance, .. }) => *attendance,
        (When::Fixed, M::RunFaults { fixed, .. }) => !fixed.is_empty(),
        (When::More, M::RosterFault { more, .. }) => *more > 0,
        (When::NeverBooked, M::Report { counts, .. }) => counts.never_booked > 0,
        (When::NextRound, M::CalledOff { why, next, .. }) => *next == WhatNext::Nobody && *why != WhyOff::ReaderGone,
        (When::NobodyAway, M::WhoStopped { stopped, paused }) => stopped.is_empty() && paused.is_empty(),
        (When::NoneAhead, M::Status { meetings, .. } | M::Help { meetings, .. }) => meetings.is_empty(),
        (When::NotBooked, M::Summary { not_booked, .. }) => *not_booked > 0,
        (When::Outside, M::Suggested { outside, .. }) => !outside.is_empty(),
        (When::Outside, M::Proposal { outside, .. }) => *outside,
        (When::Problem, M::SuggestTime { problem, .. }) => problem.is_some(),
        (When::Problem, M::WriteAnnouncement { problem, .. }) => problem.is_some(),
        (When::Reaches, M::Month { reach, .. }) => reach.is_some(),
        (When::Seeking, M::CalledOff { next, .. }) => *next == WhatNext::Seeking,
        (When::Seen, M::Report { counts, .. }) => counts.seen.any(),
        (When::Seen, M::Overview(overview)) => overview.answers.is_some_and(|(_, counts)| counts.seen.any()),
        (When::Skips, M::Status { skipped, .. }) => !skipped.is_empty(),
        (When::SomeAhead, M::Why { meetings, .. }) => !meetings.is_empty(),
        (When::SomeAhead, M::Found(one)) => !one.meetings.is_empty(),
        (When::SomePause, M::WhoStopped { paused, .. }) => !paused.is_empty(),
        (When::SomeStopped, M::WhoStopped { stopped, .. }) => !stopped.is_empty(),
        (When::Typed, M::PauseHow { typed, .. } | M::NotUnderstood(typed)) => !typed.is_empty(),
        (When::Unreachable, M::Found(one)) => one.is_unreachable,
        (When::Wishes, M::Status { not_with: wishes, .. } | M::NoSuchWish { wishes, .. }) => !wishes.is_empty(),
        _ => false,
    }
}
