//! Files that are written completely or not at all, regular files, and locks.

pub mod durable;
pub mod handles;
pub mod lock;
pub mod owner;
pub mod regular;
