//! Settings of the systems outside the process.

use std::net::SocketAddr;

use clap::Args;

use super::Secret;

/// Everything outside the process.
#[derive(Debug, Clone, Args)]
pub struct Outside {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub whatsapp: WhatsApp,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub payments: Payments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub llm: Llm,
}

impl Outside {
    /// That of the demo's business: all but the model is played at `simulators`.
    #[must_use]
    pub fn of_demo(simulators: SocketAddr, llm: Llm) -> Self {
        Self { whatsapp: WhatsApp::of_demo(simulators), payments: Payments::of_demo(simulators), llm }
    }
}

/// A payment provider with Stripe's API. Without a key nobody is asked to pay by card.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Payments")]
pub struct Payments {
    /// Secret key of the account.
    #[arg(id = "payment-key", long, env = "HOLDFAST_PAYMENT_KEY", hide_env_values = true, value_name = "KEY")]
    pub key: Option<Secret>,
    /// Secret that signs the provider's webhooks. Two, with a comma between, while one replaces the other.
    #[arg(
        long = "payment-webhook-secret",
        env = "HOLDFAST_PAYMENT_WEBHOOK_SECRET",
        requires = "payment-key",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "SECRET"
    )]
    pub webhook_secrets: Vec<Secret>,
    /// Base address of the provider.
    #[arg(
        id = "payment-url",
        long,
        env = "HOLDFAST_PAYMENT_URL",
        default_value = "https://api.stripe.com",
        value_name = "URL"
    )]
    pub url: String,
    /// Page that a customer's browser goes to once they have paid.
    #[arg(
        long = "payment-done-url",
        env = "HOLDFAST_PAYMENT_DONE_URL",
        default_value = "https://wa.me/",
        value_name = "URL"
    )]
    pub done_url: String,
}

impl Payments {
    /// Those of the demo's business, played at `simulators`.
    #[must_use]
    pub fn of_demo(simulators: SocketAddr) -> Self {
        Self {
            key: Some(Secret::new("sk_demo")),
            webhook_secrets: vec![Secret::new("demo-payment-secret")],
            url: format!("http://{simulators}"),
            done_url: format!("http://{simulators}/"),
        }
    }
}

/// WhatsApp's Cloud API.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "WhatsApp")]
pub struct WhatsApp {
    /// Secret of the Meta app, which signs webhooks. Two, with a comma between, while one replaces
    /// the other.
    #[arg(
        long = "whatsapp-app-secret",
        env = "HOLDFAST_WHATSAPP_APP_SECRET",
        required = true,
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "SECRET"
    )]
    pub app_secrets: Vec<Secret>,
    /// Word that Meta repeats when it verifies the webhook's address.
    #[arg(
        long = "whatsapp-verify-token",
        env = "HOLDFAST_WHATSAPP_VERIFY_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub verify_token: Secret,
    /// Token of the system user who sends.
    #[arg(id = "whatsapp-token", long, env = "HOLDFAST_WHATSAPP_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Secret,
    /// Base address of the Graph API.
    #[arg(
        id = "whatsapp-url",
        long,
        env = "HOLDFAST_WHATSAPP_URL",
        default_value = "https://graph.facebook.com",
        value_name = "URL"
    )]
    pub url: String,
    /// Version of the Graph API.
    #[arg(
        id = "whatsapp-version",
        long,
        env = "HOLDFAST_WHATSAPP_VERSION",
        default_value = "v25.0",
        value_name = "VERSION"
    )]
    pub version: String,
}

impl WhatsApp {
    /// Those of the demo's business, whose WhatsApp is played at `simulators`.
    #[must_use]
    pub fn of_demo(simulators: SocketAddr) -> Self {
        Self {
            app_secrets: vec![Secret::new("demo-secret")],
            verify_token: Secret::new("demo-verify"),
            token: Secret::new("demo-token"),
            url: format!("http://{simulators}"),
            version: "v25.0".to_owned(),
        }
    }
}

/// The language model. Without a key the built-in assistant answers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Language model")]
pub struct Llm {
    /// Key of an OpenAI-compatible service.
    #[arg(id = "llm-key", long, env = "HOLDFAST_LLM_KEY", hide_env_values = true, value_name = "KEY")]
    pub key: Option<Secret>,
    /// Base address of the service, version included.
    #[arg(
        id = "llm-url",
        long,
        env = "HOLDFAST_LLM_URL",
        default_value = "https://api.openai.com/v1",
        value_name = "URL"
    )]
    pub url: String,
    /// Name of the model.
    #[arg(id = "llm-model", long, env = "HOLDFAST_LLM_MODEL", default_value = "gpt-5-mini", value_name = "NAME")]
    pub model: String,
}
