//! Connections of the house.

use std::time::Duration;

use anyhow::Context;
use sqlx::{
    Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// What each session starts with. The role comes first: it owns no table and obeys row-level
/// security. The limits keep a stuck statement from holding up everyone else.
const SESSION: [(&str, &str); 7] = [
    ("role", "holdfast_app"),
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("timezone", "UTC"),
    ("search_path", "public"),
    // Compiling a statement takes longer than ours run.
    ("jit", "off"),
];

/// A connection that was idle for longer is asked whether it still is one.
const IDLE: Duration = Duration::from_secs(2);

/// Opens a pool of at most `connections`, and proves that it works.
pub async fn open(owner: PgConnectOptions, connections: u32) -> anyhow::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(2)
        .acquire_timeout(Duration::from_secs(10))
        // A connection that was used a moment ago is good; asking it each time would double the round trips.
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                if meta.idle_for > IDLE {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(owner.options(SESSION).application_name("holdfast"))
        .await
        .context("the database does not answer as role holdfast_app; has `holdfast migrate` been run?")
}
