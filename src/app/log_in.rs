//! Logging the organizer in, in a browser here or on another device. Shows the address and the code, waits, and saves
//! the tokens; their content is never shown.

use std::io::{self, IsTerminal, Write};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::TimeDelta;

use super::context::{Context, stdout};
use super::login::{received, scopes_to_ask};
use crate::cli;
use crate::serve::login::{RedirectError, RedirectServer, Visitor};
use crate::show::qr::qr;
use crate::show::text::harmless;
use crate::store::config::{Config, Webex};
use crate::store::tokens::{Login, Token, TokensError};
use crate::webex::error::{Error, Kind};
use crate::webex::oauth::{self, Grant, Integration, Poll, Verifier};

/// The lifetime of a refresh token if Webex does not say it.
const REFRESH_DAYS: i64 = 90;

/// Logs somebody in, and saves the login. Says whose it is, and until when it is valid.
///
/// # Errors
/// The config lacks something that a login needs, the clock is wrong, or nobody logged in.
pub(crate) fn log_in(ctx: &Context<'_>, args: &cli::Auth, config: &Config) -> Result<()> {
    let integration = ctx.integration(&config.webex)?;
    ctx.check_clock_for_login(config)?;
    let config = &config.webex;
    if let Err(error) = ctx.lock_login(config, "auth")?.read() {
        let what = replaceable(error)?;
        ctx.say(format_args!("warning: {what}: a new login takes their place"));
    }
    let way = if args.device { by_device } else { by_browser };
    let login = way(ctx, args, config, &integration)?;
    let until = login.refresh.expires.format("%Y-%m-%d");
    ctx.say(format_args!(
        "logged in as {}\nthe login is valid until {until}, and is extended whenever roulette uses it",
        named(&login)
    ));
    Ok(())
}

/// What is wrong with a file that a new login may replace; the error, if it may not.
pub(crate) fn replaceable(error: TokensError) -> Result<String, TokensError> {
    if error.is_damaged() { Ok(error.what()) } else { Err(error) }
}

fn named(login: &Login) -> String {
    harmless(&format!("{} <{}>", login.name, login.email)).into_owned()
}

/// Logs in with a browser on this machine, which brings back a code.
fn by_browser(ctx: &Context<'_>, args: &cli::Auth, config: &Webex, integration: &Integration<'_>) -> Result<Login> {
    let (state, verifier) = (oauth::letters(rand::random()), Verifier::new(rand::random()));
    let door = RedirectServer::open(&config.redirect_uri, &state).map_err(|error| no_door(ctx, error))?;
    let address = integration.authorize_url(&config.redirect_uri, &scopes_to_ask(config), &state, &verifier);
    if args.no_browser {
        let (mut out, _) = stdout();
        writeln!(out, "{address}").and_then(|()| out.flush())?;
        ctx.say("open the address in a browser on this machine, and log in there");
    } else {
        ctx.say(format_args!("opening the browser; if none appears, open this address on this machine:\n{address}"));
        let address = address.to_string();
        // Some browsers block the program that opens them.
        thread::spawn(move || webbrowser::open(&address));
    }
    let deadline = Instant::now() + Duration::from_secs(args.timeout);
    loop {
        match door.wait(deadline) {
            Some(Visitor::Stranger(why)) => {
                ctx.say(format_args!("warning: somebody came to {}, but {why}: still waiting", config.redirect_uri));
            }
            Some(Visitor::Refused(error, why)) => return Err(refused(ctx, config, &error, &why)),
            Some(Visitor::Code(code, reply)) => {
                let grant = integration.exchange(&code, &config.redirect_uri, &verifier);
                let what = "the browser came back, but Webex gives no tokens in return";
                let grant = grant.map_err(|error| explained(&error, what));
                let login = grant.and_then(|grant| keep(ctx, config, grant));
                match &login {
                    Ok(login) => reply.show(true, &format!("You are {}. You can close this page.", named(login))),
                    Err(error) => reply.show(false, &format!("{error:#}")),
                }
                return login;
            }
            None => bail!("nobody logged in within {} s{}", args.timeout, retry_hint(ctx)),
        }
    }
}

fn retry_hint(ctx: &Context<'_>) -> String {
    let config = ctx.with_config();
    format!("\nhint: try again with: roulette{config} auth, or without a browser here: roulette{config} auth --device")
}

fn no_door(ctx: &Context<'_>, error: RedirectError) -> anyhow::Error {
    let device = format!("log in on another device with: roulette{} auth --device", ctx.with_config());
    match error {
        RedirectError::NotHere(why) => ctx.config_fault(Some("webex.redirect_uri"), why, &device).into(),
        error => {
            let free =
                "end the program that uses it, or change webex.redirect_uri in the config and in the integration";
            anyhow::anyhow!("{error}\nhint: {free}; or {device}")
        }
    }
}

fn refused(ctx: &Context<'_>, config: &Webex, error: &str, why: &str) -> anyhow::Error {
    let said = if why.is_empty() { error.to_owned() } else { format!("{why} ({error})") };
    match error {
        "access_denied" => anyhow::anyhow!("the login was denied: {said}{}", retry_hint(ctx)),
        "invalid_scope" => {
            let scopes = scopes_to_ask(config).join(" ");
            let hint = "give it these at https://developer.webex.com/my-apps";
            anyhow::anyhow!("the integration may not ask for all that is needed: {said}\nhint: {hint}: {scopes}")
        }
        _ => anyhow::anyhow!("Webex refuses the login: {said}"),
    }
}

/// Adds what to do if Webex refuses the integration.
fn explained(error: &Error, what: &str) -> anyhow::Error {
    let hint = match error.kind {
        Kind::Refused => "compare client_id, client secret and redirect_uri with https://developer.webex.com/my-apps",
        _ => "try again",
    };
    anyhow::anyhow!("{what}: {error}\nhint: {hint}")
}

/// Logs in with a browser anywhere, in which a person types a code.
fn by_device(ctx: &Context<'_>, args: &cli::Auth, config: &Webex, integration: &Integration<'_>) -> Result<Login> {
    const WHAT: &str = "the login cannot be made on another device";
    let device = integration.device(&scopes_to_ask(config)).map_err(|error| explained(&error, WHAT))?;
    let (mut out, _) = stdout();
    writeln!(out, "address: {}\ncode: {}", harmless(&device.address), harmless(&device.user_code))?;
    out.flush()?;
    drop(out);
    let term = terminal_size::terminal_size_of(io::stderr());
    if let Some((width, _)) = term.filter(|_| io::stderr().is_terminal()) {
        let colour = std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
        qr(&device.full_address, colour, width.0.into()).into_iter().for_each(|qr| ctx.say(qr));
    }
    let life = device.life.min(Duration::from_secs(args.timeout));
    ctx.say(format_args!("open the address on any device and type the code, within {} s", life.as_secs()));
    let deadline = Instant::now() + life;
    let mut interval = device.interval;
    loop {
        if Instant::now() + interval > deadline {
            bail!("nobody typed the code within {} s{}", life.as_secs(), retry_hint(ctx));
        }
        thread::sleep(interval);
        match integration.poll(&device) {
            Ok(Poll::Granted(grant)) => return keep(ctx, config, grant),
            Ok(Poll::Pending) => {}
            Ok(Poll::SlowDown) => interval += Duration::from_secs(5),
            Ok(Poll::Denied) => return Err(refused(ctx, config, "access_denied", "")),
            Ok(Poll::Expired) => bail!("the code is no longer valid{}", retry_hint(ctx)),
            Err(error) if error.kind == Kind::NotDone => ctx.say(format_args!("warning: {error}: still trying")),
            Err(error) => return Err(explained(&error, WHAT)),
        }
    }
}

/// Finds out whose the tokens are, and saves them.
fn keep(ctx: &Context<'_>, config: &Webex, grant: Grant) -> Result<Login> {
    ensure!(grant.refresh.is_some(), "Webex gives no refresh token: the login would simply expire");
    let person = ctx.whose(config, &grant.access).context("Webex gives tokens, but does not say whose")?;
    let now = ctx.time();
    let nothing = Token { secret: "".into(), expires: now + TimeDelta::days(REFRESH_DAYS) };
    let asked = Login {
        email: person.emails.into_iter().next().unwrap_or_default(),
        name: person.display_name,
        scopes: scopes_to_ask(config).into_iter().map(str::to_owned).collect(),
        received: now,
        access: nothing.clone(),
        refresh: nothing,
    };
    let login = received(grant, now, asked);
    let locked = ctx.lock_login(config, "auth")?;
    if let Err(error) = locked.read() {
        replaceable(error)?;
    }
    locked.save(&login)?;
    Ok(login)
}
