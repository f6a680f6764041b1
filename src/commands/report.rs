//! `report`: sums up the rounds of a span of days, as tables, data or a page.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;

use super::in_order;
use crate::app::context::{Context, stdout};
use crate::app::exit_status::{Refused, Usage};
use crate::app::session::{Access, Inputs, Session};
use crate::cli;
use crate::domain::pairing::plan::Refusal;
use crate::domain::report::{NoRounds, Report, Setting};
use crate::show::Format;
use crate::show::report::{Shown, write, write_page};
use crate::store::config::Config;
use crate::store::files::durable;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Report) -> Result<()> {
    in_order(args.from, args.to)?;
    let mut session = Session::open(ctx, Access::Look)?;
    let _ = session.look_in_line(ctx);
    let Inputs { config, roster, rules, .. } = &session.inputs;
    let (state, pairing, meeting) = (&session.stored.state, &config.pairing, &config.meeting);
    let setting = Setting { state, roster, rules, pairing, meeting, now: ctx.now };
    let report = match Report::new(setting, args.from, args.to) {
        Err(NoRounds { known: None }) => {
            let wrote = if args.out.is_some() { ", and no report was written" } else { "" };
            ctx.say(format_args!("no round is over yet: there is nothing to report{wrote}"));
            ctx.say(format_args!("hint: see what is drawn with: roulette{} status", ctx.with_config()));
            return Ok(());
        }
        Err(NoRounds { known: Some(known) }) => return Err(no_round_in_these_days(known)),
        Ok(report) => report,
    };
    let report = if args.anonymous { report.anonymous().map_err(|_| too_few())? } else { report };
    args.out.as_deref().map_or(Ok(()), |path| may_replace(ctx, config, path))?;
    ctx.detail("made the report");
    let shown = Shown { programme: &config.programme.name, report: &report };
    let Some(path) = &args.out else {
        let (mut out, width) = stdout();
        write(shown, args.format, width, &mut out)?;
        return Ok(out.flush()?);
    };
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let format = match (&*extension, args.format) {
        ("json", Format::Table) => Format::Json,
        ("csv", Format::Table) => Format::Csv,
        ("md", Format::Table) => Format::Markdown,
        (_, format) => format,
    };
    durable::write(path, |out| match &*extension {
        "html" | "htm" => write_page(shown, out),
        _ => write(shown, format, None, out),
    })
    .context("the report was not written")?;
    ctx.say(format_args!("the report is in {}", path.display()));
    Ok(())
}

/// No file on which the programme depends is overwritten.
fn may_replace(ctx: &Context<'_>, config: &Config, path: &Path) -> Result<()> {
    let ours = [&ctx.config_path()?, &config.programme.roster, &config.programme.state, &config.webex.tokens];
    let is_same = |one: &Path| one.canonicalize().is_ok_and(|one| path.canonicalize().is_ok_and(|path| one == path));
    match ours.into_iter().find(|one| is_same(one)) {
        None => Ok(()),
        Some(_) => Err(Usage(format!("{} is a file of the programme and is not overwritten", path.display())).into()),
    }
}

fn no_round_in_these_days((first, last): (NaiveDate, NaiveDate)) -> anyhow::Error {
    let why = format!(
        "no round in these days is over\nhint: the first round that is over was on {first}, and the last on {last}"
    );
    Usage(why).into()
}

fn too_few() -> anyhow::Error {
    let why = "fewer than five people met: anything in an anonymous report would show who they are".to_owned();
    let hint = "choose a longer period with --from and --to, or leave out --anonymous".to_owned();
    Refused(Refusal { why, hint }).into()
}
