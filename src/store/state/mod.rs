//! The state as a JSON file: read, checked, written whole.

mod booking_json;
mod conversation_json;
pub mod file;
mod groups_json;
pub mod json;
mod person_number;
