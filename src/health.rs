//! Health: is the process up, and should it be sent work?

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use sqlx::PgPool;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::postgres::migrations;

/// A database slower than this is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Health {
    pool: PgPool,
    drain: CancellationToken,
    /// Once seen, never asked again: migrations only go forward.
    migrated: Arc<AtomicBool>,
}

/// `GET /livez`: the process answers. `GET /readyz`: the database answers, its schema is at least
/// this binary's, and the process is not ending.
pub fn routes(pool: PgPool, drain: CancellationToken) -> Router {
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(ready)).with_state(Health {
        pool,
        drain,
        migrated: Arc::default(),
    })
}

async fn ready(State(health): State<Health>) -> (StatusCode, &'static str) {
    let unready = |why| (StatusCode::SERVICE_UNAVAILABLE, why);
    if health.drain.is_cancelled() {
        return unready("ending\n");
    }
    match timeout(PATIENCE, health.schema_is_current()).await {
        Ok(Ok(true)) => (StatusCode::OK, "ready\n"),
        Ok(Ok(false)) => unready("migrations are missing: run `holdfast migrate`\n"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            unready("the database refuses\n")
        }
        Err(_) => unready("the database does not answer\n"),
    }
}

impl Health {
    async fn schema_is_current(&self) -> sqlx::Result<bool> {
        if self.migrated.load(Ordering::Relaxed) {
            sqlx::query("select 1").execute(&self.pool).await?;
            return Ok(true);
        }
        let current = migrations::current(&self.pool).await?;
        self.migrated.store(current, Ordering::Relaxed);
        Ok(current)
    }
}
