//! Days on which nothing takes place.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::Page;
use crate::{ClosureId, LocationId};

/// Some local days that are closed.
#[derive(Debug, Clone)]
pub struct Closure {
    /// Its id.
    pub id: ClosureId,
    /// Where; none: everywhere.
    pub location: Option<LocationId>,
    /// From this day on.
    pub first_day: NaiveDate,
    /// This one, too.
    pub last_day: NaiveDate,
    /// Why; for the staff.
    pub reason: String,
}

/// A page of them, oldest first.
pub async fn list(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Closure>> {
    sqlx::query_as!(
        Closure,
        r#"
        select id as "id: ClosureId", location_id as "location: LocationId", first_day, last_day, reason
        from closure where ($1::bigint is null or id > $1) order by id limit $2
        "#,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await
}

/// Opens the days again. False: there is no such closure.
pub async fn remove(conn: &mut PgConnection, id: ClosureId) -> sqlx::Result<bool> {
    let removed = sqlx::query!("delete from closure where id = $1", id as ClosureId).execute(conn).await?;
    Ok(removed.rows_affected() > 0)
}
