//! The settings: one documented structure, and the only place that reads the environment.
//!
//! `holdfast COMMAND --help` is the manual. A flag wins over its variable.

use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

mod console;
mod jobs;
mod outside;
mod schedule;
mod secret;
mod staff;
mod tenant;

pub use console::Console;
pub use jobs::{Jobs, JobsAction, JobsCancel, JobsList, JobsNamed, JobsPause, JobsResume, JobsShow};
pub use outside::{Llm, Outside, Payments, WhatsApp};
pub use schedule::{Schedule, ScheduleAct, ScheduleAction};
pub use secret::Secret;
pub use staff::{Staff, StaffAction, StaffInvite, StaffNamed, StaffReset};
pub use tenant::{Tenant, TenantAction, TenantAdd, Token, TokenAction, TokenIssue, TokenRevoke, TokensOf};

/// A WhatsApp booking desk on durable PostgreSQL jobs.
#[derive(Debug, Parser)]
#[command(name = "holdfast", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// How the house tells what it does.
    #[command(flatten)]
    pub log: Log,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The roles of the one binary.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything on this machine, with a demo studio and simulators of the outside world.
    Demo(Box<Demo>),
    /// Receives webhooks, and works on jobs unless told otherwise.
    Serve(Box<Serve>),
    /// Works on jobs only.
    Work(Box<Work>),
    /// Brings the database's schema up to this binary.
    Migrate(Migrate),
    /// Runs the simulators of WhatsApp, of a language model and of a payment provider.
    Simulate(Simulate),
    /// Lists, shows, retries, cancels, pauses or resumes jobs.
    Jobs(Box<Jobs>),
    /// Tells, pauses, resumes or triggers what runs by itself.
    Schedule(Schedule),
    /// Lists or adds businesses.
    Tenant(Tenant),
    /// Lists, makes or ends tokens for programs of a business.
    Token(Token),
    /// Invites those who work in the console, or lets them in no more.
    Staff(Staff),
    /// Tells what the engine promises, and which test shows it.
    Conformance,
    /// Measures the engine, on databases that it makes and drops.
    Bench(Box<Bench>),
}

/// `holdfast demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Address for webhooks, API and health.
    #[arg(long, env = "HOLDFAST_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Address for the simulators; a phone to chat from is at its `/`.
    #[arg(long, env = "HOLDFAST_SIMULATORS", default_value = "127.0.0.1:8081", value_name = "ADDR")]
    pub simulators: SocketAddr,
    /// Address for Prometheus' `/metrics`; without it, no metrics are served.
    #[arg(long, env = "HOLDFAST_METRICS", value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub llm: Llm,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub workers: Workers,
}

/// `holdfast serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Address for webhooks, API and health.
    #[arg(long, env = "HOLDFAST_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Works on jobs in this process too; `false` leaves them to `holdfast work`.
    #[arg(id = "workers", long, env = "HOLDFAST_WORKERS", default_value_t = true,
          action = ArgAction::Set, value_name = "BOOL")]
    pub works: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub console: Console,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub work: Work,
}

/// `holdfast work`
#[derive(Debug, Args)]
pub struct Work {
    /// Address for Prometheus' `/metrics`, which has a port of its own; port 0 takes a free one.
    #[arg(long, env = "HOLDFAST_METRICS", default_value = "127.0.0.1:9464", value_name = "ADDR")]
    pub metrics: SocketAddr,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub outside: Outside,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub workers: Workers,
}

/// `holdfast migrate`
#[derive(Debug, Args)]
pub struct Migrate {
    /// Changes nothing: tells what somebody changed in the engine's schema since the migrations made it, and fails if
    /// there is anything.
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// `holdfast simulate`
#[derive(Debug, Args)]
pub struct Simulate {
    /// Address of the simulators.
    #[arg(long, env = "HOLDFAST_SIMULATORS", default_value = "127.0.0.1:8081", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Where the simulated WhatsApp delivers its webhooks.
    #[arg(long, default_value = "http://127.0.0.1:8080/webhooks/whatsapp", value_name = "URL")]
    pub webhook_url: String,
    /// Signs those webhooks.
    #[arg(
        long,
        env = "HOLDFAST_WHATSAPP_APP_SECRET",
        hide_env_values = true,
        default_value = "demo-secret",
        value_name = "SECRET"
    )]
    pub app_secret: Secret,
    /// Where the simulated payment provider delivers its events.
    #[arg(long, default_value = "http://127.0.0.1:8080/webhooks/payments", value_name = "URL")]
    pub payment_webhook_url: String,
    /// Signs those events.
    #[arg(
        long,
        env = "HOLDFAST_PAYMENT_WEBHOOK_SECRET",
        hide_env_values = true,
        default_value = "demo-payment-secret",
        value_name = "SECRET"
    )]
    pub payment_secret: Secret,
    /// File that keeps what the simulated WhatsApp knows for the next start; created if missing.
    /// Payments are kept beside it. Without it, everything is forgotten at the end.
    #[arg(long, env = "HOLDFAST_SIMULATORS_JOURNAL", value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

/// `holdfast bench`
#[derive(Debug, Args)]
pub struct Bench {
    /// Which: w1 (drain), w2 (enqueue), w3 (latency), w4 (lanes), w5 (workflows), w6 (crash), w7 (growth),
    /// w8 (conversation), w9 (ingress), w10 (bookings), w11 (console), w12 (bulk), or all.
    #[arg(default_value = "all")]
    pub workload: String,
    /// For `faults`: which scenarios; all without any.
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// For `faults`: seconds instead of minutes, to see that everything works.
    #[arg(long)]
    pub quick: bool,
    /// For `faults`: jobs that are put in, a second.
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub rate: u32,
    /// One JSON object a line, instead of a table.
    #[arg(long)]
    pub json: bool,
    /// How often each workload is run.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub repeat: u32,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// Where the rows live.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct Database {
    /// PostgreSQL 15 or newer, as the role that owns the schema. Without it a private server is
    /// started from the installed PostgreSQL binaries, in the data directory.
    #[arg(id = "database-url", long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub url: Option<Secret>,
    /// Where the private server and the demo's simulators keep their files.
    #[arg(long, env = "HOLDFAST_DATA_DIR", default_value = ".holdfast", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Most connections of this process's pool; one that works opens four more. More than the database has processors
    /// for make webhooks wait.
    #[arg(long = "database-connections", env = "HOLDFAST_DATABASE_CONNECTIONS",
          default_value_t = 8, value_parser = clap::value_parser!(u32).range(4..), value_name = "N")]
    pub connections: u32,
    /// Applies missing migrations at the start; `false` leaves them to `holdfast migrate`.
    #[arg(long = "migrate", env = "HOLDFAST_MIGRATE", default_value_t = true,
          action = ArgAction::Set, value_name = "BOOL")]
    pub migrate: bool,
}

/// How long things may wait.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Workers")]
pub struct Workers {
    /// How long a customer must be silent before a burst of messages is answered, in milliseconds.
    #[arg(long, env = "HOLDFAST_DEBOUNCE_MS", default_value_t = 700, value_name = "MS")]
    pub debounce_ms: u64,
    /// How long a send whose fate is unknown waits for a status from WhatsApp, in seconds.
    #[arg(long, env = "HOLDFAST_RECONCILE_SECS", default_value_t = 180, value_name = "S")]
    pub reconcile_secs: u64,
}

/// How the house tells what it does. Logs go to standard error.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Logs")]
pub struct Log {
    /// Which events are told, as `level` or `target=level,…`.
    #[arg(
        long = "log",
        env = "HOLDFAST_LOG",
        global = true,
        default_value = "info,sqlx=warn,apalis_core=warn",
        value_name = "FILTER"
    )]
    pub filter: String,
    /// For people, or for machines: one JSON object a line.
    #[arg(
        long = "log-format",
        env = "HOLDFAST_LOG_FORMAT",
        global = true,
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub format: LogFormat,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[cfg(test)]
mod tests;
