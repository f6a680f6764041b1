//! `roulette` draws pairs of colleagues across departments for short weekly Webex meetings.
//!
//! # The map, in reading order
//! - [`cli`]: what can be typed.
//! - [`commands`]: one file for each. A command opens what it needs, asks the domain, shows the result, and carries it
//!   out.
//! - `app`: what several commands do, between the domain and the outside: `session` (the only way to the state),
//!   `apply_schedule`, `deliver`, `handle_event`, `inbox_worker`, `listener`, `login`; and `stages`, of which `run`
//!   carries out those that have something to do, and `run_faults`, which reports once what went wrong in them.
//! - [`domain`]: what is decided, in pure values and functions. [`domain::settings`], [`domain::roster`] and
//!   [`domain::rules`] are given; [`domain::calendar`] says when, [`domain::state`] what is remembered,
//!   [`domain::pairing`] who meets, [`domain::scheduling`] what is booked, [`domain::conversation`] what follows from
//!   what people do, [`domain::report`] how it all went, and [`domain::message`] what people read.
//! - [`store`]: config, roster, state, cards, starters, plans, inbox, journal, tokens, time zone rules, and what
//!   `run` remembers, as files.
//! - [`webex`]: the calls to Webex, and what comes back.
//! - [`serve`]: our own small HTTP servers.
//! - [`show`]: values as tables, JSON, CSV and Markdown, and the report as a page.
//! - [`sandbox`]: a small Webex for trying everything; it knows nothing about the rest.
//! - [`secrets`]: removed from everything that is printed or stored; [`hex`]: digits.
//! - [`parallel`]: the same work on two threads, if there is enough of it.
//!
//! Commands know `app`, `app` knows store, webex, serve and show, and these know the domain's types but not each other;
//! the domain knows none of them. A test checks these arrows.
//!
//! One row's way through it: CSV text → [`Roster`](domain::roster::Roster) → [`Rules`](domain::rules::Rules) →
//! [`Problem`](domain::pairing::matching::problem::Problem) →
//! [`Matching`](domain::pairing::matching::problem::Matching) → [`Plan`](domain::pairing::plan::Plan) → printed → saved
//! in the [`State`](domain::state::State). A pair's way from there: [`Desired`](domain::scheduling::Desired) beside
//! [`Observed`](domain::scheduling::Observed) → [`SchedulePlan`](domain::scheduling::SchedulePlan) → printed → saved as
//! begun → [`webex::meetings`] → saved as done; then [`BotMessage`](domain::message::BotMessage) → rendered → the outbox
//! → [`webex::messages`]. What people answer comes back through [`serve::webhook`] and [`store::inbox`] to the
//! conversation.
//!
//! # Glossary
//! The words of the product:
//! - *roster*, *employee*: everybody in the company's CSV, [`domain::roster`]. A *participant* is an employee who takes
//!   part on a certain day, [`Rules::participants`](domain::rules::Rules::participants).
//! - *last good roster*: the roster as it was last read without a fault, [`store::roster::last_good`]; *former address*:
//!   an earlier address of somebody who stays the same person, [`domain::state::addresses`].
//! - *round*: one week's draw, [`Round`](domain::state::Round); *pair* and *trio* are its
//!   [`Group`](domain::state::Group)s.
//! - *left out*: whoever is in no group of a round, including those who are away. [`domain::pairing::matching`] decides
//!   who, [`domain::pairing::left_out`] says why, and [`domain::pairing::replan`] does both once the round is drawn.
//! - *drawn* and *standing*: a round as the draw made it, and as it is now; it is brought in line with today until its
//!   meetings are booked, [`domain::pairing::replan`].
//! - *season*: the rounds until everybody has met everybody, [`domain::pairing::season`].
//! - *meeting*, *booking*: what a group has, or will have, at Webex, [`Booking`](domain::state::bookings::Booking).
//! - *proposal*: a new time that one participant suggests, [`Proposal`](domain::state::bookings::Proposal).
//! - *other programmes*: those that share a login or a bot with this one, [`store::programmes`]; what they have at Webex is
//!   *elsewhere*, [`domain::elsewhere`].
//! - *organizer*: the person whose login books the meetings, [`store::tokens`]; *bot*: the account that writes to people,
//!   [`webex::messages`].
//!
//! The terms of the field, for the draw:
//! - *cost table*: whether any two people may meet and when they last did, computed once,
//!   [`cost_table`](domain::pairing::matching::cost_table).
//! - *local search*: swaps that make a matching cheaper, [`local_search`](domain::pairing::matching::local_search);
//!   *augmenting path*: a path along which one more pair can be added,
//!   [`augmenting_paths`](domain::pairing::matching::augmenting_paths).
//! - *upper bound*: the number of pairs that no round can exceed; *lower bound*: the number of repeats that none can
//!   undercut. A round that reaches both is proven to be the best, [`Drawn`](domain::pairing::matching::Drawn).
//!
//! For the schedule:
//! - *desired* and *observed*: which meetings should be at Webex and which are, [`domain::scheduling`]; to *reconcile*
//!   is to carry out the [`SchedulePlan`](domain::scheduling::SchedulePlan) that leads from the second to the first.
//! - *idempotent*: doing it twice has the same effect as doing it once. A meeting's `integrationTag`,
//!   [`round_tag`](domain::scheduling::round_tag), finds what may already be booked before it is booked again.
//! - A booking is retried within a run by [`webex::meetings`], and between runs by the plan of
//!   [`domain::scheduling`], which looks it up first.
//! - *retry*, *backoff*: whether a call is made again, and after how long, [`webex::retry`]; *throttle*: while Webex
//!   asks to wait, all calls wait, [`webex::throttle`].
//!
//! For the conversation:
//! - *effects*: what follows from an event, as a value, [`Effects`](domain::conversation::Effects).
//! - What the bot says is a [`BotMessage`](domain::message::BotMessage) to a
//!   [`Recipient`](domain::conversation::Recipient); rendered in somebody's language and on a card, it is a
//!   [`RenderedMessage`](domain::message::render::RenderedMessage); in the *outbox*, until it is sent, it is an
//!   [`OutgoingMessage`](domain::state::outbox::OutgoingMessage).

mod app;
pub mod cli;
pub mod commands;
pub mod domain;
pub mod hex;
pub mod parallel;
pub mod sandbox;
pub mod secrets;
pub mod serve;
pub mod show;
pub mod store;
pub mod webex;
