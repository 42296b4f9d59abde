//! How somebody gets an account: by a link that they open once and on which they choose their password.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{
    Account, Role, StaffId,
    account::email_form,
    password::{self, Weak},
    secret, session,
};
use crate::TenantId;

/// How long a link is good.
const GOOD: TimeDelta = TimeDelta::hours(24);

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct NewInvite {
    /// What they will sign in with.
    pub email: String,
    /// As others will read it.
    pub name: String,
    /// What they will be there for.
    pub role: Role,
    /// Whose rows they will see; none: the whole house.
    pub tenant: Option<TenantId>,
    /// Who invites; none: the command line.
    pub by: Option<StaffId>,
}

/// Why somebody is not invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotInvited {
    /// The address is none.
    #[error("write an e-mail address")]
    Email,
    /// The name is empty or longer than 100 characters.
    #[error("write a name of 1 to 100 characters")]
    Name,
    /// Managers and agents belong to a tenant.
    #[error("managers and agents belong to a business: name it")]
    Tenant,
    /// The address has an account.
    #[error("there is an account with this e-mail address")]
    Taken,
}

/// An invitation that is still good.
#[derive(Debug, Clone)]
pub struct Invite {
    /// What they will sign in with.
    pub email: String,
    /// As others will read it.
    pub name: String,
    /// What they will be there for.
    pub role: Role,
    /// Whose rows they will see; none: the whole house.
    pub tenant: Option<TenantId>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// It is for another password of somebody who has an account.
    pub renews: bool,
}

/// How an invitation was answered.
#[derive(Debug)]
pub enum Accepted {
    /// There is an account: open a session.
    Welcome(Account),
    /// Another password is needed; the invitation stays.
    Weak(Weak),
    /// The invitation was used, is too old or never was, or the account is disabled.
    Gone,
}

/// Invites somebody: a token for the link, good for 24 hours and once. An earlier invitation to the same address ends.
pub async fn create(
    conn: &mut PgConnection,
    new: &NewInvite,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<String, NotInvited>> {
    let (email, name) = (email_form(&new.email), new.name.trim());
    if let Err(no) = check(&email, name, new) {
        return Ok(Err(no));
    }
    let exists = sqlx::query_scalar!(r#"select exists (select from staff where email = $1) as "taken!""#, email);
    if exists.fetch_one(&mut *conn).await? {
        return Ok(Err(NotInvited::Taken));
    }
    let token = secret::token()?;
    let kept = keep(conn, &token, &NewInvite { email, name: name.to_owned(), ..new.clone() }, now).await?;
    Ok(if kept { Ok(token) } else { Err(NotInvited::Taken) })
}

/// Whoever works for one business does not end the invitation of another.
async fn keep(conn: &mut PgConnection, token: &str, new: &NewInvite, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        "insert into staff_invite (sha256, tenant_id, email, name, role, invited_by, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (email) do update set sha256 = excluded.sha256,
           tenant_id = excluded.tenant_id, name = excluded.name, role = excluded.role, invited_by = excluded.invited_by,
           ends_at = excluded.ends_at
         where staff_invite.tenant_id is not distinct from excluded.tenant_id or staff_invite.ends_at <= $8
           or not exists (select from staff s where s.id = excluded.invited_by and s.tenant_id is not null)
           or exists (select from staff a where a.email = excluded.email)",
        secret::sha256(token),
        new.tenant as Option<TenantId>,
        new.email,
        new.name,
        new.role as Role,
        new.by as Option<StaffId>,
        now + GOOD,
        now,
    );
    Ok(kept.execute(conn).await?.rows_affected() > 0)
}

/// A token for the link on which somebody who has an account chooses another password: good for 24 hours and once. The old
/// one works until then; a second step stays.
pub async fn renew(
    conn: &mut PgConnection,
    account: &Account,
    by: Option<StaffId>,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let token = secret::token()?;
    let (email, name) = (account.email.clone(), account.name.clone());
    let new = NewInvite { email, name, role: account.role, tenant: account.tenant, by };
    keep(conn, &token, &new, now).await?;
    Ok(token)
}

/// What the database would refuse.
fn check(email: &str, name: &str, new: &NewInvite) -> Result<(), NotInvited> {
    let is_email = email.len() <= 254
        && !email.contains(|c: char| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if !is_email {
        return Err(NotInvited::Email);
    }
    if !(1..=100).contains(&name.chars().count()) || name.contains(char::is_control) {
        return Err(NotInvited::Name);
    }
    if new.tenant.is_none() && !new.role.of_the_house() { Err(NotInvited::Tenant) } else { Ok(()) }
}

/// The invitation of this token, if it is still good.
pub async fn find(conn: &mut PgConnection, token: &str, now: DateTime<Utc>) -> sqlx::Result<Option<Invite>> {
    sqlx::query_as!(
        Invite,
        r#"
        select email, name, role as "role: Role", tenant_id as "tenant: TenantId", ends_at,
               exists (select from staff a where a.email = i.email) as "renews!"
        from staff_invite i where sha256 = $1 and ends_at > $2
        "#,
        secret::sha256(token),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Makes the account of an invitation with the password that somebody chose; who has an account (see [`renew`]) gets the
/// other password.
pub async fn accept(
    conn: &mut PgConnection,
    token: &str,
    password: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Accepted> {
    let Some(invite) = find(conn, token, now).await? else { return Ok(Accepted::Gone) };
    if let Err(weak) = password::check_strength(password, &[&invite.email, &invite.name]) {
        return Ok(Accepted::Weak(weak));
    }
    let hash = password::hash(password).await?;
    let id = sqlx::query_scalar!(
        r#"
        with used as (delete from staff_invite where sha256 = $1 and ends_at > $2 returning *)
        insert into staff (tenant_id, email, name, role, language, password, created_at)
        select u.tenant_id, u.email, u.name, u.role, coalesce(t.language, 'it'), $3, $2
        from used u left join tenant t on t.id = u.tenant_id
        on conflict (email) do update set password = excluded.password where staff.disabled_at is null
        returning id as "id: StaffId"
        "#,
        secret::sha256(token),
        now,
        hash,
    );
    let Some(id) = id.fetch_optional(&mut *conn).await? else { return Ok(Accepted::Gone) };
    // Whoever came in with the old password is out.
    session::end_all(conn, id, None).await?;
    Ok(Account::load(conn, id).await?.map_or(Accepted::Gone, Accepted::Welcome))
}
