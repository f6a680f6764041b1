//! What the tests share: a world of files, a small Webex, a programme that is booked there, and its chats.

pub(crate) mod booked;
pub(crate) mod chat;
pub(crate) mod kill;
pub(crate) mod small_webex;
pub(crate) mod trouble;
pub(crate) mod world;
