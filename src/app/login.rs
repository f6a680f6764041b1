//! The organizer's login as every command uses it: read from its file, refreshed before it ends or when Webex refuses
//! it, by one process at a time. Knows when a token must be refreshed; `webex::oauth` knows how.

use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};

use super::context::Context;
use super::logging;
use crate::domain::roster_pull::Source;
use crate::domain::text::rfc3339;
use crate::parallel::lock;
use crate::secrets;
use crate::show::text::harmless;
use crate::store::config::secret::{ExposeSecret, SecretString};
use crate::store::config::{Config, Host, Webex};
use crate::store::tokens::{self, Locked, Login, Token, TokensError};
use crate::store::{Fault, Faults};
use crate::webex::calls::{self, Who};
use crate::webex::client::{Client, Tokens, Voice};
use crate::webex::error::{Kind, NotKnown};
use crate::webex::oauth::{self, Grant, Integration};
use crate::webex::wire::Person;

impl Context<'_> {
    /// The connection to Webex, as the organizer and as the bot. The login is read when the first call is made.
    ///
    /// # Errors
    /// The address of Webex in the config is not safe.
    pub(crate) fn webex<'s>(&'s self, config: &'s Config) -> Result<Client<'s>> {
        let Webex { base_url, timeout, .. } = &config.webex;
        let tokens = TokenKeeper::new(self, &config.webex);
        Client::new(
            base_url,
            *timeout,
            tokens,
            self.voice(),
            (Arc::clone(&self.patience), Arc::clone(&self.clock_check)),
        )
    }

    /// Checks whether the clock of this machine can be right, before anything that depends on it is saved or sent:
    /// Webex is asked, unless the program pretends that it is another time, or nothing can be sent.
    ///
    /// # Errors
    /// It is wrong, or Webex cannot be asked.
    pub(crate) fn check_clock(&self, config: &Config) -> Result<()> {
        let asks = self.is_logged_in(config) || config.webex.bot_token.read().is_ok();
        if asks { self.check_clock_for_login(config) } else { Ok(()) }
    }

    /// The same before there are any tokens, which are saved with the time at which they expire.
    ///
    /// # Errors
    /// As [`Context::check_clock`].
    pub(crate) fn check_clock_for_login(&self, config: &Config) -> Result<()> {
        if self.global.now.is_some() { Ok(()) } else { Ok(self.webex(config)?.check_clock()?) }
    }

    /// Whether somebody is logged in, as far as this machine knows.
    pub(crate) fn is_logged_in(&self, config: &Config) -> bool {
        !matches!(tokens::read(&config.webex.tokens), Ok(None))
    }

    /// The integration that obtains tokens.
    ///
    /// # Errors
    /// Names the key that is missing in the config, and where to get it.
    pub(crate) fn integration(&self, config: &Webex) -> Result<Integration<'static>> {
        const HINT: &str = "your integration's client id and client secret are at https://developer.webex.com/my-apps";
        if config.client_id.is_empty() {
            return Err(self.config_fault(Some("webex.client_id"), "is not set".to_owned(), HINT).into());
        }
        let secret = config.client_secret.read();
        let secret = secret.map_err(|error| self.config_fault(None, format!("{error:#}"), HINT))?;
        Integration::new(
            &config.base_url,
            config.timeout,
            &config.client_id,
            secret,
            logging::detail,
            Arc::clone(&self.patience),
        )
    }

    /// What is wrong with a value in the config.
    pub(crate) fn config_fault(&self, key: Option<&str>, message: String, hint: &str) -> Faults {
        Faults {
            file: self.config_path().unwrap_or_default(),
            faults: vec![Fault { line: None, column: key.map(str::to_owned), message }],
            more: 0,
            hint: Some(hint.to_owned()),
        }
    }

    /// The person to whom an access token belongs.
    pub(crate) fn whose(&self, config: &Webex, token: &SecretString) -> Result<Person> {
        secrets::remember(token);
        let (tokens, patience) = (StaticToken(token.clone()), (Arc::clone(&self.patience), Arc::default()));
        let voice = Voice { told: Box::new(logging::detail), warn: Box::new(|_| ()) };
        let client = Client::new(&config.base_url, config.timeout, tokens, voice, patience)?;
        Ok(client.ask(&calls::me(Who::Organizer))?)
    }

    /// Locks the organizer's login. The holder may be waiting for an answer from Webex.
    pub(crate) fn lock_login(&self, config: &Webex, command: &str) -> Result<Locked, TokensError> {
        tokens::lock(&config.tokens, &self.holder(command), self.wait() + config.timeout)
    }

    /// Where messages from the Webex client go.
    fn voice(&self) -> Voice<'_> {
        let warn = |text: &str| self.say(harmless(&format!("warning: {text}")));
        Voice { told: Box::new(logging::detail), warn: Box::new(warn) }
    }
}

/// Reads the organizer's login.
///
/// # Errors
/// [`NotKnown`] if there is none, or none that can still be used.
pub(crate) fn read(config: &Webex) -> Result<Login> {
    found(tokens::read(&config.tokens))
}

/// How long before the final end of a login this is reported.
const SOON: TimeDelta = TimeDelta::days(14);

/// A login after it was renewed, if that was due.
pub(crate) struct FreshLogin {
    pub(crate) login: Login,
    /// Whether somebody must log in again soon.
    pub(crate) ends_soon: bool,
    /// Why it could not be renewed, although that is due; it can still be used.
    pub(crate) not_renewed: Option<anyhow::Error>,
}

/// Renews the login if half its life is over; returns it as it is then, if anybody is logged in.
///
/// # Errors
/// Somebody must log in.
pub(crate) fn keep_fresh(ctx: &Context<'_>, config: &Webex, dry_run: bool) -> Result<Option<FreshLogin>> {
    if matches!(tokens::read(&config.tokens), Ok(None)) {
        return Ok(None);
    }
    let mut held = CurrentTokens::default();
    let login = if dry_run { read(config)? } else { TokenKeeper::new(ctx, config).good(&mut held)?.clone() };
    let ends_soon = login.refresh.expires - ctx.now < SOON;
    Ok(Some(FreshLogin { login, ends_soon, not_renewed: held.not_renewed }))
}

/// The scopes that the config needs.
pub(crate) fn scopes(config: &Webex) -> Vec<&'static str> {
    let directory = (config.pull == Some(Source::Organization)).then_some(oauth::DIRECTORY_SCOPE);
    let on_behalf = config.host == Host::Participant;
    let attendance = config.attendance.then(|| oauth::attendance_scope(on_behalf));
    oauth::scopes(on_behalf).into_iter().chain(attendance).chain(directory).collect()
}

/// The scope for seeing who came to meetings, if the program is to check that and the login does not allow it.
pub(crate) fn missing_attendance_scope(config: &Webex, login: &Login) -> Option<&'static str> {
    let scope = oauth::attendance_scope(config.host == Host::Participant);
    (config.attendance && !login.scopes.iter().any(|it| it == scope)).then_some(scope)
}

/// The scopes that a login requests: also the one that is needed only if the bot is not in the space from which the
/// roster is pulled.
pub(crate) fn scopes_to_ask(config: &Webex) -> Vec<&'static str> {
    let members = matches!(config.pull, Some(Source::Room(_))).then_some(oauth::MEMBERS_SCOPE);
    scopes(config).into_iter().chain(members).collect()
}

/// A login that was obtained at `now`; `before` is an earlier login of the same person, or none.
pub(crate) fn received(grant: Grant, now: DateTime<Utc>, before: Login) -> Login {
    let at = |life| now + TimeDelta::from_std(life).unwrap_or_default();
    secrets::remember(&grant.access);
    grant.refresh.iter().for_each(secrets::remember);
    Login {
        received: now,
        access: Token { secret: grant.access, expires: at(grant.access_life) },
        refresh: Token {
            secret: grant.refresh.unwrap_or(before.refresh.secret),
            expires: grant.refresh_life.map_or(before.refresh.expires, at),
        },
        scopes: grant.scopes.unwrap_or(before.scopes),
        ..before
    }
}

/// Whether more than half of the token's life is over: with Webex's 14 days, a week before its end.
pub(crate) fn is_half_over(login: &Login, now: DateTime<Utc>) -> bool {
    login.access.expires - now < now - login.received
}

/// Keeps the tokens valid while a command runs.
struct TokenKeeper<'a> {
    ctx: &'a Context<'a>,
    config: &'a Webex,
    held: Mutex<CurrentTokens>,
}

#[derive(Default)]
struct CurrentTokens {
    login: Option<Login>,
    /// Early refreshing is tried once in a run.
    tried: bool,
    /// Why that failed.
    not_renewed: Option<anyhow::Error>,
}

impl<'a> TokenKeeper<'a> {
    fn new(ctx: &'a Context<'a>, config: &'a Webex) -> Self {
        Self { ctx, config, held: Mutex::default() }
    }

    fn read(&self) -> Result<Login> {
        let path = &self.config.tokens;
        if tokens::is_exposed(path) {
            let path = path.display();
            self.ctx.say(format_args!("warning: other people can read your login: protect it with: chmod 600 {path}"));
        }
        read(self.config)
    }

    /// The login with another token than `stale`, obtained from Webex unless another process has done so.
    fn refreshed(&self, stale: &SecretString) -> Result<Login> {
        let locked = self.ctx.lock_login(self.config, "refreshes the login")?;
        let login = found(locked.read())?;
        let now = self.ctx.time();
        if !same(&login.access.secret, stale) && now < login.access.expires {
            return Ok(login);
        }
        let Login { email, refresh, .. } = &login;
        if now >= refresh.expires {
            let date = rfc3339(refresh.expires);
            return Err(
                log_in(format!("the login of {email} was not used for a long time, and ended at {date}")).into()
            );
        }
        let grant = self.ctx.integration(self.config)?.refresh(&refresh.secret);
        let grant = grant.map_err(|error| match error.kind {
            Kind::Refused | Kind::Gone => log_in(format!("Webex does not renew the login of {email}: {error}")).into(),
            _ => anyhow::Error::new(error).context("the login cannot be renewed"),
        })?;
        let login = received(grant, now, login);
        locked.save(&login).context("the login was renewed, but cannot be saved")?;
        Ok(login)
    }

    /// The current login, read and refreshed early if necessary.
    fn good<'h>(&self, held: &'h mut CurrentTokens) -> Result<&'h Login> {
        let login = match held.login.take() {
            Some(login) => login,
            None => self.read()?,
        };
        let now = self.ctx.time();
        let good = now < login.access.expires;
        let login = if good && (held.tried || !is_half_over(&login, now)) {
            login
        } else {
            held.tried = true;
            match self.refreshed(&login.access.secret) {
                Err(error) if good && !error.is::<NotKnown>() => {
                    let until = rfc3339(login.access.expires);
                    self.ctx.say(format_args!("warning: the login is valid only until {until}: {error:#}"));
                    held.not_renewed = Some(error);
                    login
                }
                other => other?,
            }
        };
        Ok(held.login.insert(login))
    }
}

impl Tokens for TokenKeeper<'_> {
    fn token(&self, who: Who) -> Result<SecretString> {
        match who {
            Who::Bot => {
                let token = self.config.bot_token.read();
                token.map_err(|error| NotKnown { who, why: format!("{error:#}") }.into())
            }
            Who::Organizer => {
                let mut held = lock(&self.held);
                Ok(self.good(&mut held)?.access.secret.clone())
            }
        }
    }

    fn renew(&self, who: Who, refused: &SecretString) -> Result<Option<SecretString>> {
        if who == Who::Bot {
            return Ok(None);
        }
        let mut held = lock(&self.held);
        let login = match held.login.take() {
            // Another thread was refused as well, and was here first.
            Some(login) if !same(&login.access.secret, refused) => login,
            _ => self.refreshed(refused)?,
        };
        Ok(Some(held.login.insert(login).access.secret.clone()))
    }
}

/// A token that cannot be renewed.
struct StaticToken(SecretString);

impl Tokens for StaticToken {
    fn token(&self, _: Who) -> Result<SecretString> {
        Ok(self.0.clone())
    }

    fn renew(&self, _: Who, _: &SecretString) -> Result<Option<SecretString>> {
        Ok(None)
    }
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// The login that was read. A damaged one counts as none: a new login replaces it.
fn found(read: Result<Option<Login>, TokensError>) -> Result<Login> {
    match read {
        Ok(Some(login)) => {
            secrets::remember(&login.access.secret);
            secrets::remember(&login.refresh.secret);
            Ok(login)
        }
        Ok(None) => Err(log_in("nobody is logged in".to_owned()).into()),
        Err(error) if error.is_damaged() => Err(log_in(error.what()).into()),
        Err(error) => Err(error.into()),
    }
}

fn log_in(why: String) -> NotKnown {
    NotKnown { who: Who::Organizer, why }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::cli::Global;

    const NOW: &str = "2026-12-01T09:00:00Z";

    fn login(received: &str) -> Login {
        let received: DateTime<Utc> = received.parse().unwrap();
        let token = |secret: &str, days| Token { secret: secret.into(), expires: received + TimeDelta::days(days) };
        Login {
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            scopes: vec!["spark:kms".to_owned()],
            received,
            access: token("hush-access", 14),
            refresh: token("hush-refresh", 90),
        }
    }

    /// The result of asking for the organizer's token, with this file of tokens.
    fn token(save: impl FnOnce(&Context<'_>, &Webex)) -> Result<SecretString> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, "[webex]\nbot_token = { env = \"ROULETTE_NEVER_SET\" }\n").unwrap();
        let now = Some(NOW.parse().unwrap());
        let global = Global { config: vec![path.clone()], now, quiet: true, ..Global::default() };
        let ctx = Context::new(&global);
        let config = Config::load(&path).unwrap().webex;
        save(&ctx, &config);
        TokenKeeper::new(&ctx, &config).token(Who::Organizer)
    }

    fn why(save: impl FnOnce(&Context<'_>, &Webex)) -> String {
        token(save).unwrap_err().downcast::<NotKnown>().unwrap().why
    }

    #[test]
    fn without_a_login_that_can_be_used_somebody_must_log_in() {
        assert_eq!(why(|_, _| ()), "nobody is logged in");
        assert!(why(|_, config| fs::write(&config.tokens, "").unwrap()).ends_with("are damaged at line 1"));
        let long_ago = |ctx: &Context<'_>, config: &Webex| {
            ctx.lock_login(config, "auth").unwrap().save(&login("2026-09-02T08:00:00Z")).unwrap();
        };
        assert_eq!(
            why(long_ago),
            "the login of ada@example.com was not used for a long time, and ended at 2026-12-01T08:00:00Z"
        );
    }

    #[test]
    fn a_tokens_file_of_another_form_is_an_error_and_not_a_missing_login() {
        let error = token(|_, config| fs::write(&config.tokens, "{}").unwrap()).unwrap_err();
        assert!(error.is::<TokensError>());
    }

    #[test]
    fn a_good_token_is_used_although_it_cannot_be_refreshed_ahead_of_its_end() {
        for received in ["2026-12-01T08:00:00Z", "2026-11-20T09:00:00Z"] {
            let saved = |ctx: &Context<'_>, config: &Webex| {
                ctx.lock_login(config, "auth").unwrap().save(&login(received)).unwrap();
            };
            assert_eq!(token(saved).unwrap().expose_secret(), "hush-access", "{received}");
        }
    }

    #[test]
    fn a_token_is_refreshed_when_half_its_life_is_over() {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        assert!(!is_half_over(&login("2026-11-24T09:00:00Z"), now));
        assert!(is_half_over(&login("2026-11-24T08:59:59Z"), now));
    }

    #[test]
    fn what_webex_does_not_renew_stays_as_it_was() {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let access_life = Duration::from_secs(60);
        let grant = Grant { access: "new".into(), access_life, refresh: None, refresh_life: None, scopes: None };
        let before = login("2026-11-20T09:00:00Z");
        let after = received(grant, now, before.clone());
        assert_eq!((after.received, after.access.expires), (now, now + TimeDelta::seconds(60)));
        assert_eq!(after.refresh.expires, before.refresh.expires);
        assert!(same(&after.refresh.secret, &before.refresh.secret) && same(&after.access.secret, &"new".into()));
        assert_eq!((after.email, after.scopes), (before.email, before.scopes));
    }

    #[test]
    fn a_run_of_days_knows_how_late_it_is() {
        let global = Global { now: Some(NOW.parse().unwrap()), quiet: true, ..Global::default() };
        let mut ctx = Context::new(&global);
        ctx.begun = Instant::now().checked_sub(Duration::from_secs(60)).unwrap();
        assert!(ctx.time() - ctx.now >= TimeDelta::seconds(60));
    }

    #[test]
    fn a_run_on_a_machine_that_slept_knows_the_time() {
        let global = Global { quiet: true, ..Global::default() };
        let mut ctx = Context::new(&global);
        ctx.now -= TimeDelta::days(1);
        assert!((Utc::now() - ctx.time()).abs() < TimeDelta::minutes(1));
        assert!((Utc::now() - ctx.afresh().now).abs() < TimeDelta::minutes(1));
        assert!((Utc::now() - ctx.clock().time()).abs() < TimeDelta::minutes(1));
    }

    #[test]
    fn who_came_is_asked_of_webex_only_where_it_is_to_be_looked() {
        let mut webex = Config::default().webex;
        for (host, attendance, scope) in [
            (Host::Organizer, false, None),
            (Host::Organizer, true, Some("meeting:participants_read")),
            (Host::Participant, false, None),
            (Host::Participant, true, Some("meeting:admin_participants_read")),
        ] {
            (webex.host, webex.attendance) = (host, attendance);
            let asked = scopes_to_ask(&webex);
            let found: Vec<_> = asked.iter().filter(|scope| scope.contains("participants")).copied().collect();
            assert_eq!(found, scope.into_iter().collect::<Vec<_>>());
            assert_eq!(missing_attendance_scope(&webex, &login(NOW)), scope, "{host:?}");
        }
    }
}
