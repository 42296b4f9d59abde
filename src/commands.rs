//! What each command starts, and in which order it ends.

use crate::config::Command;

mod bench;
mod conformance;
mod demo;
mod jobs;
mod migrate;
mod probe;
mod schedule;
mod serve;
mod simulate;
pub mod staff;
mod tenant;
mod token;
mod work;

/// Runs `command` to its end.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(settings) => demo::run(*settings).await,
        Command::Serve(settings) => serve::run(*settings).await,
        Command::Work(settings) => work::run(*settings).await,
        Command::Migrate(settings) => migrate::run(settings).await,
        Command::Simulate(settings) => simulate::run(settings).await,
        Command::Jobs(settings) => jobs::run(*settings).await,
        Command::Schedule(settings) => schedule::run(settings).await,
        Command::Tenant(settings) => tenant::run(settings).await,
        Command::Token(settings) => token::run(settings).await,
        Command::Staff(settings) => staff::run(settings).await,
        Command::Conformance => conformance::run(),
        Command::Bench(settings) => bench::run(*settings).await,
    }
}
