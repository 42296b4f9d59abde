//! Whose number a webhook is for, remembered for a while.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use domain::{TenantId, channel};
use sqlx::PgPool;

/// How long a number is known. A number that moved to another business is refused by the database
/// meanwhile, since a conversation points to the tenant's own channel.
const FOR: Duration = Duration::from_mins(1);

/// The tenants of the numbers seen lately. Unknown numbers are not remembered: they may be added
/// any moment.
#[derive(Debug, Default)]
pub(super) struct Channels {
    known: RwLock<HashMap<String, (TenantId, Instant)>>,
}

impl Channels {
    /// The tenant as remembered.
    fn remembered(&self, phone_number_id: &str) -> Option<TenantId> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(phone_number_id).filter(|(_, since)| since.elapsed() < FOR).map(|(tenant, _)| *tenant)
    }

    /// The tenant as remembered, or as the database has it.
    pub(super) async fn tenant(&self, pool: &PgPool, phone_number_id: &str) -> sqlx::Result<Option<TenantId>> {
        if let Some(tenant) = self.remembered(phone_number_id) {
            return Ok(Some(tenant));
        }
        let mut conn = pool.acquire().await?;
        let Some(channel) = channel::find(&mut conn, phone_number_id).await? else {
            return Ok(None);
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(channel.phone_number_id, (channel.tenant, Instant::now()));
        Ok(Some(channel.tenant))
    }
}
