//! Everything that can happen to a call of a run, at each of its calls: killed, cut off, refused, kept waiting.

use std::process::Stdio;
use std::thread;

use super::booked::Booked;
use super::until;
use super::world::NOW;

/// When what got no answer in time is asked for again.
pub(crate) const LATER: &str = "2026-12-01T09:01:00Z";

/// What can happen to a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    KilledBefore,
    KilledAfter,
    Fault(&'static str),
    /// From that call on, until somebody sees to it.
    ForEver(&'static str),
}

pub(crate) const TROUBLES: [Trouble; 15] = [
    Trouble::KilledBefore,
    Trouble::KilledAfter,
    Trouble::Fault("drop-before"),
    Trouble::Fault("drop-after"),
    Trouble::Fault("hang-before=1500"),
    Trouble::Fault("hang-after=1500"),
    Trouble::Fault("500"),
    Trouble::Fault("429=1"),
    Trouble::Fault("no-answer"),
    Trouble::Fault("no-answer-after"),
    Trouble::Fault("drip=100"),
    Trouble::Fault("gateway=403"),
    Trouble::Fault("endless"),
    Trouble::ForEver("429=121"),
    Trouble::ForEver("gateway=403"),
];

pub(crate) const CHANGES: [&str; 4] = ["schedule", "--through", "2026-12-09", "--allow-many-changes"];

/// Three meetings are booked; one is to be cancelled, one to be moved, and three more are to be booked.
pub(crate) fn ready() -> Booked {
    let staff = "email,name,department,working_hours\n".to_owned();
    let row = |person: usize, hours: &str| {
        format!("p{person}@example.com,Person {person},D{},{hours}\n", usize::from(person % 6 > 2))
    };
    let six: String = (0..6).map(|person| row(person, "")).collect();
    let booked = Booked::new("parallel = 1", &(staff.clone() + &six), &[]);
    booked.world.json(&["pair", "--week", "2026-12-02", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    let planned = booked.planned();
    let of = |pair: usize, person: usize| planned[pair][0] == format!("p{person}@example.com");
    let now: String = (0..7)
        .filter(|person| !of(0, *person))
        .map(|person| row(person, if of(1, person) { "16:00-17:30" } else { "" }))
        .collect();
    booked.world.write("staff.csv", staff + &now);
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "2"]);
    booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    booked
}

/// Lets trouble come over one call of a run. Afterwards there is none.
pub(crate) fn strike(booked: &Booked, call: usize, trouble: Trouble, args: &[&str]) {
    match trouble {
        Trouble::Fault(kind) | Trouble::ForEver(kind) => {
            let until = if matches!(trouble, Trouble::ForEver(_)) { 1_000_000 } else { call };
            booked.webex.faults(&[&format!("{kind}:::{call}-{until}")]);
            let run = booked.run_at(NOW, args);
            assert!([0, 1, 3].contains(&run.status), "{trouble:?} at call {call}: {}", run.all());
        }
        Trouble::KilledBefore | Trouble::KilledAfter => {
            let kind = if matches!(trouble, Trouble::KilledBefore) { "hang-before" } else { "hang-after" };
            booked.webex.faults(&[&format!("{kind}=60000:::{call}")]);
            let mut command = booked.command(NOW, args);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Its log tells when the call has come, or has been made.
            until("the call", || booked.webex.calls().len() >= call);
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    booked.webex.faults(&[]);
}

/// Every call, and everything that can happen to it, a few at a time.
pub(crate) fn all_troubles(calls: usize, survives: impl Fn(usize, Trouble) + Sync) {
    let cases: Vec<(usize, Trouble)> = (1..=calls).flat_map(|call| TROUBLES.map(|trouble| (call, trouble))).collect();
    thread::scope(|scope| {
        for part in cases.chunks(cases.len().div_ceil(4)) {
            let survives = &survives;
            scope.spawn(move || part.iter().for_each(|(call, trouble)| survives(*call, *trouble)));
        }
    });
}
