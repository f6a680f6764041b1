//! Nobody could be heard for a while: whoever has an open question gets it again, and the organizers are told. Answers
//! with messages; changes nothing that is kept.

use chrono::{DateTime, Utc};

use super::{AddressedMessage, Conversation, Recipient, Setting};
use crate::domain::message::BotMessage;
use crate::domain::state::outbox::KNOWN;
use crate::domain::state::{PersonId, State};

/// What is said once people can be heard again, after a silence since `from`. Messages sent after `bare` had no buttons,
/// so no tap on them can have been lost, and they are not repeated.
pub fn ask_again(
    state: &mut State,
    setting: Setting<'_>,
    from: DateTime<Utc>,
    bare: DateTime<Utc>,
) -> Vec<AddressedMessage> {
    let mut people: Vec<PersonId> =
        state.bookings.iter().flat_map(|booking| booking.people.people().to_vec()).collect();
    people.sort_unstable();
    people.dedup();
    let mut conversation = Conversation::new(setting, state);
    let (mut asked, mut again) = (0, Vec::new());
    for person in people {
        if conversation.state.last_said.iter().any(|last| last.person == person && last.at > bare) {
            continue;
        }
        let Some(question) = conversation.view().open_question(person) else { continue };
        // What became of a meeting is asked again only once, however often nobody can be heard.
        if let BotMessage::DidYouMeet(meeting) | BotMessage::WhatHappened { meeting, .. } = &question {
            if conversation.state.bookings.iter().any(|booking| *booking.tag == *meeting.key && booking.asked_again) {
                continue;
            }
            again.push(meeting.key.clone());
        }
        asked += 1;
        conversation.say(person, BotMessage::AskedAgain);
        conversation.say(person, question);
    }
    for booking in &mut conversation.state.bookings {
        booking.asked_again |= again.iter().any(|tag| **tag == *booking.tag);
    }
    let zone = setting.meeting.timezone;
    let (until, is_read) = (setting.now, setting.now - from < KNOWN);
    let message =
        BotMessage::ListenerGap { is_read, from: from.with_timezone(&zone), until: until.with_timezone(&zone), asked };
    conversation.effects.messages.push(AddressedMessage { to: Recipient::Organizers, message });
    conversation.effects.messages
}
