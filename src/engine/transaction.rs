//! Transactions that begin safely.

use sqlx::{PgPool, Postgres, Transaction};

/// Begins a transaction. Other than `Pool::begin` it may be cancelled at any moment.
///
/// In sqlx 0.9.0 a `begin` that is dropped before the server answers goes back to its pool with the transaction open:
/// what others then write on that connection is never committed. A task of its own always hears the answer.
pub async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    #[expect(clippy::disallowed_methods, reason = "this is the safe way around it")]
    let begun = tokio::spawn(async move { pool.begin().await });
    begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
}
