//! Sixty days of the house: what a million jobs left in the engine, and what they left in the business.

use sqlx::raw_sql;

use crate::commands::bench::rig::Rig;

const PEOPLE: &str = include_str!("people.sql");
const TURNS: &str = include_str!("turns.sql");
const JOBS: &str = include_str!("jobs.sql");
const SAID: &str = include_str!("said.sql");

/// Writes so many turns of five finished jobs each, and 3,000 dead jobs of the last ten days.
pub(super) async fn seed(rig: &Rig, turns: i64) -> anyhow::Result<()> {
    let pool = &rig.scene.pool;
    raw_sql(PEOPLE).execute(pool).await?;
    sqlx::query(TURNS).bind(turns).execute(pool).await?;
    raw_sql("analyze").execute(pool).await?;
    tokio::try_join!(raw_sql(JOBS).execute(pool), raw_sql(SAID).execute(pool))?;
    rig.scene.settle().await
}
