//! Questions about jobs that somebody asks again and again.

use sqlx::PgConnection;

use super::{Account, StaffId};
use crate::TenantId;

/// A question with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: i64,
    /// As its owner calls it.
    pub name: String,
    /// What is asked, as in the query box.
    pub query: String,
    /// Whether all of the same tenant, or of the whole house, see it.
    pub shared: bool,
    /// Whether it is the reader's own.
    pub mine: bool,
}

/// The views of somebody and those that others share with them, by their names.
pub async fn list(conn: &mut PgConnection, of: &Account) -> sqlx::Result<Vec<SavedView>> {
    sqlx::query_as!(
        SavedView,
        r#"
        select v.id, v.name, v.query, v.shared, v.staff_id = $1 as "mine!"
        from saved_view v join staff s on s.id = v.staff_id
        where v.staff_id = $1 or v.shared and s.disabled_at is null and s.tenant_id is not distinct from $2
        order by lower(v.name), v.id
        "#,
        of.id as StaffId,
        of.tenant as Option<TenantId>,
    )
    .fetch_all(conn)
    .await
}

/// Keeps a view, in place of their earlier one of the same name. Errors: `saved_view_name_form` (1 to 60 characters),
/// `saved_view_query_length` (1000 at most).
pub async fn save(conn: &mut PgConnection, of: &Account, name: &str, query: &str, shared: bool) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "insert into saved_view (staff_id, name, query, shared) values ($1, $2, $3, $4)
         on conflict (staff_id, name) do update set query = excluded.query, shared = excluded.shared returning id",
        of.id as StaffId,
        name.trim(),
        query,
        shared,
    )
    .fetch_one(conn)
    .await
}

/// Forgets a view of theirs. False: they have none such.
pub async fn delete(conn: &mut PgConnection, of: &Account, id: i64) -> sqlx::Result<bool> {
    let gone = sqlx::query!("delete from saved_view where staff_id = $1 and id = $2", of.id as StaffId, id);
    Ok(gone.execute(conn).await?.rows_affected() > 0)
}
