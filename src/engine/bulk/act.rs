//! The verbs.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    Sight,
    bulk::Verb,
    operate::{self, Acted},
};

/// Results that mean: it was done as asked.
const OK: [&str; 6] = ["retried", "cancelled", "asked", "due", "snoozed", "deleted"];

/// What is done to each item.
pub(super) struct Act {
    pub verb: Verb,
    pub until: Option<DateTime<Utc>>,
    pub sight: Sight,
    pub reason: String,
}

impl Act {
    /// Does it to these jobs. What became of each, in any order.
    pub async fn on(&self, conn: &mut PgConnection, jobs: &[i64]) -> sqlx::Result<Vec<Acted>> {
        match self.verb {
            Verb::Retry => retry(conn, self.sight, jobs).await,
            Verb::Cancel => operate::cancel_seen(conn, self.sight, jobs, &self.reason).await,
            Verb::RunNow => operate::run_now(conn, self.sight, jobs).await,
            Verb::Snooze => operate::snooze(conn, self.sight, jobs, self.until()?).await,
            Verb::Delete => operate::delete(conn, self.sight, jobs).await,
        }
    }

    /// A snooze has a time: the table's check has seen it.
    fn until(&self) -> sqlx::Result<DateTime<Utc>> {
        self.until.ok_or_else(|| sqlx::Error::Decode("a snooze until nobody knows when".into()))
    }
}

pub(super) fn is_ok(result: &str) -> bool {
    OK.contains(&result)
}

/// All at once those that stand for themselves; the others one after the other.
async fn retry(conn: &mut PgConnection, sight: Sight, jobs: &[i64]) -> sqlx::Result<Vec<Acted>> {
    let plain =
        sqlx::query_scalar!(r#"select holdfast.retry_plain($1) as "plain!""#, jobs).fetch_one(&mut *conn).await?;
    let plain: HashSet<i64> = plain.into_iter().collect();
    let rest: Vec<i64> = jobs.iter().copied().filter(|job| !plain.contains(job)).collect();
    let mut acted = if rest.is_empty() { Vec::new() } else { operate::retry_seen(conn, sight, &rest).await? };
    acted.extend(plain.into_iter().map(|job| Acted { job, result: "retried".to_owned() }));
    Ok(acted)
}
