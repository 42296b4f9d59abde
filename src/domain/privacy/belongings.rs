//! What hangs on a person's row, without what it tells of them.

use sqlx::PgConnection;

use super::Marks;

/// What was to be told them.
pub(super) async fn notices(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update notice set facts = '{}' where customer_id = any($1) and state <> 'planned' and facts <> '{}'",
        customers,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// Why they gave a booking up, in somebody's words.
pub(super) async fn seats(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update seat set cancel_reason = null where customer_id = any($1) and cancel_reason is not null",
        customers,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// The addresses where they could pay. The provider's ids stay: a refund or a dispute is found by them.
pub(super) async fn payments(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update payment set link_url = null where customer_id = any($1) and link_url is not null
           and state not in ('created', 'authorised')",
        customers,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// What the provider told of their payments, once it is in the books.
pub(super) async fn payment_events(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update payment_event e set body = '{}' from payment p
         where p.customer_id = any($1) and e.applied_at is not null and e.body <> '{}'
           and (e.body ->> 'payment' = p.id::text or e.body #>> '{kind,link}' = p.link or e.body #>> '{kind,payment_intent}' = p.intent)",
        customers,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// Copies that were made for them.
pub(super) async fn exports(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<u64> {
    let removed =
        sqlx::query!("delete from privacy_export where customer_id = any($1)", customers).execute(conn).await?;
    Ok(removed.rows_affected())
}

/// What programs were answered about them, within the day for which that is remembered.
pub(super) async fn answers(conn: &mut PgConnection, marks: &Marks) -> sqlx::Result<u64> {
    let quoted = |name: &String| serde_json::Value::from(name.as_str()).to_string();
    let words: Vec<String> = marks.everywhere().into_iter().chain(marks.names.iter().map(quoted)).collect();
    let blanked = sqlx::query!(
        "update api_idempotency set body = redact_text(body, $1)
         where exists (select from unnest($1::text[]) w where strpos(body, w) > 0)",
        &words,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}
