//! Everything that the bot says, as values: what is said, not how. What people wrote is [`sanitized`] where it enters, the
//! words are in [`language`], the cards in `cards/`, and how they are filled is in [`render`].
//! Knows no language and no card; times are in the zone of whoever reads them.
//!
//! To add a message, in this folder: its variant here; its sentences in `language/en.rs` and `language/uk.rs`, each that is not
//! always said with a `When` that `language/when.rs` decides, and a list after them in `render/plain.rs`; its card, if it has
//! one, in `render/card_values.rs`; its sample in `render/samples.rs`. A card that is new is also a file in `cards/`, a name in
//! `src/store/cards/mod.rs` and a line in `cards/README.md`. The compiler asks for the sentences and the test
//! `every_message_has_a_sample` for the sample; `INSTA_UPDATE=always cargo test --test program letters` writes the snapshots.

pub mod language;
pub mod render;
pub mod sanitized;

use chrono::{DateTime, NaiveDate, NaiveTime};

use self::sanitized::{Link, Sanitized};
use super::state::bookings::MoveReason;
use super::state::reports::Counts;
use crate::domain::starters::Starter;
use crate::domain::zone::Zone;

/// A meeting, as one of those who meet reads of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Names it in what a card sends back; nothing else is sent back.
    pub key: String,
    /// The programme's name.
    pub programme: Sanitized,
    /// Whom the reader meets: one, or two.
    pub partners: Vec<Partner>,
    /// When it begins, in the reader's zone.
    pub start: DateTime<Zone>,
    /// How long it is.
    pub minutes: u16,
    /// Where they join; none before it is booked.
    pub link: Option<Link>,
}

/// Somebody whom the reader meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// What they are called.
    pub name: Sanitized,
    /// The department; may be "".
    pub department: Sanitized,
    /// When the meeting begins, in the partner's own zone.
    pub start: DateTime<Zone>,
}

/// Why a suggested time does not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeProblem {
    /// No date or no time, or not one.
    NoTime,
    /// The date can be read as several days.
    WhichDay(Vec<NaiveDate>),
    /// That time is over.
    Past,
    /// It is less than this number of minutes ahead.
    TooSoon(u16),
    /// It is after this day.
    TooLate(NaiveDate),
    /// It is a holiday of the programme.
    Holiday,
    /// It is just the time that the meeting has.
    Same,
    /// The reader has another meeting of the programme then.
    Busy,
    /// The partner of that name has another meeting of the programme then.
    PartnerBusy(Sanitized),
}

impl BotMessage {
    /// The same without what is for its reader alone; none where that is all of it.
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

/// A colleague who may be meant, beside others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesake {
    /// What they are called.
    pub name: Sanitized,
    /// The department, or "".
    pub department: Sanitized,
    /// The address.
    pub email: String,
}

impl Namesake {
    /// The name with as much as tells them apart from the others.
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
    /// Its first day, where that is not today.
    pub from: Option<NaiveDate>,
    /// The last day of the pause.
    pub until: NaiveDate,
}

/// Why an announcement cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftProblem {
    /// There is no text.
    Blank,
    /// It has the first number of characters; the second is the most.
    TooLong(usize, usize),
    /// That is not the address of a picture that Webex can fetch.
    Image(Sanitized),
}

/// Why an answer came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The meeting has begun or is over.
    Begun,
    /// The meeting was cancelled.
    Cancelled,
    /// The suggestion was answered already, taken back by a newer one, or has expired.
    OutOfDate,
    /// The reader is not in that meeting.
    NotYours,
    /// The card is of a meeting that is long over, or of none.
    Unknown,
}

/// Why somebody has no partner in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithoutPartner {
    /// The number of participants is odd.
    Odd,
    /// The rules leave nobody.
    Rules,
    /// There are more people than meetings.
    Limit,
    /// There was a partner, who cannot come.
    PartnerGone,
}

/// What there is instead of a meeting to which somebody cannot come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatNext {
    /// Nothing takes its place.
    Nobody,
    /// Another partner, if one can be found: an introduction tells of them.
    Seeking,
    /// The third of three, of that name: they still meet.
    Rest(Sanitized),
}

/// Why a meeting of the reader's is off, where its partners are not the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyOff {
    /// One of those who were to meet cannot come.
    PartnerGone,
    /// The reader does not take part then, as the roster has it.
    ReaderGone,
    /// One of those who were to meet has a day off then.
    DayOff,
    /// The organizer changed the plan: a rule, or another draw.
    Plan,
    /// There is no round in that week.
    WeekOff,
    /// The working hours of those who meet share no time.
    NoTime,
    /// Somebody deleted it at Webex.
    Deleted,
}

/// A meeting of the reader's that is off, told together with the one that takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsteadOf {
    /// Whom the reader was to meet.
    pub names: Vec<Sanitized>,
    /// Why they do not.
    pub why: WhyOff,
}

/// When somebody next meets whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextMeeting {
    /// That meeting, be it that it is still to be booked.
    Meeting(Box<Meeting>),
    /// Nobody yet: they are in the draw for the round of that day.
    Draw(NaiveDate),
    /// Nobody, and no round is in sight.
    Nothing,
}

/// What comes of it that somebody takes part again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comeback {
    /// They meet whom they were to meet, after all.
    AfterAll(Box<Meeting>),
    /// Whom they were to meet has another partner by now; the names.
    Taken(Vec<Sanitized>, NextMeeting),
    /// This is what is next.
    Next(NextMeeting),
}

/// How somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Participation {
    /// They take part as usual.
    Takes,
    /// Not up to and including that day.
    Paused(NaiveDate),
    /// They have left for good.
    Stopped,
}

/// Something that the organizers read in their daily message. Nothing in it tells of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizerNews {
    /// Somebody joined, and first meets somebody in the round of that day, if one is in sight.
    Joined(Sanitized, Option<NaiveDate>),
    /// Somebody left the roster.
    Left(Sanitized),
    /// Somebody left the programme.
    Stopped(Sanitized),
    /// Somebody pauses for long, up to and including that day.
    Paused(Sanitized, NaiveDate),
    /// Somebody got a break, since they gave no sign for long.
    Silent(Sanitized),
    /// Somebody has a new address.
    NewAddress(Sanitized, Sanitized),
    /// A meeting is off, of these people on that day, since the last of them left the roster.
    Cancelled(Vec<Sanitized>, NaiveDate, Sanitized),
    /// Somebody has no partner in the round of that day; why, in the words of the plan.
    Alone(Sanitized, NaiveDate, Sanitized),
}

/// Somebody, as the organizers read of them: name and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What they are called.
    pub name: Sanitized,
    /// The address.
    pub email: Sanitized,
}

/// How a round stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundNow {
    /// The day of the round.
    pub date: NaiveDate,
    /// How many meetings it has.
    pub meetings: usize,
    /// How many of them are booked.
    pub booked: usize,
    /// Who has nobody to meet, and why, in the words of the plan.
    pub alone: Vec<(Sanitized, Sanitized)>,
}

/// Something that does not go on as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// The meeting of these people, which Webex refuses to book for this reason.
    NotBooked(Vec<Sanitized>, Sanitized),
    /// Webex does not know the address.
    Unreachable(Named),
    /// So many messages wait to be sent.
    Unsent(usize),
}

/// How the programme stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The programme's name.
    pub programme: Sanitized,
    /// The round of this week or else the next one, if one is drawn.
    pub round: Option<RoundNow>,
    /// What is known of the last round that is over.
    pub answers: Option<(NaiveDate, Counts)>,
    /// Everything that does not go on as it should.
    pub stuck: Vec<Stuck>,
}

/// A colleague, as an organizer reads of them. Nothing in it tells of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundColleague {
    /// What they are called.
    pub name: Sanitized,
    /// The department, or "".
    pub department: Sanitized,
    /// The address.
    pub email: Sanitized,
    /// How they take part.
    pub part: Participation,
    /// Their coming meetings.
    pub meetings: Vec<Meeting>,
    /// How many colleagues they met.
    pub met: usize,
    /// Whether Webex does not know the address.
    pub is_unreachable: bool,
}

/// What an organizer wants of whoever is meant.
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
    // To one who takes part, from the bot.
    /// Whom they meet and when. Card: a starter to begin with, the join link; *Suggest a new time*, *Skip this one*,
    /// *Pause*.
    Introduction {
        /// The meeting that is introduced.
        meeting: Meeting,
        /// What they may begin with.
        starter: Starter<Sanitized>,
        /// The meeting in whose place it is, if the reader has not heard that it is off.
        instead: Option<InsteadOf>,
        /// Whether they were told that there is nobody for them.
        after_all: bool,
    },
    /// The meeting is on the next working day. Card: the join link, *Suggest a new time*.
    Reminder(Meeting),
    /// Did you meet? Card: *Yes*, *Not yet*, *We could not*.
    DidYouMeet(Meeting),
    /// A kind word to whoever waited in the meeting alone, as Webex saw it.
    WaitedAlone(Meeting),
    /// To whom somebody waited for: what happened? Card: as for [`BotMessage::DidYouMeet`].
    WhatHappened {
        /// The meeting at which somebody waited.
        meeting: Meeting,
        /// The name of whoever waited there.
        waited: Sanitized,
    },
    /// A kind word to one without a partner.
    LeftOut {
        /// The programme's name.
        programme: Sanitized,
        /// The day of the round.
        date: NaiveDate,
        /// Why there is no partner.
        why: WithoutPartner,
        /// When the next round is, if that is known.
        next: Option<NaiveDate>,
    },
    /// The partner cannot come: the meeting is off. The name is the partner's; what happens next depends on whether
    /// somebody else was found.
    PartnerGone {
        /// The meeting that is off.
        meeting: Meeting,
        /// What takes the meeting's place.
        next: WhatNext,
    },
    /// The meeting is off, and not since a partner chose not to come; the reader is looked after as far as that is possible.
    CalledOff {
        /// The meeting that is off.
        meeting: Meeting,
        /// Why it is off.
        why: WhyOff,
        /// What takes the meeting's place.
        next: WhatNext,
    },
    /// A meeting of which the reader heard that it is off takes place after all.
    BackOn(Meeting),
    /// The partner's address is unknown at Webex: the reader is asked to write an email instead.
    PartnerUnreachable(Meeting),

    // In answer to what they typed or tapped.
    /// What one can say, and the coming meetings by number.
    Help {
        /// The reader's coming meetings.
        meetings: Vec<Meeting>,
        /// Whether the reader is the organizer, who can say more.
        organizes: bool,
        /// Whether it is looked at Webex who came to a meeting.
        attendance: bool,
    },
    /// To the organizer, who does not take part: what they can say. The text is the programme's name.
    Organizing(Sanitized),
    /// How they take part, which rounds they skip, and their coming meetings.
    Status {
        /// How the reader takes part.
        part: Participation,
        /// Rounds that they skip.
        skipped: Vec<NaiveDate>,
        /// The reader's coming meetings.
        meetings: Vec<Meeting>,
        /// How many colleagues they met so far.
        met: usize,
        /// With whom they do not want to be paired.
        not_with: Vec<Sanitized>,
    },
    /// Why they meet whom they meet: how the draw works, in a few sentences.
    Why {
        /// Whom they meet next, if anyone.
        meetings: Vec<Meeting>,
        /// How many colleagues they could meet and have not met yet.
        unmet: usize,
        /// How many they met.
        met: usize,
    },
    /// Card: a date and a time, and *Send*. Again with what was filled in, where that does not do.
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
    /// `/change` or a number without a meeting that can be moved.
    NothingToMove,
    /// To the proposer: the suggestion is on its way; the old time stands until the others agree.
    Suggested {
        /// The meeting at its old time.
        meeting: Meeting,
        /// The suggested start, in the reader's zone.
        to: DateTime<Zone>,
        /// Names of those outside whose working hours it is; the reader's own is among them if need be.
        outside: Vec<Sanitized>,
    },
    /// To the others: somebody suggests a new time. Card: old and new; *Yes*, *No*, *Suggest another time*.
    Proposal {
        /// The meeting at its old time.
        meeting: Meeting,
        /// Which of the meeting's proposals; the card sends it back.
        number: u32,
        /// The name of whoever suggests it.
        by: Sanitized,
        /// The suggested start, in the reader's zone.
        to: DateTime<Zone>,
        /// Whether it is outside the reader's working hours.
        outside: bool,
    },
    /// To one of a trio who said yes: the third has yet to agree.
    Waiting(Meeting),
    /// To all: the meeting has moved.
    Moved {
        /// The meeting at its new time.
        meeting: Meeting,
        /// The old start, in the reader's zone.
        from: DateTime<Zone>,
        /// How long it was.
        minutes: u16,
        /// Why it moved.
        why: MoveReason,
    },
    /// To all: they agreed, but Webex does not have it yet; until then the old time stands.
    MoveWaits {
        /// The meeting at its old time.
        meeting: Meeting,
        /// The start on which they agreed, in the reader's zone.
        to: DateTime<Zone>,
    },
    /// To the proposer: the other said no; the old time stands.
    Declined {
        /// The meeting, at its old time.
        meeting: Meeting,
        /// The name of whoever said no.
        by: Sanitized,
        /// The suggested start, in the reader's zone.
        to: DateTime<Zone>,
    },
    /// To the one who said no: noted, the old time stands.
    DeclineNoted(Meeting),
    /// To all: nobody answered in time, the old time stands.
    Expired(Meeting),
    /// To all: they agreed, but Webex does not accept the new time, or could not be asked in time; the old one stands.
    NotMoved {
        /// The meeting, at its old time.
        meeting: Meeting,
        /// What Webex says against it, if it was asked.
        why: Option<Sanitized>,
    },
    /// An answer came to nothing; the meeting, where the reader is in it and it stands.
    Rejected(Rejected, Option<Meeting>),
    /// They will not meet in that round; whether a meeting was cancelled for it.
    Skipped {
        /// The day of the round.
        date: NaiveDate,
        /// Whether a meeting is cancelled.
        cancelled: bool,
    },
    /// They take part in that round again.
    Unskipped(NaiveDate, Comeback),
    /// There is no round to skip, or none that they skip and could take back.
    NothingToSkip {
        /// Whether it is about taking part again.
        back: bool,
    },
    /// Which round did they mean? The days of those ahead.
    WhichRound {
        /// The days of the rounds that may be meant.
        dates: Vec<NaiveDate>,
        /// Whether it is about taking part again.
        back: bool,
    },
    /// Which meeting did they mean to move? Those ahead, by number.
    WhichMeeting(Vec<Meeting>),
    /// Which programme did they mean by what they typed?
    WhichProgramme {
        /// Those that it may be.
        names: Vec<Sanitized>,
        /// The text that may be meant for any of them.
        typed: Sanitized,
    },
    /// They pause up to and including that day; how many meetings are cancelled for it.
    Paused {
        /// The last day of the pause.
        until: NaiveDate,
        /// How many meetings are cancelled.
        cancelled: usize,
    },
    /// Until when? Card: what it can be.
    PauseHow {
        /// What they typed; "" where that is not to be shown.
        typed: Sanitized,
        /// What it can mean; where there is none, a few lengths are offered.
        breaks: Vec<Break>,
    },
    /// They cannot come, they say: shall they be left out? Card: the rounds and pauses that may be meant.
    Absence {
        /// The days of the rounds.
        dates: Vec<NaiveDate>,
        /// The pauses that may be meant.
        breaks: Vec<Break>,
    },
    /// They take part again.
    Resumed(Comeback),
    /// Do they want to leave? They said so among other words.
    StopHow,
    /// What they typed is not understood: the text.
    NotUnderstood(Sanitized),
    /// They want nothing of what was asked.
    NothingChanged,
    /// To a word of thanks.
    Welcome,
    /// In a space: the answer is private, and is there.
    AnsweredPrivately,
    /// Nobody could hear what they tapped: a question follows that they were asked before.
    AskedAgain,
    /// They left for good; how many meetings are cancelled for it.
    Stopped(usize),
    /// They take part again, after they had left.
    Started(Comeback),
    /// They would be back, but the roster has them pause up to and including that day.
    PausedByRoster(NaiveDate),
    /// They will not be paired with that person. Nobody is told.
    NotWith {
        /// The name of that person.
        name: Sanitized,
        /// A meeting with that person that is booked already. Card: *Skip this one*.
        booked: Option<Meeting>,
    },
    /// They may be paired with that person again.
    MeetAgain(Sanitized),
    /// They have no such wish; whom they do not want to be paired with.
    NoSuchWish {
        /// The text in which they named somebody.
        typed: Sanitized,
        /// The names of those with whom they are not paired.
        wishes: Vec<Sanitized>,
    },
    /// Nobody, or more than one, has that name: who is meant?
    NotWithWhom {
        /// The text in which they named somebody.
        typed: Sanitized,
        /// Who may be meant.
        near: Vec<Namesake>,
        /// Whether it is about meeting them again.
        again: bool,
    },
    /// Thanks to whoever says that they met.
    Met,
    /// They will meet yet.
    NotYet(Meeting),
    /// They could not meet; whether they may be drawn together again: not where another says that they met.
    CouldNot {
        /// Whether they may be drawn together again.
        again: bool,
    },
    /// Whoever wrote is not on the roster.
    NotOnRoster,

    /// To a newcomer, once: what this is, when they first meet somebody, and how to pause or leave.
    Greeting {
        /// The programme's name.
        programme: Sanitized,
        /// When the reader first meets somebody.
        next: NextMeeting,
        /// Whether it is looked at Webex who came to a meeting.
        attendance: bool,
    },

    // To the organizers' space.
    /// What happened since the last such message: at most one a day.
    News {
        /// The programme's name.
        programme: Sanitized,
        /// Everything that happened, in its order.
        news: Vec<OrganizerNews>,
    },
    /// To one who gave no sign for long, of the programme of that name: whether to go on. Card: *Yes, go on*, *Ask me in a
    /// month*, *Stop*.
    GoOn(Sanitized),
    /// To one who did not answer that: they have a break.
    Rests(Sanitized),
    /// So many gave no sign for long, of so many, that the organizer is asked before they are.
    ManySilent(usize, usize),
    /// So many are new at once, of so many, that the organizer is asked before they are greeted.
    ManyNewcomers(usize, usize),
    /// To the organizer, who had newcomers greeted or not.
    Greeted {
        /// How many waited for it.
        waiting: usize,
        /// Whether they are greeted.
        greeted: bool,
    },
    /// Who was paired and who was not.
    Summary {
        /// The programme's name.
        programme: Sanitized,
        /// The day of the round.
        date: NaiveDate,
        /// Names of those who meet.
        pairs: Vec<Vec<Sanitized>>,
        /// How many of their meetings are not booked yet.
        not_booked: usize,
        /// Who does not, and why, in the words of the plan.
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
        /// Whether it corrects what was told before.
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
        /// For how many of them nobody knows.
        unknown: usize,
        /// How many participants met somebody, and how many participants there were.
        met: (usize, usize),
        /// The percentage of colleagues in other departments whom people reach within two steps, before the first round
        /// and now; none if it is not known.
        reach: Option<(u8, u8)>,
    },
    /// The page about the month that begins on that day comes with this.
    MonthPage(NaiveDate),
    /// A line about a meeting that moved.
    MovedLine {
        /// The names of those who meet.
        people: Vec<Sanitized>,
        /// From then, in the programme's zone.
        from: DateTime<Zone>,
        /// To this time, in the programme's zone.
        to: DateTime<Zone>,
    },
    /// Webex does not know these addresses.
    Unreachable(Vec<Named>),
    /// The roster's file is at fault, and the last good roster is gone on with.
    RosterFault {
        /// The first faults, each with its place.
        faults: Vec<Sanitized>,
        /// How many more there are.
        more: usize,
        /// Since when the last good roster has been as it is.
        since: NaiveDate,
    },

    /// This space was chosen for what the organizers are told.
    SpaceChosen {
        /// The programme's name.
        programme: Sanitized,
    },
    /// Webex refuses so much that a run stopped.
    RefusedAlike {
        /// Whether it booked meetings; else it sent messages.
        bookings: bool,
        /// The reason that Webex gives.
        why: Sanitized,
    },
    /// Nobody heard what people tapped and typed.
    WasDeaf {
        /// Whether all that was typed can be read back: of what is longer ago than two weeks, nothing can.
        is_read: bool,
        /// Since when nobody was heard.
        from: DateTime<Zone>,
        /// Until when that lasted.
        until: DateTime<Zone>,
        /// How many have an open question, and get it again.
        asked: usize,
    },
    /// What is at fault in a run, and what is mended.
    RunFaults {
        /// What is new, or lasts for another day.
        faults: Vec<Sanitized>,
        /// Everything that is mended since.
        mended: Vec<Sanitized>,
    },

    // To an organizer, in answer to what they typed.
    /// How the programme stands.
    Overview(Box<Overview>),
    /// Who takes no part.
    WhoStopped {
        /// Names of those who left for good.
        stopped: Vec<Sanitized>,
        /// Those who pause, and up to and including when.
        paused: Vec<(Sanitized, NaiveDate)>,
    },
    /// How somebody takes part.
    Found(Box<FoundColleague>),
    /// Nobody, or more than one, has that name: who is meant? Card: those who may be.
    Whom {
        /// The text in which they named somebody.
        typed: Sanitized,
        /// Who may be meant.
        near: Vec<Namesake>,
        /// What is to be done, once that is known.
        then: Then,
    },
    /// Shall somebody pause? Card: *Yes*; or how long, where that is not known.
    PauseOther {
        /// The name of whoever is to pause.
        name: Sanitized,
        /// The address of whoever is to pause.
        email: String,
        /// Up to and including that day.
        until: Option<NaiveDate>,
        /// How many meetings that would cancel.
        meetings: usize,
    },
    /// An organizer had somebody pause.
    PausedOther {
        /// The name of whoever pauses.
        name: Sanitized,
        /// Up to and including that day.
        until: NaiveDate,
        /// How many meetings are cancelled for it.
        cancelled: usize,
        /// Whether they did not already.
        is_new: bool,
    },
    /// To whom an organizer has pause.
    PausedBy {
        /// The name of that organizer.
        by: Sanitized,
        /// Up to and including that day.
        until: NaiveDate,
        /// How many meetings are cancelled for it.
        cancelled: usize,
    },
    /// No round is over yet.
    NothingToReport,

    // From the organizer to everybody, and to the organizer about it.
    /// Card: a text and a picture's address; *Test*, *Send to all*. Again with what was filled in, where that does not
    /// do.
    WriteAnnouncement {
        /// The programme's name.
        programme: Sanitized,
        /// The text that is filled in.
        text: String,
        /// The picture's address that is filled in.
        image: String,
        /// What is wrong with it.
        problem: Option<DraftProblem>,
    },
    /// To how many it is on its way.
    Announced(usize),
    /// An announcement, with a picture or without.
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
        /// Names it in what the card sends back.
        key: String,
        /// The text, in Markdown.
        text: String,
        /// An address from which Webex fetches the picture.
        image: Option<Link>,
    },
}
