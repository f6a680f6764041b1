//! `forget`: cancels somebody's meetings, and removes their name and address from everything that is kept.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;

use crate::app::context::{Context, stdout};
use crate::app::exit_status::{Partly, Usage};
use crate::app::forget::{self, Forgotten};
use crate::app::login;
use crate::app::session::{Access, Session};
use crate::cli;
use crate::domain::roster_pull::Source;
use crate::domain::state::{PersonId, State};
use crate::domain::text::counted;
use crate::show::schedule::meeting;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::inbox::Inbox;
use crate::store::roster::edit::NotSaved;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Forget) -> Result<()> {
    let look = Session::open_sound(ctx, Access::Look)?;
    let (config, state) = (&look.inputs.config, &look.stored.state);
    let whom = Forgotten::of(&args.email, state, config, &look.inputs.roster);
    if !whom.email.contains('@') {
        return Err(Usage(format!("“{}” is not an address", args.email)).into());
    }
    let login = login::read(&config.webex).ok();
    if login.is_some_and(|login| login.email.trim().to_lowercase() == whom.email) {
        let text = format!(
            "{} is the account that is logged in\nhint: end the login with: roulette{} auth --logout",
            whom.email,
            ctx.with_config()
        );
        return Err(Usage(text).into());
    }
    let files = forget::still_in(ctx, config, &whom)?;
    let on_roster = forget::on_roster(config, &look.inputs.roster, &whom);
    if files.is_empty() && !on_roster.is_there && whom.person.is_none() && !args.delete_messages {
        ctx.say(format_args!("nothing is kept about {}", whom.email));
        named_in_config(config, &whom)
            .iter()
            .for_each(|key| ctx.say(format_args!("but {key} in the config names them")));
        return Ok(());
    }
    let file = config.programme.roster.display();
    if !on_roster.named_by.is_empty() {
        let text = format!(
            "{file} also names them in the row of {}, for example as a manager\nhint: remove that, and run this again",
            on_roster.named_by.join(" and ")
        );
        return Err(Usage(text).into());
    }
    if on_roster.is_there && !args.from_roster {
        let text = format!(
            "{file} names them, so they would be back with the next run\n\
             hint: remove their row, or add --from-roster"
        );
        return Err(Usage(text).into());
    }
    tell(ctx, args, (&look, &whom), &files, on_roster.is_there)?;
    if args.dry_run {
        ctx.say("dry run: nothing is done");
        return Ok(());
    }
    if on_roster.is_there {
        take_off_roster(config, &whom)?;
    }
    let seen = whom;
    let inbox = Inbox::of(&config.programme.state)?;
    drop(look);
    // Events that come in the meantime wait.
    let _inbox = inbox.hold(&ctx.holder("forget"), ctx.wait())?;
    let mut session = Session::open_sound(ctx, Access::Book("forget"))?;
    // Another run may have learnt meanwhile that they left, or may have known them by another name.
    let whom = Forgotten::of(&args.email, &session.stored.state, &session.inputs.config, &session.inputs.roster);
    let whom = whom.also(&seen);
    session.stored.save_if_changed()?;
    session.inputs.keep_as_last_good(ctx, &session.stored)?;
    forget::cancel(ctx, &mut session, &whom)?;
    let Session { inputs, mut stored } = session;
    let mut deleted = None;
    if args.delete_messages {
        let client = ctx.webex(&inputs.config)?;
        let count = forget::delete_messages(&client, &whom.email, inputs.config.webex.parallel)?;
        ctx.say(format_args!("deleted {count} of the bot's messages to them"));
        deleted = Some(count);
    }
    forget::forget(ctx, &inputs.config, &mut stored, &whom, deleted)?;
    let left = forget::still_in(ctx, &inputs.config, &whom)?;
    if let Some(first) = left.first() {
        let what = format!("{} still names them, so {} is not forgotten yet", first.display(), whom.email);
        let hint = "run it again, with the address under which they were on the roster last".to_owned();
        return Err(Partly { what, hint, organizers_know: false, about: None }.into());
    }
    ctx.say(format_args!("{} is forgotten", whom.email));
    Ok(())
}

/// Shows what is done, and what stays.
fn tell(
    ctx: &Context<'_>,
    args: &cli::Forget,
    (session, whom): (&Session, &Forgotten),
    files: &[PathBuf],
    is_on_roster: bool,
) -> Result<()> {
    let (inputs, state) = (&session.inputs, &session.stored.state);
    let people = session.people();
    let (mut out, _) = stdout();
    let mut line = |text: &str| writeln!(out, "{}", harmless(text));
    line(&whom.email)?;
    for booking in whom.ahead(ctx, state) {
        line(&format!("  will be cancelled: {}", meeting(booking, &people, inputs.config.meeting.timezone)))?;
    }
    if is_on_roster {
        line(&format!("  their row will be removed from {}", inputs.config.programme.roster.display()))?;
    }
    files
        .iter()
        .try_for_each(|file| line(&format!("  their name and address will be removed from {}", file.display())))?;
    let rounds = whom.person.map_or(0, |person| rounds_of(state, person));
    if rounds > 0 {
        let rounds = counted(rounds, "round", "rounds");
        line(&format!("  stays: that somebody without a name took part in {rounds}"))?;
    }
    for key in named_in_config(&inputs.config, whom) {
        line(&format!("  stays: {key} in the config names them"))?;
    }
    if matches!(inputs.config.webex.pull, Some(Source::Room(_))) {
        line(
            "  to be done by you: remove them from the space from which the roster is pulled, or they are back tomorrow",
        )?;
    }
    if args.delete_messages {
        line("  will be deleted at Webex: what the bot wrote to them")?;
    }
    let chat = if args.delete_messages { "what they wrote to the bot" } else { "their chat with the bot" };
    line(&format!(
        "  stays at Webex: meetings that are over, for 180 days; {chat}; the invitations in people's mailboxes"
    ))?;
    Ok(out.flush()?)
}

/// The keys of the config that name them.
fn named_in_config(config: &Config, whom: &Forgotten) -> Vec<&'static str> {
    let of_pairs = config.pairing.never_pair.iter().flatten().any(|email| whom.addresses.is(email));
    let of_organizers = config.programme.organizers.iter().any(|email| whom.addresses.is(email));
    [(of_pairs, "never_pair"), (of_organizers, "organizers")].into_iter().filter(|it| it.0).map(|it| it.1).collect()
}

fn rounds_of(state: &State, person: PersonId) -> usize {
    state.rounds.iter().filter(|round| round.groups().any(|(_, group)| group.has(person))).count()
}

fn take_off_roster(config: &Config, whom: &Forgotten) -> Result<()> {
    let programme = &config.programme;
    let mut sheet = forget::sheet(config)?;
    for row in forget::rows_of(&sheet, whom) {
        sheet.remove(row);
    }
    sheet.save().map_err(|error| match error {
        NotSaved::Changed => {
            Usage(format!("{} was changed in the meantime\nhint: run it again", programme.roster.display())).into()
        }
        NotSaved::Unsound(faults) => faults.into(),
        NotSaved::Failed(error) => error,
    })
}
