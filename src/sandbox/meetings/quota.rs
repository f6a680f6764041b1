//! How many meetings may be booked in 24 hours. Failed requests count too, but not those refused because of the quota.
//! Knows who booked when; does not know what was booked.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use super::{ADMIN_WRITE, acting_for};
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::Call;
use crate::sandbox::model::{Booking, Model};
use crate::sandbox::oauth::Caller;

const REGULAR: usize = 100;
const ADMIN: usize = 3000;
const ADMIN_ONE_HOST: usize = 800;

/// Counts a `POST /meetings`, whatever its result, unless it is one too many.
pub(in crate::sandbox) fn take(model: &mut Model, call: &Call) -> Result<(), Refusal> {
    let caller = call.caller()?;
    let host = host(model, caller, call);
    model.forget_bookings(call.now);
    let limits: &[(usize, bool)] =
        if caller.has(ADMIN_WRITE) { &[(ADMIN, false), (ADMIN_ONE_HOST, true)] } else { &[(REGULAR, false)] };
    for (limit, one_host) in limits {
        let counts = |it: &&Booking| it.caller == caller.email && (!one_host || it.host == host);
        let counted: Vec<DateTime<Utc>> = model.bookings.iter().filter(counts).map(|it| it.at).collect();
        if counted.len() >= *limit {
            let oldest = counted[counted.len() - limit] + Duration::hours(24) - call.now;
            let for_whom = if *one_host { " for one host" } else { "" };
            let message = format!("At most {limit} meetings can be scheduled in 24 hours{for_whom}.");
            let seconds = u64::try_from(oldest.num_seconds()).unwrap_or(0).max(1);
            return Err(Refusal::new(429, message).retry_after(seconds));
        }
    }
    model.bookings.push(Booking { at: call.now, caller: caller.email.clone(), host });
    Ok(())
}

/// The host of a booking: the caller, unless the body names another one and the caller may do that.
fn host(model: &Model, caller: &Caller, call: &Call) -> String {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let host = acting_for(model, caller, body["hostEmail"].as_str(), ADMIN_WRITE);
    host.unwrap_or_else(|_| caller.email.clone())
}
