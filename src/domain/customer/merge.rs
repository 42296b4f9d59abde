//! Two customers that prove to be one.

use sqlx::PgConnection;

use super::{Identity, give_up_phone, lock, lookup};
use crate::{CustomerId, conversation};

/// Makes `from` part of `into`: conversations, messages, proposals and seats move over.
///
/// Where both have a place in one session, the place of `into` stays and the other is freed.
pub async fn merge(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<()> {
    lock(conn, &[from, into]).await?;
    let merged = sqlx::query!(
        "update customer set merged_into = $2 where id = $1 and merged_into is null
         returning bsuid, phone, name, language",
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(merged) = merged else { return Ok(()) };
    sqlx::query!(
        "update customer set bsuid = coalesce(bsuid, $2), phone = coalesce(phone, $3), name = coalesce(name, $4),
                language = coalesce(language, $5) where id = $1",
        into as CustomerId,
        merged.bsuid,
        merged.phone,
        merged.name,
        merged.language,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update customer set merged_into = $2 where merged_into = $1",
        from as CustomerId,
        into as CustomerId,
    )
    .execute(&mut *conn)
    .await?;
    conversation::merge_all(conn, from, into).await?;
    move_seats(conn, from, into).await
}

async fn move_seats(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<()> {
    let doubled = sqlx::query_scalar!(
        "select a.id from seat a join seat b on b.session_id = a.session_id and b.customer_id = $2 and b.state <> 'cancelled'
         where a.customer_id = $1 and a.state <> 'cancelled'",
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    if !doubled.is_empty() {
        sqlx::query!(
            "select id from session where id in (select session_id from seat where id = any($1)) order by id for no key update",
            &doubled,
        )
        .fetch_all(&mut *conn)
        .await?;
        sqlx::query!("update seat set state = 'cancelled', cancelled_at = now() where id = any($1)", &doubled)
            .execute(&mut *conn)
            .await?;
    }
    sqlx::query!("update seat set customer_id = $2 where customer_id = $1", from as CustomerId, into as CustomerId,)
        .execute(&mut *conn)
        .await?;
    Ok(())
}

/// Follows a customer to a new user id or number. `None` when nobody had the old one.
///
/// A new number without a new user id means that WhatsApp made one we were not told: the old one
/// is forgotten, and the next message teaches the new one.
pub async fn change_identity(
    conn: &mut PgConnection,
    old: &Identity,
    new: &Identity,
) -> sqlx::Result<Option<CustomerId>> {
    let before = lookup(conn, old).await?;
    let Some(customer) = before.iter().find(|c| c.bsuid == old.bsuid).or(before.first()) else { return Ok(None) };
    for other in lookup(conn, new).await?.iter().filter(|other| other.id != customer.id) {
        let same_person = other.bsuid.is_none() || other.bsuid == new.bsuid;
        if same_person {
            merge(conn, other.id, customer.id).await?;
        } else {
            give_up_phone(conn, other.id).await?;
        }
    }
    let moved = new.phone.is_some() && new.phone != customer.phone;
    sqlx::query!(
        "update customer set bsuid = case when $4 then $2 else coalesce($2, bsuid) end, phone = coalesce($3, phone)
         where id = $1",
        customer.id as CustomerId,
        new.bsuid,
        new.phone,
        moved,
    )
    .execute(&mut *conn)
    .await?;
    Ok(Some(customer.id))
}
