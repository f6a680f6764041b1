//! Work for two threads. What comes of it is the same as with one: results stand in the order of the work.
//! Knows what a thread costs: little work is done without.

use std::{panic, thread};

/// To begin a thread and wait for it takes as long as so many steps of a loop, or longer on a busy machine.
const WORTH_A_THREAD: usize = 200_000;

/// So many steps as may be many.
pub const UNKNOWN: usize = usize::MAX;

/// Whether work of about so many steps is done by two.
pub fn is_worth(steps: usize) -> bool {
    steps >= WORTH_A_THREAD
}

/// Does both, at the same time if they are about so many steps.
pub fn both<A: Send, B>(steps: usize, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if !is_worth(steps) {
        return (one(), other());
    }
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|fault| panic::resume_unwind(fault)), other)
    })
}

/// What `f` makes of each item; if that is about so many steps, one half of them in a thread, the other in another.
pub fn map<T: Send, U: Send>(steps: usize, mut items: Vec<T>, f: impl Fn(T) -> U + Sync) -> Vec<U> {
    let later = items.split_off(items.len() / 2);
    let each = |items: Vec<T>| items.into_iter().map(&f).collect::<Vec<U>>();
    let (later, mut all) = both(steps, || each(later), || each(items));
    all.extend(later);
    all
}
