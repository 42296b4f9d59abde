//! Looks what is to be done by now, for every tenant.

use adapters::World;
use domain::{After, TenantId, channel, tenant, upkeep};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::Cx;

/// Finds reminders that are due, and whatever got lost on its way: notices, holds, offers and refunds that nobody is at.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindDue {}

impl Job<World> for FindDue {
    const NAME: &'static str = "find_due";
    const POLICY: Policy = crate::LOCAL;
    type Output = Vec<(TenantId, After)>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let tenants = channel::tenants(&mut *cx.world.pool.acquire().await?).await?;
        let mut found = Vec::new();
        for tenant in tenants {
            let mut tx = tenant::begin(&cx.world.pool, tenant).await?;
            let after = upkeep::due(&mut tx, cx.world.clock.now()).await?;
            tx.commit().await?;
            if !after.is_empty() {
                found.push((tenant, after));
            }
        }
        Ok(found)
    }
}
