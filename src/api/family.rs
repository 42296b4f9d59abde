//! Tokens that are renewed: all that come of one pair are a family. A token for renewal is good once.

use chrono::{DateTime, TimeDelta, Utc};
use domain::TenantId;
use sqlx::{PgConnection, PgPool};

use super::{
    scope::Scope,
    token::{self, Grant},
};
use crate::config::Secret;

/// How long one can ask with a token of a pair.
const ACCESS: TimeDelta = TimeDelta::hours(1);
/// How long a family is renewed at most.
const FAMILY: TimeDelta = TimeDelta::days(90);
/// Within it, a second renewal with the same token is taken for a program that asked twice at one time: it is refused, and
/// the family lives on. Later it is a theft.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A token to ask with and one to renew the pair with: the only moment at which they can be read.
#[derive(Debug)]
pub struct Pair {
    /// To ask with.
    pub access: Secret,
    /// To renew the pair with, once.
    pub refresh: Secret,
    /// Until when one can ask with it.
    pub expires_at: DateTime<Utc>,
    /// Until when the pair can be renewed.
    pub ends_at: DateTime<Utc>,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// All tokens that came of one pair.
struct Family {
    id: i64,
    scopes: Vec<Scope>,
    ends_at: DateTime<Utc>,
}

impl Pair {
    /// Makes a pair of `tenant`, in place of its earlier tokens of the same label.
    pub async fn issue(
        pool: &PgPool,
        tenant: TenantId,
        label: &str,
        grant: &Grant,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Self> {
        let latest = now + FAMILY;
        let ends_at = grant.expires_at.map_or(latest, |ends_at| ends_at.min(latest));
        let mut tx = engine::begin(pool).await?;
        token::end(&mut tx, tenant, label).await?;
        let id = sqlx::query_scalar!(
            "insert into api_token_family (tenant_id, label, scopes, created_at, ends_at) values ($1, $2, $3, $4, $5)
             returning id",
            tenant.0,
            label,
            &token::names(&grant.scopes),
            now,
            ends_at,
        )
        .fetch_one(&mut *tx)
        .await?;
        let family = Family { id, scopes: grant.scopes.clone(), ends_at };
        let pair = family.pair(&mut tx, now).await?;
        tx.commit().await?;
        Ok(pair)
    }

    /// A new pair for a token for renewal. None: it is of no use, or not any more; whoever used it before loses theirs, too,
    /// if that was longer ago than [`GRACE`].
    pub async fn renew(pool: &PgPool, refresh: &str, now: DateTime<Utc>) -> sqlx::Result<Option<Self>> {
        let digest = token::sha256(refresh);
        let mut tx = engine::begin(pool).await?;
        let Some(family) = locked(&mut tx, &digest, now).await? else { return Ok(None) };
        // Looked at only now: whoever came at the same time has used it, or waits.
        let used = sqlx::query_scalar!("select used_at from api_family_token where sha256 = $1", digest);
        let pair = match used.fetch_one(&mut *tx).await? {
            None => {
                sqlx::query!("update api_family_token set used_at = $2 where sha256 = $1", digest, now)
                    .execute(&mut *tx)
                    .await?;
                Some(family.pair(&mut tx, now).await?)
            }
            Some(used) if now - used <= GRACE => None,
            Some(_) => {
                family.revoke(&mut tx, now).await?;
                None
            }
        };
        tx.commit().await?;
        Ok(pair)
    }
}

impl Family {
    /// A new pair. Earlier tokens to ask with stay good for their hour, since requests may be under way.
    async fn pair(self, conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Pair> {
        let (access, refresh) = (token::fresh("holdfast")?, token::fresh("holdfast_refresh")?);
        let expires_at = self.ends_at.min(now + ACCESS);
        sqlx::query!(
            "delete from api_family_token where family_id = $1 and kind = 'access' and ends_at <= $2",
            self.id,
            now,
        )
        .execute(&mut *conn)
        .await?;
        sqlx::query!(
            "insert into api_family_token (sha256, family_id, kind, ends_at)
             values ($1, $2, 'access', $3), ($4, $2, 'refresh', $5)",
            token::sha256(&access),
            self.id,
            expires_at,
            token::sha256(&refresh),
            self.ends_at,
        )
        .execute(conn)
        .await?;
        let (access, refresh) = (Secret::new(access), Secret::new(refresh));
        Ok(Pair { access, refresh, expires_at, ends_at: self.ends_at, scopes: self.scopes })
    }

    /// Ends all its tokens. The row stays, to tell why.
    async fn revoke(self, conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<()> {
        tracing::warn!(family = self.id, "a used token for renewal came again: the whole family is of no use any more");
        sqlx::query!("update api_token_family set revoked_at = $2 where id = $1", self.id, now)
            .execute(&mut *conn)
            .await?;
        sqlx::query!("delete from api_family_token where family_id = $1", self.id).execute(conn).await?;
        Ok(())
    }
}

/// The family of a token for renewal, if it is still renewed, with its row locked.
async fn locked(conn: &mut PgConnection, digest: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<Family>> {
    let row = sqlx::query!(
        "select f.id, f.scopes, f.ends_at from api_token_family f
         where f.id = (select family_id from api_family_token where sha256 = $1 and kind = 'refresh')
           and f.revoked_at is null and f.ends_at > $2 for update",
        digest,
        now,
    );
    let row = row.fetch_optional(conn).await?;
    Ok(row.map(|row| Family { id: row.id, scopes: token::scopes(&row.scopes), ends_at: row.ends_at }))
}

/// Notes that a token of a family was used. Of many requests at one time one does it, and the others do not wait.
pub(super) async fn note(pool: &PgPool, id: i64, now: DateTime<Utc>, before: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update api_token_family set last_used_at = $2 where id = (select id from api_token_family
           where id = $1 and (last_used_at is null or last_used_at <= $3) for update skip locked)",
        id,
        now,
        before,
    )
    .execute(pool)
    .await?;
    Ok(())
}
