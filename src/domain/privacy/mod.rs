//! What a person may ask of us: a copy of all that we know of them, and to be forgotten; and what is forgotten by itself.
//!
//! Whoever is forgotten keeps their row, and their bookings and money stay in the books, of somebody who has no name any
//! more. Everything here may be done again: what is gone already is not counted twice.

mod begin;
mod belongings;
mod chat;
mod export;
mod marks;
mod others;
mod retention;
mod scrub;
mod search;
mod sections;
mod thread;
mod withdraw;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;

pub use begin::begin;
pub use export::{Export, Kept, export, exports, keep, kept};
pub use marks::{Marks, collect, marks};
pub use retention::{Forgotten, expire_exports, forget, forget_webhooks, forgotten, late};
pub use scrub::{Scrubbed, scrub, scrub_webhooks};
pub use search::{Proof, WebhookLook, finish, left, search, search_webhooks};
pub use thread::{Thread, thread};
pub use withdraw::withdraw;

use crate::{CustomerId, ErasureId};

/// Rows of each table.
pub type Counts = BTreeMap<String, i64>;

/// That a person was forgotten, or is being forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Erasure {
    /// Its id.
    pub id: ErasureId,
    /// Who; the row of those that were merged.
    pub customer: CustomerId,
    /// Who asked for it.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When the first we have of them came: what is older is not searched.
    pub since: DateTime<Utc>,
    /// What was erased so far.
    pub counts: Counts,
    /// What the search found, once there was one.
    pub proof: Option<Proof>,
    /// When it was done.
    pub finished_at: Option<DateTime<Utc>>,
}

/// The erasure with this id.
pub async fn erasure(conn: &mut PgConnection, id: ErasureId) -> sqlx::Result<Option<Erasure>> {
    Ok(load(conn, Some(id), None).await?.pop())
}

/// All erasures of a customer, the latest first.
pub async fn erasures(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<Erasure>> {
    load(conn, None, Some(customer)).await
}

async fn load(
    conn: &mut PgConnection,
    id: Option<ErasureId>,
    customer: Option<CustomerId>,
) -> sqlx::Result<Vec<Erasure>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: ErasureId", customer_id as "customer: CustomerId", requested_by, requested_at, since,
               counts as "counts: Json<Counts>", proof as "proof: Json<Proof>", finished_at
        from privacy_erasure where id = $1 or customer_id = $2 order by id desc
        "#,
        id as Option<ErasureId>,
        customer as Option<CustomerId>,
    )
    .fetch_all(conn)
    .await?;
    let erasures = rows.into_iter().map(|row| Erasure {
        id: row.id,
        customer: row.customer,
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        since: row.since,
        counts: row.counts.0,
        proof: row.proof.map(|proof| proof.0),
        finished_at: row.finished_at,
    });
    Ok(erasures.collect())
}

/// The row of today of a customer, also of one who was forgotten. None: there is none.
pub async fn kept_row(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Option<CustomerId>> {
    sqlx::query_scalar!(
        r#"select coalesce(merged_into, id) as "id!: CustomerId" from customer where id = $1"#,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// Adds to what was erased.
pub async fn count(conn: &mut PgConnection, erasure: ErasureId, counts: &Counts) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        update privacy_erasure set counts = (
          select coalesce(jsonb_object_agg(key, n), '{}') from (
            select key, sum(value::bigint) as n from (
              select * from jsonb_each_text(counts) union all select * from jsonb_each_text($2)) both_of_them
            group by key) together)
        where id = $1
        "#,
        erasure as ErasureId,
        Json(counts) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
