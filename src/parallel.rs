//! Work for two threads. The result is the same as with one: results are in the order of the work. Knows what a thread
//! costs: small amounts of work are done without one.

use std::sync::mpsc;
use std::{panic, thread};

/// Starting a thread and waiting for it takes as long as this many steps of a loop, or longer on a busy machine.
const WORTH_A_THREAD: usize = 200_000;

/// How many texts are written ahead of the one that is taken.
const AHEAD: usize = 2;

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

/// Writes a text for each item, and passes them to `take` in order. If there are enough steps, they are written ahead
/// in another thread while `take` is busy with earlier ones. After an error of `take`, no more are passed on.
///
/// # Errors
/// The error of `take`.
pub fn texts<T, E>(
    steps: usize,
    items: impl Iterator<Item = T> + Send,
    write: impl Fn(T, &mut Vec<u8>) + Send,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    if !is_worth(steps) {
        let mut text = Vec::new();
        return items.into_iter().try_for_each(|item| {
            text.clear();
            write(item, &mut text);
            take(&text)
        });
    }
    thread::scope(|scope| {
        let (written, texts) = mpsc::sync_channel::<Vec<u8>>(AHEAD);
        // Memory that was used before is reused.
        let (taken, used) = mpsc::channel::<Vec<u8>>();
        let writer = scope.spawn(move || {
            for item in items {
                let mut text = used.try_recv().unwrap_or_default();
                text.clear();
                write(item, &mut text);
                if written.send(text).is_err() {
                    break;
                }
            }
        });
        let result = texts.iter().try_for_each(|text| {
            take(&text)?;
            // The writer may have ended.
            let _ = taken.send(text);
            Ok(())
        });
        drop(texts);
        writer.join().unwrap_or_else(|fault| panic::resume_unwind(fault));
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_in_order_and_end_with_the_first_error() {
        for steps in [0, UNKNOWN] {
            for ends_at in [3, 40, 1_000] {
                let mut all = Vec::new();
                let write = |item: usize, text: &mut Vec<u8>| text.extend(format!("{item} ").bytes());
                let result = texts(steps, 0..100, write, |text| {
                    all.extend_from_slice(text);
                    if all.ends_with(format!(" {ends_at} ").as_bytes()) { Err("enough") } else { Ok(()) }
                });
                let expected: Vec<String> = (0..100.min(ends_at + 1)).map(|item| format!("{item} ")).collect();
                assert_eq!(String::from_utf8_lossy(&all), expected.concat());
                assert_eq!(result, if ends_at < 100 { Err("enough") } else { Ok(()) });
            }
        }
    }
}
