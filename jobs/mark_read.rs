//! Blue ticks, and "typing…" while we think.

use std::time::Duration;

use adapters::{World, whatsapp::SendError};
use engine::{Backoff, Breaker, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::Cx;

/// Shows the customer that their message was read and is being answered. A courtesy: when it fails, it is let be.
#[derive(Debug, Serialize, Deserialize)]
pub struct MarkRead {
    /// The number of ours that they wrote to, by WhatsApp's id.
    pub phone_number_id: String,
    /// WhatsApp's id of the message; all before it count as read, too.
    pub wamid: String,
}

impl Job<World> for MarkRead {
    const NAME: &'static str = "mark_read";
    const POLICY: Policy = Policy {
        attempts: 2,
        timeout: Duration::from_secs(5),
        backoff: Backoff::exponential(Duration::from_millis(500), Duration::from_secs(1)),
        priority: 10,
        breaker: Some(Breaker::new("whatsapp")),
        ..Policy::DEFAULT
    };
    type Output = bool;

    async fn run(self, cx: Cx) -> Outcome<bool> {
        match cx.world.whatsapp.mark_read(&self.phone_number_id, &self.wamid, true).await {
            Ok(()) => Ok(true),
            Err(SendError::NotSent { reason, wait }) => Err(Stop::unavailable(reason.name(), wait)),
            Err(_) => Ok(false),
        }
    }
}
