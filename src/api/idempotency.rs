//! The same write sent twice has one effect and one answer, where it carries a key.

use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use domain::TenantId;
use sqlx::PgConnection;

use super::{problem::Problem, reply::Reply};

/// The header.
pub(super) const HEADER: &str = "idempotency-key";
/// How long answers are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How many older answers a new one sweeps out: more than one, so that they become fewer.
const SWEPT: i64 = 20;

/// What is known of a key.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for a moment")]
pub(super) enum Seen {
    /// Nothing: the write is to be made.
    New,
    /// It was made, and this was answered.
    Answered(Reply),
    /// It came with another request.
    Other,
    /// It is being made now.
    UnderWay,
}

/// The key of a request, if it has one.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| is_key(key) && values.next().is_none());
    let key = key.ok_or_else(|| {
        Problem::field("Idempotency-Key", "send one key of 1 to 255 visible ASCII characters without spaces")
    })?;
    Ok(Some(key.to_owned()))
}

fn is_key(key: &str) -> bool {
    (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Looks a key up and, if it is new, keeps others of the same key out until the transaction ends.
pub(super) async fn look(
    conn: &mut PgConnection,
    tenant: TenantId,
    key: &str,
    request: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Seen> {
    // An answer is in the table before its lock is free, so the second look finds it.
    let ours = sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock(hashtextextended('api ' || $1::bigint || ' ' || $2::text, 0)) as "ours!""#,
        tenant.0,
        key,
    );
    if !ours.fetch_one(&mut *conn).await? {
        return Ok(Seen::UnderWay);
    }
    let found =
        sqlx::query!("select request, status, body, location, created_at from api_idempotency where key = $1", key,)
            .fetch_optional(&mut *conn)
            .await?;
    Ok(match found {
        None => Seen::New,
        Some(old) if old.created_at < now - KEPT => {
            sqlx::query!("delete from api_idempotency where key = $1", key).execute(conn).await?;
            Seen::New
        }
        Some(found) if found.request != request => Seen::Other,
        Some(found) => {
            let status = u16::try_from(found.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
            let status = status.ok_or_else(|| sqlx::Error::Decode("api_idempotency.status is no status".into()))?;
            Seen::Answered(Reply::again(status, found.body, found.location))
        }
    })
}

/// Keeps the answer to a new key, and sweeps out a few that are older than a day.
pub(super) async fn keep(
    conn: &mut PgConnection,
    key: &str,
    request: &[u8],
    reply: &Reply,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let status = i16::try_from(reply.status().as_u16()).unwrap_or_default();
    sqlx::query!(
        "with swept as (
           delete from api_idempotency where key in (select key from api_idempotency
             where created_at < $6 and key <> $1 order by created_at limit $7 for update skip locked)
         )
         insert into api_idempotency (key, request, status, body, location, created_at) values ($1, $2, $3, $4, $5, $8)",
        key,
        request,
        status,
        reply.body(),
        reply.location(),
        now - KEPT,
        SWEPT,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_key_is_short_and_visible() {
        let with = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(HEADER, HeaderValue::from_bytes(value).unwrap());
            }
            key(&headers).map_err(|problem| problem.status().as_u16())
        };
        assert_eq!(with(&[]), Ok(None));
        assert_eq!(with(&[b"order-1"]), Ok(Some("order-1".to_owned())));
        assert_eq!(with(&[&[b'x'; 255]]), Ok(Some("x".repeat(255))));
        for bad in [&b""[..], b"two words", "più".as_bytes(), &[b'x'; 256], b"a\tb"] {
            assert_eq!(with(&[bad]), Err(422), "{bad:?}");
        }
        assert_eq!(with(&[b"a", b"b"]), Err(422));
    }
}
