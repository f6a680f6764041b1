//! Work for several threads. The result is the same as with one: results are in the order of the work. Knows what a
//! thread costs: small computations are done without one.
//!
//! What two threads buy: with 100,000 people a draw takes an eighth less time, with a million a sixth.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Does the same with all items, at most `parallel` at once; the results are in the order of the items. For work that
/// waits, such as calls.
pub fn map_concurrently<T: Sync, R: Send>(items: &[T], parallel: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            while let Some((number, item)) = take(&next, items) {
                done.push((number, work(item)));
            }
            done
        };
        let workers: Vec<_> = (0..parallel.min(items.len())).map(|_| scope.spawn(worker)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Vec<(usize, R)>>| {
            worker.join().unwrap_or_else(|fault| panic::resume_unwind(fault))
        };
        workers.into_iter().flat_map(join).collect()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

pub(crate) fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    Some((number, items.get(number)?))
}

/// Locks a mutex, even if a thread that held it panicked: for what is valid after every single change.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
