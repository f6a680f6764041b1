//! Our own small HTTP servers. They know HTTP, and hand what arrives to their caller. They know no file, no config and
//! no Webex.

mod connection_limit;
pub mod login;
mod page;
pub mod webhook;
