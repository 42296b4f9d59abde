//! Terms of cancellation, as they are for new bookings.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::refunds::Policy;

/// Terms that a house has chosen, or the standard ones.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Their id; none: the house has chosen none.
    pub id: Option<i64>,
    /// What the staff calls them.
    pub name: String,
    /// What they say.
    pub policy: Policy,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// The terms of new bookings.
pub async fn current(conn: &mut PgConnection) -> sqlx::Result<Terms> {
    let chosen = sqlx::query!(
        r#"
        select p.id, p.name, p.tiers as "tiers: Json<Policy>", p.created_at
        from tenant t join refund_policy p on p.tenant_id = t.id and p.id = t.refund_policy_id
        where t.id = nullif(current_setting('holdfast.tenant', true), '')::bigint
        "#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match chosen {
        Some(row) => Terms { id: Some(row.id), name: row.name, policy: row.tiers.0, since: Some(row.created_at) },
        None => Terms { id: None, name: "standard".to_owned(), policy: Policy::standard(), since: None },
    })
}
