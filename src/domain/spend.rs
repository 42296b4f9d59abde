//! What a time costs: tokens of the model, and messages by the category in which WhatsApp prices them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// What was spent since a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spend {
    /// Turns that began.
    pub turns: i64,
    /// Tokens that models read in turns that have ended.
    pub tokens_in: i64,
    /// Tokens that they wrote.
    pub tokens_out: i64,
    /// The same for each model, the most expensive first.
    pub by_model: Vec<ByModel>,
    /// Messages of ours, but for those that failed, by category.
    pub messages: Vec<ByCategory>,
}

/// What one model cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByModel {
    /// Its name.
    pub model: String,
    /// Turns in which it answered last.
    pub turns: i64,
    /// Tokens read.
    pub tokens_in: i64,
    /// Tokens written.
    pub tokens_out: i64,
}

/// Messages of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByCategory {
    /// WhatsApp's word (`service`, `utility`, `marketing`, `authentication`, …); of a message of which it has told nothing
    /// yet, `template` or `service`.
    pub category: String,
    /// How many.
    pub messages: i64,
    /// How many of them cost something, as far as it was told.
    pub billable: i64,
}

/// What the business of this transaction has spent since `since`, usually the beginning of its day.
///
/// Turns and messages are found by the ids of their jobs, which are ordered by time: what is older is not looked at.
pub async fn since(conn: &mut PgConnection, since: DateTime<Utc>) -> sqlx::Result<Spend> {
    let by_model = sqlx::query!(
        r#"
        select model, count(*) as "turns!", coalesce(sum(tokens_in), 0)::bigint as "tokens_in!", coalesce(sum(tokens_out), 0)::bigint as "tokens_out!"
        from turn where id >= holdfast.id_at($1) group by model order by 3 desc, model
        "#,
        since,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut spend = Spend::default();
    for row in by_model {
        spend.turns += row.turns;
        spend.tokens_in += row.tokens_in;
        spend.tokens_out += row.tokens_out;
        let of = |model| ByModel { model, turns: row.turns, tokens_in: row.tokens_in, tokens_out: row.tokens_out };
        spend.by_model.extend(row.model.map(of));
    }
    spend.messages = messages(conn, since).await?;
    Ok(spend)
}

async fn messages(conn: &mut PgConnection, since: DateTime<Utc>) -> sqlx::Result<Vec<ByCategory>> {
    sqlx::query_as!(
        ByCategory,
        r#"
        select coalesce(pricing, case kind when 'template' then 'template' else 'service' end) as "category!",
               count(*) as "messages!", count(*) filter (where billable) as "billable!"
        from message
        where turn_id >= holdfast.id_at($1) and direction = 'out' and state not in ('planned', 'failed')
        group by 1 order by 2 desc, 1
        "#,
        since,
    )
    .fetch_all(conn)
    .await
}
