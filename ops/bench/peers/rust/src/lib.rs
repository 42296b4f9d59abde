//! What the Rust peers share: the workloads. A peer says with [`Peer`] how each is done by its own API.

mod enqueue;
mod jobs;
mod latency;
mod result;
mod work;

use std::env;

use anyhow::{Context, bail};

pub use jobs::{flow_ended, lane, noop};

pub type Result<T = (), E = anyhow::Error> = std::result::Result<T, E>;

/// What a worker is started for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Jobs that do nothing. `fast`: with the settings that the peer's own benchmarks or manual advise.
    Noop { fast: bool },
    /// Ordered lanes, 50 at a time.
    Lanes,
    /// Workflows of five steps.
    Flows,
    /// 100 jobs at once that do not end.
    Hold,
}

/// A queue under measurement.
pub trait Peer: Clone + Send + Sync + 'static {
    fn connect() -> impl Future<Output = Result<Self>>;
    /// Makes its tables.
    fn setup(&self) -> impl Future<Output = Result>;
    /// Enqueues one job that does nothing.
    fn one(&self, number: i64) -> impl Future<Output = Result> + Send;
    /// Enqueues `count` of them as fast as its API can.
    fn many(&self, from: i64, count: i64) -> impl Future<Output = Result> + Send;
    /// Enqueues these jobs of a lane and their number in it, in this order.
    fn lanes(&self, _jobs: Vec<(i64, i64)>) -> impl Future<Output = Result> {
        async { bail!("it has no ordered lanes") }
    }
    /// Enqueues workflows of five steps.
    fn flows(&self, _count: i64) -> impl Future<Output = Result> {
        async { bail!("it has no workflows") }
    }
    /// Jobs that are due and that the database does not show as ended.
    fn unfinished(&self) -> impl Future<Output = Result<i64>>;
    /// Starts a worker in the background, and tells its settings.
    fn work(&self, load: Load) -> impl Future<Output = Result<&'static str>>;
}

/// Does what the command line asks for, and ends the process.
pub async fn run<P: Peer>() -> Result {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let command = arguments.first().context("which command?")?;
    let count = arguments.get(1).map_or(Ok(20_000), |count| count.parse())?;
    let peer = P::connect().await?;
    let fast = setting("FAST", "1") == "1";
    match command.as_str() {
        "setup" => peer.setup().await?,
        "fill" => enqueue::fill(&peer, count).await?,
        "drain" => work::drain(&peer, Load::Noop { fast }, count).await?,
        "enqueue_seq" => enqueue::clients(&peer, 1, 1000).await?,
        "enqueue_conc" => enqueue::clients(&peer, 10, 5000).await?,
        "enqueue_bulk" => enqueue::bulk(&peer, count).await?,
        "latency" => latency::run(&peer, Load::Noop { fast }).await?,
        "lanes_fill" => peer.lanes((0..2000).map(|i| (i % 200, i / 200)).collect()).await?,
        "lanes" => work::drain(&peer, Load::Lanes, 2000).await?,
        "flows_fill" => peer.flows(2000).await?,
        "flows" => work::drain(&peer, Load::Flows, 2000).await?,
        "hold_fill" => enqueue::singly(&peer, 100).await?,
        "hold" => work::hold(&peer).await?,
        other => bail!("there is no command {other:?}"),
    }
    std::process::exit(0);
}

/// The database of this measurement.
pub fn database() -> String {
    setting("DATABASE_URL", "")
}

/// A setting from the environment.
pub fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
