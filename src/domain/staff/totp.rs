//! The second factor: an authenticator's codes, and codes for the day on which it is gone.

use std::fmt;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StaffId, account::Known, otp, secret};

#[cfg(test)]
pub(crate) use otp::code;

/// How many recovery codes there are.
const RECOVERY: usize = 10;

/// A second factor that was begun: to be shown once. `Debug` does not show it.
pub struct Setup {
    /// To type into an authenticator.
    pub secret_base32: String,
    /// The same as an address, to be drawn or followed.
    pub otpauth_url: String,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Setup(…)")
    }
}

/// Begins a second factor. The one that there may be stays until the new one is confirmed.
pub async fn begin(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<Setup> {
    let key = secret::random::<20>()?;
    let update =
        sqlx::query_scalar!("update staff set totp_next = $2 where id = $1 returning email", id as StaffId, &key[..],);
    let email = update.fetch_one(conn).await?;
    Ok(setup(&key, &email))
}

/// What was begun and is not confirmed yet.
pub async fn pending(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<Option<Setup>> {
    let row = sqlx::query!("select totp_next, email from staff where id = $1", id as StaffId).fetch_one(conn).await?;
    Ok(row.totp_next.map(|key| setup(&key, &row.email)))
}

fn setup(key: &[u8], email: &str) -> Setup {
    let secret_base32 = secret::base32(key);
    let otpauth_url = format!("otpauth://totp/Holdfast:{}?secret={secret_base32}&issuer=Holdfast", escaped(email));
    Setup { secret_base32, otpauth_url }
}

/// Whether `code` shows that the authenticator has the new secret: then it counts from now on, and these are the codes
/// for recovery, which cannot be read again.
pub async fn confirm(
    conn: &mut PgConnection,
    id: StaffId,
    code: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Vec<String>>> {
    let next = sqlx::query_scalar!("select totp_next from staff where id = $1 for update", id as StaffId);
    let next = next.fetch_optional(&mut *conn).await?.flatten();
    let Some(step) = next.and_then(|next| otp::step(&next, &plain(code), 0, now)) else { return Ok(None) };
    sqlx::query!(
        "update staff set totp_secret = totp_next, totp_next = null, totp_step = $2 where id = $1",
        id as StaffId,
        step,
    )
    .execute(&mut *conn)
    .await?;
    let codes = (0..RECOVERY).map(|_| recovery_code()).collect::<sqlx::Result<Vec<_>>>()?;
    forget_recovery(conn, id).await?;
    let digests: Vec<Vec<u8>> = codes.iter().map(|code| secret::sha256(&plain(code))).collect();
    sqlx::query!(
        "insert into staff_recovery (staff_id, sha256) select $1, unnest($2::bytea[])",
        id as StaffId,
        &digests,
    )
    .execute(conn)
    .await?;
    Ok(Some(codes))
}

/// Ends the second factor, and the codes for recovery.
pub async fn remove(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<()> {
    sqlx::query!("update staff set totp_secret = null, totp_next = null where id = $1", id as StaffId)
        .execute(&mut *conn)
        .await?;
    forget_recovery(conn, id).await
}

/// How many codes for recovery are left.
pub async fn recovery_left(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "left!" from staff_recovery where staff_id = $1"#, id as StaffId)
        .fetch_one(conn)
        .await
}

/// Whether this code lets somebody in now. It does so once, also when it comes twice at the same moment.
pub(super) async fn accepts(
    conn: &mut PgConnection,
    known: &Known,
    code: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let (id, code) = (known.account.id, plain(code));
    let Some(secret) = &known.totp else { return Ok(false) };
    let done = if let Some(step) = otp::step(secret, &code, i64::MIN, now) {
        sqlx::query!("update staff set totp_step = $2 where id = $1 and totp_step < $2", id as StaffId, step)
            .execute(conn)
            .await?
    } else {
        sqlx::query!(
            "delete from staff_recovery where staff_id = $1 and sha256 = $2",
            id as StaffId,
            secret::sha256(&code),
        )
        .execute(conn)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

async fn forget_recovery(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<()> {
    sqlx::query!("delete from staff_recovery where staff_id = $1", id as StaffId).execute(conn).await?;
    Ok(())
}

/// 80 bits, as people copy them: `ABCD-EFGH-IJKL-MNOP`.
fn recovery_code() -> sqlx::Result<String> {
    let code = secret::base32(&secret::random::<10>()?);
    let [a, b, c, d] = [0, 4, 8, 12].map(|start| &code[start..start + 4]);
    Ok(format!("{a}-{b}-{c}-{d}"))
}

/// As people type it: with blanks or dashes, large or small.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// As a part of an address.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
