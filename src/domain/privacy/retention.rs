//! What is forgotten by itself: words that are older than the house keeps them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Counts, chat};
use crate::{ConversationId, CustomerId};

/// What was forgotten in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Rows of each table.
    pub counts: Counts,
    /// Jobs that answered or told what is forgotten now.
    pub jobs: Vec<i64>,
    /// In which conversation to go on. None: that was all.
    pub next: Option<ConversationId>,
}

impl Forgotten {
    fn note(&mut self, table: &str, rows: u64) {
        if rows > 0 {
            *self.counts.entry(table.to_owned()).or_default() += i64::try_from(rows).unwrap_or(i64::MAX);
        }
    }
}

/// Before this, words are forgotten; and until when they were, when somebody last looked.
async fn bounds(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let row = sqlx::query!(
        r#"
        select $1::timestamptz - retention_days * interval '1 day' as "before!", forgotten_until from tenant
        where id = nullif(current_setting('holdfast.tenant', true), '')::bigint
        "#,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.before, row.forgotten_until))
}

/// Blanks at most `most` messages that are older than the house keeps them, from the conversation `after` on, with what was
/// thought about them and what became of them.
pub async fn forget(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    after: Option<ConversationId>,
    most: i64,
) -> sqlx::Result<Forgotten> {
    let (before, since) = bounds(conn, now).await?;
    let old = sqlx::query!(
        r#"
        select v.id as "conversation: ConversationId", m.id, m.wamid, m.turn_id from conversation v
        cross join lateral (
          select id, wamid, turn_id from message
          where conversation_id = v.id and sent_at < $1 and sent_at >= coalesce($2::timestamptz, '-infinity')
            and (num_nonnulls(text, payload, body, reply_to) > 0 or content <> '{}' or wamid not like 'erased:%')
        ) m where v.id >= coalesce($3, 0) order by v.id limit $4
        "#,
        before,
        since,
        after as Option<ConversationId>,
        most,
    )
    .fetch_all(&mut *conn)
    .await?;
    let messages: Vec<i64> = old.iter().map(|row| row.id).collect();
    let wamids: Vec<String> = old.iter().filter_map(|row| row.wamid.clone()).collect();
    let mut jobs: Vec<i64> = old.iter().filter_map(|row| row.turn_id).collect();
    jobs.sort_unstable();
    jobs.dedup();
    let next = old.last().map(|row| row.conversation);
    let mut forgotten = Forgotten { next, ..Forgotten::default() };
    forgotten.note("delivery_status", chat::statuses(conn, &wamids, &[]).await?);
    forgotten.note("message", chat::blank_messages(conn, &messages).await?);
    forgotten.note("turn", transcripts(conn, &jobs, before).await?);
    if next.is_none() {
        forgotten.note("proposal", proposals(conn, before).await?);
        forgotten.note("notice", notices(conn, before).await?);
    }
    forgotten.jobs = jobs;
    Ok(forgotten)
}

async fn transcripts(conn: &mut PgConnection, turns: &[i64], before: DateTime<Utc>) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update turn set transcript = null where id = any($1) and gathered_at < $2 and outcome is not null and transcript is not null",
        turns,
        before,
    );
    Ok(blanked.execute(conn).await?.rows_affected())
}

async fn proposals(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update proposal set summary = '' where created_at < $1 and state <> 'open' and summary <> ''",
        before
    );
    Ok(blanked.execute(conn).await?.rows_affected())
}

async fn notices(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let blanked = sqlx::query!("update notice set facts = '{}' where settled_at < $1 and facts <> '{}'", before);
    Ok(blanked.execute(conn).await?.rows_affected())
}

/// Blanks those of `most` raw webhooks from `after` on (none: from where the last time ended) that are older than the
/// house keeps words. Returns how many, and where to go on; none: that was all.
pub async fn forget_webhooks(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    after: Option<i64>,
    most: i32,
) -> sqlx::Result<(i64, Option<i64>)> {
    let (before, since) = bounds(conn, now).await?;
    let row = sqlx::query!(
        r#"
        select erased as "erased!", next
        from forget_webhooks(nullif(current_setting('holdfast.tenant', true), '')::bigint, $1, $2, $3, $4)
        "#,
        since,
        before,
        after,
        most,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.erased.into(), row.next))
}

/// All that is old by now is forgotten: the next time begins here.
pub async fn forgotten(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<()> {
    let (before, since) = bounds(conn, now).await?;
    sqlx::query!(
        "update tenant set forgotten_until = $1 where id = nullif(current_setting('holdfast.tenant', true), '')::bigint",
        since.map_or(before, |since| since.max(before)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes copies whose time is over. Returns how many.
pub async fn expire_exports(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let removed = sqlx::query!("delete from privacy_export where expires_at <= $1", now).execute(conn).await?;
    Ok(removed.rows_affected())
}

/// Customers who were forgotten and of whom something came afterwards: that a message was read, a day later.
pub async fn late(conn: &mut PgConnection) -> sqlx::Result<Vec<CustomerId>> {
    sqlx::query_scalar!(
        r#"
        select c.id as "id: CustomerId" from customer c
        where c.erased_at is not null and c.merged_into is null
          and not exists (select from privacy_erasure e where e.customer_id = c.id and e.finished_at is null)
          and exists (
            select from conversation v join message m on m.conversation_id = v.id where v.customer_id = c.id
              and (num_nonnulls(m.text, m.payload, m.body, m.reply_to) > 0 or m.content <> '{}' or m.wamid not like 'erased:%')
            union all
            select from conversation v join turn t on t.conversation_id = v.id where v.customer_id = c.id and t.transcript is not null)
        order by c.id
        "#,
    )
    .fetch_all(conn)
    .await
}
