//! Who asks, and when.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::{CustomerId, Language, tenant};

/// On whose behalf the catalog is read. Never taken from a model's arguments.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    /// The customer of the conversation.
    pub customer: CustomerId,
    /// The language names are told in.
    pub language: Language,
    /// The business's zone.
    pub zone: Tz,
    /// The time that decides what has started.
    pub now: DateTime<Utc>,
}

impl Asker {
    /// This customer, in the tenant of this transaction.
    pub async fn new(
        conn: &mut PgConnection,
        customer: CustomerId,
        language: Language,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Self> {
        Ok(Self { customer, language, zone: tenant::zone(conn).await?, now })
    }
}
