//! `handle-action`: receives what people typed and tapped, stores it, and then handles it. Nothing is trusted before
//! its signature is checked, and nothing that was stored is lost. `conversation` knows what an event means.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::app::context::Context;
use crate::app::exit_status::{Refused, Usage};
use crate::app::listener::{self, Programme, Programmes};
use crate::app::programmes::{cannot_be_together, keep_together, on_the_same_bot};
use crate::app::stages::events;
use crate::cli;
use crate::domain::pairing::plan::Refusal;
use crate::serve::webhook::is_json;
use crate::store::config::Config;
use crate::store::files::regular;
use crate::store::heard::{self, Mark};
use crate::store::inbox::{Inbox, LONGEST};
use crate::webex::signature::verify;

pub(super) fn run(ctx: &Context<'_>, args: &cli::HandleAction) -> Result<()> {
    let programmes = programmes(ctx)?;
    if let Some(listen) = args.listen {
        return listener::run(&programmes, listen);
    }
    let Programme { ctx, config, inbox } = &programmes.first;
    // Whoever is heard in one programme is heard in all of them.
    let others = on_the_same_bot(ctx, config);
    let named = programmes.all().map(|one| &one.config);
    let states: BTreeSet<&PathBuf> = named
        .chain(others.iter().filter_map(|other| other.config.as_ref().ok()))
        .map(|config| &config.programme.state)
        .collect();
    let keep = |way| states.iter().try_for_each(|state| heard::keep(state, way, ctx.time()));
    if let Some(path) = &args.body {
        let body = verified_body(ctx, config, path, args.signature.as_deref())?;
        if !inbox.put(&body, ctx.time())? {
            ctx.say("this event is already waiting");
        }
        keep(Mark::Heard)?;
        return events::handle(ctx, config, inbox);
    }
    let looked = events::look_and_handle(ctx, config, inbox).map(drop);
    if looked.is_ok() && states.len() > 1 && config.webex.bot_token.read().is_ok() {
        keep(Mark::Looked)?;
    }
    programmes.more.iter().map(|one| events::handle(&one.ctx, &one.config, &one.inbox)).fold(looked, Result::and)
}

/// The programmes whose configs are named, or the only one.
fn programmes<'a>(ctx: &Context<'a>) -> Result<Programmes<'a>> {
    let open = |path: &Path| -> Result<Programme<'a>> {
        let config = Config::load(path)?;
        let inbox = Inbox::of(&config.programme.state)?;
        Ok(Programme { ctx: ctx.of_programme(path), config, inbox })
    };
    let [_, more @ ..] = &*ctx.global.config else {
        let config = Config::load(&ctx.config_path()?)?;
        let inbox = Inbox::of(&config.programme.state)?;
        return Ok(Programmes { first: Programme { ctx: ctx.afresh(), config, inbox }, more: Vec::new() });
    };
    let first = open(&ctx.config_path()?)?;
    let more: Vec<Programme<'a>> = more.iter().map(|path| open(path)).collect::<Result<_>>()?;
    let programmes = Programmes { first, more };
    if programmes.more.is_empty() {
        return Ok(programmes);
    }
    let all: Vec<(PathBuf, &Config)> =
        programmes.all().map(|one| Ok((one.ctx.config_path()?, &one.config))).collect::<Result<_>>()?;
    let faults = cannot_be_together(&all);
    if !faults.is_empty() {
        return Err(Usage(format!("these programmes cannot share a bot:\n  {}", faults.join("\n  "))).into());
    }
    keep_together(ctx, &all)?;
    Ok(programmes)
}

/// A body from another receiver, if Webex signed it.
fn verified_body(ctx: &Context<'_>, config: &Config, path: &Path, signature: Option<&str>) -> Result<Vec<u8>> {
    let refused = |why: &str, hint: &str| Refused(Refusal { why: why.to_owned(), hint: hint.to_owned() });
    let Some(signature) = signature else {
        let hint = "pass the value of its header X-Spark-Signature with: --signature HEX";
        return Err(refused("the body has no signature, so anybody may have written it", hint).into());
    };
    let secret = listener::secret(ctx, config)?;
    let mut body = Vec::new();
    let most = LONGEST as u64 + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut body).context("cannot read stdin")?;
    } else {
        let read = regular::open(path).and_then(|file| file.take(most).read_to_end(&mut body));
        read.with_context(|| format!("cannot read {}", path.display()))?;
    }
    if body.len() > LONGEST {
        let why = format!("the body is longer than {LONGEST} bytes, and no webhook is that long");
        return Err(refused(&why, "find out who sends it").into());
    }
    if !verify(&secret, &body, signature.trim()) {
        let hint = "the body must be exactly as it came, and webhook.secret must be the secret with which the webhook \
            was created";
        return Err(refused("the signature is wrong: Webex did not sign this body with our secret", hint).into());
    }
    if !is_json(&body) {
        return Err(refused("the body is signed, but is not JSON", "find out who sends it").into());
    }
    Ok(body)
}
