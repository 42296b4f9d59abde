//! What each command starts, and in which order it ends.

use crate::config::Command;

mod bench;
mod demo;
mod migrate;
mod probe;
mod serve;
mod simulate;
mod work;

/// Runs `command` to its end.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(settings) => demo::run(*settings).await,
        Command::Serve(settings) => serve::run(*settings).await,
        Command::Work(settings) => work::run(*settings).await,
        Command::Migrate(settings) => migrate::run(settings).await,
        Command::Simulate(settings) => simulate::run(settings).await,
        Command::Bench(settings) => bench::run(*settings).await,
    }
}
