//! Files that are written whole or not at all, and locks.

pub mod durable;
pub mod lock;
