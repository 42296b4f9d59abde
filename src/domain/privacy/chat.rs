//! What was said to and by a person, without its words. The rows stay, so that counts do.

use sqlx::PgConnection;

/// Messages of these conversations, at most `most`; or those among them with these ids.
///
/// A message keeps when it was, its direction, kind and state. WhatsApp's id of it names the person (it holds their
/// number), so it gets one of ours.
pub(super) async fn messages(conn: &mut PgConnection, conversations: &[i64], most: i64) -> sqlx::Result<u64> {
    let found = sqlx::query_scalar!(
        "select id from message where conversation_id = any($1)
           and (num_nonnulls(text, payload, body, reply_to, error_reason) > 0 or answerable or content <> '{}' or wamid not like 'erased:%')
         limit $2",
        conversations,
        most,
    )
    .fetch_all(&mut *conn)
    .await?;
    blank_messages(conn, &found).await
}

/// These messages, whoever's they are.
pub(super) async fn blank_messages(conn: &mut PgConnection, messages: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update message set text = null, payload = null, body = null, reply_to = null, error_reason = null, answerable = false,
                content = case when direction = 'out' then '{}'::jsonb end,
                wamid = case when direction = 'in' then 'erased:' || id end
         where id = any($1)",
        messages,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// Statuses of messages with these ids of WhatsApp's, and those that wait for a message while they name the person.
pub(super) async fn statuses(conn: &mut PgConnection, tokens: &[String], words: &[String]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update delivery_status set wamid = 'erased:' || id, body = '{}', callback = null where id in (
           select d.id from channel c join delivery_status d on d.phone_number_id = c.phone_number_id and d.wamid = any($1)
           where c.tenant_id = nullif(current_setting('holdfast.tenant', true), '')::bigint
           union all
           select id from delivery_status where message_id is null and exists (select from unnest($2::text[]) w where strpos(body::text, w) > 0))",
        tokens,
        words,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// What the model and its tools said in these conversations.
pub(super) async fn turns(conn: &mut PgConnection, conversations: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update turn set transcript = null where conversation_id = any($1) and transcript is not null",
        conversations,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}

/// The words in which something was proposed.
pub(super) async fn proposals(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<u64> {
    let blanked =
        sqlx::query!("update proposal set summary = '' where customer_id = any($1) and summary <> ''", customers,)
            .execute(conn)
            .await?;
    Ok(blanked.rows_affected())
}

/// Why staff were called; but for money that somebody has to give back by hand.
pub(super) async fn conversations(conn: &mut PgConnection, conversations: &[i64]) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update conversation set needs_person_at = null, needs_person_reason = null
         where id = any($1) and needs_person_reason not like 'refund %'",
        conversations,
    )
    .execute(conn)
    .await?;
    Ok(blanked.rows_affected())
}
