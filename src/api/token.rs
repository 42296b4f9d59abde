//! Tokens: random, opaque, kept as digests.

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use domain::TenantId;
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
use sqlx::PgPool;

use crate::config::Secret;

/// A token that was just made: the only moment at which it can be read.
#[derive(Debug)]
pub struct Token(Secret);

/// Whom a token speaks for.
#[derive(Debug)]
pub struct Tenant {
    /// Short name, as in addresses.
    pub slug: String,
    /// As customers see it.
    pub name: String,
}

impl Token {
    /// Makes a token of `tenant`, in place of its earlier one of the same label.
    pub async fn issue(pool: &PgPool, tenant: TenantId, label: &str, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow!("the system has no randomness"))?;
        let token = format!("holdfast_{}", hex::encode(bytes));
        let mut tx = engine::begin(pool).await?;
        sqlx::query!("delete from api_token where tenant_id = $1 and label = $2", tenant.0, label)
            .execute(&mut *tx)
            .await?;
        sqlx::query!(
            "insert into api_token (sha256, tenant_id, label, created_at) values ($1, $2, $3, $4)",
            sha256(&token),
            tenant.0,
            label,
            now,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Self(Secret::new(token)))
    }

    /// The token, to hand to its owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Whom `token` speaks for. The table is searched by digest, so the time taken tells nothing about
/// the tokens in it.
pub async fn tenant(pool: &PgPool, token: &str) -> sqlx::Result<Option<Tenant>> {
    sqlx::query_as!(
        Tenant,
        "select slug, name from tenant join api_token on tenant_id = id where sha256 = $1",
        sha256(token),
    )
    .fetch_optional(pool)
    .await
}

fn sha256(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}
