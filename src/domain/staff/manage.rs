//! What an account does to another.
//!
//! `within` is the tenant that the caller is limited to: others' accounts are as if there were none.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Account, Role, StaffId, session};
use crate::{Language, TenantId};

/// How a change ended.
#[derive(Debug)]
pub enum Changed {
    /// It is done.
    Done {
        /// As the account was.
        before: Account,
        /// As it is.
        after: Account,
    },
    /// The caller sees no such account.
    Unknown,
    /// Nobody else would answer for the tenant, or for the house.
    LastOwner,
    /// Managers and agents belong to a tenant, and this account does not.
    OfTheHouse,
}

/// All accounts, by their names.
pub async fn list(conn: &mut PgConnection, within: Option<TenantId>) -> sqlx::Result<Vec<Account>> {
    sqlx::query_as!(
        Account,
        r#"
        select id as "id: StaffId", email, name, role as "role: Role", tenant_id as "tenant: TenantId",
               language as "language: Language", totp_secret is not null as "has_totp!", disabled_at is not null as "disabled!"
        from staff where $1::bigint is null or tenant_id = $1 order by lower(name), id
        "#,
        within as Option<TenantId>,
    )
    .fetch_all(conn)
    .await
}

/// One account.
pub async fn find(conn: &mut PgConnection, id: StaffId, within: Option<TenantId>) -> sqlx::Result<Option<Account>> {
    let account = Account::load(conn, id).await?;
    Ok(account.filter(|account| within.is_none() || account.tenant == within))
}

/// Gives somebody another role. They sign in again.
pub async fn set_role(
    conn: &mut PgConnection,
    id: StaffId,
    role: Role,
    within: Option<TenantId>,
) -> sqlx::Result<Changed> {
    let Some(before) = locked(conn, id, within).await? else { return Ok(Changed::Unknown) };
    if before.tenant.is_none() && !role.of_the_house() {
        return Ok(Changed::OfTheHouse);
    }
    if role != Role::Owner && is_last_owner(conn, &before).await? {
        return Ok(Changed::LastOwner);
    }
    sqlx::query!("update staff set role = $2 where id = $1", id as StaffId, role as Role).execute(&mut *conn).await?;
    if before.role != role {
        session::end_all(conn, id, None).await?;
    }
    done(conn, before).await
}

/// Lets somebody sign in no more, and ends their sessions.
pub async fn disable(
    conn: &mut PgConnection,
    id: StaffId,
    within: Option<TenantId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let Some(before) = locked(conn, id, within).await? else { return Ok(Changed::Unknown) };
    if is_last_owner(conn, &before).await? {
        return Ok(Changed::LastOwner);
    }
    sqlx::query!("update staff set disabled_at = coalesce(disabled_at, $2) where id = $1", id as StaffId, now)
        .execute(&mut *conn)
        .await?;
    session::end_all(conn, id, None).await?;
    done(conn, before).await
}

/// Lets somebody sign in again.
pub async fn enable(conn: &mut PgConnection, id: StaffId, within: Option<TenantId>) -> sqlx::Result<Changed> {
    let Some(before) = locked(conn, id, within).await? else { return Ok(Changed::Unknown) };
    sqlx::query!("update staff set disabled_at = null where id = $1", id as StaffId).execute(&mut *conn).await?;
    done(conn, before).await
}

/// Gives somebody another name: 1 to 100 characters, else the constraint `staff_name_form` refuses.
pub async fn rename(
    conn: &mut PgConnection,
    id: StaffId,
    name: &str,
    within: Option<TenantId>,
) -> sqlx::Result<Changed> {
    let Some(before) = locked(conn, id, within).await? else { return Ok(Changed::Unknown) };
    sqlx::query!("update staff set name = $2 where id = $1", id as StaffId, name.trim()).execute(&mut *conn).await?;
    done(conn, before).await
}

/// Speaks another language to somebody.
pub async fn set_language(conn: &mut PgConnection, id: StaffId, language: Language) -> sqlx::Result<()> {
    sqlx::query!("update staff set language = $2 where id = $1", id as StaffId, language as Language)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether anybody answers for the whole house.
pub async fn house_has_owner(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from staff where tenant_id is null and role = 'owner' and disabled_at is null) as "has!""#
    )
    .fetch_one(conn)
    .await
}

async fn locked(conn: &mut PgConnection, id: StaffId, within: Option<TenantId>) -> sqlx::Result<Option<Account>> {
    let Some(seen) = find(conn, id, within).await? else { return Ok(None) };
    // Owners of one tenant in one order: of two who disable each other at the same moment, one finds that they are the last.
    sqlx::query!(
        "select id from staff where id = $1 or role = 'owner' and tenant_id is not distinct from $2 order by id for update",
        id as StaffId,
        seen.tenant as Option<TenantId>,
    )
    .fetch_all(&mut *conn)
    .await?;
    find(conn, id, within).await
}

async fn is_last_owner(conn: &mut PgConnection, account: &Account) -> sqlx::Result<bool> {
    if account.role != Role::Owner || account.disabled {
        return Ok(false);
    }
    sqlx::query_scalar!(
        r#"
        select not exists (select from staff where role = 'owner' and disabled_at is null and id <> $1
          and tenant_id is not distinct from $2) as "last!"
        "#,
        account.id as StaffId,
        account.tenant as Option<TenantId>,
    )
    .fetch_one(conn)
    .await
}

async fn done(conn: &mut PgConnection, before: Account) -> sqlx::Result<Changed> {
    let after = Account::load(conn, before.id).await?;
    Ok(after.map_or(Changed::Unknown, |after| Changed::Done { before, after }))
}
