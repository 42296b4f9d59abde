//! The WhatsApp numbers of the businesses.

use sqlx::PgConnection;

use crate::TenantId;

/// A number that customers write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The number's id at WhatsApp; webhooks carry it.
    pub phone_number_id: String,
    /// Whose number it is.
    pub tenant: TenantId,
    /// The number as people write it.
    pub display_phone: String,
}

/// The channel with this id, whoever's it is: needs no tenant, for it is how the tenant is found.
pub async fn find(conn: &mut PgConnection, phone_number_id: &str) -> sqlx::Result<Option<Channel>> {
    sqlx::query_as!(
        Channel,
        r#"select phone_number_id, tenant_id as "tenant: TenantId", display_phone from channel where phone_number_id = $1"#,
        phone_number_id,
    )
    .fetch_optional(conn)
    .await
}

/// Every channel of every business.
pub async fn all(conn: &mut PgConnection) -> sqlx::Result<Vec<Channel>> {
    sqlx::query_as!(
        Channel,
        r#"select phone_number_id, tenant_id as "tenant: TenantId", display_phone from channel order by phone_number_id"#,
    )
    .fetch_all(conn)
    .await
}

/// Every business that has a channel.
pub async fn tenants(conn: &mut PgConnection) -> sqlx::Result<Vec<TenantId>> {
    sqlx::query_scalar!(r#"select distinct tenant_id as "tenant: TenantId" from channel order by 1"#)
        .fetch_all(conn)
        .await
}
