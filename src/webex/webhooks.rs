//! The bot's two webhooks: created if they are missing, repaired if they are not as they should be. Knows how ours
//! differ from others; knows no config and prints nothing.

use secrecy::{ExposeSecret, SecretString};

use super::calls;
use super::client::Client;
use super::error::{Error, Kind};
use super::wire::Webhook;
use crate::secrets;

/// Ours: name and resource. Each reports [`EVENT`].
const OURS: [(&str, &str); 2] = [("roulette messages", "messages"), ("roulette cards", "attachmentActions")];
pub(super) const EVENT: &str = "created";

/// Whether a webhook of the bot is one of ours, wherever it delivers.
pub fn is_ours(webhook: &Webhook) -> bool {
    OURS.iter().any(|(name, resource)| is_one(webhook, name, resource))
}

fn is_one(webhook: &Webhook, name: &str, resource: &str) -> bool {
    webhook.name == name && webhook.resource == resource && webhook.event == EVENT
}

/// What was done with one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookReport {
    /// The name of the webhook at Webex.
    pub name: &'static str,
    /// What was done with it.
    pub did: WebhookChange,
}

/// The change made to one of our webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookChange {
    /// It was as it should be.
    Nothing,
    /// It was missing, and was created.
    Made,
    /// It was repaired; says what was wrong.
    Repaired(Vec<&'static str>),
    /// It was there twice: one was removed.
    RemovedDouble,
    /// It has delivered to this address since it was last checked: another listener has it now.
    Taken(String),
}

/// Whether one of our webhooks that delivers elsewhere is redirected here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// Redirect it: it is from before the address changed.
    Lead,
    /// It was redirected here before: whoever took it since keeps it, because two listeners that take it from each
    /// other hear only half.
    Leave,
}

const NOT_SHOWN: &str = "its secret is not shown, and may have been a different one";

impl WebhookReport {
    /// Whether it was not as it should be, as far as can be known.
    pub fn is_news(&self) -> bool {
        match &self.did {
            WebhookChange::Nothing => false,
            WebhookChange::Made | WebhookChange::RemovedDouble | WebhookChange::Taken(_) => true,
            WebhookChange::Repaired(faults) => *faults != [NOT_SHOWN],
        }
    }
}

/// Makes Webex deliver to `target`, signed with `secret`.
///
/// A webhook of the bot is ours if it has our name and resource. One that delivers elsewhere is ours too, from before
/// the address changed, and is redirected here; but of several, the one that delivers here is kept, so that a second
/// start changes nothing. All others are left alone.
///
/// Webex's specification shows the secret with each webhook. If Webex does not, nobody can know whether it is still the
/// same: then it is set each time, which does no harm; otherwise every delivery might be refused for ever. The webhook
/// is changed in place, never recreated, so that nothing is missed in the meantime.
///
/// # Errors
/// The error of the first call that fails. It is safe to try again.
pub fn ensure(
    client: &Client<'_>,
    target: &str,
    secret: &SecretString,
    elsewhere: Elsewhere,
) -> Result<Vec<WebhookReport>, Error> {
    secrets::remember(secret);
    let mut there: Vec<Webhook> = client.list(&calls::webhooks())?;
    // One without an id can neither be changed nor removed.
    there.retain(|webhook| !webhook.id.is_empty());
    let mut done = Vec::new();
    for (name, resource) in OURS {
        let mut tell = |did| done.push(WebhookReport { name, did });
        let mut ours: Vec<&Webhook> = there.iter().filter(|it| is_one(it, name, resource)).collect();
        ours.sort_by_key(|it| (it.target_url != target, faults(it, target, secret).len()));
        let Some((kept, doubles)) = ours.split_first() else {
            client.ask::<Webhook>(&calls::make_webhook(name, target, resource, secret))?;
            tell(WebhookChange::Made);
            continue;
        };
        if kept.target_url != target && elsewhere == Elsewhere::Leave {
            tell(WebhookChange::Taken(kept.target_url.clone()));
            continue;
        }
        let faults = faults(kept, target, secret);
        if faults.is_empty() {
            tell(WebhookChange::Nothing);
        } else {
            client.ask::<Webhook>(&calls::change_webhook(&kept.id, name, target, secret))?;
            tell(WebhookChange::Repaired(faults));
        }
        for double in doubles {
            match client.tell(&calls::remove_webhook(&double.id)) {
                Err(error) if error.kind != Kind::Gone => return Err(error),
                _ => tell(WebhookChange::RemovedDouble),
            }
        }
    }
    Ok(done)
}

/// What is wrong with our webhooks among these, for people to read.
pub fn faults_of_ours(there: &[Webhook], target: &str, secret: &SecretString) -> Vec<String> {
    let worst = |(name, resource): (&str, &str)| {
        let ours = there.iter().filter(|it| is_one(it, name, resource));
        let Some(best) = ours.map(|it| faults(it, target, secret)).min_by_key(Vec::len) else {
            return Some(format!("there is no webhook “{name}”"));
        };
        // Webex need not show the secret.
        let faults: Vec<&str> = best.into_iter().filter(|fault| *fault != NOT_SHOWN).collect();
        (!faults.is_empty()).then(|| format!("the webhook “{name}”: {}", faults.join(", ")))
    };
    OURS.into_iter().filter_map(worst).collect()
}

/// What is wrong with one of our webhooks.
fn faults(webhook: &Webhook, target: &str, secret: &SecretString) -> Vec<&'static str> {
    let shown = webhook.secret.as_ref().map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty());
    let faults = [
        (webhook.target_url != target, "it delivered elsewhere"),
        (webhook.status != "active", "Webex had turned it off"),
        (shown.is_some_and(|it| it != secret.expose_secret()), "its secret was a different one"),
        (shown.is_none(), NOT_SHOWN),
    ];
    faults.into_iter().filter_map(|(is_so, fault)| is_so.then_some(fault)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(change: (&str, &str)) -> Vec<&'static str> {
        let mut webhook = json!({ "id": "1", "targetUrl": "https://a/b", "status": "active", "secret": "hush" });
        webhook[change.0] = json!(change.1);
        faults(&serde_json::from_value(webhook).unwrap(), "https://a/b", &"hush".into())
    }

    #[test]
    fn what_is_wrong_with_a_webhook_is_told() {
        assert_eq!(wrong(("id", "2")), [""; 0]);
        assert_eq!(wrong(("targetUrl", "https://a/c")), ["it delivered elsewhere"]);
        assert_eq!(wrong(("status", "inactive")), ["Webex had turned it off"]);
        assert_eq!(wrong(("secret", "shh")), ["its secret was a different one"]);
        assert_eq!(wrong(("secret", "")), ["its secret is not shown, and may have been a different one"]);
    }

    #[test]
    fn it_is_news_that_one_was_not_as_it_should_be() {
        let is_news = |did| WebhookReport { name: "roulette cards", did }.is_news();
        assert!(is_news(WebhookChange::Made) && is_news(WebhookChange::RemovedDouble));
        assert!(is_news(WebhookChange::Repaired(wrong(("status", "inactive")))));
        assert!(!is_news(WebhookChange::Nothing) && !is_news(WebhookChange::Repaired(wrong(("secret", "")))));
    }
}
