//! Every minute: reminders, and whatever got lost on its way.

use adapters::World;
use chrono::{DateTime, Utc};
use engine::{Job, Outcome, Policy};
use jobs::FindDue;
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::FollowUp};

/// Starts what is due, for every tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepUp {
    /// The crontab's tick.
    pub tick: DateTime<Utc>,
}

impl Job<World> for KeepUp {
    const NAME: &'static str = "keep_up";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    fn key(&self) -> String {
        self.tick.to_rfc3339()
    }

    async fn run(self, cx: Cx) -> Outcome<()> {
        for (tenant, after) in cx.step("find", FindDue {}).await? {
            cx.start(&format!("follow/{tenant}"), FollowUp { tenant, after }).await?;
        }
        Ok(())
    }
}
