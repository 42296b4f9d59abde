//! Settings of the ops console.

use std::net::SocketAddr;

use chrono_tz::Tz;
use clap::Args;

/// How the console tells which house it is of.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Console")]
pub struct Console {
    /// Which installation this is: shown on every page, so that nobody takes one for another.
    #[arg(long, env = "HOLDFAST_ENVIRONMENT", default_value = "production", value_name = "NAME")]
    pub environment: String,
    /// Where browsers reach the house, without a slash at the end; `http://LISTEN` by default. With `https:` the console's
    /// cookies are for secure connections only.
    #[arg(id = "console-url", long = "url", env = "HOLDFAST_URL", value_name = "URL")]
    pub url: Option<String>,
    /// IANA zone in which the console shows times.
    #[arg(long, env = "HOLDFAST_ZONE", default_value = "UTC", value_name = "ZONE")]
    pub zone: Tz,
}

impl Console {
    /// That of the demo.
    #[must_use]
    pub fn of_demo() -> Self {
        Self { environment: "demo".to_owned(), url: None, zone: Tz::Europe__Rome }
    }

    /// As the console takes it, for a house at `address`.
    #[must_use]
    pub fn settings(&self, address: SocketAddr) -> ops::console::Settings {
        let url = self.url.clone().unwrap_or_else(|| format!("http://{address}"));
        let (environment, zone) = (self.environment.clone(), self.zone);
        ops::console::Settings { environment, url: url.trim_end_matches('/').to_owned(), zone }
    }
}
