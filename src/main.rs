//! The `holdfast` binary.

use std::process::ExitCode;

use clap::Parser;
use holdfast::{commands, config::Cli, telemetry};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the last word is for the person at the terminal")]
            {
                eprintln!("holdfast: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    telemetry::log(&cli.log)?;
    commands::run(cli.command).await
}
