//! The customer says STOP, or START.

use adapters::World;
use domain::{
    CustomerId, MessageId,
    customer::{self, Source},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Writes down whether a customer wants to be written to unasked.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetConsent {
    /// Who says so.
    pub customer: CustomerId,
    /// Whether they want it.
    pub granted: bool,
    /// In which message.
    pub message: MessageId,
}

impl Job<World> for SetConsent {
    const NAME: &'static str = "set_consent";
    const POLICY: Policy = Policy { attempts: 20, ..crate::LOCAL };
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let mut tx = begin(&cx).await?;
        let customer = customer::current(&mut tx, self.customer).await?;
        let (message, now) = (Some(self.message), cx.world.clock.now());
        customer::consent(&mut tx, customer, self.granted, Source::Message, message, now).await?;
        cx.finish(tx, ()).await
    }
}
