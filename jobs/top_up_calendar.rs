//! Keeps the calendar filled ahead.

use adapters::World;
use chrono::{DateTime, Utc};
use domain::{calendar, channel, tenant};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::Cx;

/// Days for which sessions exist.
const DAYS: u64 = 28;

/// Makes the sessions of the coming weeks out of the weekly rules, for every tenant.
#[derive(Debug, Serialize, Deserialize)]
pub struct TopUpCalendar {
    /// The crontab's tick.
    pub tick: DateTime<Utc>,
}

impl Job<World> for TopUpCalendar {
    const NAME: &'static str = "top_up_calendar";
    const POLICY: Policy = crate::LOCAL;
    /// New sessions.
    type Output = u64;

    fn key(&self) -> String {
        self.tick.to_rfc3339()
    }

    async fn run(self, cx: Cx) -> Outcome<u64> {
        let channels = channel::all(&mut *cx.world.pool.acquire().await?).await?;
        let mut tenants: Vec<_> = channels.iter().map(|channel| channel.tenant).collect();
        tenants.sort_unstable();
        tenants.dedup();
        let mut made = 0;
        for tenant in tenants {
            let mut tx = tenant::begin(&cx.world.pool, tenant).await?;
            made += calendar::materialise(&mut tx, cx.world.clock.now(), DAYS).await?;
            tx.commit().await?;
        }
        Ok(made)
    }
}
