//! The crontab: each tick becomes one job, whoever of the processes sees it first.

use std::{str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use cron::Schedule;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::{Client, EnqueueError, Job};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// The instant that a crontab line names.
pub type Tick = DateTime<Utc>;

/// A crontab line that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum CrontabError {
    /// The expression is not one.
    #[error(
        "crontab line {name}: \"{expression}\" is not an expression of six or seven fields (sec min hour day month weekday [year])"
    )]
    Expression {
        /// The line's name.
        name: String,
        /// As written.
        expression: String,
        /// What the parser said.
        #[source]
        source: cron::error::Error,
    },
}

type Enqueue = Box<
    dyn for<'a> Fn(&'a Client, &'a mut PgConnection, Tick) -> BoxFuture<'a, Result<(), EnqueueError>> + Send + Sync,
>;

struct Line {
    name: String,
    schedule: Schedule,
    zone: Tz,
    enqueue: Enqueue,
}

/// All lines of this process.
#[derive(Default)]
pub(crate) struct Crontab {
    lines: Vec<Line>,
}

impl Crontab {
    /// `make` turns a tick into a job whose key must name the tick, so that a tick is never two jobs.
    pub fn add<W: Send + Sync + 'static, J: Job<W> + Sync>(
        &mut self,
        name: &str,
        expression: &str,
        zone: Tz,
        make: impl Fn(Tick) -> J + Send + Sync + 'static,
    ) -> Result<(), CrontabError> {
        let schedule = Schedule::from_str(expression).map_err(|source| CrontabError::Expression {
            name: name.to_owned(),
            expression: expression.to_owned(),
            source,
        })?;
        let enqueue: Enqueue = Box::new(move |client, conn, tick| {
            let job = make(tick);
            Box::pin(async move { client.enqueue::<W, J>(conn, 0, &job).await.map(drop) })
        });
        self.lines.push(Line { name: name.to_owned(), schedule, zone, enqueue });
        Ok(())
    }

    /// Runs until it is dropped.
    pub async fn run(self: std::sync::Arc<Self>, client: Client) {
        let mut next = tokio::time::interval(LOOK);
        next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !self.lines.is_empty() {
            next.tick().await;
            for line in &self.lines {
                if let Err(error) = line.look(&client).await {
                    tracing::warn!(line = line.name, error = format!("{error:#}"), "a tick is put off");
                }
            }
        }
    }
}

impl Line {
    /// Enqueues the latest tick that has passed; earlier ones that nobody saw are not made up for.
    async fn look(&self, client: &Client) -> Result<(), TickError> {
        let seen = sqlx::query!(
            r#"select last_tick, clock_timestamp() as "now!" from holdfast.schedule where name = $1"#,
            self.name
        )
        .fetch_optional(client.pool())
        .await?;
        let Some(seen) = seen else { return self.begin(client).await };
        if self.latest(seen.last_tick, seen.now).is_none() {
            return Ok(());
        }
        let mut tx = client.pool().begin().await?;
        // Another process may have been first; then its tick is in the row by the time that we hold it.
        let last = sqlx::query_scalar!("select last_tick from holdfast.schedule where name = $1 for update", self.name)
            .fetch_one(&mut *tx)
            .await?;
        let Some(tick) = self.latest(last, seen.now) else { return Ok(()) };
        (self.enqueue)(client, &mut tx, tick).await?;
        sqlx::query!("update holdfast.schedule set last_tick = $2 where name = $1", self.name, tick)
            .execute(&mut *tx)
            .await?;
        client.commit(tx).await?;
        Ok(())
    }

    /// A new line counts from now: it does not fire for the past.
    async fn begin(&self, client: &Client) -> Result<(), TickError> {
        sqlx::query!("insert into holdfast.schedule (name) values ($1) on conflict do nothing", self.name)
            .execute(client.pool())
            .await?;
        Ok(())
    }

    fn latest(&self, after: DateTime<Utc>, now: DateTime<Utc>) -> Option<Tick> {
        self.schedule
            .after(&after.with_timezone(&self.zone))
            .map(|tick| tick.to_utc())
            .take_while(|tick| *tick <= now)
            .last()
    }
}

#[derive(Debug, thiserror::Error)]
enum TickError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(expression: &str) -> Line {
        let schedule = Schedule::from_str(expression).unwrap();
        Line {
            name: "test".to_owned(),
            schedule,
            zone: chrono_tz::Europe::Rome,
            enqueue: Box::new(|_, _, _| Box::pin(async { Ok(()) })),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn local_time_is_kept_over_a_change_of_the_clock() {
        let nightly = line("0 10 3 * * *");
        assert_eq!(
            nightly.latest(at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")),
            Some(at("2026-10-25T02:10:00Z"))
        );
        assert_eq!(
            nightly.latest(at("2026-10-24T00:00:00Z"), at("2026-10-24T12:00:00Z")),
            Some(at("2026-10-24T01:10:00Z"))
        );
    }

    #[test]
    fn an_outage_is_made_up_for_by_one_tick() {
        assert_eq!(
            line("0 0 * * * *").latest(at("2026-03-01T00:30:00Z"), at("2026-03-01T05:30:00Z")),
            Some(at("2026-03-01T05:00:00Z"))
        );
    }

    #[test]
    fn nothing_is_due_before_its_time() {
        assert_eq!(line("0 10 3 * * *").latest(at("2026-03-01T05:00:00Z"), at("2026-03-01T06:00:00Z")), None);
    }
}
