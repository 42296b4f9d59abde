//! Tokens: random, opaque, kept as digests.

use chrono::{DateTime, TimeDelta, Utc};
use domain::TenantId;
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
use sqlx::{PgConnection, PgPool};

use super::{family, scope::Scope};
use crate::config::Secret;

/// That a token was used is written down no more often than this.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// A token that was just made: the only moment at which it can be read.
#[derive(Debug)]
pub struct Token(Secret);

/// What a token is for.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// From when on it is of no use; none: never.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Grant {
    /// Everything, for ever.
    #[must_use]
    pub fn all() -> Self {
        Self { scopes: Scope::ALL.to_vec(), expires_at: None }
    }
}

/// What is known of a token that is kept.
#[derive(Debug)]
pub struct Known {
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// From when on it is of no use.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether it is renewed by its program.
    pub refreshable: bool,
    /// When it was ended, since a token for renewal came a second time.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Whom a token speaks for.
#[derive(Debug)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Short name, as in addresses.
    pub slug: String,
    /// As customers see it.
    pub name: String,
    /// What the token may do.
    pub scopes: Vec<Scope>,
}

impl Token {
    /// Makes a token of `tenant` that may do everything, in place of its earlier one of the same label.
    pub async fn issue(pool: &PgPool, tenant: TenantId, label: &str, now: DateTime<Utc>) -> anyhow::Result<Self> {
        Self::grant(pool, tenant, label, &Grant::all(), now).await
    }

    /// Makes a token of `tenant` in place of its earlier one of the same label.
    pub async fn grant(
        pool: &PgPool,
        tenant: TenantId,
        label: &str,
        grant: &Grant,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Self> {
        let token = fresh("holdfast")?;
        let mut tx = engine::begin(pool).await?;
        end(&mut tx, tenant, label).await?;
        sqlx::query!(
            "insert into api_token (sha256, tenant_id, label, created_at, scopes, expires_at)
             values ($1, $2, $3, $4, $5, $6)",
            sha256(&token),
            tenant.0,
            label,
            now,
            &names(&grant.scopes),
            grant.expires_at,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Self(Secret::new(token)))
    }

    /// What is known of the tokens of `tenant`.
    pub async fn list(pool: &PgPool, tenant: TenantId) -> sqlx::Result<Vec<Known>> {
        let rows = sqlx::query!(
            r#"
            select label as "label!", scopes as "scopes!", expires_at, last_used_at, refreshable as "refreshable!", revoked_at
            from (select tenant_id, label, scopes, expires_at, last_used_at, false as refreshable, null::timestamptz as revoked_at
                  from api_token
                  union all select tenant_id, label, scopes, ends_at, last_used_at, true, revoked_at from api_token_family) a
            where tenant_id = $1 order by label
            "#,
            tenant.0,
        );
        let known = rows.fetch_all(pool).await?.into_iter().map(|row| Known {
            label: row.label,
            scopes: scopes(&row.scopes),
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            refreshable: row.refreshable,
            revoked_at: row.revoked_at,
        });
        Ok(known.collect())
    }

    /// Ends a token, and what it is renewed with. False: there is none of this label.
    pub async fn revoke(pool: &PgPool, tenant: TenantId, label: &str) -> sqlx::Result<bool> {
        let mut tx = engine::begin(pool).await?;
        let ended = end(&mut tx, tenant, label).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The token, to hand to its owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Whom `token` speaks for, if it has not expired. The tables are searched by digest, so the time taken tells nothing about
/// the tokens in them.
pub async fn tenant(pool: &PgPool, token: &str, now: DateTime<Utc>) -> sqlx::Result<Option<Tenant>> {
    let digest = sha256(token);
    let row = sqlx::query!(
        r#"
        select t.id as "id: TenantId", t.slug, t.name, a.scopes as "scopes!", a.last_used_at, a.family_id
        from (select tenant_id, scopes, last_used_at, null::bigint as family_id from api_token
              where sha256 = $1 and (expires_at is null or expires_at > $2)
              union all
              select f.tenant_id, f.scopes, f.last_used_at, f.id from api_family_token k join api_token_family f on f.id = k.family_id
              where k.sha256 = $1 and k.kind = 'access' and k.ends_at > $2 and f.revoked_at is null) a
        join tenant t on t.id = a.tenant_id
        "#,
        digest,
        now,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.last_used_at.is_none_or(|used| used <= now - NOTED) {
        match row.family_id {
            Some(id) => family::note(pool, id, now, now - NOTED).await?,
            None => note(pool, &digest, now).await?,
        }
    }
    Ok(Some(Tenant { id: row.id, slug: row.slug, name: row.name, scopes: scopes(&row.scopes) }))
}

/// Ends all tokens of this label.
pub(super) async fn end(conn: &mut PgConnection, tenant: TenantId, label: &str) -> sqlx::Result<bool> {
    let one = sqlx::query!("delete from api_token where tenant_id = $1 and label = $2", tenant.0, label);
    let one = one.execute(&mut *conn).await?.rows_affected();
    let family = sqlx::query!("delete from api_token_family where tenant_id = $1 and label = $2", tenant.0, label);
    Ok(one + family.execute(conn).await?.rows_affected() > 0)
}

/// A token that nobody had before.
pub(super) fn fresh(prefix: &str) -> sqlx::Result<String> {
    let mut bytes = [0_u8; 32];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| sqlx::Error::Io(std::io::Error::other("the system has no randomness")))?;
    Ok(format!("{prefix}_{}", hex::encode(bytes)))
}

pub(super) fn names(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(|scope| scope.name().to_owned()).collect()
}

pub(super) fn scopes(names: &[String]) -> Vec<Scope> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

/// Of many requests at one time one writes it down, and the others do not wait.
async fn note(pool: &PgPool, digest: &[u8], now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update api_token set last_used_at = $2 where sha256 = (select sha256 from api_token
           where sha256 = $1 and (last_used_at is null or last_used_at <= $3) for update skip locked)",
        digest,
        now,
        now - NOTED,
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) fn sha256(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}
