//! The ops console: sees why, and acts safely. Server-rendered pages under `/ops`, which work without JavaScript.
//!
//! A screen is a module with `routes()`: each route says which [`Permission`] it needs, and [`guard`] asks for it before the
//! handler runs. Handlers read through `engine::inspect`, `engine::overview` and the domain, never by SQL of their own, and
//! write in one transaction with the line of the audit that tells of it ([`visit::Visit::act`]).

mod access;
mod assets;
mod audit;
mod breakers;
mod bulk;
mod dead;
mod effects;
mod failure;
mod guard;
mod health;
mod jobs;
mod live;
mod origin;
pub mod permission;
mod queues;
pub mod routes;
mod schedules;
mod screen;
mod sessions;
mod shell;
mod tenants;
mod visit;
mod webhooks;
mod why;
pub mod words;

use std::{future::Future, pin::Pin, sync::Arc};

use adapters::Clock;
use axum::Router;
use chrono_tz::Tz;
use engine::Checks;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

pub use permission::Permission;
pub use routes::Needs;

/// How this house is called and reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which installation this is, for the badge: `production`, `staging`, `demo` …
    pub environment: String,
    /// Where browsers reach it, without a slash at the end. With `https:`, cookies are for secure connections only.
    pub url: String,
    /// In which the times of the whole house are shown.
    pub zone: Tz,
}

/// What became of a webhook that was replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// It led to something that was not there before.
    Applied,
    /// Everything in it was known.
    NothingNew,
    /// Its body was erased, or never kept.
    Gone,
    /// Nobody understands it.
    Unreadable,
}

/// Runs a kept webhook through the ingress again.
pub type Replay = Arc<dyn Fn(i64) -> Pin<Box<dyn Future<Output = anyhow::Result<Replayed>> + Send>> + Send + Sync>;

/// What the console reaches.
#[derive(Clone)]
pub struct Parts {
    /// Connections of the application's role.
    pub pool: PgPool,
    /// The way into the engine.
    pub engine: engine::Client,
    /// Which arguments job types take.
    pub checks: Checks,
    /// The time.
    pub clock: Clock,
    /// Replays webhooks.
    pub replay: Replay,
    /// How the house is called.
    pub settings: Settings,
}

struct Inner {
    parts: Parts,
    sessions: Arc<sessions::Sessions>,
    hub: live::Hub,
    spent: health::Spent,
}

/// The console. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Console(Arc<Inner>);

impl std::ops::Deref for Console {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

/// Everything under `/ops`, until `drain`. Needs a runtime.
pub fn router(parts: Parts, drain: &CancellationToken) -> Router {
    let sessions = Arc::<sessions::Sessions>::default();
    let hub = live::Hub::new(&parts, Arc::clone(&sessions), drain.clone());
    routes::router(Console(Arc::new(Inner { parts, sessions, hub, spent: health::Spent::default() })))
}
