//! The state as a JSON file: read, checked, written whole. Its version, and what becomes of an older one that would have
//! to be migrated, is in [`json`].

mod booking_json;
mod changes_json;
mod conversation_json;
pub mod file;
mod groups_json;
pub mod json;
mod person_number;
