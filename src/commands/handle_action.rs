//! `handle-action`: takes what people typed and tapped, keeps it, and then handles it.
//! Nothing is believed before its signature is checked, and nothing that was kept is lost. What an event means is
//! `conversation`'s.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::app::context::Context;
use crate::app::exit_status::Refused;
use crate::app::listener;
use crate::app::stages::events;
use crate::cli;
use crate::domain::pairing::plan::Refusal;
use crate::serve::webhook::is_json;
use crate::store::config::Config;
use crate::store::files::regular;
use crate::store::heard::{self, Way};
use crate::store::inbox::{Inbox, LONGEST};
use crate::webex::signature::verify;

pub(super) fn run(ctx: &Context<'_>, args: &cli::HandleAction) -> Result<()> {
    let config = Config::load(&ctx.config_path()?)?;
    let inbox = Inbox::of(&config.programme.state)?;
    if let Some(listen) = args.listen {
        return listener::run(ctx, &config, &inbox, listen);
    }
    if let Some(path) = &args.body {
        let body = believed(ctx, &config, path, args.signature.as_deref())?;
        if !inbox.put(&body, ctx.time())? {
            ctx.say("this event waits already");
        }
        heard::keep(&config.programme.state, Way::Heard, ctx.time())?;
        return events::handle(ctx, &config, &inbox);
    }
    events::look_and_handle(ctx, &config, &inbox).map(drop)
}

/// A body from another receiver, if Webex signed it.
fn believed(ctx: &Context<'_>, config: &Config, path: &Path, signature: Option<&str>) -> Result<Vec<u8>> {
    let refused = |why: &str, hint: &str| Refused(Refusal { why: why.to_owned(), hint: hint.to_owned() });
    let Some(signature) = signature else {
        let hint = "pass what came in its header X-Spark-Signature with: --signature HEX";
        return Err(refused("the body has no signature, so that anybody may have written it", hint).into());
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
        let why = format!("the body is longer than {LONGEST} bytes, which no webhook is");
        return Err(refused(&why, "look at who sends it").into());
    }
    if !verify(&secret, &body, signature.trim()) {
        let hint = "the body must be as it came, to the byte, and webhook.secret what the webhook was made with";
        return Err(refused("the signature is wrong: Webex did not sign this body with our secret", hint).into());
    }
    if !is_json(&body) {
        return Err(refused("the body is signed, but is not JSON", "look at who sends it").into());
    }
    Ok(body)
}
