//! Keeps the calendar filled ahead.

use adapters::World;
use chrono::{DateTime, Utc};
use domain::{
    calendar::{self, AHEAD},
    channel, tenant,
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::Cx;

/// Makes the sessions of the coming weeks out of the weekly rules, for every tenant.
#[derive(Debug, Serialize, Deserialize)]
pub struct TopUpCalendar {
    /// The crontab's tick.
    pub tick: DateTime<Utc>,
}

/// What was made of the rules of all tenants.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ToppedUp {
    /// New sessions.
    pub new: u64,
    /// Sessions that could not be made: who leads them or their room is taken.
    pub skipped: usize,
}

impl Job<World> for TopUpCalendar {
    const NAME: &'static str = "top_up_calendar";
    const POLICY: Policy = crate::LOCAL;
    type Output = ToppedUp;

    fn key(&self) -> String {
        self.tick.to_rfc3339()
    }

    async fn run(self, cx: Cx) -> Outcome<ToppedUp> {
        let tenants = channel::tenants(&mut *cx.world.pool.acquire().await?).await?;
        let mut all = ToppedUp::default();
        for tenant in tenants {
            let mut tx = tenant::begin(&cx.world.pool, tenant).await?;
            let made = calendar::materialise(&mut tx, cx.world.clock.now(), AHEAD).await?;
            tx.commit().await?;
            if !made.skipped.is_empty() {
                tracing::warn!(%tenant, skipped = made.skipped.len(), "sessions were not made: their time is taken");
            }
            all.new += made.new;
            all.skipped += made.skipped.len();
        }
        Ok(all)
    }
}
