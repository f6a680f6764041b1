//! `auth --status`: who is logged in and until when, what is allowed, and the state of the bot and its webhooks. Asks
//! Webex, so that the answer is true.

use std::io::Write;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::app::context::{Context, stdout};
use crate::app::health::{Bot, bot, missing_scopes};
use crate::app::login;
use crate::domain::text::rfc3339;
use crate::show::Format;
use crate::show::table::write_table;
use crate::store::config::Config;
use crate::store::tokens::Login;
use crate::store::zones;
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::webhooks;
use crate::webex::wire::{Person, Webhook};

pub(super) fn run(ctx: &Context<'_>, config: &Config, format: Format) -> Result<()> {
    let client = ctx.webex(config)?;
    // Webex first: asking may refresh the login.
    let works = match login::read(&config.webex) {
        Ok(_) => client.ask::<Person>(&calls::me(Who::Organizer)).map(|_| ()).map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    let login = login::read(&config.webex).ok();
    let bot = bot(config, &client);
    let (webhooks, webhooks_json) = match bot {
        Bot::Works { .. } => webhooks_at_webex(&client),
        Bot::NotSet(_) | Bot::Refused(_) | Bot::OfPerson(_) | Bot::Unknown(_) => {
            ("unknown without a bot".to_owned(), Value::Null)
        }
    };

    let zone = config.meeting.timezone;
    let time = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M %:z").to_string();
    let person = |login: &Login| format!("{} <{}>", login.name, login.email);
    let missing = missing_scopes(config, login.as_ref());
    let mut rows = vec![["login".to_owned(), login.as_ref().map_or("nobody".to_owned(), person)]];
    if let Some(login) = &login {
        let verdict = if works.is_ok() { "yes" } else { "no" };
        rows.push(["works".to_owned(), verdict.to_owned()]);
        rows.push(["access token".to_owned(), format!("until {}", time(login.access.expires))]);
        rows.push(["refresh token".to_owned(), format!("until {}", time(login.refresh.expires))]);
        rows.push(["scopes".to_owned(), login.scopes.join(" ")]);
        if !missing.is_empty() {
            rows.push(["missing scopes".to_owned(), missing.join(" ")]);
        }
    }
    let (words, bot_json) = match (&bot, bot.fails()) {
        (Bot::Works { name, email }, _) => {
            (format!("{name} <{email}>"), json!({ "works": true, "name": name, "email": email }))
        }
        (Bot::NotSet(why), _) => (format!("not set: {why}"), Value::Null),
        (_, why) => {
            let why = why.unwrap_or_default();
            ctx.say(format_args!("warning: the bot does not work: {why}"));
            (format!("does not work: {why}"), json!({ "works": false, "why": why }))
        }
    };
    rows.extend([["bot".to_owned(), words], ["webhooks".to_owned(), webhooks]]);
    let release = zones::release();
    rows.push(["time zones".to_owned(), release.to_string()]);
    let json = json!({
        "login": login.as_ref().map(|login| json!({
            "name": login.name, "email": login.email,
            "works": works.is_ok(), "why": works.as_ref().err().map(|error| format!("{error:#}")),
            "access_expires": rfc3339(login.access.expires), "refresh_expires": rfc3339(login.refresh.expires),
            "scopes": login.scopes, "missing_scopes": missing,
        })),
        "bot": bot_json,
        "webhooks": webhooks_json,
        "time_zones": {
            "release": release.release, "from": release.from,
            "others": release.others.map(|it| json!({ "release": it.release, "from": it.from })),
        },
    });
    let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
    let (mut out, width) = stdout();
    write_table(format, &["what", "how it is"], &rows, &json, width, &mut out)?;
    out.flush()?;
    if works.is_ok() && !missing.is_empty() {
        let hint = format!("log in again with: roulette{} auth", ctx.with_config());
        ctx.say(format_args!("warning: the login lacks scopes that roulette needs\nhint: {hint}"));
    }
    works?;
    match bot {
        Bot::Refused(error) => Err(error.into()),
        Bot::Works { .. } | Bot::NotSet(_) | Bot::OfPerson(_) | Bot::Unknown(_) => Ok(()),
    }
}

fn webhooks_at_webex(client: &Client<'_>) -> (String, Value) {
    let mut webhooks = match client.list::<Webhook>(&calls::webhooks()) {
        Ok(webhooks) => webhooks,
        Err(error) => return (format!("unknown: {error}"), Value::Null),
    };
    webhooks.retain(webhooks::is_ours);
    let words: Vec<String> = webhooks.iter().map(|it| format!("{} {}", it.resource, it.status)).collect();
    let json = webhooks
        .iter()
        .map(|it| json!({ "name": it.name, "resource": it.resource, "target": it.target_url, "status": it.status }));
    (if words.is_empty() { "none".to_owned() } else { words.join(", ") }, json.collect())
}
