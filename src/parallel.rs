//! Work for two threads. The result is the same as with one: results are in the order of the work. Knows what a thread
//! costs: small amounts of work are done without one.
//!
//! What it buys: with 100,000 people a draw takes an eighth less time, with a million a sixth.

use std::{panic, thread};

/// Starting a thread and waiting for it takes as long as this many steps of a loop, or longer on a busy machine.
const WORTH_A_THREAD: usize = 200_000;

/// The number of steps if nobody knows it: it may be large.
pub const UNKNOWN: usize = usize::MAX;

/// Whether about this many steps are worth two threads.
pub fn is_worth(steps: usize) -> bool {
    steps >= WORTH_A_THREAD
}

/// Does both, at the same time if there are enough steps.
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

/// The results of `f` for the items; if there are enough steps, each half is processed in a thread of its own.
pub fn map<T: Send, U: Send>(steps: usize, mut items: Vec<T>, f: impl Fn(T) -> U + Sync) -> Vec<U> {
    let later = items.split_off(items.len() / 2);
    let each = |items: Vec<T>| items.into_iter().map(&f).collect::<Vec<U>>();
    let (later, mut all) = both(steps, || each(later), || each(items));
    all.extend(later);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_work() {
        for steps in [0, WORTH_A_THREAD - 1, WORTH_A_THREAD, UNKNOWN] {
            assert_eq!(both(steps, || 1, || 2), (1, 2));
            for count in [0, 1, 2, 101] {
                let expected: Vec<usize> = (0..count).map(|item| item * item).collect();
                assert_eq!(map(steps, (0..count).collect(), |item| item * item), expected);
            }
        }
    }
}
