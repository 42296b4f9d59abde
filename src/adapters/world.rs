//! What a job may reach.

use std::time::{Duration, Instant};

use sqlx::PgPool;

use crate::{Clock, llm, payments, whatsapp};

/// Everything that a job gets from the outside. Clones are cheap and share connections.
#[derive(Debug, Clone)]
pub struct World {
    /// The database, as the runtime role.
    pub pool: PgPool,
    /// The only source of "now".
    pub clock: Clock,
    /// Sends messages.
    pub whatsapp: whatsapp::Client,
    /// Takes money by card, and gives it back.
    pub payments: payments::Client,
    /// Thinks.
    pub model: llm::Model,
    /// How patient the house is.
    pub settings: Settings,
    /// When this process began.
    pub started: Instant,
}

/// What a house may choose.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Silence of a customer after which a burst of messages is answered.
    pub burst: Duration,
    /// Silence about a message that perhaps went out, after which it counts as never arrived.
    pub reconcile: Duration,
    /// Whether there is somebody who takes card payments for us.
    pub takes_cards: bool,
    /// Where a customer's browser goes once they have paid.
    pub paid_url: String,
}

impl World {
    /// How long this process has been able to hear.
    #[must_use]
    pub fn awake(&self) -> Duration {
        self.started.elapsed()
    }
}
