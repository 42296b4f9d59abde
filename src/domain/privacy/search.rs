//! The proof: a search through everything for what the person was known by.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Counts, Thread};
use crate::ErasureId;

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// How much was searched: columns of tables, raw webhooks, jobs.
    pub searched: Counts,
    /// Where something of the person stands, and in how many rows. What stands there is not told.
    pub left: Counts,
}

impl Proof {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.left.is_empty()
    }

    /// Adds what was searched, and what was found at one place.
    pub fn note(&mut self, what: &str, searched: i64, place: &str, found: i64) {
        *self.searched.entry(what.to_owned()).or_default() += searched;
        if found > 0 {
            *self.left.entry(place.to_owned()).or_default() += found;
        }
    }

    /// Where something stands, in words.
    #[must_use]
    pub fn places(&self) -> String {
        self.left.iter().map(|(place, rows)| format!("{place} ({rows})")).collect::<Vec<_>>().join(", ")
    }
}

/// Searches every text and document of the tenant's tables for numbers, ids and full names; and the person's own rows for
/// words of any kind.
pub async fn search(conn: &mut PgConnection, thread: &Thread) -> sqlx::Result<Proof> {
    let found = sqlx::query!(
        r#"
        select place as "place!", hits as "hits!"
        from find_words(nullif(current_setting('holdfast.tenant', true), '')::bigint, $1, $2)
        "#,
        &thread.marks.everywhere(),
        &thread.marks.tokens,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut proof = Proof::default();
    for row in found {
        proof.note("columns", 1, &row.place, row.hits);
    }
    for (place, rows) in left(conn, thread).await? {
        proof.note("own tables", 1, &format!("{place} of their own"), rows);
    }
    Ok(proof)
}

/// Rows of the person's own that still say something.
pub async fn left(conn: &mut PgConnection, thread: &Thread) -> sqlx::Result<BTreeMap<String, i64>> {
    let rows = sqlx::query!(
        r#"
        select 'customer' as "place!", count(*) as "rows!" from customer
          where id = any($1) and (num_nonnulls(phone, bsuid, name) > 0 or preferences <> '{}')
        union all select 'message', count(*) from message
          where conversation_id = any($2) and (num_nonnulls(text, payload, body, reply_to) > 0 or content <> '{}' or wamid not like 'erased:%')
        union all select 'turn', count(*) from turn where conversation_id = any($2) and transcript is not null
        union all select 'proposal', count(*) from proposal where customer_id = any($1) and summary <> ''
        union all select 'privacy_export', count(*) from privacy_export where customer_id = any($1)
        "#,
        &thread.customers,
        &thread.conversations,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.place, row.rows)).collect())
}

/// A look at some raw webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookLook {
    /// How many were looked at.
    pub searched: i64,
    /// In how many something of the person stands.
    pub found: i64,
    /// Where to go on. None: that was all.
    pub next: Option<i64>,
}

/// Searches `most` raw webhooks from `after` on (none: from the first that may tell of the person).
pub async fn search_webhooks(
    conn: &mut PgConnection,
    thread: &Thread,
    after: Option<i64>,
    most: i32,
) -> sqlx::Result<WebhookLook> {
    let row = sqlx::query!(
        r#"
        select w.searched as "searched!", w.hits as "found!", w.next from privacy_erasure e,
          lateral find_in_webhooks(e.tenant_id, $2, $3, e.since, $4, $5) w where e.id = $1
        "#,
        thread.erasure as ErasureId,
        &thread.marks.words,
        &thread.marks.tokens,
        after,
        most,
    )
    .fetch_one(conn)
    .await?;
    Ok(WebhookLook { searched: row.searched.into(), found: row.found.into(), next: row.next })
}

/// Writes down what the search found. When that is nothing, the person is forgotten: by now we do not know ourselves what
/// they were known by.
pub async fn finish(
    conn: &mut PgConnection,
    erasure: ErasureId,
    proof: &Proof,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let clean = proof.is_clean();
    sqlx::query!(
        "update privacy_erasure set proof = $2, finished_at = case when $3 then $4::timestamptz end where id = $1 and finished_at is null",
        erasure as ErasureId,
        Json(proof) as _,
        clean,
        now,
    )
    .execute(&mut *conn)
    .await?;
    if clean {
        sqlx::query!("delete from privacy_mark where erasure_id = $1", erasure as ErasureId).execute(conn).await?;
    }
    Ok(clean)
}
