//! The customer does not want what the waiting list holds for them.

use adapters::World;
use domain::{After, CustomerId, EntryId, customer, waitlist};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Lets an offered place go to the next.
#[derive(Debug, Serialize, Deserialize)]
pub struct PassOffer {
    /// Which offer.
    pub entry: EntryId,
    /// Who lets it go.
    pub customer: CustomerId,
}

impl Job<World> for PassOffer {
    const NAME: &'static str = "pass_offer";
    const POLICY: Policy = Policy { attempts: 10, ..crate::LOCAL };
    /// None: nothing was offered to them.
    type Output = Option<After>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut tx = begin(&cx).await?;
        let customer = customer::current(&mut tx, self.customer).await?;
        customer::lock(&mut tx, &[customer]).await?;
        let after = waitlist::pass(&mut tx, self.entry, customer, cx.world.clock.now()).await?;
        cx.finish(tx, after).await
    }
}
