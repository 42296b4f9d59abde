//! Connections of the house.

use std::time::Duration;

use anyhow::Context;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// What each session starts with. The role comes first: it owns no table and obeys row-level
/// security. The limits keep a stuck statement from holding up everyone else.
const SESSION: [(&str, &str); 6] = [
    ("role", "holdfast_app"),
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("timezone", "UTC"),
    ("search_path", "public"),
];

/// Opens a pool of at most `connections`, and proves that it works.
pub async fn open(owner: PgConnectOptions, connections: u32) -> anyhow::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(2)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(owner.options(SESSION).application_name("holdfast"))
        .await
        .context("the database does not answer as role holdfast_app; has `holdfast migrate` been run?")
}
