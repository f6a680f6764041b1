//! Announcements by the organizer: written in chat or in a file, previewed, and sent to everybody once. Makes no call:
//! the state records who is told.

use sha2::{Digest, Sha256};

use super::chat_command::ChatCommand;
use super::{AddressedMessage, Conversation, Recipient, Setting, UserAction};
use crate::domain::message::sanitized::Link;
use crate::domain::message::{BotMessage, DraftProblem, Rejected};
use crate::domain::state::outbox::Kind;
use crate::domain::state::preferences::NO_END;
use crate::domain::state::{Draft, Reason, State};
use crate::hex;

/// The longest announcement, in characters.
const LONGEST: usize = 2_000;
/// How many drafts are kept; the organizer may send any of them.
const DRAFTS: usize = 20;

impl Draft {
    /// An announcement; a blank `image` means that there is no picture.
    ///
    /// # Errors
    /// The text or the picture's address cannot be sent to anybody.
    pub fn new(text: &str, image: &str) -> Result<Self, DraftProblem> {
        let (text, image) = (text.trim(), image.trim());
        let length = text.chars().count();
        if !text.chars().any(char::is_alphanumeric) {
            return Err(DraftProblem::Blank);
        }
        if length > LONGEST {
            return Err(DraftProblem::TooLong(length, LONGEST));
        }
        let image = (!image.is_empty()).then(|| image.to_owned());
        if let Some(image) = image.as_ref().filter(|image| !is_picture(image)) {
            return Err(DraftProblem::Image(image.clone().into()));
        }
        let hash = Sha256::digest(format!("{text}\n{image:?}").as_bytes());
        Ok(Self { key: hex::encode(&hash[..8]), text: text.to_owned(), image })
    }
}

/// Whether Webex can fetch the picture, and a link to it stays one link.
fn is_picture(address: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\"`\\".contains(c);
    let host = address.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let host = host.and_then(|host| host.rsplit('@').next()).and_then(|host| host.split(':').next());
    host.is_some_and(|host| host.contains(char::is_alphanumeric)) && !address.contains(odd)
}

/// Announces to everybody who takes part and has not been told yet, and records that they are told.
pub fn announce(state: &mut State, setting: Setting<'_>, draft: &Draft) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    conversation.announce(draft);
    conversation.effects.messages
}

/// Shows somebody how an announcement looks, and keeps it, so that they can send it from there.
pub fn show_draft(state: &mut State, setting: Setting<'_>, draft: Draft, email: &str) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    conversation.show_draft(draft, &Recipient::Stranger(email.into()));
    conversation.effects.messages
}

impl Conversation<'_> {
    /// Does what only the organizer may do; returns whether it was such an action.
    pub(super) fn organize(&mut self, email: &str, action: &UserAction) -> bool {
        let organizer = Recipient::Stranger(email.into());
        match action {
            UserAction::ChatCommand(ChatCommand::Organize(command)) => self.command(email, command),
            UserAction::ChatCommand(ChatCommand::Announce) => self.write(&organizer, "", "", None),
            UserAction::ChatCommand(ChatCommand::Greet(do_greet)) => {
                let waiting = self.view().newcomers().len();
                self.greet(*do_greet);
                self.send_to(organizer, BotMessage::Greeted { waiting, greeted: *do_greet });
            }
            UserAction::Test(text, image) => match Draft::new(text, image) {
                Ok(draft) => self.show_draft(draft, &organizer),
                Err(problem) => self.write(&organizer, text, image, Some(problem)),
            },
            UserAction::TellAll(text, image) => match Draft::new(text, image) {
                Ok(draft) => self.tell_all(&draft, organizer),
                Err(problem) => self.write(&organizer, text, image, Some(problem)),
            },
            UserAction::Announce(key) => match self.state.drafts.iter().find(|draft| draft.key == *key).cloned() {
                Some(draft) => self.tell_all(&draft, organizer),
                None => self.send_to(organizer, BotMessage::Rejected(Rejected::Unknown, None)),
            },
            _ => return false,
        }
        true
    }

    /// Shows the card for writing an announcement, filled in with what there is.
    fn write(&mut self, organizer: &Recipient, text: &str, image: &str, problem: Option<DraftProblem>) {
        let (programme, text, image) = (self.setting.programme.into(), text.to_owned(), image.to_owned());
        self.send_to(organizer.clone(), BotMessage::WriteAnnouncement { programme, text, image, problem });
    }

    fn show_draft(&mut self, draft: Draft, organizer: &Recipient) {
        let drafts = &mut self.state.drafts;
        drafts.retain(|one| one.key != draft.key);
        drafts.drain(..drafts.len().saturating_sub(DRAFTS - 1));
        drafts.push(draft.clone());
        let Draft { key, text, image } = draft;
        let programme = self.setting.programme.into();
        let image = image.as_deref().and_then(Link::of);
        self.send_to(organizer.clone(), BotMessage::AnnouncementTest { programme, key, text, image });
    }

    fn tell_all(&mut self, draft: &Draft, organizer: Recipient) {
        let told = self.announce(draft);
        self.send_to(organizer, BotMessage::Announced(told));
    }

    /// Announces it; returns how many people are told.
    fn announce(&mut self, draft: &Draft) -> usize {
        let setting = self.setting;
        let today = setting.meeting.date_at(setting.now);
        let before = self.effects.messages.len();
        for (at, employee) in setting.roster.places() {
            let Some(person) = self.person(&employee.email) else { continue };
            let left = setting.rules.away(at, today) == Some(Reason::Paused(NO_END));
            if !left && self.state.was_told(Kind::Announced, &draft.key, Some(person)).is_none() {
                self.state.mark_told(Kind::Announced, &draft.key, Some(person), today);
                let (text, image) = (draft.text.clone(), draft.image.as_deref().and_then(Link::of));
                self.say(person, BotMessage::Announcement { programme: setting.programme.into(), text, image });
            }
        }
        self.effects.messages.len() - before
    }
}
