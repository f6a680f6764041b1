//! Files that are written whole or not at all, files that are no pipes, and locks.

pub mod durable;
pub mod handles;
pub mod lock;
pub mod owner;
pub mod regular;
