//! What several commands do, between the domain and the outside: open the state, call Webex, send, listen. Decides
//! nothing that the domain decides; no command knows another, but all of them know this module.

pub(crate) mod accounts;
pub(crate) mod adopt_meetings;
pub(crate) mod apply_schedule;
pub(crate) mod ask;
pub(crate) mod context;
pub(crate) mod deliver;
pub(crate) mod example;
pub(crate) mod exit_status;
pub(crate) mod find_person;
pub(crate) mod forget;
pub(crate) mod handle_event;
pub(crate) mod health;
pub(crate) mod host_limit;
pub(crate) mod inbox_worker;
pub(crate) mod journal;
pub(crate) mod leftovers;
pub(crate) mod listener;
pub(crate) mod log_in;
pub(crate) mod logging;
pub(crate) mod login;
pub(crate) mod look_back;
pub(crate) mod monthly;
pub(crate) mod programmes;
pub(crate) mod progress;
pub(crate) mod roster_fault;
pub(crate) mod roster_warnings;
pub(crate) mod run_faults;
pub(crate) mod session;
pub(crate) mod stages;
pub(crate) mod tell_space;
