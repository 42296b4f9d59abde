//! The schema's history, carried in the binary.

use anyhow::Context;
use sqlx::{ConnectOptions, Connection, PgPool, migrate::Migrator, postgres::PgConnectOptions};

/// All migrations of this binary. A database that is ahead of it is fine: migrations first only
/// add, so that the old binary may run beside the new one.
#[must_use]
pub fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!();
    migrator.set_ignore_missing(true);
    migrator
}

/// Applies what is missing, as the owner of the schema. Processes that start together wait for
/// each other.
pub async fn run(owner: &PgConnectOptions) -> anyhow::Result<()> {
    let mut connection = owner
        .clone()
        .application_name("holdfast migrate")
        // A role that is called like our schema would look there first.
        .options([("search_path", "public")])
        .connect()
        .await
        .context("the database does not answer")?;
    migrator().run(&mut connection).await.context("a migration failed; nothing of it was kept")?;
    let latest = migrator().iter().map(|migration| migration.version).max();
    sqlx::query("select holdfast.draw_blueprint($1)").bind(latest).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Whether every migration of this binary is applied.
pub async fn current(pool: &PgPool) -> sqlx::Result<bool> {
    let versions: Vec<i64> = migrator().iter().map(|migration| migration.version).collect();
    let applied =
        sqlx::query_scalar::<_, i64>("select count(*) from _sqlx_migrations where success and version = any($1)")
            .bind(&versions)
            .fetch_one(pool)
            .await?;
    Ok(usize::try_from(applied).is_ok_and(|applied| applied == versions.len()))
}

/// What somebody changed in the engine's schema since the migrations made it: `missing`, `changed` or `unknown`, and
/// the object.
pub async fn drift(owner: &PgConnectOptions) -> anyhow::Result<Vec<(String, String)>> {
    let mut connection = owner.clone().connect().await.context("the database does not answer")?;
    let found = sqlx::query_as("select difference, object from holdfast.drift()").fetch_all(&mut connection).await;
    connection.close().await?;
    found.context("this database cannot tell: run `holdfast migrate` first")
}
