//! Who did what. Written in the transaction of the act itself, and never changed.
//!
//! It names customers by their ids only, so that an erasure leaves it alone; and no detail holds a secret.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::{SessionId, StaffId};
use crate::TenantId;

/// Something that somebody does.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who; none: the command line.
    pub who: Option<StaffId>,
    /// Their name at that time.
    pub who_name: String,
    /// By which sign-in.
    pub session: Option<SessionId>,
    /// Whose it is; none: the whole house's.
    pub tenant: Option<i64>,
    /// What, as noun and verb: `job.retry`.
    pub act: &'static str,
    /// To what: `job 12`.
    pub target: String,
    /// Why, in their words.
    pub reason: Option<String>,
    /// Before and after, ids, filter, difference: an object.
    pub detail: Value,
    /// From where.
    pub ip: Option<String>,
    /// Finds it again in the log.
    pub request_id: Option<String>,
}

/// Something that somebody did.
#[derive(Debug, Clone)]
pub struct Row {
    /// Grows with time.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none: the command line.
    pub who: Option<StaffId>,
    /// Their name at that time.
    pub who_name: String,
    /// By which sign-in.
    pub session: Option<SessionId>,
    /// Whose it is; none: the whole house's.
    pub tenant: Option<i64>,
    /// What, as noun and verb.
    pub act: String,
    /// To what.
    pub target: String,
    /// Why, in their words.
    pub reason: Option<String>,
    /// Before and after, ids, filter, difference.
    pub detail: Value,
    /// From where.
    pub ip: Option<String>,
    /// Finds it again in the log.
    pub request_id: Option<String>,
}

/// Which rows are looked for; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By whom.
    pub who: Option<StaffId>,
    /// `job.retry`, or `job` for all that was done to jobs.
    pub act: Option<String>,
    /// To exactly this.
    pub target: Option<String>,
    /// At or after.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

/// Notes what somebody does, in its transaction. Tells the row's id.
pub async fn note(conn: &mut PgConnection, entry: &Entry, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "insert into audit (at, staff_id, who_name, session_id, tenant_id, act, target, reason, detail, ip, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
        now,
        entry.who as Option<StaffId>,
        entry.who_name,
        entry.session as Option<SessionId>,
        entry.tenant,
        entry.act,
        entry.target,
        entry.reason,
        entry.detail,
        entry.ip,
        entry.request_id,
    )
    .fetch_one(conn)
    .await
}

/// What was done, the latest first: at most `most` rows, older than the row `before`. Who is limited to a tenant sees its
/// rows only.
pub async fn list(
    conn: &mut PgConnection,
    within: Option<TenantId>,
    filter: &Filter,
    before: Option<i64>,
    most: i64,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        select id, at, staff_id as "who: StaffId", who_name, session_id as "session: SessionId", tenant_id as tenant, act,
               target, reason, detail, ip, request_id
        from audit
        where ($1::bigint is null or tenant_id = $1) and ($2::bigint is null or staff_id = $2)
          and ($3::text is null or act = $3 or starts_with(act, $3 || '.')) and ($4::text is null or target = $4)
          and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6)
          and ($7::bigint is null or id < $7)
        order by id desc limit $8
        "#,
        within as Option<TenantId>,
        filter.who as Option<StaffId>,
        filter.act,
        filter.target,
        filter.since,
        filter.until,
        before,
        most,
    )
    .fetch_all(conn)
    .await
}

/// How long a line of the audit opens what it tells of.
const OPEN: TimeDelta = TimeDelta::minutes(10);

/// Whether this line tells that this session did `act` to `target`, not long ago: who looks at something that is masked
/// writes that down first.
pub async fn granted(
    conn: &mut PgConnection,
    id: i64,
    session: SessionId,
    act: &str,
    target: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from audit where id = $1 and session_id = $2 and act = $3 and target = $4 and at > $5) as "granted!""#,
        id,
        session as SessionId,
        act,
        target,
        now - OPEN,
    )
    .fetch_one(conn)
    .await
}
