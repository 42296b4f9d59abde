//! All lines of a process, and its looks at the database's clock.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{CrontabError, Schedule, Tick, line::Line, row};
use crate::{Client, Job};

/// The longest time between two looks: a pause or a trigger is seen within it.
const LOOK: Duration = Duration::from_secs(1);
/// A tick is looked for this long after it.
const AFTER: Duration = Duration::from_millis(1);

/// All lines of this process.
#[derive(Default)]
pub(crate) struct Crontab {
    /// By name: rows of many lines are always taken in this order.
    lines: BTreeMap<String, Line>,
    announced: AtomicBool,
}

impl Crontab {
    /// `make` turns a tick into a job.
    pub fn add<W: Send + Sync + 'static, J: Job<W> + Sync>(
        &mut self,
        schedule: Schedule,
        make: impl Fn(Tick) -> J + Send + Sync + 'static,
    ) -> Result<(), CrontabError> {
        let name = schedule.name.clone();
        let line = Line::new(schedule, make)?;
        if self.lines.insert(name.clone(), line).is_some() {
            return Err(CrontabError::Twice { name });
        }
        Ok(())
    }

    /// Runs until it is dropped.
    pub async fn run(self: Arc<Self>, client: Client) {
        while !self.lines.is_empty() {
            let wait = self.look(&client).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the crontab is put off");
                LOOK
            });
            tokio::time::sleep(wait).await;
        }
    }

    /// Does what is due, and tells when to look again.
    pub async fn look(&self, client: &Client) -> sqlx::Result<Duration> {
        if !self.announced.load(Ordering::Relaxed) {
            self.announce(client).await?;
            self.announced.store(true, Ordering::Relaxed);
        }
        let names: Vec<_> = self.lines.keys().cloned().collect();
        let rows = row::all(&mut *client.pool().acquire().await?, &names).await?;
        if rows.len() < self.lines.len() {
            // Somebody took a row away; it comes back as a new line.
            self.announced.store(false, Ordering::Relaxed);
        }
        let mut wait = LOOK;
        for row in rows {
            let Some(line) = self.lines.get(&row.name) else { continue };
            match line.attend(client, &row).await {
                Ok(next) => wait = wait.min(next + AFTER),
                Err(error) => {
                    tracing::warn!(line = row.name, error = format!("{error:#}"), "a tick is put off");
                }
            }
        }
        Ok(wait)
    }

    /// Writes down what this process brings, once: whoever started last is obeyed by all, so that an old binary beside
    /// a new one does not turn a line back. A new or changed line counts from now; it does not fire for the past.
    async fn announce(&self, client: &Client) -> sqlx::Result<()> {
        let names: Vec<_> = self.lines.keys().cloned().collect();
        let expressions: Vec<_> = self.lines.values().map(|line| line.schedule.expression.clone()).collect();
        let zones: Vec<_> = self.lines.values().map(|line| line.schedule.zone.name().to_owned()).collect();
        sqlx::query!(
            "insert into holdfast.schedule as s (name, expression, zone, created_at, last_tick)
               select l.name, l.expression, l.zone, c.now, c.now
               from (select clock_timestamp() as now offset 0) c, unnest($1::text[], $2::text[], $3::text[]) l(name, expression, zone)
             on conflict (name) do update set expression = excluded.expression, zone = excluded.zone, queued = null,
               -- A row without an expression is from before they were kept: nothing says that it changed.
               counts_from = case when s.expression is null then s.counts_from else clock_timestamp() end
             where (s.expression, s.zone) is distinct from (excluded.expression, excluded.zone)",
            &names,
            &expressions,
            &zones,
        )
        .execute(client.pool())
        .await?;
        Ok(())
    }
}
