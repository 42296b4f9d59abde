//! What a job's arguments were before somebody changed them.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::PgConnection;

use super::page::raw;
use crate::Sight;

/// Arguments that were replaced.
#[derive(Debug)]
pub struct Revision {
    /// What they were.
    pub payload: Box<RawValue>,
    /// Who replaced them.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The former arguments of a job, the latest first; 20 at most.
pub async fn revisions(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Vec<Revision>> {
    let rows = sqlx::query!(
        r#"select r.payload::text as "payload!", r.by, r.at from holdfast.revision r join holdfast.job j on j.id = r.job
           where r.job = $1 and ($2::bigint is null or j.tenant = $2) order by r.number desc limit 20"#,
        id,
        sight.tenant
    );
    rows.fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| Ok(Revision { payload: raw(row.payload)?, by: row.by, at: row.at }))
        .collect()
}
