//! Sends notices to those who asked for them, a few times if necessary, and then turns off their webhook. Knows HTTP as
//! a client; does not know what a notice says.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

use super::site::Site;
use super::webhooks::{self, Notice};

/// The waits after the first attempts.
const WAITS: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(900)];
const PATIENCE: Duration = Duration::from_secs(5);

/// A client that connects to the address itself, and nowhere else.
pub(super) fn client() -> reqwest::Result<Client> {
    // Fails if there is one already, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE).build()
}

/// Sends all notices that are due by now.
pub(super) fn deliver(site: &Arc<Site>, client: &Client) {
    for notice in site.lock().take_notices() {
        let (site, client) = (site.clone(), client.clone());
        tokio::spawn(async move {
            if !arrives(&client, &notice).await {
                site.lock().change(|model| webhooks::deactivate(model, &notice.webhook));
            }
        });
    }
}

async fn arrives(client: &Client, notice: &Notice) -> bool {
    for wait in std::iter::once(Duration::ZERO).chain(WAITS) {
        tokio::time::sleep(wait).await;
        let mut request = client.post(&notice.target).header("content-type", "application/json");
        if let Some(signature) = &notice.signature {
            request = request.header("x-spark-signature", signature);
        }
        if request.body(notice.body.clone()).send().await.is_ok_and(|answer| answer.status().is_success()) {
            return true;
        }
    }
    false
}
