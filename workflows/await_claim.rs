//! A place is offered to somebody who waited: it is theirs if they take it in time, else it goes on.

use std::time::Duration;

use adapters::World;
use domain::{EntryId, TenantId};
use engine::{Job, Outcome, Policy};
use jobs::{ExpireOffer, Lapse, OVER};
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::follow};

/// Waits until an offer is taken or its time is up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AwaitClaim {
    /// Whose waiting list.
    pub tenant: TenantId,
    /// Whose place in it.
    pub entry: EntryId,
}

impl Job<World> for AwaitClaim {
    const NAME: &'static str = "await_claim";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let mut look = 0;
        loop {
            look += 1;
            match cx.step(&format!("look/{look}"), ExpireOffer { entry: self.entry }).await? {
                Lapse::Over(after) => return follow(&cx, "follow", self.tenant, after).await,
                Lapse::In { seconds } => {
                    cx.receive::<()>(OVER, Some(Duration::from_secs(seconds))).await?;
                }
            }
        }
    }
}
