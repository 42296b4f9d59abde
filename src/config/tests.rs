use clap::{CommandFactory, Parser};

use super::{Cli, Command};

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn demo_needs_nothing() {
    let cli = Cli::try_parse_from(["holdfast", "demo"]).unwrap();
    let Command::Demo(demo) = cli.command else { panic!("not a demo: {cli:?}") };
    assert_eq!(demo.simulators.port(), 8081);
}

#[test]
fn serve_names_the_missing_secret() {
    let error = Cli::try_parse_from(["holdfast", "serve"]).unwrap_err().to_string();
    assert!(error.contains("--whatsapp-app-secret"), "{error}");
}

#[test]
fn secrets_stay_out_of_debug() {
    let words = [
        "serve",
        "--whatsapp-app-secret",
        "planted-1,planted-2",
        "--whatsapp-verify-token",
        "planted-3",
        "--whatsapp-token",
        "planted-4",
        "--llm-key",
        "planted-5",
        "--payment-key",
        "planted-7",
        "--payment-webhook-secret",
        "planted-8",
        "--database-url",
        "postgres://u:planted-6@h/d",
    ];
    let cli = Cli::try_parse_from(["holdfast"].into_iter().chain(words)).unwrap();
    assert!(!format!("{cli:?}").contains("planted"), "{cli:?}");
    let Command::Serve(serve) = cli.command else { panic!("not serve") };
    assert_eq!(serve.work.outside.whatsapp.app_secrets.len(), 2);
}

#[test]
fn every_setting_is_documented() {
    for command in Cli::command().get_subcommands() {
        for arg in command.get_arguments() {
            assert!(arg.get_help().is_some(), "{} of {}", arg.get_id(), command.get_name());
        }
    }
}
