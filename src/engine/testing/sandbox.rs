//! A pool whose work is never kept.

use std::time::Duration;

use sqlx::{
    Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How long a test waits for its one connection before it is told that it holds it itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// A pool of one connection that is in a transaction, which nobody commits: what begins and commits on it does so within
/// that transaction (as savepoints), and everything is gone with the pool. Tests on the same database do not see each
/// other.
///
/// A statement that fails outside a transaction of the code's own ends it all, as PostgreSQL has it. Code that holds one
/// connection while it asks for another, or that begins transactions by statements of its own (`begin_with`), needs a
/// database of its own instead.
///
/// ```no_run
/// # async fn test(options: sqlx::postgres::PgConnectOptions) -> sqlx::Result<()> {
/// let pool = engine::testing::sandbox(options).await?;
/// sqlx::query("insert into customer (name) values ('Ada')").execute(&pool).await?;
/// # Ok(()) } // and Ada is gone
/// ```
pub async fn sandbox(options: PgConnectOptions) -> sqlx::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|conn, _| {
            Box::pin(async move {
                // Neither committed nor rolled back: from here on, a transaction on this connection is a savepoint.
                std::mem::forget(conn.begin().await?);
                Ok(())
            })
        })
        .connect_with(options)
        .await
}
