//! Who wrote, for many messages at one time.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::{Identity, Known, identify};
use crate::CustomerId;

/// How often all are looked up, at most: once, after strangers were added, and after a merge or two.
const LOOKS: usize = 4;

/// The customers who have these identities, in their order, as [`identify`] would find them one by one.
///
/// Who is known just as told is found, and who is new is added, all together. The others are identified one by one,
/// and then everybody is looked up again, since one of them may turn out to be another.
pub async fn identify_all(conn: &mut PgConnection, identities: &[Identity]) -> sqlx::Result<Vec<CustomerId>> {
    for _ in 0..LOOKS {
        let known = lookup(conn, identities).await?;
        let seen = Seen::of(&known);
        let sights: Vec<Sight> = identities.iter().map(|identity| seen.look(identity)).collect();
        let found: Vec<CustomerId> = sights.iter().filter_map(|sight| sight.known()).collect();
        if found.len() == identities.len() {
            return Ok(found);
        }
        let pick =
            |which: Sight| identities.iter().zip(&sights).filter(move |(_, sight)| **sight == which).map(|(i, _)| i);
        insert(conn, &pick(Sight::Stranger).collect::<Vec<_>>()).await?;
        for identity in pick(Sight::Unclear) {
            identify(conn, identity).await?;
        }
    }
    Err(sqlx::Error::RowNotFound)
}

/// What a look at an identity tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    Known(CustomerId),
    Stranger,
    /// Two customers, or one of whom something new is told.
    Unclear,
}

impl Sight {
    fn known(self) -> Option<CustomerId> {
        match self {
            Self::Known(id) => Some(id),
            Self::Stranger | Self::Unclear => None,
        }
    }
}

/// Customers by what they are known by.
struct Seen<'a> {
    by_bsuid: HashMap<&'a str, &'a Known>,
    by_phone: HashMap<&'a str, &'a Known>,
}

impl<'a> Seen<'a> {
    fn of(known: &'a [Known]) -> Self {
        let by_bsuid = known.iter().filter_map(|customer| Some((customer.bsuid.as_deref()?, customer))).collect();
        let by_phone = known.iter().filter_map(|customer| Some((customer.phone.as_deref()?, customer))).collect();
        Self { by_bsuid, by_phone }
    }

    fn look(&self, identity: &Identity) -> Sight {
        let by_bsuid = identity.bsuid.as_deref().and_then(|bsuid| self.by_bsuid.get(bsuid));
        let by_phone = identity.phone.as_deref().and_then(|phone| self.by_phone.get(phone));
        let customer = match (by_bsuid, by_phone) {
            (None, None) => return Sight::Stranger,
            (Some(user), Some(owner)) if user.id != owner.id => return Sight::Unclear,
            (Some(customer), _) | (None, Some(customer)) => customer,
        };
        if customer.is_told_anew(identity) { Sight::Unclear } else { Sight::Known(customer.id) }
    }
}

async fn lookup(conn: &mut PgConnection, identities: &[Identity]) -> sqlx::Result<Vec<Known>> {
    let bsuids: Vec<&str> = identities.iter().filter_map(|identity| identity.bsuid.as_deref()).collect();
    let phones: Vec<&str> = identities.iter().filter_map(|identity| identity.phone.as_deref()).collect();
    sqlx::query_as!(
        Known,
        r#"
        select id as "id!: CustomerId", bsuid, phone, name from customer where merged_into is null and bsuid = any($1)
        union
        select id, bsuid, phone, name from customer where merged_into is null and phone = any($2)
        "#,
        &bsuids as _,
        &phones as _,
    )
    .fetch_all(conn)
    .await
}

/// Adds those whom no other process adds just now; in one order for all, so that none wait for each other crosswise.
async fn insert(conn: &mut PgConnection, strangers: &[&Identity]) -> sqlx::Result<()> {
    if strangers.is_empty() {
        return Ok(());
    }
    let bsuids: Vec<_> = strangers.iter().map(|identity| identity.bsuid.as_deref()).collect();
    let phones: Vec<_> = strangers.iter().map(|identity| identity.phone.as_deref()).collect();
    let names: Vec<_> = strangers.iter().map(|identity| identity.name.as_deref()).collect();
    sqlx::query!(
        "insert into customer (bsuid, phone, name)
         select bsuid, phone, name from unnest($1::text[], $2::text[], $3::text[]) as told (bsuid, phone, name)
         order by phone, bsuid on conflict do nothing",
        &bsuids as _,
        &phones as _,
        &names as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
