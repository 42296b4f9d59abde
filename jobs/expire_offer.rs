//! Passes on a place that somebody did not take.

use adapters::World;
use domain::{EntryId, waitlist};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin, release_hold::Lapse};

/// Passes an offered place on, once its time is up.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireOffer {
    /// Whose place in the waiting list.
    pub entry: EntryId,
}

impl Job<World> for ExpireOffer {
    const NAME: &'static str = "expire_offer";
    const POLICY: Policy = crate::LOCAL;
    type Output = Lapse;

    async fn run(self, cx: Cx) -> Outcome<Lapse> {
        let mut tx = begin(&cx).await?;
        let now = cx.world.clock.now();
        let until = waitlist::offered_until(&mut tx, self.entry, cx.parent()).await?;
        if let Some(left) = until.and_then(|until| Lapse::left(until, now)) {
            return cx.finish(tx, left).await;
        }
        let after = waitlist::expire(&mut tx, self.entry, now).await?;
        cx.finish(tx, Lapse::Over(after.unwrap_or_default())).await
    }
}
