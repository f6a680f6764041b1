//! Everything in what is said that other people wrote, made harmless before it becomes a sentence.
//! Names every variant, so that a new one cannot be forgotten. Knows no language.

use crate::domain::message::language::{sanitize, sanitize_sentence};
use crate::domain::message::{
    BotMessage, Comeback, DraftProblem, Meeting, NextMeeting, OrganizerNews, Stuck, TimeProblem, WhatNext,
};
use crate::domain::starters::Starter;

/// The same with short names on one line, and without links that are none.
pub(super) fn sanitized(message: &BotMessage) -> BotMessage {
    let mut message = message.clone();
    match &mut message {
        BotMessage::Introduction { meeting, starter, instead, .. } => {
            if let Starter::Own(text) | Starter::Shared(text) = starter {
                *text = sanitize_sentence(text);
            }
            of_meeting(meeting);
            instead.iter_mut().for_each(|instead| of_all(&mut instead.names));
        }
        BotMessage::Moved { meeting, .. }
        | BotMessage::MoveWaits { meeting, .. }
        | BotMessage::BackOn(meeting)
        | BotMessage::Reminder(meeting)
        | BotMessage::DidYouMeet(meeting)
        | BotMessage::WaitedAlone(meeting)
        | BotMessage::PartnerUnreachable(meeting)
        | BotMessage::Waiting(meeting)
        | BotMessage::DeclineNoted(meeting)
        | BotMessage::Expired(meeting)
        | BotMessage::NotYet(meeting) => of_meeting(meeting),
        BotMessage::WhatHappened { meeting, waited } => {
            of_meeting(meeting);
            of(waited);
        }
        BotMessage::NotMoved { meeting, why } => {
            of_meeting(meeting);
            why.iter_mut().for_each(of);
        }
        BotMessage::Unskipped(_, comeback) | BotMessage::Resumed(comeback) | BotMessage::Started(comeback) => {
            of_comeback(comeback);
        }
        BotMessage::NotWith { name, booked } => {
            of(name);
            booked.iter_mut().for_each(of_meeting);
        }
        BotMessage::NoSuchWish { typed, wishes } => {
            of(typed);
            of_all(wishes);
        }
        BotMessage::Greeting { programme, next, .. } => {
            of(programme);
            of_next(next);
        }
        BotMessage::News { programme, news } => {
            of(programme);
            news.iter_mut().for_each(of_news);
        }
        BotMessage::PartnerGone { meeting, next } | BotMessage::CalledOff { meeting, next, .. } => {
            of_meeting(meeting);
            if let WhatNext::Rest(name) = next {
                of(name);
            }
        }
        BotMessage::SuggestTime { meeting, problem, .. } => {
            of_meeting(meeting);
            if let Some(TimeProblem::PartnerBusy(name)) = problem {
                of(name);
            }
        }
        BotMessage::Rejected(_, meeting) => meeting.iter_mut().for_each(of_meeting),
        BotMessage::WhichMeeting(meetings) | BotMessage::Help { meetings, .. } | BotMessage::Why { meetings, .. } => {
            meetings.iter_mut().for_each(of_meeting);
        }
        BotMessage::Status { meetings, not_with, .. } => {
            meetings.iter_mut().for_each(of_meeting);
            of_all(not_with);
        }
        BotMessage::Suggested { meeting, outside, .. } => {
            of_meeting(meeting);
            of_all(outside);
        }
        BotMessage::Proposal { meeting, by, .. } | BotMessage::Declined { meeting, by, .. } => {
            of_meeting(meeting);
            of(by);
        }
        BotMessage::LeftOut { programme, .. }
        | BotMessage::Report { programme, .. }
        | BotMessage::SpaceChosen { programme }
        | BotMessage::GoOn(programme)
        | BotMessage::Rests(programme) => of(programme),
        BotMessage::PauseHow { typed: text, .. }
        | BotMessage::NotUnderstood(text)
        | BotMessage::MeetAgain(text)
        | BotMessage::Organizing(text) => of(text),
        BotMessage::NotWithWhom { typed, near, .. } | BotMessage::Whom { typed, near, .. } => {
            of(typed);
            for one in near {
                of(&mut one.name);
                of(&mut one.department);
            }
        }
        BotMessage::Summary { programme, pairs, left_out, .. } => {
            of(programme);
            pairs.iter_mut().for_each(|pair| of_all(pair));
            for (name, why) in left_out {
                of(name);
                of(why);
            }
        }
        BotMessage::MovedLine { people, .. } => of_all(people),
        BotMessage::Unreachable(people) => {
            for one in people {
                of(&mut one.name);
                of(&mut one.email);
            }
        }
        BotMessage::RosterFault { faults, .. } => {
            faults.iter_mut().for_each(|fault| *fault = sanitize_sentence(fault));
        }
        BotMessage::RefusedAlike { why, .. } => *why = sanitize_sentence(why),
        BotMessage::RunFaults { faults, mended } => {
            faults.iter_mut().for_each(|fault| *fault = sanitize_sentence(fault));
            of_all(mended);
        }
        BotMessage::Announcement { programme, image, .. } | BotMessage::AnnouncementTest { programme, image, .. } => {
            of(programme);
            *image = image.take().filter(|link| is_link(link));
        }
        BotMessage::WriteAnnouncement { programme, problem, .. } => {
            of(programme);
            if let Some(DraftProblem::Image(image)) = problem {
                of(image);
            }
        }
        BotMessage::Overview(overview) => {
            of(&mut overview.programme);
            for (name, why) in overview.round.iter_mut().flat_map(|round| &mut round.alone) {
                of(name);
                of(why);
            }
            for stuck in &mut overview.stuck {
                match stuck {
                    Stuck::NotBooked(names, why) => {
                        of_all(names);
                        of(why);
                    }
                    Stuck::Unreachable(one) => {
                        of(&mut one.name);
                        of(&mut one.email);
                    }
                    Stuck::Unsent(_) => {}
                }
            }
        }
        BotMessage::WhoStopped { stopped, paused } => {
            of_all(stopped);
            paused.iter_mut().for_each(|(name, _)| of(name));
        }
        BotMessage::Found(one) => {
            of(&mut one.name);
            of(&mut one.department);
            of(&mut one.email);
            one.meetings.iter_mut().for_each(of_meeting);
        }
        BotMessage::WhichProgramme { names, typed } => {
            of_all(names);
            of(typed);
        }
        BotMessage::PauseOther { name, .. } | BotMessage::PausedOther { name, .. } => of(name),
        BotMessage::PausedBy { by, .. } => of(by),
        BotMessage::NothingToMove
        | BotMessage::NothingToReport
        | BotMessage::Greeted { .. }
        | BotMessage::Skipped { .. }
        | BotMessage::NothingToSkip { .. }
        | BotMessage::StopHow
        | BotMessage::NothingChanged
        | BotMessage::Welcome
        | BotMessage::AnsweredPrivately
        | BotMessage::AskedAgain
        | BotMessage::WasDeaf { .. }
        | BotMessage::WhichRound { .. }
        | BotMessage::Absence { .. }
        | BotMessage::Paused { .. }
        | BotMessage::Stopped(_)
        | BotMessage::PausedByRoster(_)
        | BotMessage::Met
        | BotMessage::CouldNot { .. }
        | BotMessage::NotOnRoster
        | BotMessage::ManyNewcomers(..)
        | BotMessage::ManySilent(..)
        | BotMessage::Announced(_) => {}
    }
    message
}

fn of_meeting(meeting: &mut Meeting) {
    of(&mut meeting.programme);
    for partner in &mut meeting.partners {
        of(&mut partner.name);
        of(&mut partner.department);
    }
    meeting.link = meeting.link.take().filter(|link| is_link(link));
}

fn of_next(next: &mut NextMeeting) {
    if let NextMeeting::Meeting(meeting) = next {
        of_meeting(meeting);
    }
}

fn of_comeback(comeback: &mut Comeback) {
    match comeback {
        Comeback::AfterAll(meeting) => of_meeting(meeting),
        Comeback::Taken(names, next) => {
            of_all(names);
            of_next(next);
        }
        Comeback::Next(next) => of_next(next),
    }
}

fn of_news(news: &mut OrganizerNews) {
    match news {
        OrganizerNews::Joined(name, _)
        | OrganizerNews::Left(name)
        | OrganizerNews::Stopped(name)
        | OrganizerNews::Silent(name)
        | OrganizerNews::Paused(name, _) => of(name),
        OrganizerNews::NewAddress(name, other) | OrganizerNews::Alone(name, _, other) => {
            of(name);
            *other = sanitize_sentence(other);
        }
        OrganizerNews::Cancelled(names, _, gone) => {
            of_all(names);
            of(gone);
        }
    }
}

fn of(text: &mut String) {
    *text = sanitize(text);
}

fn of_all(texts: &mut [String]) {
    texts.iter_mut().for_each(of);
}

/// Whether it opens a page and nothing else.
fn is_link(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '`' | '\\'))
}
