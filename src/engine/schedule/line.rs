//! One line: its ticks become jobs.

use std::{borrow::Cow, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::{
    CrontabError, ExpressionError, Overlap, Schedule, Tick, Timing, history, jitter,
    keyed::Keyed,
    plan::{self, Plan},
    row::{self, Row},
};
use crate::{Client, EnqueueError, Job, When};

struct Order {
    tick: Tick,
    key: String,
    run_at: Option<DateTime<Utc>>,
}

type Enqueue = Box<
    dyn for<'a> Fn(&'a Client, &'a mut PgConnection, Order) -> BoxFuture<'a, Result<i64, EnqueueError>> + Send + Sync,
>;

pub(super) struct Line {
    pub schedule: Schedule,
    timing: Timing,
    enqueue: Enqueue,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum LineError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error("the line in the database cannot be read here: {0}")]
    Expression(#[from] ExpressionError),
    #[error("the line in the database has a zone that is not known here: {0}")]
    Zone(#[from] chrono_tz::ParseError),
}

impl Line {
    pub fn new<W: Send + Sync + 'static, J: Job<W> + Sync>(
        schedule: Schedule,
        make: impl Fn(Tick) -> J + Send + Sync + 'static,
    ) -> Result<Self, CrontabError> {
        let timing = schedule.timing()?;
        let tenant = schedule.tenant;
        let enqueue: Enqueue = Box::new(move |client, conn, order| {
            let job = Keyed { job: make(order.tick), key: order.key };
            Box::pin(async move {
                let put = match order.run_at {
                    None => client.enqueue::<W, Keyed<J>>(conn, tenant, &job).await?,
                    Some(time) => client.enqueue_when::<W, Keyed<J>>(conn, tenant, &job, When::At(time)).await?,
                };
                Ok(put.id)
            })
        });
        Ok(Self { schedule, timing, enqueue })
    }

    /// Does what is due, and tells how long nothing will be.
    pub async fn attend(&self, client: &Client, row: &Row) -> Result<Duration, LineError> {
        let timing = self.timing_of(row)?;
        let due = || row.queued.is_some() || timing.next(row.floor()).is_some_and(|tick| tick <= row.now);
        let more = (row.triggered || (!row.paused && due())) && self.settle(client).await?;
        if more {
            return Ok(Duration::ZERO);
        }
        let next = timing.next(row.now).map(|tick| tick - row.now);
        Ok(next.and_then(|wait| wait.to_std().ok()).unwrap_or(Duration::MAX / 2))
    }

    /// What the database says is what counts; usually it says what this process does.
    fn timing_of(&self, row: &Row) -> Result<Cow<'_, Timing>, LineError> {
        let (Some(expression), Some(zone)) = (&row.expression, &row.zone) else {
            return Ok(Cow::Borrowed(&self.timing));
        };
        if *expression == self.schedule.expression && zone == self.schedule.zone.name() {
            return Ok(Cow::Borrowed(&self.timing));
        }
        Ok(Cow::Owned(Timing::parse(expression, zone.parse()?)?))
    }

    /// Makes jobs of triggers and ticks, in one transaction. True: there may be more.
    async fn settle(&self, client: &Client) -> Result<bool, LineError> {
        let mut tx = crate::begin(client.pool()).await?;
        let Some(row) = row::lock(&mut tx, &self.schedule.name).await? else { return Ok(false) };
        // Where runs may overlap, nobody needs to know how they are.
        let overlaps = self.schedule.overlap == Overlap::Allow;
        let mut going = if overlaps { Vec::new() } else { row::going(&mut tx, &row.runs).await? };
        let mut plan = Plan { queued: row.queued, ..Plan::default() };
        if !row.paused {
            let due = plan::due(self.timing_of(&row)?.as_ref(), self.schedule.missed, row.floor(), row.now);
            plan = plan::plan(self.schedule.overlap, !going.is_empty(), row.queued, due);
        }
        for tick in &plan.make {
            going.push((self.enqueue)(client, &mut tx, self.order(*tick)).await?);
        }
        if row.triggered {
            self.triggered(client, &mut tx, &mut going).await?;
        }
        let runs = if overlaps { &going[going.len().saturating_sub(1)..] } else { &going };
        row::note(&mut tx, &self.schedule.name, &plan, runs).await?;
        client.commit(tx).await?;
        if let Some(until) = plan.dropped_until {
            tracing::info!(line = self.schedule.name, %until, "ticks were dropped, as the line's policies say");
        }
        Ok(plan.more)
    }

    fn order(&self, tick: Tick) -> Order {
        let Schedule { name, jitter: spread, .. } = &self.schedule;
        let key = history::key(name, tick);
        let run_at = (!spread.is_zero()).then(|| tick + jitter::delay(*spread, name, tick));
        Order { tick, key, run_at }
    }

    /// One job for each trigger that waits for it.
    async fn triggered(&self, client: &Client, tx: &mut PgConnection, going: &mut Vec<i64>) -> Result<(), LineError> {
        let acts = sqlx::query!(
            "select id, at from holdfast.schedule_act where schedule = $1 and act = 'trigger' and job is null order by id limit 100",
            self.schedule.name
        )
        .fetch_all(&mut *tx)
        .await?;
        for act in acts {
            let key = format!("schedule:{}@trigger:{}", self.schedule.name, act.id);
            let job = (self.enqueue)(client, tx, Order { tick: act.at, key, run_at: None }).await?;
            sqlx::query!("update holdfast.schedule_act set job = $2 where id = $1", act.id, job)
                .execute(&mut *tx)
                .await?;
            going.push(job);
        }
        Ok(())
    }
}
