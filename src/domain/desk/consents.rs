//! Every yes and no to being written to unasked.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Page;
use crate::CustomerId;
use crate::customer::Source;

/// A yes or a no.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Its id.
    pub id: i64,
    /// Yes.
    pub granted: bool,
    /// Where it came from.
    pub source: Source,
    /// When.
    pub at: DateTime<Utc>,
}

/// A page of what a customer said, newest first.
pub async fn list(conn: &mut PgConnection, customer: CustomerId, page: Page) -> sqlx::Result<Vec<Consent>> {
    sqlx::query_as!(
        Consent,
        r#"
        select id, granted, source as "source: Source", at from consent
        where customer_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3
        "#,
        customer as CustomerId,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await
}
