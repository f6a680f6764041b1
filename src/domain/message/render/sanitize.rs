//! Everything in what is said that other people wrote, made harmless before it becomes a sentence.
//! Names every variant, so that a new one cannot be forgotten. Knows no language.

use crate::domain::message::language::tidy;
use crate::domain::message::{Meeting, Problem, Say, Unfit, WhatNext};

/// The same with short names on one line, and without links that are none.
pub(super) fn tidied(say: &Say) -> Say {
    let mut say = say.clone();
    match &mut say {
        Say::Introduction { meeting, .. }
        | Say::Moved { meeting, .. }
        | Say::Reminder(meeting)
        | Say::DidYouMeet(meeting)
        | Say::PartnerUnreachable(meeting)
        | Say::Waiting(meeting)
        | Say::DeclineNoted(meeting)
        | Say::Expired(meeting)
        | Say::NotMoved(meeting)
        | Say::NotYet(meeting) => of_meeting(meeting),
        Say::PartnerGone { meeting, next } => {
            of_meeting(meeting);
            if let WhatNext::Rest(name) = next {
                of(name);
            }
        }
        Say::SuggestTime { meeting, problem, .. } => {
            of_meeting(meeting);
            if let Some(Problem::PartnerBusy(name)) = problem {
                of(name);
            }
        }
        Say::Missed(_, meeting) => meeting.iter_mut().for_each(of_meeting),
        Say::Help { meetings, .. } | Say::Status { meetings, .. } | Say::Why { meetings, .. } => {
            meetings.iter_mut().for_each(of_meeting);
        }
        Say::Suggested { meeting, outside, .. } => {
            of_meeting(meeting);
            of_all(outside);
        }
        Say::Proposal { meeting, by, .. } | Say::Declined { meeting, by, .. } => {
            of_meeting(meeting);
            of(by);
        }
        Say::LeftOut { programme, .. } | Say::Report { programme, .. } => of(programme),
        Say::PauseHow(text) | Say::NotWith(text) | Say::Organizing(text) => of(text),
        Say::NotWithWhom { typed, near } => {
            of(typed);
            of_all(near);
        }
        Say::Summary { programme, pairs, left_out, .. } => {
            of(programme);
            pairs.iter_mut().for_each(|pair| of_all(pair));
            for (name, why) in left_out {
                of(name);
                of(why);
            }
        }
        Say::MovedLine { people, .. } => of_all(people),
        Say::Unreachable(people) => {
            for one in people {
                of(&mut one.name);
                of(&mut one.email);
            }
        }
        Say::Announcement { programme, image, .. } | Say::AnnouncementTest { programme, image, .. } => {
            of(programme);
            *image = image.take().filter(|link| is_link(link));
        }
        Say::WriteAnnouncement { programme, unfit, .. } => {
            of(programme);
            if let Some(Unfit::Image(image)) = unfit {
                of(image);
            }
        }
        Say::NothingToMove
        | Say::Skipped { .. }
        | Say::Unskipped(_)
        | Say::NothingToSkip
        | Say::Paused { .. }
        | Say::Resumed
        | Say::Stopped(_)
        | Say::Started
        | Say::PausedByRoster(_)
        | Say::Met
        | Say::CouldNot
        | Say::NotOnRoster
        | Say::Announced(_) => {}
    }
    say
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
    *text = tidy(text);
}

fn of_all(texts: &mut [String]) {
    texts.iter_mut().for_each(of);
}

/// Whether it opens a page and nothing else.
fn is_link(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '`' | '\\'))
}
