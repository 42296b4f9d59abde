//! The `holdfast` binary.

use clap::Parser;
use holdfast::{commands, config::Cli, telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    telemetry::log(&cli.log)?;
    commands::run(cli.command).await
}
