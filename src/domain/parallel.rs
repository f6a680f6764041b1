//! Work for two threads. What comes of it is the same as with one: results stand in the order of the work.

use std::{panic, thread};

/// Does both at the same time.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|fault| panic::resume_unwind(fault)), other)
    })
}

/// What `f` makes of each item: one half of them in a thread, the other in another.
pub fn map<T: Send, U: Send>(mut items: Vec<T>, f: impl Fn(T) -> U + Sync) -> Vec<U> {
    let later = items.split_off(items.len() / 2);
    let each = |items: Vec<T>| items.into_iter().map(&f).collect::<Vec<U>>();
    let (later, mut all) = both(|| each(later), || each(items));
    all.extend(later);
    all
}
