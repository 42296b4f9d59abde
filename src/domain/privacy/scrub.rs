//! The words go: table by table, some rows at a time.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Counts, Marks, Thread, belongings, chat, count, others};
use crate::ErasureId;

/// What a batch did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrubbed {
    /// Rows of each table.
    pub counts: Counts,
    /// There may be more.
    pub more: bool,
}

/// Erases what tables tell of a person, at most `most` messages at a time, and counts it. Call it until there is no more.
pub async fn scrub(conn: &mut PgConnection, thread: &Thread, most: i64) -> sqlx::Result<Scrubbed> {
    let mut counts = Counts::new();
    let mut note = |table: &str, rows: u64| {
        if rows > 0 {
            *counts.entry(table.to_owned()).or_default() += i64::try_from(rows).unwrap_or(i64::MAX);
        }
        rows
    };
    let Thread { customers, conversations, marks, .. } = thread;
    note("delivery_status", chat::statuses(conn, &marks.tokens, &marks.words).await?);
    let own = note("message", chat::messages(conn, conversations, most).await?);
    note("turn", chat::turns(conn, conversations).await?);
    note("proposal", chat::proposals(conn, customers).await?);
    note("conversation", chat::conversations(conn, conversations).await?);
    note("notice", belongings::notices(conn, customers).await?);
    note("seat", belongings::seats(conn, customers).await?);
    note("payment", belongings::payments(conn, customers).await?);
    note("payment_event", belongings::payment_events(conn, customers).await?);
    note("privacy_export", belongings::exports(conn, customers).await?);
    note("api_idempotency", belongings::answers(conn, marks).await?);
    if own == 0 && !marks.everywhere().is_empty() {
        note("message of others", others::messages(conn, thread).await?);
        let [turns, exports] = others::documents(conn, thread).await?;
        note("turn of others", turns);
        note("privacy_export of others", exports);
    }
    count(conn, thread.erasure, &counts).await?;
    Ok(Scrubbed { counts, more: own > 0 })
}

/// Takes a person out of `most` raw webhooks from `after` on (none: from the first that may tell of them), and counts
/// them. Returns where to go on; none: that was all.
pub async fn scrub_webhooks(
    conn: &mut PgConnection,
    erasure: ErasureId,
    marks: &Marks,
    after: Option<i64>,
    most: i32,
) -> sqlx::Result<Option<i64>> {
    let row = sqlx::query!(
        r#"
        select w.erased as "erased!", w.next from privacy_erasure e,
          lateral erase_webhooks(e.tenant_id, $2, $3, e.since, $4, $5) w where e.id = $1
        "#,
        erasure as ErasureId,
        &marks.words,
        &marks.tokens,
        after,
        most,
    )
    .fetch_one(&mut *conn)
    .await?;
    if row.erased > 0 {
        count(conn, erasure, &Counts::from([("webhook_event".to_owned(), row.erased.into())])).await?;
    }
    Ok(row.next)
}
