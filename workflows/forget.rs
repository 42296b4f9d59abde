//! Every night: what is old enough is forgotten.

use adapters::World;
use chrono::{DateTime, Utc};
use engine::{Job, Outcome, Policy};
use jobs::ForgetOld;
use serde::{Deserialize, Serialize};

use crate::{Cx, EraseCustomer};

/// Forgets old words of every tenant, and what came late of customers who were erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Forget {
    /// The crontab's tick.
    pub tick: DateTime<Utc>,
}

impl Job<World> for Forget {
    const NAME: &'static str = "forget";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    fn key(&self) -> String {
        self.tick.to_rfc3339()
    }

    async fn run(self, cx: Cx) -> Outcome<()> {
        for (tenant, old) in cx.step("old", ForgetOld { tick: self.tick }).await? {
            for customer in old.late {
                let requested_by = "what came after the erasure".to_owned();
                let again = EraseCustomer { tenant, customer, requested_by };
                cx.start(&format!("again/{tenant}/{customer}"), again).await?;
            }
        }
        Ok(())
    }
}
