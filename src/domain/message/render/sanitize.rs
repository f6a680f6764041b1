//! Everything in what is said that other people wrote, made harmless before it becomes a sentence.
//! Names every variant, so that a new one cannot be forgotten. Knows no language.

use crate::domain::message::language::sanitize;
use crate::domain::message::{BotMessage, DraftProblem, Meeting, TimeProblem, WhatNext};

/// The same with short names on one line, and without links that are none.
pub(super) fn sanitized(message: &BotMessage) -> BotMessage {
    let mut message = message.clone();
    match &mut message {
        BotMessage::Introduction { meeting, .. }
        | BotMessage::Moved { meeting, .. }
        | BotMessage::Reminder(meeting)
        | BotMessage::DidYouMeet(meeting)
        | BotMessage::PartnerUnreachable(meeting)
        | BotMessage::Waiting(meeting)
        | BotMessage::DeclineNoted(meeting)
        | BotMessage::Expired(meeting)
        | BotMessage::NotMoved(meeting)
        | BotMessage::NotYet(meeting) => of_meeting(meeting),
        BotMessage::PartnerGone { meeting, next } => {
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
        BotMessage::Help { meetings, .. } | BotMessage::Status { meetings, .. } | BotMessage::Why { meetings, .. } => {
            meetings.iter_mut().for_each(of_meeting);
        }
        BotMessage::Suggested { meeting, outside, .. } => {
            of_meeting(meeting);
            of_all(outside);
        }
        BotMessage::Proposal { meeting, by, .. } | BotMessage::Declined { meeting, by, .. } => {
            of_meeting(meeting);
            of(by);
        }
        BotMessage::LeftOut { programme, .. } | BotMessage::Report { programme, .. } => of(programme),
        BotMessage::PauseHow(text) | BotMessage::NotWith(text) | BotMessage::Organizing(text) => of(text),
        BotMessage::NotWithWhom { typed, near } => {
            of(typed);
            of_all(near);
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
        BotMessage::NothingToMove
        | BotMessage::Skipped { .. }
        | BotMessage::Unskipped(_)
        | BotMessage::NothingToSkip
        | BotMessage::Paused { .. }
        | BotMessage::Resumed
        | BotMessage::Stopped(_)
        | BotMessage::Started
        | BotMessage::PausedByRoster(_)
        | BotMessage::Met
        | BotMessage::CouldNot
        | BotMessage::NotOnRoster
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
