//! Two customers that prove to be one.

use sqlx::PgConnection;

use super::{Identity, double, give_up_phone, lock, lookup};
use crate::{CustomerId, conversation, waitlist};

/// What came of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// They are one now.
    Done,
    /// There was nothing to do: they were one before, one of them is unknown, or was erased.
    Nothing,
}

/// Tables whose rows follow their customer just as they are. Conversations, seats and places in waiting lists have rules of
/// their own.
pub(crate) const FOLLOWERS: [&str; 6] = ["quote", "notice", "consent", "entitlement", "payment", "privacy_export"];

/// Makes `from` part of `into`: everything that hangs on the one hangs on the other then.
///
/// Where both have a place in one session, the place of `into` stays and the other is freed: what was spent on it comes back,
/// and staff are called when it was paid with money. Where both wait for one session, the older place in the list stays. Of
/// name, language and preferences those of `into` win; a STOP or a block of either counts.
pub async fn merge(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<Merged> {
    lock(conn, &[from, into]).await?;
    if !join(conn, from, into).await? {
        return Ok(Merged::Nothing);
    }
    sqlx::query!(
        "update customer set merged_into = $2 where merged_into = $1",
        from as CustomerId,
        into as CustomerId,
    )
    .execute(&mut *conn)
    .await?;
    conversation::merge_all(conn, from, into).await?;
    lock_sessions(conn, from, into).await?;
    double::free(conn, from, into).await?;
    sqlx::query!("update seat set customer_id = $2 where customer_id = $1", from as CustomerId, into as CustomerId)
        .execute(&mut *conn)
        .await?;
    waitlist::merge(conn, from, into).await?;
    for table in FOLLOWERS {
        let follow = format!("update {table} set customer_id = $2 where customer_id = $1");
        sqlx::query(sqlx::AssertSqlSafe(follow)).bind(from).bind(into).execute(&mut *conn).await?;
    }
    Ok(Merged::Done)
}

/// The rows themselves. False: they are not two.
async fn join(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<bool> {
    let merged = sqlx::query!(
        "update customer set merged_into = $2 where id = $1 and id <> $2 and merged_into is null and erased_at is null
           and exists (select from customer where id = $2 and merged_into is null and erased_at is null)
         returning bsuid, phone, name, language, preferences, opted_out_at, blocked_at, created_at",
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(merged) = merged else { return Ok(false) };
    sqlx::query!(
        "update customer set bsuid = coalesce(bsuid, $2), phone = coalesce(phone, $3), name = coalesce(name, $4),
                language = coalesce(language, $5), preferences = $6 || preferences, opted_out_at = least(opted_out_at, $7),
                blocked_at = least(blocked_at, $8), created_at = least(created_at, $9) where id = $1",
        into as CustomerId,
        merged.bsuid,
        merged.phone,
        merged.name,
        merged.language,
        merged.preferences,
        merged.opted_out_at,
        merged.blocked_at,
        merged.created_at,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// Sessions in which both have a place, or wait for one: in their order, before anything in them changes.
async fn lock_sessions(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<()> {
    sqlx::query!(
        "with of_both as (
           select session_id, customer_id from seat where customer_id in ($1, $2) and state <> 'cancelled'
           union select session_id, customer_id from waitlist_entry where customer_id in ($1, $2) and state in ('waiting', 'offered'))
         select id from session where id in (select session_id from of_both group by session_id having count(*) > 1)
         order by id for no key update",
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_all(conn)
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
