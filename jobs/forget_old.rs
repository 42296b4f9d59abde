//! Forgets what is old enough.

use adapters::World;
use chrono::{DateTime, Utc};
use domain::{
    CustomerId, TenantId, channel,
    privacy::{self, Counts},
    tenant,
};
use engine::{Job, Outcome, Policy, erasure};
use serde::{Deserialize, Serialize};

use crate::Cx;

/// Messages at one time.
const MESSAGES: i64 = 500;
/// Raw webhooks at one time.
const WEBHOOKS: i32 = 1000;

/// Blanks words that are older than each house keeps them, and removes copies whose time is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetOld {
    /// The crontab's tick.
    pub tick: DateTime<Utc>,
}

/// What was forgotten for one house.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Old {
    /// Rows of each table.
    pub counts: Counts,
    /// Customers who were erased, and of whom something came since.
    pub late: Vec<CustomerId>,
}

impl Job<World> for ForgetOld {
    const NAME: &'static str = "forget_old";
    const POLICY: Policy = crate::LONG;
    type Output = Vec<(TenantId, Old)>;

    fn key(&self) -> String {
        self.tick.to_rfc3339()
    }

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut all = Vec::new();
        for tenant in channel::tenants(&mut *cx.world.pool.acquire().await?).await? {
            let mut old = Old::default();
            messages(&cx, tenant, &mut old.counts).await?;
            webhooks(&cx, tenant, &mut old.counts).await?;
            let mut tx = tenant::begin(&cx.world.pool, tenant).await?;
            let exports = privacy::expire_exports(&mut tx, cx.world.clock.now()).await?;
            note(&mut old.counts, "privacy_export", i64::try_from(exports).unwrap_or(i64::MAX));
            privacy::forgotten(&mut tx, cx.world.clock.now()).await?;
            old.late = privacy::late(&mut tx).await?;
            tx.commit().await?;
            if old != Old::default() {
                all.push((tenant, old));
            }
        }
        Ok(all)
    }
}

async fn messages(cx: &Cx, tenant: TenantId, counts: &mut Counts) -> Outcome<()> {
    let mut after = None;
    loop {
        let mut tx = tenant::begin(&cx.world.pool, tenant).await?;
        cx.fence(&mut tx).await?;
        let forgotten = privacy::forget(&mut tx, cx.world.clock.now(), after, MESSAGES).await?;
        let jobs = erasure::erase(&mut tx, &forgotten.jobs).await?;
        tx.commit().await?;
        for (table, rows) in &forgotten.counts {
            note(counts, table, *rows);
        }
        note(counts, "holdfast.job", jobs);
        cx.heartbeat(counts).await?;
        after = forgotten.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn webhooks(cx: &Cx, tenant: TenantId, counts: &mut Counts) -> Outcome<()> {
    let mut after = None;
    loop {
        let mut tx = tenant::begin(&cx.world.pool, tenant).await?;
        cx.fence(&mut tx).await?;
        let (erased, next) = privacy::forget_webhooks(&mut tx, cx.world.clock.now(), after, WEBHOOKS).await?;
        tx.commit().await?;
        note(counts, "webhook_event", erased);
        cx.heartbeat(counts).await?;
        after = next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn note(counts: &mut Counts, table: &str, rows: i64) {
    if rows > 0 {
        *counts.entry(table.to_owned()).or_default() += rows;
    }
}
