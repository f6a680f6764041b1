//! English: plain, warm, short. Knows what is said; knows neither Markdown nor cards.

use chrono::NaiveDate;

use super::when::When;
use super::{Labels, STARTERS, Sentences, Words, each_choice, joined, some};
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{
    BotMessage, Break, Comeback, DraftProblem, FoundColleague, InsteadOf, Meeting, NextMeeting, OrganizerNews,
    Overview, Participation, Rejected, Stuck, Then, TimeProblem, WhatNext, WhyOff, WithoutPartner,
};
use crate::domain::state::bookings::MoveReason;
use crate::domain::state::reports::{Counts, SeenCounts};

pub(super) struct English;

const LABELS: Labels = Labels {
    join: "Join the meeting",
    suggest: "Suggest a new time",
    another: "Suggest another time",
    skip: "Skip this one",
    pause: "Pause",
    pause_how: "For how long?",
    pause_wrong: "Please choose for how long.",
    weeks_1: "1 week",
    weeks_2: "2 weeks",
    weeks_4: "4 weeks",
    weeks_8: "8 weeks",
    yes: "Yes",
    no: "No",
    met: "Yes, we met",
    not_yet: "Not yet",
    could_not: "We could not",
    send: "Send the suggestion",
    send_to_all: "Send to all",
    test: "Test",
    announcement: "What you want to say; Markdown is fine",
    announcement_wrong: "Please write something first.",
    image: "A picture's address, if you like: https://…",
    with: "With",
    department: "Department",
    when: "When",
    their_time: "For them",
    old_time: "Planned",
    new_time: "Suggested",
    starter: "Something to begin with",
    day: "Day",
    day_wrong: "Please choose one of the days offered.",
    time: "Time",
    time_wrong: "Please choose one of the times offered.",
    coming: "Your upcoming meetings",
    typing: "What you can type",
    left_out: "Without a partner",
    meetings_count: "meetings",
    met_count: "took place",
    month_held: "meetings took place",
    month_met: "people met somebody",
    percent_sign: "%",
    month_reach: "of colleagues in other departments within two steps",
    could_not_count: "did not",
    unknown_count: "no answer",
    picture: "The picture of this announcement",
};

const COMMANDS: [(&str, &str); 13] = [
    ("1, 2 …", "suggest a new time for the meeting with that number"),
    ("/change", "suggest a new time for your next meeting"),
    ("yes, no", "answer what I asked last"),
    ("status", "how you take part, and whom you meet"),
    ("why", "how partners are chosen"),
    ("skip", "leave out the next round; also: skip next week, skip 9 December"),
    ("unskip", "take part in it after all"),
    ("pause 2 weeks", "take a break; also: pause until 2027-01-11"),
    ("resume", "come back from a break"),
    ("not with NAME", "never be paired with someone; it stays between us"),
    ("meet NAME again", "take that back"),
    ("stop", "leave for good"),
    ("start", "join again"),
];

const ORGANIZERS_COMMANDS: [(&str, &str); 7] = [
    ("overview", "see this round, the last answers, who has no partner, and what is stuck"),
    ("who stopped", "see who left and who pauses"),
    ("find NAME", "see how somebody takes part"),
    ("pause NAME until 20 December", "pause somebody; I ask you first, and tell them"),
    ("report", "see how many meetings of the last round took place"),
    ("announce", "write to everybody who takes part"),
    ("greet", "greet the newcomers, if I asked; or: greet nobody"),
];

const LOOKED_UP: &str = "After each meeting I check at Webex who was there. I keep only whether both of you came, one or nobody: not \
                         for how long, and not from which device.";
const CHANGE: &str = "To suggest another time, type `1` or `/change`.";
const MET_OR_NOT: &str = "Please answer with the buttons of this message, or type `met`, `not yet` or `could not`.";

fn count(count: usize, one: &str, other: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { other })
}

fn meetings(number: usize) -> String {
    count(number, "meeting", "meetings")
}

/// A length of time in minutes; in hours if it is a whole number of them.
fn ahead(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (1.., 0) => count((minutes / 60).into(), "hour", "hours"),
        _ => count(minutes.into(), "minute", "minutes"),
    }
}

fn cancelled(number: usize) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb} cancelled, and whoever you were to meet is told.", meetings(number))
}

impl English {
    fn with_year(&self, date: NaiveDate) -> String {
        format!("{} {}", self.day(date), date.format("%Y"))
    }

    fn problem(&self, problem: &TimeProblem) -> String {
        match problem {
            TimeProblem::NoTime => "I need both a day and a time.".to_owned(),
            TimeProblem::WhichDay(days) => {
                let days: Vec<String> = days.iter().map(|day| self.with_year(*day)).collect();
                format!("That date can be {}: please write the one you mean in the form 2026-12-31.", days.join(" or "))
            }
            TimeProblem::Past => "That time has already passed.".to_owned(),
            TimeProblem::TooSoon(ahead) => {
                format!("That is too soon: please choose a time at least {} from now.", self::ahead(*ahead))
            }
            TimeProblem::TooLate(last) => format!("That is too late: the last possible day is {}.", self.day(*last)),
            TimeProblem::Holiday => "That day is a holiday.".to_owned(),
            TimeProblem::Same => "The meeting is already at that time.".to_owned(),
            TimeProblem::Busy => "You have another meeting of this programme then.".to_owned(),
            TimeProblem::PartnerBusy(name) => format!("{name} has another meeting of this programme then."),
        }
    }

    fn draft_problem(problem: &DraftProblem) -> String {
        match problem {
            DraftProblem::Blank => "There is no text yet.".to_owned(),
            DraftProblem::TooLong(length, most) => {
                format!("That has {length} characters; an announcement has at most {most}.")
            }
            DraftProblem::Image(_) => {
                "That is not the address of a picture that Webex can fetch: it must begin with https:// and have no spaces."
                    .to_owned()
            }
        }
    }

    fn together_all(&self, names: &[Sanitized]) -> String {
        self.together(&names.iter().map(|it| &**it).collect::<Vec<_>>())
    }

    fn why_off(why: WhyOff) -> &'static str {
        match why {
            WhyOff::PartnerGone => "One of you cannot come, so that meeting is cancelled.",
            WhyOff::ReaderGone => "You are listed as away on that day, so that meeting is cancelled.",
            WhyOff::DayOff => "That day is now a day off for one of you, so the meeting is cancelled.",
            WhyOff::Plan => "The organizer changed the plan for that round, so that meeting is cancelled.",
            WhyOff::WeekOff => "There is no round in that week after all, so that meeting is cancelled.",
            WhyOff::NoTime => "Your working hours no longer overlap, so that meeting is cancelled.",
            WhyOff::Deleted => "It was cancelled at Webex by whoever looks after the meetings.",
        }
    }

    fn instead(&self, InsteadOf { names, why }: &InsteadOf) -> String {
        let names = self.together_all(names);
        match why {
            WhyOff::PartnerGone => format!("{names} cannot come, so this meeting replaces the other one."),
            _ => format!(
                "You are not meeting {names} after all, because the plan changed. This meeting replaces that one."
            ),
        }
    }

    fn next_meeting(&self, next: &NextMeeting) -> String {
        match next {
            NextMeeting::Meeting(meeting) => format!(
                "Your next meeting is with {} on {}.",
                self.partners_in_full(meeting),
                self.span(meeting.start, meeting.minutes)
            ),
            NextMeeting::Draw(date) => format!("Your next round is on {}.", self.day(*date)),
            NextMeeting::Nothing => "You will hear from me when the next round is drawn.".to_owned(),
        }
    }

    fn comeback(&self, comeback: &Comeback) -> String {
        match comeback {
            Comeback::AfterAll(meeting) => format!(
                "You meet {} after all, on {}.",
                self.partners_in_full(meeting),
                self.span(meeting.start, meeting.minutes)
            ),
            Comeback::Taken(names, next) => {
                let has = if names.len() == 1 { "already has another partner" } else { "already have other partners" };
                format!("{} {has}. {}", self.together_all(names), self.next_meeting(next))
            }
            Comeback::WithoutYou(names, next) => {
                format!("{} meet as two this time. {}", self.together_all(names), self.next_meeting(next))
            }
            Comeback::Next(next) => self.next_meeting(next),
        }
    }

    fn news(&self, news: &OrganizerNews) -> String {
        match news {
            OrganizerNews::Joined(name, Some(first)) => {
                format!("{name} joined and is in the round of {}.", self.day(*first))
            }
            OrganizerNews::Joined(name, None) => format!("{name} joined."),
            OrganizerNews::Left(name) => format!("{name} left the roster."),
            OrganizerNews::OnePerson(name, email) => format!(
                "Somebody called {name} left, and somebody called {name} joined. If that is one person with a new \
                 address, write {email} in the column `formerly` of their row: then nothing of theirs is lost."
            ),
            OrganizerNews::Silent(name) => {
                format!("{name} has been silent for a long time, and is on a break until they write to me.")
            }
            OrganizerNews::Stopped(name) => format!("{name} left the programme."),
            OrganizerNews::Paused(name, until) => {
                format!("{name} is paused up to and including {}.", self.with_year(*until))
            }
            OrganizerNews::NewAddress(name, email) => format!("{name} has a new address: {email}."),
            OrganizerNews::Cancelled(names, date, gone) => format!(
                "The meeting of {} in the round of {} is cancelled: {gone} left.",
                self.together_all(names),
                self.day(*date)
            ),
            OrganizerNews::Alone(name, date, why) => {
                format!("{name} has no partner in the round of {}: {why}.", self.day(*date))
            }
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
            Participation::Takes => "You take part.".to_owned(),
            Participation::Paused(until) => format!("You are paused up to and including {}.", self.with_year(until)),
            Participation::Stopped => "You no longer take part. Type `start` to join again.".to_owned(),
        };
        let days: Vec<String> = skipped.iter().map(|date| self.day(*date)).collect();
        let days = self.together(&days.iter().map(|it| &**it).collect::<Vec<_>>());
        Sentences::new("How you take part", [])
            .line(how)
            .line_if(When::Skips, || format!("You are skipping {days}."))
            .line_if(When::HasMet, || format!("So far you have met {}.", count(met, "colleague", "colleagues")))
            .line_if(When::Wishes, || {
                let names = self.together_all(not_with);
                format!(
                    "You are never paired with {names}; only you can see this. To take it back, type `meet NAME again`."
                )
            })
            .line_if(When::NoneAhead, || "You have no upcoming meeting at the moment.".to_owned())
            .hint(match coming {
                [] => "Type `help` to see what else you can say.",
                _ => "Type a meeting's number to suggest a new time, or `help` for everything else.",
            })
    }

    fn left_out(&self, date: NaiveDate, why: WithoutPartner, next: Option<NaiveDate>) -> Sentences {
        let why = match why {
            WithoutPartner::Odd => {
                "There is an odd number of participants, so one of you is left over. \
                 Turns are fair: those who sat out recently are the last to do so again."
            }
            WithoutPartner::Rules => "Nobody you could meet under the programme's rules was free in time.",
            WithoutPartner::Limit => {
                "There are more participants than meetings in a round. \
                 Turns are fair: those who sat out recently are the last to do so again."
            }
            WithoutPartner::PartnerGone => "Your partner cannot come, and nobody else was free in time.",
        };
        let next = next.map_or_else(
            || "You will hear from me when the next round is drawn.".to_owned(),
            |next| format!("The next round is on {}, and you are in the draw again.", self.day(next)),
        );
        Sentences::new("No partner for you this time", [])
            .line(format!("I am sorry: in the round of {} there is no partner for you. {why}", self.day(date)))
            .line(next)
    }

    fn missed(missed: Rejected) -> Sentences {
        match missed {
            Rejected::Begun => Sentences::new("Too late to change that", ["The meeting has begun or is over."]),
            Rejected::Cancelled => Sentences::new("That meeting is cancelled", ["So there is nothing left to decide."]),
            Rejected::OutOfDate => Sentences::new(
                "That suggestion is out of date",
                ["It was already answered, a newer one replaced it, or its time ran out."],
            ),
            Rejected::NotYours => Sentences::new(
                "That is not your meeting",
                ["You are not one of the people in that meeting, so nothing changed."],
            ),
            Rejected::Unknown => Sentences::new(
                "That card is too old",
                ["Its meeting is long over, so nothing changed. Type `help` to see the upcoming ones."],
            ),
        }
    }

    fn not_with_whom(&self, message: &BotMessage, typed: &str, again: bool) -> Sentences {
        let rendered = Sentences::new("Whom do you mean?", []);
        let typed = self.quoted(typed);
        let choices = each_choice(message, self);
        if choices.is_empty() {
            return rendered.line(format!("I cannot find a colleague called {typed}.")).line(if again {
                "Type `meet`, the full name or the address, and `again`."
            } else {
                "Type `not with` and the full name or the address."
            });
        }
        rendered
            .line(format!(
                "I am not sure whom you mean by {typed}, so I have done nothing yet. Please tap one, or type:"
            ))
            .line(choices)
    }

    fn overview(&self, overview: &Overview) -> Sentences {
        let Overview { programme, round, answers, stuck } = overview;
        let rendered = Sentences::new(format!("{programme} at a glance"), []);
        let rendered = match round {
            None => rendered.line("No round is drawn for this week or later."),
            Some(round) if round.meetings == 0 => {
                rendered.line(format!("Nobody meets in the round of {}.", self.day(round.date)))
            }
            Some(round) => {
                let alone = round.alone.iter().map(|(name, why)| format!("{name} ({why})"));
                rendered
                    .line(format!(
                        "The round of {}: {}, {} booked.",
                        self.day(round.date),
                        meetings(round.meetings),
                        if round.booked == round.meetings { "all".to_owned() } else { round.booked.to_string() }
                    ))
                    .line(match round.alone.len() {
                        0 => "Everybody in it has a partner.".to_owned(),
                        _ => format!("Without a partner: {}.", some(alone, self)),
                    })
            }
        };
        let rendered = match answers {
            None => rendered.line("No round is over yet, so there are no answers."),
            Some((date, counts)) => rendered.line(format!(
                "What people say about the round of {}: {} took place, {} did not, and nobody has said about {}.",
                self.day(*date),
                meetings(counts.said_met),
                counts.said_could_not,
                counts.unsaid()
            )),
        };
        let seen = answers.map(|(_, counts)| counts.seen).unwrap_or_default();
        let rendered = rendered.line_if(When::Seen, || Self::seen(seen));
        let stuck_words = stuck.iter().map(|stuck| match stuck {
            Stuck::NotBooked(names, why) => {
                format!("Webex refuses the meeting of {}: {why}", self.together_all(names))
            }
            Stuck::Unreachable(one) => format!("Webex does not know {} ({})", one.name, one.email),
            Stuck::Unsent(number) => format!("{} to be sent", count(*number, "message waits", "messages wait")),
        });
        rendered.line(if stuck.is_empty() {
            "Nothing is stuck.".to_owned()
        } else {
            format!("Stuck: {}.", some(stuck_words, self))
        })
    }

    fn who_stopped(&self, stopped: &[Sanitized], paused: &[(Sanitized, NaiveDate)]) -> Sentences {
        let pauses = paused.iter().map(|(name, until)| format!("{name} until {}", self.with_year(*until)));
        Sentences::new("Who takes no part", [])
            .line_if(When::NobodyAway, || "Nobody has left, and nobody is paused.".to_owned())
            .line_if(When::SomeStopped, || {
                format!("Left for good: {}.", some(stopped.iter().map(ToString::to_string), self))
            })
            .line_if(When::SomePause, || format!("On a break: {}.", some(pauses, self)))
    }

    fn found(&self, one: &FoundColleague) -> Sentences {
        let FoundColleague { name, department, email, part, meetings, met, .. } = one;
        let heading = if department.is_empty() { name.to_string() } else { format!("{name} ({department})") };
        let coming =
            meetings.iter().map(|one| format!("{}, {}", self.partners(one), self.span(one.start, one.minutes)));
        Sentences::new(heading, [])
            .line(match part {
                Participation::Takes => format!("{email} takes part."),
                Participation::Paused(until) => {
                    format!("{email} is paused up to and including {}.", self.with_year(*until))
                }
                Participation::Stopped => {
                    format!("{email} has left. Only they can come back, by typing `start`.")
                }
            })
            .line_if(When::HasMet, || format!("So far they have met {}.", count(*met, "colleague", "colleagues")))
            .line_if(When::SomeAhead, || format!("They meet: {}.", some(coming, self)))
            .line_if(When::Unreachable, || "Webex does not know this address.".to_owned())
    }

    fn whom(&self, message: &BotMessage, typed: &str, then: Then) -> Sentences {
        let rendered = Sentences::new("Whom do you mean?", []);
        let (typed, choices) = (self.quoted(typed), each_choice(message, self));
        if choices.is_empty() {
            return rendered.line(format!("I cannot find a colleague called {typed}.")).line(match then {
                Then::Find => "Type `find` and the full name or the address.",
                Then::Pause(_) => {
                    "Type `pause`, the full name or the address, and `until` with a day, such as `until 20 December`."
                }
            });
        }
        rendered.line(format!("I am not sure whom you mean by {typed}. Please tap one, or type:")).line(choices)
    }

    fn pause_other(&self, message: &BotMessage, name: &str, until: Option<NaiveDate>, number: usize) -> Sentences {
        match until {
            None => Sentences::new(format!("Until when should {name} pause?"), [])
                .line("I have done nothing yet. Please tap one, or type:")
                .line(each_choice(message, self)),
            Some(until) => Sentences::new(format!("Pause {name}?"), [])
                .line(format!("That would be up to and including {}.", self.with_year(until)))
                .line_if(When::Cancels, || format!("This cancels {}, and those concerned will be told.", meetings(number)))
                .line(format!(
                    "I have done nothing yet. Type `yes` or tap the button, and I will do it and tell {name}; or type `no`."
                )),
        }
    }

    fn seen(SeenCounts { both, one, nobody }: SeenCounts) -> String {
        format!("Seen at Webex: both came to {both}, only one to {one}, and nobody to {nobody}.")
    }

    fn report(&self, date: NaiveDate, counts: Counts, corrects: bool) -> Sentences {
        let Counts { meetings: number, met, could_not, differ, said_met, said_could_not, seen, never_booked } = counts;
        let round = format!("Who met in the round of {}", self.day(date));
        let heading = if corrects { format!("{round}, after later answers") } else { round };
        Sentences::new(heading, [])
            .line(format!(
                "Of {}, {met} took place and {could_not} did not; what became of {} is not known.",
                meetings(number),
                counts.unknown()
            ))
            .line_if(When::Differ, || {
                let of = if differ == 1 { "one".to_owned() } else { differ.to_string() };
                format!(
                    "Accounts of {of} of those that took place differ: one person says that it did, and another that it \
                     did not."
                )
            })
            .line_if(When::NeverBooked, || {
                let meetings = match never_booked {
                    1 => "1 more meeting was".to_owned(),
                    number => format!("{number} more meetings were"),
                };
                format!("{meetings} never booked, and nobody was invited.")
            })
            .line_if(When::Seen, || {
                let said = format!("According to what people said: {said_met} took place, {said_could_not} did not.");
                format!("{} {said}", Self::seen(seen))
            })
    }
}

impl Words for English {
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
        format!("{} {date}", if back { "unskip" } else { "skip" })
    }

    fn typed_of_wish(&self, email: &str, again: bool) -> String {
        if again { format!("meet {email} again") } else { format!("not with {email}") }
    }

    fn typed_of_break(&self, Break { from, until }: &Break) -> (String, String) {
        let last = self.with_year(*until);
        match from {
            Some(from) => (format!("{} to {last}", self.with_year(*from)), format!("pause from {from} to {until}")),
            None => (format!("Until {last}"), format!("pause until {until}")),
        }
    }

    fn go_on(&self) -> [(&'static str, &'static str); 3] {
        [("Yes, go on", "start"), ("Ask me in a month", "pause 4 weeks"), ("Stop", "stop")]
    }

    fn usual_breaks(&self) -> [(&'static str, &'static str); 4] {
        let Labels { weeks_1, weeks_2, weeks_4, weeks_8, .. } = LABELS;
        [(weeks_1, "pause 1 week"), (weeks_2, "pause 2 weeks"), (weeks_4, "pause 4 weeks"), (weeks_8, "pause 8 weeks")]
    }

    fn typed_of_find(&self, email: &str) -> String {
        format!("find {email}")
    }

    fn typed_of_pause(&self, email: &str, until: Option<NaiveDate>, sure: bool) -> String {
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        format!("{}pause {email}{until}", if sure { "yes " } else { "" })
    }

    fn sure(&self) -> &'static str {
        "Yes, pause"
    }

    fn organizers_news(&self, news: &OrganizerNews) -> String {
        self.news(news)
    }

    fn starters(&self) -> &'static [&'static str; STARTERS] {
        &QUESTIONS
    }

    fn shared(&self, tag: &str) -> String {
        format!("You have something in common: {tag}. How did each of you get into it?")
    }

    fn agenda(&self, programme: &str, people: &str) -> String {
        format!(
            "{people} meet in {programme}: a short chat between colleagues who seldom meet.\n\n\
             There is nothing to prepare. If you would like something to begin with:"
        )
    }

    fn and(&self) -> &'static str {
        "and"
    }

    fn without_tapping(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("Please answer with the buttons of this message, or type", "Please type"),
            ("answer with the button of this message, or type", "type"),
            ("Please tap what you mean, or type:", "Please type one of these:"),
            ("Please tap one, or type:", "Please type one of these:"),
            ("Please tap, or type:", "Please type one of these:"),
            ("Type `yes` or tap the button, and I", "Type `yes`, and I"),
        ]
    }

    fn by_typing(&self, message: &BotMessage) -> &'static str {
        match message {
            BotMessage::SuggestTime { .. } => {
                "Forms do not work here at the moment. Please type the time instead, as in `change 1 to Thursday 11:00`."
            }
            BotMessage::WriteAnnouncement { .. } | BotMessage::AnnouncementTest { .. } => {
                "Forms do not work here at the moment. To write to everybody, run `roulette notify --announce FILE.md`."
            }
            _ => "Buttons do not work here at the moment: please type your answer, or `help` to see what you can type.",
        }
    }

    fn nobody_hears(&self, email: &str) -> String {
        match email {
            "" => "Replies here are not read. Please write to whoever organizes this.".to_owned(),
            email => format!("Replies here are not read. Please write to {email}."),
        }
    }

    fn quoted(&self, text: &str) -> String {
        format!("“{text}”")
    }

    fn day(&self, date: NaiveDate) -> String {
        date.format("%A %-d %B").to_string()
    }

    fn more(&self, count: usize) -> String {
        format!("and {count} more")
    }

    fn meets(&self, meeting: &Meeting) -> String {
        let whom = self.partners_in_full(meeting);
        let mut text = format!("You meet {whom} on {}.", self.span(meeting.start, meeting.minutes));
        for partner in &meeting.partners {
            if let Some(theirs) = self.theirs(meeting, partner) {
                text += &format!(" For {} that is {theirs}.", partner.name);
            }
        }
        text
    }

    fn tell(&self, message: &BotMessage) -> Sentences {
        match message {
            BotMessage::Introduction { meeting, instead, .. } => {
                Sentences::new(format!("Meet {}", self.partners(meeting)), [])
                    .line_if(When::AfterAll, || "There is somebody for you after all.".to_owned())
                    .line_if(When::Instead, || instead.as_ref().map(|it| self.instead(it)).unwrap_or_default())
                    .line(format!(
                        "{} to get to know each other, with nothing to prepare.",
                        count(meeting.minutes.into(), "minute", "minutes")
                    ))
                    .hint(
                        "If the time does not suit you, type `1` or `/change` to suggest another; \
                     type `skip` to leave this one out, or `pause` to take a break.",
                    )
            }
            BotMessage::Reminder(meeting) => {
                Sentences::new(format!("Coming up: {}", self.partners(meeting)), []).hint(CHANGE)
            }
            BotMessage::DidYouMeet(meeting) => {
                Sentences::new(format!("Did you meet {}?", self.partners(meeting)), [])
                    .line(format!("Your meeting was on {}.", self.moment(meeting.start)))
                    .line("If it did not work out, just say so, and you may be drawn together again.")
                    .hint(MET_OR_NOT)
            }
            BotMessage::WaitedAlone(meeting) => Sentences::new("Thank you for coming", [])
                .line(format!(
                    "You were in the meeting on {}, and it looks as if you waited in vain for {}. I am sorry about that, and \
                     will ask what happened.",
                    self.moment(meeting.start),
                    self.partners(meeting)
                ))
                .line("You do not have to do anything. If you met all the same, just type `met`."),
            BotMessage::WhatHappened { meeting, waited } => {
                Sentences::new(format!("What became of your meeting with {}?", self.partners(meeting)), [])
                    .line(format!(
                        "On {}, {waited} was in the meeting, and I did not see you there. That happens: what came up?",
                        self.moment(meeting.start)
                    ))
                    .line("If you met elsewhere, or it did not work out, just say so: I only want to know what comes next.")
                    .hint(MET_OR_NOT)
            }
            BotMessage::LeftOut { date, why, next, .. } => self.left_out(*date, *why, *next),
            BotMessage::PartnerGone { meeting, next: WhatNext::Rest(name) } => {
                Sentences::new(format!("You still meet {name}"), [])
                    .line(format!("{} cannot come on {}.", self.partners(meeting), self.moment(meeting.start)))
                    .line("So there are two of you; a new invitation replaces the old one.")
            }
            BotMessage::PartnerGone { meeting, next } => Sentences::new("Your meeting is off", [])
                .line(format!(
                    "{} cannot come on {}, so that meeting is cancelled.",
                    self.partners(meeting),
                    self.moment(meeting.start)
                ))
                .line(if *next == WhatNext::Seeking {
                    "I am looking for somebody else who is free, and will introduce you as soon as that is booked."
                } else {
                    "It is too late to find somebody else for you this time. You do not have to do anything: you are first in line for the \
                     next round."
                }),
            BotMessage::CalledOff { meeting, why, .. } => Sentences::new("Your meeting is off", [])
                .line(format!(
                    "You were to meet {} on {}. {}",
                    self.partners(meeting),
                    self.moment(meeting.start),
                    Self::why_off(*why)
                ))
                .line_if(When::Seeking, || {
                    "I am looking for somebody else who is free, and will introduce you as soon as that is booked.".to_owned()
                })
                .line_if(When::NextRound, || {
                    "You do not have to do anything: you are in the next round again.".to_owned()
                }),
            BotMessage::BackOn(meeting) => {
                Sentences::new(format!("You meet {} after all", self.partners(meeting)), [])
                    .line("The meeting that was off is on again.")
                    .hint(CHANGE)
            }
            BotMessage::PartnerUnreachable(meeting) => {
                Sentences::new(format!("Please write to {} yourself", self.partners(meeting)), []).line(
                    "Webex does not know the address that I have for them, so my messages do not arrive. \
                     The meeting stands: a short email from you will do.",
                )
            }
            BotMessage::Help { .. } => Sentences::new("How I can help", [])
                .line("I introduce colleagues who seldom meet, and look after their meetings.")
                .line_if(When::LooksUp, || LOOKED_UP.to_owned())
                .line_if(When::NoneAhead, || "You have no upcoming meeting at the moment.".to_owned()),
            BotMessage::Status { part, skipped, meetings, met, not_with } => {
                self.status(*part, skipped, meetings, *met, not_with)
            }
            BotMessage::Why { meetings, unmet, met } => {
                let next = meetings.first().map(|next| format!("You meet {} next.", self.partners(next)));
                Sentences::new("Why you meet whom you meet", [])
                    .line_if(When::SomeAhead, || next.unwrap_or_default())
                    .line(
                        "Each round is drawn by lot among those who may meet under the programme's rules, beginning with \
                         those who have never met. As many people as possible get a partner; nobody chooses.",
                    )
                    .line(match unmet {
                        0 if *met == 0 => "At the moment there is nobody you could meet under those rules.".to_owned(),
                        0 => "You have met everyone you can meet, so now you meet those you have not seen for the longest time."
                            .to_owned(),
                        1 => "There is 1 colleague you can still meet for the first time.".to_owned(),
                        _ => format!("There are {unmet} colleagues you can still meet for the first time."),
                    })
            }
            BotMessage::SuggestTime { meeting, from, to, problem, .. } => {
                Sentences::new("Which time would suit you?", [])
                    .line_if(When::Problem, || problem.as_ref().map(|it| self.problem(it)).unwrap_or_default())
                    .line(format!(
                        "As it stands, you meet {} on {}. Give the new time in your own time zone.",
                        self.partners(meeting),
                        self.span(meeting.start, meeting.minutes),
                    ))
                    .hint(&format!(
                        "Please fill in the card of this message: any day from {} to {}.",
                        self.day(*from),
                        self.day(*to)
                    ))
            }
            BotMessage::NothingToMove => Sentences::new(
                "Nothing to move",
                ["You have no meeting coming up that could be moved. Type `help` to see your upcoming meetings."],
            ),
            BotMessage::Suggested { meeting, to, outside } => Sentences::new("Your suggestion is on its way", [])
                .line(format!(
                    "I am asking {} whether {} suits. Until then, the old time stands: {}.",
                    self.partners(meeting),
                    self.span(*to, meeting.minutes),
                    self.moment(meeting.start)
                ))
                .line_if(When::Outside, || {
                    let names = self.together(&outside.iter().map(|it| &**it).collect::<Vec<_>>());
                    format!("It is outside the working hours of {names}, so please do not take a “no” personally.")
                }),
            BotMessage::Proposal { meeting, by, to, .. } => Sentences::new(
                format!("{by} suggests a new time"),
                [],
            )
            .line(format!(
                "Would {} suit you instead of {}?",
                self.span(*to, meeting.minutes),
                self.moment(meeting.start)
            ))
            .line_if(When::Outside, || "It is outside your working hours: a no is quite all right.".to_owned())
            .hint(
                "Please answer with the buttons of this message, or type `yes` or `no`. Until then the old time \
                     stands.",
            ),
            BotMessage::Waiting(meeting) => Sentences::new("Thank you, noted", []).line(format!(
                "The meeting moves as soon as everybody agrees. Until then, it is on {}.",
                self.moment(meeting.start)
            )),
            BotMessage::Moved { from, minutes, why: MoveReason::Length, .. } => {
                Sentences::new("Your meeting has a new length", []).line(format!(
                    "It was {}, from {}; your calendar is updated automatically.",
                    count((*minutes).into(), "minute", "minutes"),
                    self.moment(*from)
                ))
            }
            BotMessage::Moved { from, why, .. } => {
                let why = match why {
                    MoveReason::Agreed => "Everybody agreed.",
                    MoveReason::ByHand => "It was moved in the Webex calendar.",
                    MoveReason::DayOff => "The old day is now a day off.",
                    MoveReason::Programme | MoveReason::Length => "The programme now meets at another time.",
                    MoveReason::WorkingHours => "The round's time or somebody's working hours have changed, and this time suits everybody.",
                };
                Sentences::new("Your meeting has a new time", [])
                    .line(format!("{why} It was on {}; your calendar is updated automatically.", self.moment(*from)))
                    .hint(CHANGE)
            }
            BotMessage::MoveWaits { meeting, to } => Sentences::new("You agreed on a new time", []).line(format!(
                "Webex cannot move the meeting to {} at the moment; I will try again, and tell you once it is done. Until \
                 then, the old time stands: {}.",
                self.span(*to, meeting.minutes),
                self.moment(meeting.start)
            )),
            BotMessage::Declined { by, to, .. } => Sentences::new("The old time stands", [])
                .line(format!("{by} cannot make it on {}.", self.moment(*to)))
                .hint(CHANGE),
            BotMessage::DeclineNoted(_) => {
                Sentences::new("The old time stands", []).line("I have noted your no and passed it on.").hint(CHANGE)
            }
            BotMessage::Expired(_) => Sentences::new("The old time stands", [])
                .line("Nobody answered the suggested new time before it expired.")
                .hint(CHANGE),
            BotMessage::NotMoved { why: Some(why), .. } => Sentences::new("The old time stands", [])
                .line("You agreed on another time, but Webex did not accept it. I am sorry for the back and forth.")
                .line(format!("Webex says: {}", self.quoted(why)))
                .hint(CHANGE),
            BotMessage::NotMoved { why: None, .. } => Sentences::new("The old time stands", [])
                .line("You agreed on another time, but Webex could not move the meeting in time. I am sorry about that.")
                .hint(CHANGE),
            BotMessage::Rejected(missed, _) => Self::missed(*missed),
            BotMessage::Skipped { date, .. } => Sentences::new("Skipped", [])
                .line(format!("You sit out the round of {}.", self.day(*date)))
                .line_if(When::Cancels, || "Your invitation is withdrawn, and whoever you were to meet is told.".to_owned())
                .line(format!("If you change your mind, type `unskip {date}`.")),
            BotMessage::Unskipped(date, comeback) => Sentences::new("Back in", [])
                .line(format!("You are no longer skipping the round of {}.", self.day(*date)))
                .line(self.comeback(comeback)),
            BotMessage::NothingToSkip { back: false } => {
                Sentences::new("Nothing to skip", ["There is no upcoming round that you could skip."])
            }
            BotMessage::NothingToSkip { back: true } => {
                Sentences::new("Nothing to take back", ["You are not skipping any of the upcoming rounds."])
            }
            BotMessage::WhichRound { .. } => {
                Sentences::new("Which round do you mean?", ["I have done nothing yet. Please tap one, or type:"])
                    .line(each_choice(message, self))
            }
            BotMessage::WhichProgramme { .. } => Sentences::new(
                "Which programme do you mean?",
                ["You take part in several, so I have done nothing yet. Please tap one, or type:"],
            )
            .line(each_choice(message, self)),
            BotMessage::Absence { .. } => {
                Sentences::new("Shall I leave you out?", ["I have done nothing yet. Please tap what you mean, or type:"])
                    .line(each_choice(message, self))
            }
            BotMessage::WhichMeeting(_) => Sentences::new("Which meeting do you mean?", []).line(
                "Type its number, or `change` with the number and the new time, such as `change 2 to Friday 15:00`.",
            ),
            BotMessage::Paused { until, cancelled: number } => Sentences::new("Enjoy the break", [])
                .line(format!("You are paused up to and including {}. After that, you take part again.", self.with_year(*until)))
                .line_if(When::Cancels, || cancelled(*number))
                .line("To come back sooner, type `resume`."),
            BotMessage::PauseHow { typed, breaks } => Sentences::new("Until when?", [])
                .line_if(When::Typed, || match breaks.len() {
                    0 => format!("I do not understand {}.", self.quoted(typed)),
                    _ => format!("I am not sure what you mean by {}.", self.quoted(typed)),
                })
                .line("I have done nothing yet. Please tap one, or type:")
                .line(each_choice(message, self))
                .line_if(When::AnyDay, || "Any other day works, too: `pause until 2027-01-11`.".to_owned()),
            BotMessage::Resumed(comeback) => {
                Sentences::new("Welcome back", ["You take part again."]).line(self.comeback(comeback))
            }
            BotMessage::StopHow => Sentences::new("Do you want to leave?", ["I have changed nothing yet."])
                .line("Type `stop` alone to leave for good, `pause 4 weeks` to take a break, or `skip` to leave out the next round."),
            BotMessage::AskedAgain => Sentences::new("I could not hear you", [])
                .line("If you tapped a button in the meantime, it did not reach me. Here is my question once more:"),
            BotMessage::AnsweredPrivately => Sentences::default().line("I have answered you in private."),
            BotMessage::NotUnderstood(typed) => Sentences::new("I did not understand that", [])
                .line_if(When::Typed, || format!("You wrote {}. I changed nothing.", self.quoted(typed)))
                .line(
                    "Type `status` to see your meetings, `/change` to move the next one, `skip` to leave it out, \
                     `pause 2 weeks` to take a break, `not with NAME` never to meet someone, or `help` for everything.",
                ),
            BotMessage::NothingChanged => Sentences::default().line("All right, nothing has changed."),
            BotMessage::Welcome => Sentences::default().line("You are welcome!"),
            BotMessage::Stopped(number) => {
                Sentences::new("Goodbye, and thank you", ["You will get no more meetings and no more messages."])
                    .line_if(When::Cancels, || cancelled(*number))
                    .line("If you ever want to join again, type `start`.")
            }
            BotMessage::Started(comeback) => {
                Sentences::new("Good to have you back", ["You take part again."]).line(self.comeback(comeback))
            }
            BotMessage::PausedByRoster(until) => Sentences::new("Not quite yet", [])
                .line(format!(
                    "Whoever organizes this has paused you up to and including {}. After that, you take part again.",
                    self.with_year(*until)
                ))
                .line("If that is wrong, they can change it."),
            BotMessage::NotWith { name, booked } => Sentences::new("Noted, in confidence", [])
                .line(format!("You will not be paired with {name}. Nobody is told."))
                .line_if(When::Booked, || {
                    let start = booked.as_ref().map(|meeting| self.moment(meeting.start)).unwrap_or_default();
                    format!(
                        "One meeting with {name} is already booked, on {start}. It stands unless you call it off: \
                         then you skip that round, and nobody is told why."
                    )
                })
                .line(format!("To take this back, type “meet {name} again”."))
                .hint_if(When::Booked, &format!(
                    "To call it off, answer with the button of this message, or type `skip {}`.",
                    booked.as_ref().map(|meeting| meeting.start.date_naive().to_string()).unwrap_or_default()
                )),
            BotMessage::MeetAgain(name) => Sentences::new("Noted, in confidence", [])
                .line(format!("You may be paired with {name} again. Nobody is told.")),
            BotMessage::NoSuchWish { typed, wishes } => Sentences::new("There is no such wish", [])
                .line(format!("You have not told me that you do not want to meet {}.", self.quoted(typed)))
                .line_if(When::Wishes, || format!("You are not paired with {}.", self.together_all(wishes))),
            BotMessage::NotWithWhom { typed, again, .. } => self.not_with_whom(message, typed, *again),
            BotMessage::Overview(overview) => self.overview(overview),
            BotMessage::WhoStopped { stopped, paused } => self.who_stopped(stopped, paused),
            BotMessage::Found(one) => self.found(one),
            BotMessage::Whom { typed, then, .. } => self.whom(message, typed, *then),
            BotMessage::PauseOther { name, until, meetings, .. } => self.pause_other(message, name, *until, *meetings),
            BotMessage::PausedOther { name, until, is_new: false, .. } => {
                Sentences::new(format!("{name} is already paused"), [])
                    .line(format!("The pause lasts up to and including {}; nothing has changed.", self.with_year(*until)))
            }
            BotMessage::PausedOther { name, until, cancelled, .. } => {
                Sentences::new(format!("{name} is now paused"), [])
                    .line(format!("The pause lasts up to and including {}. I have told them.", self.with_year(*until)))
                    .line_if(When::Cancels, || {
                        let verb = if *cancelled == 1 { "is" } else { "are" };
                        format!("{} {verb} cancelled, and whoever was to meet them is told.", meetings(*cancelled))
                    })
            }
            BotMessage::PausedBy { by, until, cancelled: number } => {
                Sentences::new("You are on a break", [])
                    .line(format!(
                        "{by}, who organizes this, has paused you up to and including {}. After that, you take part again.",
                        self.with_year(*until)
                    ))
                    .line_if(When::Cancels, || cancelled(*number))
                    .line("If that is not what you want, type `resume`, and you take part again at once.")
            }
            BotMessage::NothingToReport => {
                Sentences::new("Nothing to report yet", ["No round is over. Ask again after the first one."])
            }
            BotMessage::Met => Sentences::new("Good to hear", ["Thank you. I hope you enjoyed it."]),
            BotMessage::NotYet(meeting) => Sentences::new("Thank you", [])
                .line(format!("Then I hope you and {} still find the time.", self.partners(meeting))),
            BotMessage::CouldNot { again } => Sentences::new(
                "Thank you for telling me",
                [if *again {
                    "You may be drawn together again in a later round."
                } else {
                    "I keep your answer alongside what I heard before."
                }],
            ),
            BotMessage::NotOnRoster => Sentences::new(
                "We have not met yet",
                ["I look after the meetings of a programme for colleagues, and you are not on its list. \
                  If you would like to take part, ask whoever organizes it."],
            ),
            BotMessage::Organizing(programme) => Sentences::new(format!("You organize {programme}"), [])
                .line("You are not on its list yourself, so you have no meetings here. What you can type:"),
            BotMessage::Greeting { programme, next, .. } => Sentences::new(format!("Welcome to {programme}"), [])
                .line(
                    "I introduce colleagues who seldom meet: now and then I book a short meeting for you with somebody \
                     from another part of the company. There is nothing to prepare.",
                )
                .line(self.next_meeting(next))
                .line(
                    "You can move each meeting, leave one out with `skip`, take a break with `pause`, or leave for \
                     good with `stop`. Type `help` to see everything.",
                )
                .line(
                    "I keep whom you met and when, and what you tell me here; I neither hear nor record what you talk \
                     about.",
                )
                .line_if(When::LooksUp, || LOOKED_UP.to_owned()),
            BotMessage::News { programme, .. } => Sentences::new(format!("News of {programme}"), []),
            BotMessage::GoOn(programme) => Sentences::new("Do you want to go on?", []).line(format!(
                "I have not heard from you for a while. Do you still want to meet colleagues in {programme}? If you do not \
                 answer, I will leave you out of the next draw."
            ))
            .line(format!("Please tap, or type: {}.", each_choice(message, self))),
            BotMessage::Rests(programme) => Sentences::new("You are on a break", []).line(format!(
                "I have heard nothing from you, so I am leaving you out of {programme} for now. To come back, write \
                 anything to me: `start`, for instance."
            )),
            BotMessage::ManySilent(silent, of) => Sentences::new("Shall I ask the people I have not heard from?", [])
                .line(format!(
                    "{silent} of {of} people have been silent for several rounds. That is a lot at once, so perhaps I \
                     could not hear them, and I am asking you first."
                ))
                .line("To ask them whether they want to go on, run `roulette notify --ask-silent yes`; to leave them alone, run it with `no`."),
            BotMessage::ManyNewcomers(new, of) => Sentences::new("Shall I greet the newcomers?", [])
                .line(format!(
                    "{new} of {of} people on the roster are new at once, so I am asking first. They take part in any case."
                ))
                .line("As the organizer, type `greet` or `greet nobody` to me, or run `roulette notify --greet yes`."),
            BotMessage::Greeted { waiting: 0, .. } => {
                Sentences::new("No newcomer is waiting to be greeted", ["I changed nothing."])
            }
            BotMessage::Greeted { greeted: false, .. } => {
                Sentences::new("Nobody is greeted", ["They take part all the same."])
            }
            BotMessage::Greeted { waiting: number, .. } => Sentences::new("On its way", []).line(format!(
                "{} will be greeted, each in their working hours.",
                count(*number, "newcomer", "newcomers")
            )),
            BotMessage::Summary { date, pairs, not_booked, .. } => {
                Sentences::new(format!("The round of {}: {}", self.day(*date), meetings(pairs.len())), [])
                    .line_if(When::NotBooked, || format!("{not_booked} of them could not be booked yet."))
            }
            BotMessage::Report { date, counts, corrects, .. } => self.report(*date, *counts, *corrects),
            BotMessage::Month { month, meetings: number, held, unknown, met: (met, of), reach, .. } => {
                let (before, now) = reach.unwrap_or_default();
                Sentences::new(format!("How {} went", month.format("%B %Y")), [])
                    .line(format!(
                        "{held} of {} took place, as far as is known; nothing is known about {unknown}.",
                        meetings(*number)
                    ))
                    .line(format!(
                        "{met} of {of} people who took part met somebody{}.",
                        if *unknown > 0 { ", counting those meetings as having taken place" } else { "" }
                    ))
                    .line_if(When::Reaches, || {
                        format!(
                            "People now reach {now}% of their colleagues in other departments within two steps; before \
                             the first round it was {before}%."
                        )
                    })
            }
            BotMessage::MonthPage(month) => {
                let month = month.format("%B %Y");
                Sentences::new("", [&format!("The report about {month}, as a page to read, print and pass on.")])
            }
            BotMessage::MovedLine { people, from, to } => {
                let names = self.together(&people.iter().map(|it| &**it).collect::<Vec<_>>());
                Sentences::default().line(format!(
                    "{names} moved their meeting from {} to {}.",
                    self.moment(*from),
                    self.moment(*to)
                ))
            }
            BotMessage::Unreachable(_) => Sentences::new("Webex does not know these addresses", [])
                .line("Please check them in the roster. Whoever was to meet these people has been told."),
            BotMessage::RosterFault { more, since, .. } => Sentences::new("The roster needs fixing", [])
                .line(format!(
                    "I cannot use it as it is, so I keep using the last good one, from {}: meetings, messages and \
                     answers go on, and nobody counts as having left. New people and changes wait, and so does the \
                     next draw. I will remind you once a day. What is wrong:",
                    self.day(*since)
                ))
                .hint_if(When::More, &format!("And {more} more: `roulette roster check` shows them all.")),
            BotMessage::RefusedAlike { bookings, .. } => {
                let what = if *bookings { "book meetings" } else { "send messages" };
                Sentences::new(format!("I stopped trying to {what}"), []).line(
                    "Webex refuses it in the same way for several people, so none of them is the cause. Nothing is lost: I will \
                     try again each time I run, and I tell you about it once. What is wrong:",
                )
            }
            BotMessage::ListenerGap { is_read, from, until, asked } => Sentences::new("I could not hear anybody", [])
                .line(format!(
                    "From {} {} until {} {}, I could not hear what people typed or tapped. I am now reading and answering \
                     what they typed{}; what they tapped is lost.",
                    self.day(from.date_naive()),
                    from.format("%H:%M"),
                    self.day(until.date_naive()),
                    until.format("%H:%M"),
                    if *is_read { "" } else { " in the last two weeks, but nothing from before" },
                ))
                .line_if(When::Asked, || {
                    let get = if *asked == 1 { "gets" } else { "get" };
                    format!("{} with an open question {get} it again.", count(*asked, "person", "people"))
                }),
            BotMessage::SpaceChosen { programme } => Sentences::new("It works", []).line(format!(
                "From now on, I will tell you here how “{programme}” is going: who met, once a round is over, and, at once, \
                 anything that needs your attention.",
            )),
            BotMessage::RunFaults { faults, .. } if faults.is_empty() => Sentences::new("Fixed", []),
            BotMessage::RunFaults { fixed, .. } => Sentences::new("Something is in my way", [])
                .line(
                    "Whatever does not depend on it goes on. I look again each time I run, remind you once a day, and tell you when \
                     it is fixed. What is wrong:",
                )
                .hint_if(When::Fixed, &format!("Fixed: {}.", joined(fixed, ", "))),
            BotMessage::WriteAnnouncement { problem, .. } => Sentences::new("Write to everybody", [])
                .line_if(When::Problem, || problem.as_ref().map(Self::draft_problem).unwrap_or_default())
                .line("Look at it first with “Test”, which shows it to you alone; or send it to everybody at once.")
                .hint("Please fill in the card of this message."),
            BotMessage::Announced(0) => {
                Sentences::new("Nothing to send", ["Everybody who takes part has this one already."])
            }
            BotMessage::Announced(number) => Sentences::new("On its way", []).line(format!(
                "{} will get your announcement, each in their working hours.",
                count(*number, "colleague", "colleagues")
            )),
            BotMessage::Announcement { .. } => Sentences::default(),
            BotMessage::AnnouncementTest { .. } => Sentences::new(
                "This is how it will look",
                ["Only you see it so far. Send it to everybody who takes part?"],
            )
            .hint("Please answer with the button of this message."),
        }
    }
}

const QUESTIONS: [&str; STARTERS] = [
    "What did you want to be when you were ten?",
    "What small thing made your week better?",
    "What does your team do that few others know about?",
    "What place near your home should every visitor see?",
    "What have you learnt lately that had nothing to do with work?",
    "What part of your work would you like to explain to a child?",
    "What do you listen to while you work, if anything?",
    "What do you cook when friends come over?",
    "What was your very first job?",
    "What book, film or series would you recommend to everybody here?",
    "What would you do with a free afternoon tomorrow?",
    "What question are you asked most often at work?",
    "What surprised you when you joined the company?",
    "What tool could you not work without?",
    "What is the view from where you sit right now?",
    "What sport, game or hobby did you give up, and would you take it up again?",
    "What does a perfect morning look like for you?",
    "Who taught you something that you still use every day?",
    "What is your favourite word in any language that you speak?",
    "What would you improve here if it took only one day?",
    "What journey would you make again at once?",
    "What is the best advice you ever ignored?",
    "What holiday in your country needs explaining?",
    "How do you end a working day?",
    "What pet do you have, or would you like to have?",
    "What could you give a short talk about without preparing?",
    "What mistake taught you the most?",
    "What was the last thing you repaired?",
    "What smell takes you back to your childhood?",
    "What are you looking forward to?",
    "Which colleague helped you lately, and how?",
    "What do people believe about your job that is not true?",
    "Which season suits you best?",
    "What would be the title of a book about your last month?",
    "What skill would you like to have by tomorrow?",
    "What is always in your bag or on your desk?",
    "What piece of news made you smile this year?",
    "What do you miss about the office, and what do you not miss at all?",
    "Where did you grow up, and what was it like?",
    "What was the last thing you made with your hands?",
    "What tradition of your team should other teams copy?",
];
