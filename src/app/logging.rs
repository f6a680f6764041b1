//! The lines on stderr: for people or, with `--log-format json`, as one JSON object per line. Everything that is
//! written there passes through here, except questions to a person and progress bars. No line contains the text of a
//! message.

use std::fmt::{self, Write};
use std::io;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, Layer as Lines};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use crate::cli::LogFormat;
use crate::secrets;
use crate::webex::client::CHANGE;

/// From here on, what is said goes to stderr in the form that the options ask for. What libraries log is left out.
pub(crate) fn begin(quiet: bool, verbose: bool, format: LogFormat) {
    let changes = !quiet && format == LogFormat::Json;
    let is_shown = filter_fn(move |it| {
        let is_usual = *it.level() <= Level::INFO && (it.target() != CHANGE || changes);
        it.target().starts_with("roulette") && (is_usual || verbose)
    });
    let lines = Lines::new().with_writer(io::stderr);
    let registry = tracing_subscriber::registry();
    // This fails only if a subscriber is already installed.
    let _ = match format {
        LogFormat::Text => {
            tracing::subscriber::set_global_default(registry.with(lines.event_format(Plain).with_filter(is_shown)))
        }
        LogFormat::Json => {
            let json = lines.json().flatten_event(true).with_target(false);
            let json = json.with_current_span(false).with_span_list(false);
            tracing::subscriber::set_global_default(registry.with(json.with_filter(is_shown)))
        }
    };
}

/// Writes a text that is worded for people: `warning:` or `error:` in front of it is its level, and a line that begins
/// with `hint:` says what to do about it.
pub(crate) fn say(text: &str) {
    let text = secrets::strike_ours(text);
    let (said, hint) = match text.strip_prefix("hint: ") {
        Some(hint) => ("", Some(hint)),
        None => text.split_once("\nhint: ").map_or((&*text, None), |(said, hint)| (said, Some(hint))),
    };
    if let Some(said) = said.strip_prefix("error: ") {
        tracing::error!(hint, "{said}");
    } else if let Some(said) = said.strip_prefix("warning: ") {
        tracing::warn!(hint, "{said}");
    } else if said.is_empty() && hint.is_some() {
        // Programs read a message in every line; people read the hint alone.
        tracing::info!(hint, "{}", hint.unwrap_or_default());
    } else {
        tracing::info!(hint, "{said}");
    }
}

/// Writes what is being done, if `--verbose` asks for it.
pub(crate) fn detail(text: &str) {
    tracing::debug!("{}", secrets::strike_ours(text));
}

/// The form in which people read an event.
struct Plain;

impl<S, N> FormatEvent<S, N> for Plain
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let is_hint_alone = fields.message == fields.hint;
        if let Some(said) = fields.message.filter(|_| !is_hint_alone) {
            let before = match *event.metadata().level() {
                Level::ERROR => "error: ",
                Level::WARN => "warning: ",
                _ => "",
            };
            writeln!(out, "{before}{said}{}", fields.others)?;
        }
        fields.hint.map_or(Ok(()), |hint| writeln!(out, "hint: {hint}"))
    }
}

#[derive(Default)]
struct Fields {
    message: Option<String>,
    hint: Option<String>,
    others: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.message = Some(format!("{value:?}")),
            "hint" => self.hint = Some(format!("{value:?}")),
            name => {
                let _ = write!(self.others, " {name}={value:?}");
            }
        }
    }
}
