//! Everything that the bot says, as values: what is said, not how. What people wrote is [`sanitized`] where it enters,
//! the words are in [`language`], the cards in `cards/`, and how they are filled is in [`render`]. Knows no language
//! and no card; times are in the zone of whoever reads them.
//!
//! To add a message, work in this folder:
//!
//! 1. Its variant here. Look first whether a value such as [`NextMeeting`] already has what it says. If it may be read
//!    by everybody in a space, name it in [`BotMessage::in_public`]; otherwise it is sent in private.
//! 2. Its sentences in `language/en.rs` and `language/uk.rs`: the compiler asks for them. A sentence that is not always
//!    said has a `When`, the same in both languages, which `language/when.rs` decides. Nothing asks for that decision:
//!    without it, the sentence is never said.
//! 3. What follows its sentences, such as a list, or whom the reader meets with the link: in `render/plain.rs`. Nothing
//!    asks for that either.
//! 4. Its samples in `render/samples.rs`: one for each form that it has, the fullest first. The test
//!    `every_message_has_a_sample` asks for one.
//! 5. Its card, if it has one, in `render/card_values.rs`. A new card also needs a file in `cards/`, a name in
//!    `src/store/cards/mod.rs` and a line in `cards/README.md`.
//! 6. Who says it: in answer to something, an arm in `obey` in `src/domain/conversation/answer.rs`; at a time of its
//!    own, `src/domain/conversation/due.rs`. If it asks something, `patterns` in `asked_back.rs` says what an answer
//!    completes.
//! 7. `INSTA_UPDATE=always cargo test --test program letters` writes it as people read it into the two snapshots of all
//!    messages. Read them: they show a sentence or a list that was forgotten.
//!
//! What people type to get it is in the recipe for something that people can type, in `CONTRIBUTING.md`.

pub mod language;
pub mod render;
pub mod sanitized;

use chrono::{DateTime, NaiveDate, NaiveTime};

use self::sanitized::{Link, Sanitized};
use super::state::bookings::MoveReason;
use super::state::reports::Counts;
use crate::domain::starters::Starter;
use crate::domain::zone::Zone;

/// A meeting, as one of the people who meet reads about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Identifies the meeting in what a card sends back; nothing else is sent back.
    pub key: String,
    /// The programme's name.
    pub programme: Sanitized,
    /// The people whom the reader meets: one or two.
    pub partners: Vec<Partner>,
    /// When it begins, in the reader's zone.
    pub start: DateTime<Zone>,
    /// How long it is, in minutes.
    pub minutes: u16,
    /// The link with which people join; none before the meeting is booked.
    pub link: Option<Link>,
}

/// Somebody whom the reader meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// The partner's name.
    pub name: Sanitized,
    /// The department; "" if it is not known.
    pub department: Sanitized,
    /// When the meeting begins, in the partner's own zone.
    pub start: DateTime<Zone>,
}

/// Why a suggested time is not possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeProblem {
    /// The date or the time is missing, or cannot be read.
    NoTime,
    /// The date can be read as several days.
    WhichDay(Vec<NaiveDate>),
    /// That time is already over.
    Past,
    /// It is less than this number of minutes ahead.
    TooSoon(u16),
    /// It is after this day.
    TooLate(NaiveDate),
    /// It is a holiday of the programme.
    Holiday,
    /// It is the time that the meeting already has.
    Same,
    /// The reader has another meeting of the programme then.
    Busy,
    /// The partner of that name has another meeting of the programme then.
    PartnerBusy(Sanitized),
}

impl BotMessage {
    /// The same without what only its reader may see; none if nothing else is left.
    pub fn in_public(&self) -> Option<Self> {
        match self {
            Self::Help { attendance, .. } => {
                Some(Self::Help { meetings: Vec::new(), organizes: false, attendance: *attendance })
            }
            Self::Welcome => Some(Self::Welcome),
            Self::NothingChanged => Some(Self::NothingChanged),
            Self::NotUnderstood(text) => Some(Self::NotUnderstood(text.clone())),
            _ => None,
        }
    }
}

/// A colleague who may be meant, among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesake {
    /// The colleague's name.
    pub name: Sanitized,
    /// The department; "" if it is not known.
    pub department: Sanitized,
    /// The email address, with which a button names exactly this colleague.
    pub email: String,
}

impl Namesake {
    /// The name, with as much added as is needed to distinguish it from the others.
    pub fn told_apart(&self, others: &[Self]) -> String {
        let namesakes: Vec<&Self> = others.iter().filter(|one| one.name == self.name).collect();
        if namesakes.len() < 2 {
            return self.name.to_string();
        }
        let alone = namesakes.iter().filter(|one| one.department == self.department).count() == 1;
        let by = if alone && !self.department.is_empty() { &*self.department } else { &*self.email };
        format!("{} ({by})", self.name)
    }
}

/// A pause that somebody may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// Its first day, if that is not today.
    pub from: Option<NaiveDate>,
    /// The last day of the pause.
    pub until: NaiveDate,
}

/// Why an announcement cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftProblem {
    /// It has no text.
    Blank,
    /// It is too long: the first number is its length in characters, the second is the limit.
    TooLong(usize, usize),
    /// The address is not one from which Webex can fetch a picture.
    Image(Sanitized),
}

/// Why an answer had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The meeting has begun or is over.
    Begun,
    /// The meeting was cancelled, so there is nothing left to decide.
    Cancelled,
    /// The suggestion was already answered, was replaced by a newer one, or has expired.
    OutOfDate,
    /// The reader is not one of the people in that meeting.
    NotYours,
    /// The card belongs to a meeting that ended long ago, or to none.
    Unknown,
}

/// Why somebody has no partner in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithoutPartner {
    /// The number of participants is odd.
    Odd,
    /// The rules leave nobody whom they could meet.
    Rules,
    /// `max_pairs_per_round` allows fewer meetings than there are people.
    Limit,
    /// They had a partner, who cannot come.
    PartnerGone,
}

/// What happens instead of a meeting to which somebody cannot come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatNext {
    /// Nothing: it is too late to find another partner.
    Nobody,
    /// Another partner is sought; if one is found, an introduction follows.
    Seeking,
    /// The other two of a trio still meet: the name of the reader's remaining partner.
    Rest(Sanitized),
}

/// Why a meeting of the reader's is off, if it is not because a partner chose not to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyOff {
    /// One of the people who were to meet cannot come.
    PartnerGone,
    /// According to the roster, the reader does not take part then.
    ReaderGone,
    /// One of the people who were to meet has a day off then.
    DayOff,
    /// The organizer changed the plan: a rule, or another draw.
    Plan,
    /// There is no round in that week.
    WeekOff,
    /// The working hours of the people who meet no longer overlap.
    NoTime,
    /// Somebody deleted it at Webex.
    Deleted,
}

/// A meeting of the reader's that is off, mentioned together with the one that replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsteadOf {
    /// The people whom the reader was to meet.
    pub names: Vec<Sanitized>,
    /// Why that meeting is off.
    pub why: WhyOff,
}

/// Whom somebody meets next, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextMeeting {
    /// That meeting, whether or not it is booked yet.
    Meeting(Box<Meeting>),
    /// Nobody yet: they are in the draw for the round on that day.
    Draw(NaiveDate),
    /// Nobody, and no round is planned.
    Nothing,
}

/// What follows when somebody takes part again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comeback {
    /// They meet the people whom they were to meet, after all.
    AfterAll(Box<Meeting>),
    /// The people whom they were to meet have another partner by now: their names, and what comes next.
    Taken(Vec<Sanitized>, NextMeeting),
    /// The two people with whom they were to be three meet without them: their names, and what comes next.
    WithoutYou(Vec<Sanitized>, NextMeeting),
    /// What comes next.
    Next(NextMeeting),
}

/// Whether somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Participation {
    /// They take part as usual.
    Takes,
    /// They pause, up to and including that day.
    Paused(NaiveDate),
    /// They have left for good.
    Stopped,
}

/// Something that the organizers read in their daily message. It never reveals a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizerNews {
    /// Somebody joined; with the day of the first round in which they can meet somebody, if one is planned.
    Joined(Sanitized, Option<NaiveDate>),
    /// Somebody is no longer on the roster.
    Left(Sanitized),
    /// Somebody of that name left and somebody joined: if that is one person, this is the former address.
    OnePerson(Sanitized, Sanitized),
    /// Somebody told the bot that they leave for good.
    Stopped(Sanitized),
    /// Somebody pauses for a long time, up to and including that day.
    Paused(Sanitized, NaiveDate),
    /// Somebody was put on a break because they gave no sign for a long time.
    Silent(Sanitized),
    /// Somebody has a new address, which is the second text.
    NewAddress(Sanitized, Sanitized),
    /// The meeting of these people on that day is off because the last of them left the roster.
    Cancelled(Vec<Sanitized>, NaiveDate, Sanitized),
    /// Somebody has no partner in the round on that day; with the reason, as the plan words it.
    Alone(Sanitized, NaiveDate, Sanitized),
}

/// A person as the organizers see them: name and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The person's name.
    pub name: Sanitized,
    /// The email address.
    pub email: Sanitized,
}

/// The state of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundNow {
    /// The day of the round.
    pub date: NaiveDate,
    /// How many meetings it has.
    pub meetings: usize,
    /// How many of them are booked.
    pub booked: usize,
    /// The people without a partner, each with the reason, as the plan words it.
    pub alone: Vec<(Sanitized, Sanitized)>,
}

/// Something that does not proceed as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// The meeting of these people, which Webex refuses to book, with the reason.
    NotBooked(Vec<Sanitized>, Sanitized),
    /// Webex does not know this person's address.
    Unreachable(Named),
    /// This many messages have been waiting to be sent for too long.
    Unsent(usize),
}

/// How the programme stands, for an organizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The programme's name.
    pub programme: Sanitized,
    /// This week's round, or otherwise the next one, if it is drawn.
    pub round: Option<RoundNow>,
    /// The day of the last round that is over, and what is known about it.
    pub answers: Option<(NaiveDate, Counts)>,
    /// Everything that does not proceed as it should.
    pub stuck: Vec<Stuck>,
}

/// A colleague as an organizer sees them. It never reveals a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundColleague {
    /// The colleague's name.
    pub name: Sanitized,
    /// The department; "" if it is not known.
    pub department: Sanitized,
    /// The email address.
    pub email: Sanitized,
    /// Whether they take part.
    pub part: Participation,
    /// Their upcoming meetings, as they themselves read about them.
    pub meetings: Vec<Meeting>,
    /// How many colleagues they have met.
    pub met: usize,
    /// Whether Webex does not know the address.
    pub is_unreachable: bool,
}

/// What an organizer wants to do once it is clear who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// To see how they take part.
    Find,
    /// To have them pause, up to and including that day.
    Pause(Option<NaiveDate>),
}

/// Something that the bot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BotMessage {
    // To somebody who takes part, from the bot.
    /// Whom they meet and when. Card: something to talk about first, the join link; *Suggest a new time*, *Skip this
    /// one*, *Pause*.
    Introduction {
        /// The meeting that is introduced.
        meeting: Meeting,
        /// What they may talk about first.
        starter: Starter<Sanitized>,
        /// The meeting that it replaces, if the reader has not heard that that one is off.
        instead: Option<InsteadOf>,
        /// Whether they were told before that there is nobody for them.
        after_all: bool,
    },
    /// The meeting is on the next working day. Card: the join link, *Suggest a new time*.
    Reminder(Meeting),
    /// Asks whether they met. Card: *Yes*, *Not yet*, *We could not*.
    DidYouMeet(Meeting),
    /// Thanks to somebody who waited alone in the meeting, as Webex saw it.
    WaitedAlone(Meeting),
    /// To somebody whose partner waited in vain: what happened? Card: as for [`BotMessage::DidYouMeet`].
    WhatHappened {
        /// The meeting at which somebody waited.
        meeting: Meeting,
        /// The name of the person who waited there.
        waited: Sanitized,
    },
    /// To somebody without a partner in a round.
    LeftOut {
        /// The programme's name.
        programme: Sanitized,
        /// The day of the round.
        date: NaiveDate,
        /// Why they have no partner.
        why: WithoutPartner,
        /// When the next round is, if that is known.
        next: Option<NaiveDate>,
    },
    /// The partner cannot come, so the meeting is off. What happens next depends on whether somebody else was found.
    PartnerGone {
        /// The meeting that is off.
        meeting: Meeting,
        /// What happens instead.
        next: WhatNext,
    },
    /// The meeting is off, but not because a partner chose not to come; another partner is sought if that is possible.
    CalledOff {
        /// The meeting that is off.
        meeting: Meeting,
        /// Why it is off.
        why: WhyOff,
        /// What happens instead.
        next: WhatNext,
    },
    /// A meeting that the reader heard was off takes place after all.
    BackOn(Meeting),
    /// Webex does not know the partner's address: the reader is asked to write an email instead.
    PartnerUnreachable(Meeting),

    // In answer to what they typed or tapped.
    /// What they can say, and their upcoming meetings by number.
    Help {
        /// The reader's upcoming meetings, in the order of their numbers.
        meetings: Vec<Meeting>,
        /// Whether the reader is an organizer, who can say more.
        organizes: bool,
        /// Whether the program checks who came to meetings.
        attendance: bool,
    },
    /// To an organizer who does not take part: what they can say. The text is the programme's name.
    Organizing(Sanitized),
    /// Whether they take part, which rounds they skip, and their upcoming meetings.
    Status {
        /// Whether the reader takes part.
        part: Participation,
        /// The days of the rounds that they skip.
        skipped: Vec<NaiveDate>,
        /// The reader's upcoming meetings.
        meetings: Vec<Meeting>,
        /// How many colleagues they have met so far.
        met: usize,
        /// The people with whom they do not want to be paired.
        not_with: Vec<Sanitized>,
    },
    /// Why they meet whom they meet: how the draw works, in a few sentences.
    Why {
        /// The meeting that comes next, if there is one.
        meetings: Vec<Meeting>,
        /// How many colleagues they could meet and have not met.
        unmet: usize,
        /// How many colleagues they have met.
        met: usize,
    },
    /// Card: a date and a time, and *Send*. Shown again with what was filled in if that is not possible.
    SuggestTime {
        /// The meeting that is to be moved.
        meeting: Meeting,
        /// The first day that can be chosen.
        from: NaiveDate,
        /// The last day that can be chosen.
        to: NaiveDate,
        /// The first and the last time of day that can be chosen.
        times: (NaiveTime, NaiveTime),
        /// The day that is filled in.
        date: NaiveDate,
        /// The time that is filled in.
        time: NaiveTime,
        /// What is wrong with the last suggestion.
        problem: Option<TimeProblem>,
    },
    /// To `/change` or a number, if there is no such meeting that can be moved.
    NothingToMove,
    /// To the proposer: the suggestion is on its way; the old time stands until the others agree.
    Suggested {
        /// The meeting at its old time.
        meeting: Meeting,
        /// The suggested start, in the reader's zone.
        to: DateTime<Zone>,
        /// The names of the people outside whose working hours it is, which may include the reader's own.
        outside: Vec<Sanitized>,
    },
    /// To the others: somebody suggests a new time. Card: old and new; *Yes*, *No*, *Suggest another time*.
    Proposal {
        /// The meeting at its old time.
        meeting: Meeting,
        /// The number of the proposal within the meeting; the card sends it back.
        number: u32,
        /// The name of the person who suggests it.
        by: Sanitized,
        /// The suggested start, in the reader's zone.
        to: DateTime<Zone>,
        /// Whether it is outside the reader's working hours.
        outside: bool,
    },
    /// To somebody in a trio who said yes: the third has not agreed yet.
    Waiting(Meeting),
    /// To all: the meeting has moved.
    Moved {
        /// The meeting at its new time.
        meeting: Meeting,
        /// The old start, in the reader's zone.
        from: DateTime<Zone>,
        /// The old length, in minutes.
        minutes: u16,
        /// Why it moved.
        why: MoveReason,
    },
    /// To all: they agreed, but Webex does not have the new time yet; until then the old time stands.
    MoveWaits {
        /// The meeting at its old time.
        meeting: Meeting,
        /// The start on which they agreed, in the reader's zone.
        to: DateTime<Zone>,
    },
    /// To everybody else who knows of a proposal: somebody said no, or the proposer withdrew it; the old time stands.
    Declined {
        /// The meeting, at its old time.
        meeting: Meeting,
        /// The name of the person who said no.
        by: Sanitized,
        /// The suggested start, in the reader's zone.
        to: DateTime<Zone>,
    },
    /// To the person who said no: noted, the old time stands.
    DeclineNoted(Meeting),
    /// To all: nobody answered in time, the old time stands.
    Expired(Meeting),
    /// To all: they agreed, but Webex refuses the new time, or could not be asked in time; the old one stands.
    NotMoved {
        /// The meeting, at its old time.
        meeting: Meeting,
        /// The reason that Webex gives, if it was asked.
        why: Option<Sanitized>,
    },
    /// An answer had no effect, and why; with the meeting, if the reader is in it and it stands.
    Rejected(Rejected, Option<Meeting>),
    /// They sit out that round.
    Skipped {
        /// The day of the round.
        date: NaiveDate,
        /// Whether a meeting is cancelled because of it.
        cancelled: bool,
    },
    /// They take part in that round again.
    Unskipped(NaiveDate, Comeback),
    /// There is no round that they could skip, or none that they skip and could take part in after all.
    NothingToSkip {
        /// Whether they wanted to take part again, rather than skip.
        back: bool,
    },
    /// It is unclear which round they mean.
    WhichRound {
        /// The days of the rounds that may be meant.
        dates: Vec<NaiveDate>,
        /// Whether they want to take part again, rather than skip.
        back: bool,
    },
    /// It is unclear which meeting they want to move: the upcoming ones, in the order of their numbers.
    WhichMeeting(Vec<Meeting>),
    /// It is unclear which programme they mean by what they typed.
    WhichProgramme {
        /// The names of the programmes that may be meant.
        names: Vec<Sanitized>,
        /// What they typed, which may be meant for any of them.
        typed: Sanitized,
    },
    /// They pause up to and including a day.
    Paused {
        /// The last day of the pause.
        until: NaiveDate,
        /// How many meetings are cancelled because of it.
        cancelled: usize,
    },
    /// It is unclear until when they pause. Card: the possible answers.
    PauseHow {
        /// What they typed; "" if it is not to be shown.
        typed: Sanitized,
        /// What it can mean; if it means nothing, a few usual lengths are offered.
        breaks: Vec<Break>,
    },
    /// They said that they cannot come: shall they be left out? Card: the rounds and pauses that may be meant.
    Absence {
        /// The days of the rounds that may be meant.
        dates: Vec<NaiveDate>,
        /// The pauses that may be meant.
        breaks: Vec<Break>,
    },
    /// They take part again after a pause.
    Resumed(Comeback),
    /// They said something about leaving, among other words: do they want to leave?
    StopHow,
    /// What they typed was not understood; with the text, "" if it is not to be shown.
    NotUnderstood(Sanitized),
    /// They want none of the things that they were offered.
    NothingChanged,
    /// The answer to thanks.
    Welcome,
    /// In a space: the answer was sent to the person alone.
    AnsweredPrivately,
    /// Nobody could hear what they tapped: the question that they were asked before follows.
    AskedAgain,
    /// They left for good; the number is that of the meetings cancelled because of it.
    Stopped(usize),
    /// They take part again after they had left.
    Started(Comeback),
    /// They want to be back, but the roster pauses them up to and including that day.
    PausedByRoster(NaiveDate),
    /// They will not be paired with that person, who is not told.
    NotWith {
        /// The name of that person.
        name: Sanitized,
        /// A meeting with that person that is already booked. Card: *Skip this one*.
        booked: Option<Meeting>,
    },
    /// They may be paired with that person again.
    MeetAgain(Sanitized),
    /// They have no such wish.
    NoSuchWish {
        /// The text in which they named somebody.
        typed: Sanitized,
        /// The names of the people with whom they are not paired.
        wishes: Vec<Sanitized>,
    },
    /// Nobody, or more than one person, has that name: who is meant?
    NotWithWhom {
        /// The text in which they named somebody.
        typed: Sanitized,
        /// The colleagues who may be meant.
        near: Vec<Namesake>,
        /// Whether they want to meet that person again, rather than not.
        again: bool,
    },
    /// Thanks to somebody who says that they met.
    Met,
    /// To somebody who says that they have not met yet, but will.
    NotYet(Meeting),
    /// To somebody who says that they could not meet.
    CouldNot {
        /// Whether they may be drawn together again: not if another of them says that they met.
        again: bool,
    },
    /// To somebody who is not on the roster.
    NotOnRoster,

    /// To a newcomer, once: what this is, whom they meet first, and how to pause or leave.
    Greeting {
        /// The programme's name.
        programme: Sanitized,
        /// When the reader first meets somebody.
        next: NextMeeting,
        /// Whether the program checks who came to meetings.
        attendance: bool,
    },
    /// To somebody who gave no sign for a long time, about the programme of that name: do they want to go on? Card:
    /// *Yes, go on*, *Ask me in a month*, *Stop*.
    GoOn(Sanitized),
    /// To somebody who did not answer that: they are on a break. The text is the programme's name.
    Rests(Sanitized),

    // To the organizers' space.
    /// What happened since the last such message: at most one a day.
    News {
        /// The programme's name.
        programme: Sanitized,
        /// Everything that happened, in that order.
        news: Vec<OrganizerNews>,
    },
    /// So many people gave no sign for a long time (the first number, out of the second) that the organizer is asked
    /// before they are.
    ManySilent(usize, usize),
    /// So many people are new at once (the first number, out of the second) that the organizer is asked before they are
    /// greeted.
    ManyNewcomers(usize, usize),
    /// To the organizer who decided whether newcomers are greeted.
    Greeted {
        /// How many were waiting to be greeted.
        waiting: usize,
        /// Whether they are greeted now.
        greeted: bool,
    },
    /// Who was paired in a round, and who was not.
    Summary {
        /// The programme's name.
        programme: Sanitized,
        /// The day of the round.
        date: NaiveDate,
        /// The names of the people who meet, group by group.
        pairs: Vec<Vec<Sanitized>>,
        /// How many of their meetings are not booked yet.
        not_booked: usize,
        /// The people who meet nobody, each with the reason, as the plan words it.
        left_out: Vec<(Sanitized, Sanitized)>,
    },
    /// How many meetings of a round took place.
    Report {
        /// The programme's name.
        programme: Sanitized,
        /// The day of the round.
        date: NaiveDate,
        /// The numbers, as far as they are known.
        counts: Counts,
        /// Whether it corrects an earlier report.
        corrects: bool,
    },
    /// How a month went: the three figures that matter.
    Month {
        /// The programme's name.
        programme: Sanitized,
        /// The first day of the month.
        month: NaiveDate,
        /// How many meetings there were.
        meetings: usize,
        /// How many of them are known to have taken place.
        held: usize,
        /// For how many of them nobody knows whether they took place.
        unknown: usize,
        /// How many participants met somebody, and how many participants there were.
        met: (usize, usize),
        /// The percentage of colleagues in other departments whom people reach within two steps, before the first round
        /// and now; none if it is not known.
        reach: Option<(u8, u8)>,
    },
    /// The message with the page about the month that begins on that day.
    MonthPage(NaiveDate),
    /// One line about a meeting that moved.
    MovedLine {
        /// The names of the people who meet.
        people: Vec<Sanitized>,
        /// The old start, in the programme's zone.
        from: DateTime<Zone>,
        /// The new start, in the programme's zone.
        to: DateTime<Zone>,
    },
    /// Webex does not know the addresses of these people.
    Unreachable(Vec<Named>),
    /// The roster's file has a fault, and the last good roster is used instead.
    RosterFault {
        /// The first faults, each with its place in the file.
        faults: Vec<Sanitized>,
        /// How many more faults there are.
        more: usize,
        /// Since when the last good roster has been as it is.
        since: NaiveDate,
    },

    /// This space was chosen for what the organizers hear.
    SpaceChosen {
        /// The programme's name.
        programme: Sanitized,
    },
    /// Webex refused so many requests for the same reason that a run stopped.
    RefusedAlike {
        /// Whether the run was booking meetings; otherwise it was sending messages.
        bookings: bool,
        /// The reason that Webex gives.
        why: Sanitized,
    },
    /// For a while, nobody heard what people tapped and typed.
    ListenerGap {
        /// Whether everything that was typed can be read back: nothing can that was typed more than two weeks ago.
        is_read: bool,
        /// Since when nobody was heard.
        from: DateTime<Zone>,
        /// Until when nobody was heard.
        until: DateTime<Zone>,
        /// How many people have an open question, and get it again.
        asked: usize,
    },
    /// What went wrong in a run, and what is fixed.
    RunFaults {
        /// The faults that are new, or that last for another day.
        faults: Vec<Sanitized>,
        /// The faults that have been fixed since.
        fixed: Vec<Sanitized>,
    },

    // To an organizer, in answer to what they typed.
    /// How the programme stands.
    Overview(Box<Overview>),
    /// Who does not take part.
    WhoStopped {
        /// The names of those who left for good.
        stopped: Vec<Sanitized>,
        /// Those who pause, each with the last day of the pause.
        paused: Vec<(Sanitized, NaiveDate)>,
    },
    /// Whether and how somebody takes part.
    Found(Box<FoundColleague>),
    /// Nobody, or more than one person, has that name: who is meant? Card: those who may be meant.
    Whom {
        /// The text in which they named somebody.
        typed: Sanitized,
        /// The colleagues who may be meant.
        near: Vec<Namesake>,
        /// What is to be done once that is clear.
        then: Then,
    },
    /// Shall somebody pause? Card: *Yes*; or how long, if that is not known.
    PauseOther {
        /// The name of the person who is to pause.
        name: Sanitized,
        /// The address of the person who is to pause.
        email: String,
        /// The last day of the pause, if it is known.
        until: Option<NaiveDate>,
        /// How many meetings that would cancel.
        meetings: usize,
    },
    /// An organizer put somebody on pause.
    PausedOther {
        /// The name of the person who pauses.
        name: Sanitized,
        /// The last day of the pause.
        until: NaiveDate,
        /// How many meetings are cancelled because of it.
        cancelled: usize,
        /// Whether they were not already paused until that day.
        is_new: bool,
    },
    /// To somebody whom an organizer put on pause.
    PausedBy {
        /// The name of that organizer.
        by: Sanitized,
        /// The last day of the pause.
        until: NaiveDate,
        /// How many meetings are cancelled because of it.
        cancelled: usize,
    },
    /// No round is over yet.
    NothingToReport,

    // From the organizer to everybody, and to the organizer about it.
    /// Card: a text and a picture's address; *Test*, *Send to all*. Shown again with what was filled in if that cannot
    /// be sent.
    WriteAnnouncement {
        /// The programme's name.
        programme: Sanitized,
        /// The text that is filled in.
        text: String,
        /// The picture's address that is filled in.
        image: String,
        /// What is wrong with what was filled in.
        problem: Option<DraftProblem>,
    },
    /// The announcement is being sent to this many people.
    Announced(usize),
    /// An announcement, with or without a picture.
    Announcement {
        /// The programme's name.
        programme: Sanitized,
        /// The text, in Markdown.
        text: String,
        /// An address from which Webex fetches the picture.
        image: Option<Link>,
    },
    /// To the organizer: this is how it looks. Card: *Send to all*.
    AnnouncementTest {
        /// The programme's name.
        programme: Sanitized,
        /// Identifies the announcement in what the card sends back.
        key: String,
        /// The text, in Markdown.
        text: String,
        /// An address from which Webex fetches the picture.
        image: Option<Link>,
    },
}
