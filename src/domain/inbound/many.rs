//! Many messages of one business, recorded together.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Inbound, storable};
use crate::{
    ConversationId, TenantId, conversation,
    customer::{self, Identity},
    webhook::Body,
};

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

/// The work that answers a conversation; `%s` stands for its id.
#[derive(Debug)]
pub struct Work {
    /// The job's name.
    pub job: &'static str,
    /// Its arguments, as JSON.
    pub payload: String,
    /// See `holdfast.enqueue`.
    pub key: String,
    /// See `holdfast.enqueue`.
    pub lane: Option<String>,
    /// See `holdfast.enqueue`.
    pub priority: i16,
    /// Silence after which it starts.
    pub quiet: Duration,
    /// When it starts in any case.
    pub quiet_at_most: Duration,
}

/// Records bodies and all their messages, each with its body's position, and puts in the work that answers them: in one
/// round trip and a transaction of its own. Returns for each body whether it is new. None, with nothing recorded: not all
/// of them are by customers who are known just as told.
pub async fn take_in(
    conn: &mut PgConnection,
    tenant: TenantId,
    bodies: &[Body<'_>],
    arrived: &[(usize, Arrived<'_>)],
    work: &Work,
) -> sqlx::Result<Option<Vec<bool>>> {
    let body_of: Vec<_> = arrived.iter().map(|(body, _)| i32::try_from(body + 1).unwrap_or(i32::MAX)).collect();
    let arrived: Vec<_> = arrived.iter().map(|(_, message)| *message).collect();
    let who = |field: fn(&Identity) -> &Option<String>| column(&arrived, |inbound| field(&inbound.identity).as_deref());
    let fresh = sqlx::query_scalar!(
        "select public.take_in($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                               make_interval(secs => $23), make_interval(secs => $24))",
        tenant.0,
        &bodies.iter().map(|body| body.digest.as_slice()).collect::<Vec<_>>() as _,
        &bodies.iter().map(|body| body.bytes).collect::<Vec<_>>() as _,
        &bodies.iter().map(|body| body.at).collect::<Vec<_>>(),
        &body_of,
        &arrived.iter().map(|message| message.phone_number_id).collect::<Vec<_>>() as _,
        &who(|identity| &identity.bsuid) as _,
        &who(|identity| &identity.phone) as _,
        &who(|identity| &identity.name) as _,
        &column(&arrived, |inbound| inbound.wamid.as_str()) as _,
        &column(&arrived, |inbound| inbound.kind.as_str()) as _,
        &column(&arrived, |inbound| inbound.text.as_deref().map(storable)) as _,
        &column(&arrived, |inbound| inbound.payload.as_deref()) as _,
        &column(&arrived, |inbound| inbound.reply_to.as_deref()) as _,
        &column(&arrived, |inbound| inbound.body.to_string()) as _,
        &column(&arrived, Inbound::answerable),
        &arrived.iter().map(|message| message.inbound.said_at(message.at)).collect::<Vec<_>>(),
        work.job,
        work.payload,
        work.key,
        work.lane,
        i32::from(work.priority),
        work.quiet.as_secs_f64(),
        work.quiet_at_most.as_secs_f64(),
    )
    .fetch_one(conn)
    .await?;
    Ok(fresh.map(|mut fresh| {
        // Of bodies that are the same the first is new.
        let mut is_new =
            |digest: &[u8]| fresh.iter().position(|new| new == digest).map(|at| fresh.swap_remove(at)).is_some();
        bodies.iter().map(|body| is_new(&body.digest)).collect()
    }))
}

fn column<'a, T>(arrived: &[Arrived<'a>], field: impl Fn(&'a Inbound) -> T) -> Vec<T> {
    arrived.iter().map(|message| field(message.inbound)).collect()
}

async fn insert(
    conn: &mut PgConnection,
    arrived: &[Arrived<'_>],
    numbers: &[&str],
    conversations: &[ConversationId],
) -> sqlx::Result<Vec<ConversationId>> {
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
