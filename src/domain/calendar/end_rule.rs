//! A weekly class ends.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::removal::{Removed, remove};
use super::rule::{self, Rule};
use super::{Answer, No, held, lock};
use crate::RuleId;
use crate::after::After;

/// A rule that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortened {
    /// Its sessions after the last day.
    pub removed: Removed,
    /// What is to be done.
    pub after: After,
}

/// Ends a rule after a local day. Later sessions that have not begun are called off where somebody is booked, else
/// deleted.
pub async fn end_rule(
    conn: &mut PgConnection,
    rule: RuleId,
    last_day: NaiveDate,
    now: DateTime<Utc>,
) -> Answer<Shortened> {
    lock(conn).await?;
    let Some(rule) = rule::load(conn, Some(rule)).await?.pop() else { return Ok(Err(No::unknown("rule"))) };
    if let Some(on) = rule.valid_until.filter(|on| *on < last_day) {
        return Ok(Err(No::Ended { on }));
    }
    end(conn, &rule, last_day).await?;
    let (mut removed, mut after) = (Removed::default(), After::default());
    for session in held::lock_from(conn, rule.id, last_day.succ_opt(), now).await? {
        remove(conn, &session, now, &mut removed, &mut after).await?;
    }
    Ok(Ok(Shortened { removed, after }))
}

/// The day before its first one, when nothing of it is left.
pub(super) async fn end(conn: &mut PgConnection, rule: &Rule, last_day: NaiveDate) -> sqlx::Result<()> {
    sqlx::query!(
        "update session_rule set valid_until = greatest($2, valid_from - 1) where id = $1",
        rule.id as RuleId,
        last_day,
    )
    .execute(conn)
    .await?;
    Ok(())
}
