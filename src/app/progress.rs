//! A progress bar on stderr for what takes longer than half a second; on a terminal only.

use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears only after half a second.
pub(crate) fn bar(len: usize, what: &'static str, is_drawn: bool) -> ProgressBar {
    styled(len, what, "{msg} {bar:30} {pos}/{len} {elapsed}", is_drawn)
}

/// The same for calls: with how many there are per second, and how much time is left.
pub(crate) fn calls(len: usize, is_drawn: bool) -> ProgressBar {
    styled(len, "calling Webex", "{msg} {bar:30} {pos}/{len} {per_sec:.0} {eta} left", is_drawn)
}

fn styled(len: usize, what: &'static str, template: &str, is_drawn: bool) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(len as u64), ProgressDrawTarget::hidden());
    if is_drawn && io::stderr().is_terminal() {
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        let late = bar.clone();
        thread::spawn(move || {
            thread::sleep(PATIENCE);
            if !late.is_finished() {
                late.set_draw_target(ProgressDrawTarget::stderr());
                late.enable_steady_tick(Duration::from_millis(100));
            }
        });
    }
    bar
}
