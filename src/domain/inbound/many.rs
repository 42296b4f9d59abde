//! Many messages of one business, recorded together.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Inbound, storable};
use crate::{ConversationId, conversation, customer};

/// A message, and where and when it came in.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// The channel, by WhatsApp's id.
    pub phone_number_id: &'a str,
    /// When we got it.
    pub at: DateTime<Utc>,
    /// What was said, and by whom.
    pub inbound: &'a Inbound,
}

/// Records messages in their order, each as [`super::record`] would. Returns the conversations where somebody waits for
/// an answer to one that is new.
pub async fn record_all(conn: &mut PgConnection, arrived: &[Arrived<'_>]) -> sqlx::Result<BTreeSet<ConversationId>> {
    if arrived.is_empty() {
        return Ok(BTreeSet::new());
    }
    let identities: Vec<_> = arrived.iter().map(|message| message.inbound.identity.clone()).collect();
    let numbers: Vec<_> = arrived.iter().map(|message| message.phone_number_id).collect();
    let customers = customer::identify_all(conn, &identities).await?;
    let conversations = conversation::of_all(conn, &customers, &numbers).await?;
    let waiting = insert(conn, arrived, &numbers, &conversations).await?;
    Ok(waiting.into_iter().collect())
}

async fn insert(
    conn: &mut PgConnection,
    arrived: &[Arrived<'_>],
    numbers: &[&str],
    conversations: &[ConversationId],
) -> sqlx::Result<Vec<ConversationId>> {
    fn column<'a, T>(arrived: &[Arrived<'a>], field: impl Fn(&'a Inbound) -> T) -> Vec<T> {
        arrived.iter().map(|message| field(message.inbound)).collect()
    }
    sqlx::query_scalar!(
        r#"
        with kept as (
          insert into message (conversation_id, phone_number_id, direction, wamid, kind, text, payload, reply_to, body,
                               answerable, sent_at, received_at)
          select conversation, number, 'in', wamid, kind, text, payload, reply_to, body::jsonb, answerable, sent_at, received_at
          from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                      $9::boolean[], $10::timestamptz[], $11::timestamptz[])
            with ordinality as told (conversation, number, wamid, kind, text, payload, reply_to, body, answerable, sent_at, received_at, n)
          order by n
          on conflict on constraint message_wamid_unique do nothing returning conversation_id, answerable, sent_at
        ), heard as (
          update conversation c set last_inbound_at = greatest(c.last_inbound_at, k.at)
          from (select conversation_id, max(sent_at) as at from kept group by conversation_id) k where c.id = k.conversation_id
        )
        select distinct conversation_id as "id: ConversationId" from kept where answerable
        "#,
        conversations as _,
        numbers as _,
        &column(arrived, |inbound| inbound.wamid.as_str()) as _,
        &column(arrived, |inbound| inbound.kind.as_str()) as _,
        &column(arrived, |inbound| inbound.text.as_deref().map(storable)) as _,
        &column(arrived, |inbound| inbound.payload.as_deref()) as _,
        &column(arrived, |inbound| inbound.reply_to.as_deref()) as _,
        &column(arrived, |inbound| inbound.body.to_string()) as _,
        &column(arrived, Inbound::answerable),
        &arrived.iter().map(|message| message.inbound.said_at(message.at)).collect::<Vec<_>>(),
        &arrived.iter().map(|message| message.at).collect::<Vec<_>>(),
    )
    .fetch_all(conn)
    .await
}
