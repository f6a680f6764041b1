//! Webex: the calls that are used, how they are sent, and what comes back. Knows the wire and the domain's types; knows
//! no file and no config. The caller supplies the tokens.
//!
//! In reading order: [`calls`] (one table of them all), [`connection`] (the way there), [`client`] (sends one),
//! [`retry`] (what to do when it fails), [`throttle`] (all wait together for the rate limit), [`clock`] (whether ours
//! is right), [`wire`] (what comes back, leniently read), [`error`], [`brake`] (when a run stops asking); [`oauth`],
//! which gets the tokens; then [`meetings`], [`messages`], [`directory`] and [`webhooks`] (what is done with them),
//! [`signature`], which verifies a webhook, and [`websocket`], over which events come without one.

pub mod brake;
pub mod calls;
pub mod client;
pub mod clock;
pub mod connection;
pub mod directory;
pub mod error;
mod lenient;
pub mod meetings;
pub mod messages;
pub mod oauth;
pub mod retry;
pub mod signature;
pub mod throttle;
pub mod webhooks;
pub mod websocket;
pub mod wire;
