//! Customers: who wrote, and whether we knew them.

mod change;
mod consent;
mod double;
mod identity;
mod many;
mod merge;
mod profile;

use sqlx::PgConnection;

pub use change::{Change, Invalid, set_profile};
pub use consent::{Source, Wish, consent, wish};
pub use identity::{Identity, digits};
pub use many::identify_all;
#[cfg(test)]
pub(crate) use merge::FOLLOWERS;
pub use merge::{Merged, change_identity, merge};
pub use profile::{ConsentState, Profile, Record, Totals, profile};

use crate::{CustomerId, Language};

struct Known {
    id: CustomerId,
    bsuid: Option<String>,
    phone: Option<String>,
    name: Option<String>,
}

impl Known {
    /// Whether the identity tells something that we did not know of them.
    fn is_told_anew(&self, identity: &Identity) -> bool {
        let news = |old: &Option<String>, new: &Option<String>| new.is_some() && old != new;
        news(&self.bsuid, &identity.bsuid) || news(&self.phone, &identity.phone) || news(&self.name, &identity.name)
    }
}

/// The customer who has this identity; a new one when nobody has it.
///
/// The user id decides, the phone comes second. When each points to another customer and one of
/// them was known by phone only, the two are one person and are merged. When both have user ids,
/// the number has changed hands: it goes to who uses it now, and nothing of the former owner does.
pub async fn identify(conn: &mut PgConnection, identity: &Identity) -> sqlx::Result<CustomerId> {
    // A second process may insert the same customer first; then the next look finds them.
    for _ in 0..3 {
        let known = lookup(conn, identity).await?;
        if let Some(id) = recognise(conn, identity, &known).await? {
            return Ok(id);
        }
        if let Some(id) = insert(conn, identity).await? {
            return Ok(id);
        }
    }
    Err(sqlx::Error::RowNotFound)
}

async fn recognise(conn: &mut PgConnection, identity: &Identity, known: &[Known]) -> sqlx::Result<Option<CustomerId>> {
    let by_bsuid = known.iter().find(|c| c.bsuid.is_some() && c.bsuid == identity.bsuid);
    let by_phone = known.iter().find(|c| c.phone.is_some() && c.phone == identity.phone);
    let customer = match (by_bsuid, by_phone) {
        (Some(same), Some(other)) if same.id == other.id => same,
        (Some(user), Some(other)) => {
            if other.bsuid.is_none() {
                merge(conn, other.id, user.id).await?;
            } else {
                give_up_phone(conn, other.id).await?;
            }
            user
        }
        (Some(user), None) => user,
        (None, Some(owner)) if owner.bsuid.is_none() || identity.bsuid.is_none() => owner,
        (None, Some(former)) => {
            give_up_phone(conn, former.id).await?;
            return Ok(None);
        }
        (None, None) => return Ok(None),
    };
    learn(conn, customer, identity).await?;
    Ok(Some(customer.id))
}

async fn lookup(conn: &mut PgConnection, identity: &Identity) -> sqlx::Result<Vec<Known>> {
    sqlx::query_as!(
        Known,
        // Two looks, each by its unique index whatever the statistics say, where an "or" may read the whole table.
        r#"
        select id as "id!: CustomerId", bsuid, phone, name from customer where merged_into is null and bsuid = $1
        union
        select id, bsuid, phone, name from customer where merged_into is null and phone = $2
        order by 1
        "#,
        identity.bsuid,
        identity.phone,
    )
    .fetch_all(conn)
    .await
}

async fn insert(conn: &mut PgConnection, identity: &Identity) -> sqlx::Result<Option<CustomerId>> {
    sqlx::query_scalar!(
        r#"
        insert into customer (bsuid, phone, name) values ($1, $2, $3)
        on conflict do nothing returning id as "id: CustomerId"
        "#,
        identity.bsuid,
        identity.phone,
        identity.name,
    )
    .fetch_optional(conn)
    .await
}

/// Writes down what is new about a customer; most often nothing is.
async fn learn(conn: &mut PgConnection, known: &Known, identity: &Identity) -> sqlx::Result<()> {
    if !known.is_told_anew(identity) {
        return Ok(());
    }
    sqlx::query!(
        "update customer set bsuid = coalesce($2, bsuid), phone = coalesce($3, phone), name = coalesce($4, name)
         where id = $1",
        known.id as CustomerId,
        identity.bsuid,
        identity.phone,
        identity.name,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn give_up_phone(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<()> {
    sqlx::query!("update customer set phone = null where id = $1", customer as CustomerId).execute(conn).await?;
    Ok(())
}

/// Remembers the language a customer writes in.
pub async fn speaks(conn: &mut PgConnection, customer: CustomerId, language: Language) -> sqlx::Result<()> {
    sqlx::query!(
        "update customer set language = $2 where id = $1 and language is distinct from $2",
        customer as CustomerId,
        language.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Follows a customer to the one they were merged into, for work that was begun before.
pub async fn current(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<CustomerId> {
    sqlx::query_scalar!(
        r#"select coalesce(merged_into, id) as "id!: CustomerId" from customer where id = $1"#,
        customer as CustomerId,
    )
    .fetch_one(conn)
    .await
}

/// Serialises what decides about one customer's bookings. First in the lock order: customer,
/// conversation, proposal, session, seat.
pub async fn lock(conn: &mut PgConnection, customers: &[CustomerId]) -> sqlx::Result<()> {
    let ids: Vec<i64> = customers.iter().map(|id| id.0).collect();
    sqlx::query!("select id from customer where id = any($1) order by id for no key update", &ids)
        .fetch_all(conn)
        .await?;
    Ok(())
}

/// How to address a customer.
#[derive(Debug, Clone, Copy)]
pub struct Addressee {
    /// Theirs, or the house's while it is not known.
    pub language: Language,
    /// They do not want to be written to unasked.
    pub opted_out: bool,
}

/// How to address this customer now.
pub async fn addressee(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Addressee> {
    sqlx::query_as!(
        Addressee,
        r#"
        select coalesce(c.language, t.language) as "language!: Language",
               c.opted_out_at is not null or c.blocked_at is not null or c.erased_at is not null as "opted_out!"
        from customer c join tenant t on t.id = c.tenant_id where c.id = $1
        "#,
        customer as CustomerId,
    )
    .fetch_one(conn)
    .await
}
