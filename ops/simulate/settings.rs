//! What a set of simulators is told at its start.

use std::path::PathBuf;

use chrono_tz::Tz;
use reqwest::Url;
use thiserror::Error;

use super::{journal::JournalError, whatsapp::customers::digits};

/// Whom the simulators play against. The default is the demo tenant on its usual ports.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The ingress that webhooks are posted to.
    pub webhook_url: String,
    /// Signs webhooks, as the Meta app's secret does.
    pub app_secret: String,
    /// The ingress that payment events are posted to.
    pub payment_webhook_url: String,
    /// Signs payment events, as the secret of Stripe's webhook endpoint does.
    pub payment_secret: String,
    /// The business's number as Meta's API names it; other numbers are served, too.
    pub phone_number_id: String,
    /// The business's number as people dial it.
    pub display_phone: String,
    /// The WhatsApp business account that owns the number: `entry[].id` of webhooks.
    pub business_account_id: String,
    /// Shown at the top of the chat.
    pub business_name: String,
    /// Zone of the customers' phones: their time stamps and day separators.
    pub zone: Tz,
    /// Repeats the dice of faults that bring no seed of their own.
    pub seed: u64,
    /// The file that keeps WhatsApp's state for the next process, a JSON line a change; created if
    /// missing. Payments are kept beside it, with `.payments` added to its name. Without it
    /// everything ends with this one.
    pub journal: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            webhook_url: "http://127.0.0.1:8080/webhooks/whatsapp".into(),
            app_secret: "demo-secret".into(),
            payment_webhook_url: "http://127.0.0.1:8080/webhooks/payments".into(),
            payment_secret: "demo-payment-secret".into(),
            phone_number_id: "100000000000001".into(),
            display_phone: "+39 049 555 0100".into(),
            business_account_id: "200000000000001".into(),
            business_name: "Studio Alghe".into(),
            zone: chrono_tz::Europe::Rome,
            seed: 1,
            journal: None,
        }
    }
}

impl Settings {
    pub(crate) fn display_digits(&self) -> String {
        digits(&self.display_phone)
    }

    pub(crate) fn ingress(&self) -> Result<Url, SetupError> {
        address(&self.webhook_url).map_err(SetupError::WebhookUrl)
    }

    pub(crate) fn payment_ingress(&self) -> Result<Url, SetupError> {
        address(&self.payment_webhook_url).map_err(SetupError::PaymentWebhookUrl)
    }

    /// Where payments are kept, if anything is.
    pub(crate) fn payment_journal(&self) -> Option<PathBuf> {
        self.journal.as_ref().map(|journal| journal.with_added_extension("payments"))
    }
}

fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| e.to_string())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("`{other}:` is neither http: nor https:")),
    }
}

/// Why the simulators cannot start.
#[derive(Debug, Error)]
pub enum SetupError {
    /// Give an absolute http or https address.
    #[error("webhook_url: {0}; give the ingress's address, like http://127.0.0.1:8080/webhooks/whatsapp")]
    WebhookUrl(String),
    /// Give an absolute http or https address.
    #[error("payment_webhook_url: {0}; give the ingress's address, like http://127.0.0.1:8080/webhooks/payments")]
    PaymentWebhookUrl(String),
    /// The HTTP client that posts webhooks could not be built.
    #[error("the client that posts webhooks: {0}")]
    Client(#[from] reqwest::Error),
    /// Give another file, or look after this one.
    #[error("journal: {0}")]
    Journal(#[from] JournalError),
}
