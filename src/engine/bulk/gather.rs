//! All jobs that a query finds, for [`freeze`](crate::bulk::freeze).

use std::time::Duration;

use sqlx::PgConnection;

use crate::{
    Sight,
    bulk::MOST,
    inspect::{Query, ids},
};

/// How long a search may take that somebody waits for.
const PATIENCE: Duration = Duration::from_secs(15);

/// The ids of the jobs that fit, newest first, up to [`MOST`] of them; true: there are more, or the search took too long to
/// know. `only` as for [`find`](crate::inspect::find).
pub async fn gather(
    conn: &mut PgConnection,
    sight: Sight,
    query: &Query,
    only: Option<&[i64]>,
) -> sqlx::Result<(Vec<i64>, bool)> {
    ids(conn, sight, query, only, MOST, PATIENCE).await
}
