//! The small HTTP servers of our own. They know HTTP, and hand what came to whoever started them.
//! They know no file, no config and no Webex.

mod connection_limit;
pub mod login;
mod page;
pub mod webhook;
