//! Signing in: a password, and a code where the account has a second factor.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use super::{Account, StaffId, account::Known, attempt::Attempt, password, secret, totp};

/// How long somebody has to give the code.
const PENDING: TimeDelta = TimeDelta::minutes(5);

/// How a try to sign in ended.
#[derive(Debug)]
pub enum SignIn {
    /// This is who they are: open a session.
    Granted(Account),
    /// The password is right: ask for a code.
    NeedsCode(Pending),
    /// Something is wrong; nobody learns what.
    Wrong,
    /// Too many tries: nothing was looked at.
    Wait {
        /// How long until the next try.
        seconds: u32,
    },
}

/// Proof that somebody gave the right password: good for five minutes and one sign-in. `Debug` does not show it.
pub struct Pending(String);

impl Pending {
    /// The proof, to be kept by the browser until the code comes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending(…)")
    }
}

/// Whether `password` is that of who signs in with `email`. Who has no account waits as long as who has one.
pub async fn sign_in(pool: &PgPool, email: &str, password: &str, ip: &str, now: DateTime<Utc>) -> sqlx::Result<SignIn> {
    let attempt = Attempt::new(email, ip);
    if let Some(seconds) = attempt.begin(pool, now).await? {
        return Ok(SignIn::Wait { seconds });
    }
    let known = Known::by_email(&mut *pool.acquire().await?, email).await?;
    let Some(account) = proven(known, password).await? else { return Ok(SignIn::Wrong) };
    attempt.was_right(pool, !account.has_totp, now).await?;
    if !account.has_totp {
        return Ok(SignIn::Granted(account));
    }
    let mut conn = pool.acquire().await?;
    Ok(SignIn::NeedsCode(ask_for_code(&mut conn, account.id, now).await?))
}

/// Whether `code` (of the second factor, or for recovery) is right for who gave the password before.
pub async fn sign_in_code(
    pool: &PgPool,
    pending: &str,
    code: &str,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<SignIn> {
    let digest = secret::sha256(pending);
    let Some(known) = waiting(pool, &digest, now).await? else { return Ok(SignIn::Wrong) };
    let attempt = Attempt::new(&known.account.email, ip);
    if let Some(seconds) = attempt.begin(pool, now).await? {
        return Ok(SignIn::Wait { seconds });
    }
    let mut conn = pool.acquire().await?;
    if !totp::accepts(&mut conn, &known, code, now).await? {
        return Ok(SignIn::Wrong);
    }
    let taken = sqlx::query!("delete from staff_pending where sha256 = $1", digest).execute(&mut *conn).await?;
    if taken.rows_affected() == 0 {
        return Ok(SignIn::Wrong);
    }
    drop(conn);
    attempt.was_right(pool, true, now).await?;
    Ok(SignIn::Granted(known.account))
}

/// Whether this is the password of somebody who is signed in, asked before something that matters: granted, wrong or
/// wait. Wrong tries are counted with those to sign in.
pub async fn check_password(
    pool: &PgPool,
    id: StaffId,
    password: &str,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<SignIn> {
    let Some(known) = Known::by_id(&mut *pool.acquire().await?, id).await? else { return Ok(SignIn::Wrong) };
    let attempt = Attempt::new(&known.account.email, ip);
    if let Some(seconds) = attempt.begin(pool, now).await? {
        return Ok(SignIn::Wait { seconds });
    }
    let Some(account) = proven(Some(known), password).await? else { return Ok(SignIn::Wrong) };
    attempt.was_right(pool, true, now).await?;
    Ok(SignIn::Granted(account))
}

async fn proven(known: Option<Known>, password: &str) -> sqlx::Result<Option<Account>> {
    let hash = known.as_ref().map(|known| known.password.clone());
    let right = password::matches(password, hash).await?;
    Ok(known.map(|known| known.account).filter(|account| right && !account.disabled))
}

async fn ask_for_code(conn: &mut PgConnection, id: StaffId, now: DateTime<Utc>) -> sqlx::Result<Pending> {
    sqlx::query!("delete from staff_pending where staff_id = $1 and ends_at <= $2", id as StaffId, now)
        .execute(&mut *conn)
        .await?;
    let token = secret::token()?;
    sqlx::query!(
        "insert into staff_pending (sha256, staff_id, ends_at) values ($1, $2, $3)",
        secret::sha256(&token),
        id as StaffId,
        now + PENDING,
    )
    .execute(conn)
    .await?;
    Ok(Pending(token))
}

async fn waiting(pool: &PgPool, digest: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<Known>> {
    let mut conn = pool.acquire().await?;
    let id = sqlx::query_scalar!(
        r#"select staff_id as "id: StaffId" from staff_pending where sha256 = $1 and ends_at > $2"#,
        digest,
        now,
    );
    let Some(id) = id.fetch_optional(&mut *conn).await? else { return Ok(None) };
    Ok(Known::by_id(&mut conn, id).await?.filter(|known| !known.account.disabled))
}
