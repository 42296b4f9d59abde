//! Conversations: one for each customer and channel.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::{ConversationId, CustomerId, Language, tenant};

/// The conversation of this customer on this channel; begins it when there is none.
pub async fn of(conn: &mut PgConnection, customer: CustomerId, phone_number_id: &str) -> sqlx::Result<ConversationId> {
    if let Some(id) = find(conn, customer, phone_number_id).await? {
        return Ok(id);
    }
    let id = sqlx::query_scalar!(
        r#"
        insert into conversation (phone_number_id, customer_id) values ($1, $2)
        on conflict do nothing returning id as "id: ConversationId"
        "#,
        phone_number_id,
        customer as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => Ok(id),
        None => find(conn, customer, phone_number_id).await?.ok_or(sqlx::Error::RowNotFound),
    }
}

/// The conversations of these customers on these channels, pair by pair; begins those that there are not.
pub(crate) async fn of_all(
    conn: &mut PgConnection,
    customers: &[CustomerId],
    phone_number_ids: &[&str],
) -> sqlx::Result<Vec<ConversationId>> {
    let mut known = find_all(conn, customers, phone_number_ids).await?;
    let pairs = || customers.iter().copied().zip(phone_number_ids.iter().copied());
    if pairs().any(|(customer, number)| !known.contains_key(&(customer, number.to_owned()))) {
        sqlx::query!(
            "insert into conversation (phone_number_id, customer_id)
             select number, customer from unnest($1::text[], $2::bigint[]) as told (number, customer)
             order by customer, number on conflict do nothing",
            phone_number_ids as _,
            customers as _,
        )
        .execute(&mut *conn)
        .await?;
        known = find_all(conn, customers, phone_number_ids).await?;
    }
    let all = pairs().map(|(customer, number)| known.get(&(customer, number.to_owned())).copied());
    all.collect::<Option<_>>().ok_or(sqlx::Error::RowNotFound)
}

/// Locks them in their order.
async fn find_all(
    conn: &mut PgConnection,
    customers: &[CustomerId],
    phone_number_ids: &[&str],
) -> sqlx::Result<HashMap<(CustomerId, String), ConversationId>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: ConversationId", customer_id as "customer_id: CustomerId", phone_number_id from conversation
        where customer_id = any($1) and phone_number_id = any($2) and merged_into is null order by id for no key update
        "#,
        customers as _,
        phone_number_ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| ((row.customer_id, row.phone_number_id), row.id)).collect())
}

async fn find(
    conn: &mut PgConnection,
    customer: CustomerId,
    phone_number_id: &str,
) -> sqlx::Result<Option<ConversationId>> {
    sqlx::query_scalar!(
        r#"
        select id as "id: ConversationId" from conversation
        where customer_id = $1 and phone_number_id = $2 and merged_into is null for no key update
        "#,
        customer as CustomerId,
        phone_number_id,
    )
    .fetch_optional(conn)
    .await
}

/// Follows a conversation to the one it was merged into, for work that was begun before.
pub async fn current(conn: &mut PgConnection, conversation: ConversationId) -> sqlx::Result<ConversationId> {
    sqlx::query_scalar!(
        r#"select coalesce(merged_into, id) as "id!: ConversationId" from conversation where id = $1"#,
        conversation as ConversationId,
    )
    .fetch_one(conn)
    .await
}

/// A conversation, whom it is with, and how to speak with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Which; not the one asked for when that was merged into another.
    pub conversation: ConversationId,
    /// The number of ours that it runs over, by WhatsApp's id.
    pub phone_number_id: String,
    /// The customer.
    pub customer: CustomerId,
    /// Theirs, or the house's while it is not known.
    pub language: Language,
    /// Of the house.
    pub zone: Tz,
}

/// Locks the conversation like [`lock`], and tells whom it is with.
pub async fn meet(conn: &mut PgConnection, conversation: ConversationId) -> sqlx::Result<Meeting> {
    let row = sqlx::query!(
        r#"
        select v.id as "id: ConversationId", v.phone_number_id, c.id as "customer: CustomerId",
               coalesce(c.language, t.language) as "language!: Language", t.zone
        from conversation v join customer c on c.id = v.customer_id join tenant t on t.id = c.tenant_id
        where v.id = (select coalesce(merged_into, id) from conversation where id = $1) for no key update of v
        "#,
        conversation as ConversationId,
    )
    .fetch_one(conn)
    .await?;
    Ok(Meeting {
        conversation: row.id,
        phone_number_id: row.phone_number_id,
        customer: row.customer,
        language: row.language,
        zone: tenant::read_zone(&row.zone)?,
    })
}

/// The conversation in which a customer last wrote; one that begins on the house's first number when they never did.
pub async fn latest(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Option<ConversationId>> {
    let known = sqlx::query_scalar!(
        r#"
        select id as "id: ConversationId" from conversation where customer_id = $1 and merged_into is null
        order by last_inbound_at desc nulls last, id limit 1
        "#,
        customer as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if known.is_some() {
        return Ok(known);
    }
    let number = sqlx::query_scalar!(
        "select phone_number_id from channel where tenant_id = nullif(current_setting('holdfast.tenant', true), '')::bigint
         order by phone_number_id limit 1"
    )
    .fetch_optional(&mut *conn)
    .await?;
    match number {
        Some(number) => of(conn, customer, &number).await.map(Some),
        None => Ok(None),
    }
}

/// Asks staff to look. The first reason stays until somebody has.
pub async fn needs_person(
    conn: &mut PgConnection,
    conversation: ConversationId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update conversation set needs_person_at = $3, needs_person_reason = $2 where id = $1 and needs_person_at is null",
        conversation as ConversationId,
        reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks the conversation until the end of the transaction, or the one that it was merged into, which it returns.
pub async fn lock(conn: &mut PgConnection, conversation: ConversationId) -> sqlx::Result<ConversationId> {
    sqlx::query_scalar!(
        r#"
        select id as "id: ConversationId" from conversation
        where id = (select coalesce(merged_into, id) from conversation where id = $1) for no key update
        "#,
        conversation as ConversationId,
    )
    .fetch_one(conn)
    .await
}

/// WhatsApp says that the 24 hours are over, whatever our clock says: nothing free-form goes out
/// until the customer writes again.
pub async fn close_window(conn: &mut PgConnection, conversation: ConversationId) -> sqlx::Result<()> {
    sqlx::query!("update conversation set last_inbound_at = null where id = $1", conversation as ConversationId)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives all conversations of one customer to another, joining those on the same channel.
pub(crate) async fn merge_all(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<()> {
    let pairs = sqlx::query!(
        r#"
        select a.id as "from: ConversationId", b.id as "into?: ConversationId"
        from conversation a
        left join conversation b on b.customer_id = $2 and b.phone_number_id = a.phone_number_id and b.merged_into is null
        where a.customer_id = $1 and a.merged_into is null order by a.id
        "#,
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    for pair in pairs {
        if let Some(into) = pair.into {
            join(conn, pair.from, into).await?;
        }
    }
    for statement in [
        "update conversation set customer_id = $2 where customer_id = $1",
        "update proposal set customer_id = $2 where customer_id = $1",
    ] {
        sqlx::query(statement).bind(from).bind(into).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn join(conn: &mut PgConnection, from: ConversationId, into: ConversationId) -> sqlx::Result<()> {
    for statement in [
        // One question at a time may be open.
        "update proposal set state = 'superseded', decided_at = now() where conversation_id = $1 and state = 'open'
           and exists (select from proposal o where o.conversation_id = $2 and o.state = 'open')",
        "update proposal set conversation_id = $2 where conversation_id = $1",
        "update message set conversation_id = $2 where conversation_id = $1",
        "update turn set conversation_id = $2 where conversation_id = $1",
        "update conversation b set last_inbound_at = greatest(a.last_inbound_at, b.last_inbound_at),
                needs_person_at = coalesce(b.needs_person_at, a.needs_person_at),
                needs_person_reason = coalesce(b.needs_person_reason, a.needs_person_reason)
         from conversation a where a.id = $1 and b.id = $2",
        "update conversation set merged_into = $2 where id = $1 or merged_into = $1",
    ] {
        sqlx::query(statement).bind(from).bind(into).execute(&mut *conn).await?;
    }
    Ok(())
}
