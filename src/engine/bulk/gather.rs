//! All jobs that a query finds, for [`freeze`](crate::bulk::freeze).

use sqlx::PgConnection;

use crate::{
    Sight,
    bulk::MOST,
    inspect::{Page, Query, find},
};

/// Jobs of one look.
const LOOK: i64 = 500;

/// The ids of the jobs that fit, newest first, up to [`MOST`] of them; true: there are more. `only` as for
/// [`find`](crate::inspect::find).
pub async fn gather(
    conn: &mut PgConnection,
    sight: Sight,
    query: &Query,
    only: Option<&[i64]>,
) -> sqlx::Result<(Vec<i64>, bool)> {
    let mut jobs = Vec::new();
    let mut page = Page { cursor: None, size: LOOK };
    loop {
        let found = find(conn, sight, query, only, &page).await?;
        jobs.extend(found.jobs.iter().map(|job| job.id));
        if jobs.len() > MOST {
            jobs.truncate(MOST);
            return Ok((jobs, true));
        }
        let Some(older) = found.older else { return Ok((jobs, false)) };
        page.cursor = Some(older);
    }
}
