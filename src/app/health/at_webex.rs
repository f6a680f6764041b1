//! The health of what is at Webex: the login, the bot and its space, how events arrive, and what time it is there.
//! Asks, and changes nothing except a login that is due to be renewed.

use std::time::Duration;

use chrono::TimeDelta;

use super::Check;
use crate::app::context::Context;
use crate::app::exit_status::status_and_hint;
use crate::app::login::{self, scopes};
use crate::store::config::Config;
use crate::store::tokens::Login;
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::webhooks;
use crate::webex::wire::{Person, Room, Webhook};

/// How long one answer may take.
const LONGEST: Duration = Duration::from_secs(4);

pub(super) fn checks(ctx: &Context<'_>, config: &Config) -> Vec<Check> {
    // With so many things to check, none of them is worth a long wait.
    let (stage, _) = ctx.impatient().stage();
    let mut config = config.clone();
    config.webex.timeout = config.webex.timeout.min(LONGEST);
    let config = &config;
    let client = match stage.webex(config) {
        Ok(client) => client,
        Err(error) => return vec![Check::of_error(ctx, "webex", &error)],
    };
    let login = organizer(ctx, config, &client);
    let bot = bot(config, &client);
    let mut checks = vec![login, bot_check(ctx, &bot)];
    match &bot {
        Bot::Works { email, .. } => {
            checks.extend([space(ctx, config, &client, email), events(ctx, config, &client)]);
        }
        _ => checks.extend(["space", "events"].map(|name| Check::not_looked(name, "the bot"))),
    }
    checks.push(clock(ctx));
    checks
}

fn organizer(ctx: &Context<'_>, config: &Config, client: &Client<'_>) -> Check {
    const NAME: &str = "login";
    let auth = format!("roulette{} auth", ctx.with_config());
    if let (false, Err(error)) = (ctx.is_logged_in(config), ctx.integration(&config.webex)) {
        return Check::of_error(ctx, NAME, &error);
    }
    // Webex first: asking may renew the login.
    let asked = login::read(&config.webex).and_then(|_| Ok(client.ask::<Person>(&calls::me(Who::Organizer))?));
    let login = asked.and_then(|_| login::read(&config.webex));
    let login = match login {
        Ok(login) => login,
        Err(error) => return Check::of_error(ctx, NAME, &error),
    };
    let says = format!("{} <{}>, until {}", login.name, login.email, login.refresh.expires.format("%Y-%m-%d"));
    let missing = missing_scopes(config, Some(&login));
    if !missing.is_empty() {
        let says = format!("{says}, but lacks these scopes: {}", missing.join(" "));
        return Check::fault(NAME, 4, says, format!("give the integration these scopes, then {auth}"));
    }
    if let Err(error) = ctx.integration(&config.webex) {
        let fix = "it works now, but cannot be renewed without that: put it right".to_owned();
        return Check::fault(NAME, 2, format!("{says}, but {error:#}"), fix);
    }
    if login::is_half_over(&login, ctx.now) {
        let says = format!("{says}: it should have been renewed, and was not");
        return Check::warn(NAME, says, format!("see why with: roulette{} -v run; or {auth}", ctx.with_config()));
    }
    if login.refresh.expires - ctx.now < TimeDelta::days(14) {
        return Check::warn(NAME, format!("{says}: it ends soon"), auth);
    }
    Check::ok(NAME, says)
}

/// The scopes that the config needs and the login lacks.
pub(crate) fn missing_scopes(config: &Config, login: Option<&Login>) -> Vec<&'static str> {
    let allowed = |scope: &&str| login.is_some_and(|login| login.scopes.iter().any(|it| it == scope));
    scopes(&config.webex).into_iter().filter(|scope| !allowed(scope)).collect()
}

/// The bot, according to Webex.
pub(crate) enum Bot {
    Works {
        name: String,
        email: String,
    },
    /// Its token is missing, for this reason.
    NotSet(String),
    /// Webex does not know the token.
    Refused(Error),
    /// The token belongs to somebody else, with their name.
    OfPerson(String),
    /// Webex cannot be asked, for this reason.
    Unknown(Error),
}

impl Bot {
    /// Why it does not work, if it was asked for.
    pub(crate) fn fails(&self) -> Option<String> {
        match self {
            Self::Works { .. } | Self::NotSet(_) => None,
            Self::Refused(error) => Some(format!("Webex refuses webex.bot_token: {error}")),
            Self::OfPerson(whose) if whose.is_empty() => Some("webex.bot_token does not belong to a bot".to_owned()),
            Self::OfPerson(whose) => Some(format!("webex.bot_token belongs to {whose}, who is not a bot")),
            Self::Unknown(error) => Some(error.to_string()),
        }
    }
}

/// Asks Webex for the bot.
pub(crate) fn bot(config: &Config, client: &Client<'_>) -> Bot {
    if let Err(why) = config.webex.bot_token.read() {
        return Bot::NotSet(format!("{why:#}"));
    }
    match client.ask::<Person>(&calls::me(Who::Bot)) {
        Ok(Person { emails, display_name: name, kind, .. }) if kind == "bot" => {
            Bot::Works { name, email: emails.into_iter().next().unwrap_or_default() }
        }
        Ok(person) => Bot::OfPerson(person.display_name),
        Err(error @ Error { kind: Kind::Bot, .. }) => Bot::Refused(error),
        Err(error) => Bot::Unknown(error),
    }
}

fn bot_check(ctx: &Context<'_>, bot: &Bot) -> Check {
    const NAME: &str = "bot";
    const FIX: &str = "create a bot at https://developer.webex.com/my-apps, and give its token to roulette init";
    match bot {
        Bot::Works { name, email } => Check::ok(NAME, format!("{name} <{email}>")),
        Bot::NotSet(why) => Check::fault(NAME, 4, why, FIX),
        Bot::Refused(error) => {
            let (status, fix) = status_and_hint(ctx.config.as_ref(), &error.clone().into());
            Check::fault(NAME, status, bot.fails().unwrap_or_default(), fix.unwrap_or_default())
        }
        Bot::OfPerson(_) => Check::fault(NAME, 4, bot.fails().unwrap_or_default(), FIX),
        Bot::Unknown(error) => Check::of_error(ctx, NAME, &error.clone().into()),
    }
}

/// Whether the bot is in the organizers' space.
fn space(ctx: &Context<'_>, config: &Config, client: &Client<'_>, bot: &str) -> Check {
    const NAME: &str = "space";
    let room = &config.webex.report_room;
    if room.is_empty() {
        return Check::ok(NAME, "none is set: nobody gets the reports (report_room in [webex])");
    }
    match client.ask::<Room>(&calls::room(room)) {
        Ok(room) if room.id.is_empty() => {
            Check::warn(NAME, "Webex answers, but not with a space", "choose it again with roulette init")
        }
        Ok(room) => Check::ok(NAME, format!("“{}” gets the reports", room.title)),
        Err(error) if matches!(error.kind, Kind::Gone | Kind::Refused) => {
            let says = format!("the bot is not in the space that webex.report_room names: {error}");
            Check::fault(NAME, 1, says, format!("add {bot} to the space, or name another with roulette init"))
        }
        Err(error) => Check::of_error(ctx, NAME, &error.into()),
    }
}

/// How what people type and tap arrives here.
fn events(ctx: &Context<'_>, config: &Config, client: &Client<'_>) -> Check {
    const NAME: &str = "events";
    let listen = format!("roulette{} handle-action --listen", ctx.with_config());
    let url = &config.webhook.public_url;
    if url.is_empty() {
        let says = format!(
            "over Webex's websocket while {listen} runs; unlike webhooks, Cisco neither documents nor supports it \
                (see docs/listening.md)"
        );
        return Check::ok(NAME, says);
    }
    let secret = match config.webhook.secret.read() {
        Ok(secret) => secret,
        Err(error) => return Check::fault(NAME, 2, format!("{error:#}"), "make up a long secret, and put it there"),
    };
    let there = match client.list::<Webhook>(&calls::webhooks()) {
        Ok(there) => there,
        Err(error) => return Check::of_error(ctx, NAME, &error.into()),
    };
    let faults = webhooks::faults_of_ours(&there, url, &secret);
    if faults.is_empty() {
        return Check::ok(NAME, format!("Webex delivers them to {url}"));
    }
    Check::fault(NAME, 1, faults.join("; "), format!("start {listen}, which repairs the webhooks"))
}

/// Whether the clock is right, which is known once Webex has answered.
fn clock(ctx: &Context<'_>) -> Check {
    const NAME: &str = "clock";
    match ctx.clock_check.found() {
        None => Check::not_looked(NAME, "the way to Webex"),
        Some(Ok(())) if ctx.global.now.is_some() => Check::ok(NAME, "as --now says"),
        Some(Ok(())) => Check::ok(NAME, "agrees with Webex's"),
        Some(Err(why)) => Check::fault(NAME, 5, why, "correct the clock of this machine"),
    }
}
