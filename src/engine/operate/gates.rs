//! What jobs have to pass before they start: breakers, limits, pauses.

use std::time::Duration;

use sqlx::PgConnection;

use super::pause;
use crate::{Checks, client::interval};

/// How a breaker is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forced {
    /// Nothing starts that depends on it; then it tries again.
    Open,
    /// Everything starts, whatever fails; then it decides for itself again.
    Closed,
}

/// What all processes together do not exceed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// At most so many at one time. None: any number; zero: none start.
    pub running: Option<u32>,
    /// At most so many starts, at least one, in any window of this length.
    pub rate: Option<(u32, Duration)>,
}

/// Opens or closes a breaker by hand for so long: that of one tenant, or (none) the one that counts for all. False: there
/// is no such breaker.
pub async fn force_breaker(
    conn: &mut PgConnection,
    rule: &str,
    tenant: Option<i64>,
    forced: Forced,
    reason: &str,
    by: &str,
    length: Duration,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "select holdfast.force_breaker(r.name, $2, $3, $4, $5, $6) from holdfast.breaker_rule r where r.name = $1",
        rule,
        tenant.unwrap_or(-1),
        forced == Forced::Open,
        reason,
        by,
        interval(length),
    )
    .fetch_optional(conn)
    .await?;
    Ok(done.is_some())
}

/// Ends what [`force_breaker`] began: an open one tries again, a closed one decides for itself. False: it is not forced.
pub async fn unforce_breaker(conn: &mut PgConnection, rule: &str, tenant: Option<i64>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select holdfast.unforce_breaker($1, $2) as "was!""#, rule, tenant.unwrap_or(-1))
        .fetch_one(conn)
        .await
}

/// Changes the numbers of a limit for all processes; what the code declares does not count until [`release_limit`].
/// False: there is no such limit. Only limits that a job type names can be set; there is none to be made by hand.
pub async fn set_limit(
    conn: &mut PgConnection,
    name: &str,
    numbers: Numbers,
    by: &str,
    reason: &str,
) -> sqlx::Result<bool> {
    let at_most = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    sqlx::query_scalar!(
        r#"select holdfast.set_limit($1, $2, $3, $4, $5, $6) as "known!""#,
        name,
        numbers.running.map(at_most),
        numbers.rate.map(|(most, _)| at_most(most)),
        numbers.rate.map(|(_, per)| interval(per)),
        by,
        reason,
    )
    .fetch_one(conn)
    .await
}

/// Gives a limit back the numbers that the code declares. False: nobody had changed it, or this code does not name it.
pub async fn release_limit(conn: &mut PgConnection, checks: &Checks, name: &str) -> sqlx::Result<bool> {
    let declared = checks.kinds().iter().flat_map(|kind| &kind.limits).find(|limit| limit.name == name);
    let Some(declared) = declared else { return Ok(false) };
    let at_most = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let row = sqlx::query!(
        "with released as (
           update holdfast.limit_rule set running = $2, rate = $3, per = $4, changed_by = null, reason = null, changed_at = clock_timestamp()
           where name = $1 and changed_by is not null returning name)
         select pg_notify('holdfast', '') from released",
        name,
        declared.running.map(at_most),
        declared.rate.map(at_most),
        declared.per.map(interval),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Pauses a kind for all tenants, and tells how many of it still run: ask again until there are none
/// ([`crate::overview::running`]).
pub async fn drain(conn: &mut PgConnection, kind: &str, reason: &str, by: &str) -> sqlx::Result<i64> {
    pause(conn, Some(kind), None, reason, by).await?;
    crate::overview::running(conn, kind).await
}
