//! `holdfast bench`

mod bookings;
mod console;
mod conversation;
mod faults;
mod ingress;
mod load;
mod rig;

use anyhow::Context;
use ops::bench::{self, Report, Stage, Tell, Workload};

use crate::{
    config,
    postgres::{Database, migrations},
};

/// What can be measured: the engine, or the house around it.
#[derive(Debug, Clone, Copy)]
enum Part {
    Engine(Workload),
    Conversation,
    Ingress,
    Bookings,
    Console,
}

impl Part {
    fn all() -> Vec<Self> {
        Workload::ALL
            .into_iter()
            .map(Self::Engine)
            .chain([Self::Conversation, Self::Ingress, Self::Bookings, Self::Console])
            .collect()
    }

    fn parse(name: &str) -> Option<Self> {
        match name {
            "w8" | "conversation" => Some(Self::Conversation),
            "w9" | "ingress" => Some(Self::Ingress),
            "w10" | "bookings" => Some(Self::Bookings),
            "w11" | "console" => Some(Self::Console),
            name => Workload::parse(name).map(Self::Engine),
        }
    }

    async fn run(self, stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
        match self {
            Self::Engine(workload) => workload.run(stage, tell).await,
            Self::Conversation => conversation::run(stage, tell).await,
            Self::Ingress => ingress::run(stage, tell).await,
            Self::Bookings => bookings::run(stage, tell).await,
            Self::Console => console::run(stage, tell).await,
        }
    }
}

/// Runs the workloads that were asked for, and prints each figure as soon as it is there.
pub async fn run(settings: config::Bench) -> anyhow::Result<()> {
    if settings.workload == "hold" {
        let url = settings.database.url.context("`bench hold` is a part of w6 and needs --database-url")?;
        return bench::hold(sqlx::PgPool::connect(url.expose()).await?).await;
    }
    match settings.workload.as_str() {
        "faults" => return faults::run(&settings).await,
        "fault-worker" => return faults::worker(&settings).await,
        _ => {}
    }
    let parts = match settings.workload.as_str() {
        "all" => Part::all(),
        name => vec![
            Part::parse(name).with_context(|| format!("there is no workload {name:?}; see `holdfast bench --help`"))?,
        ],
    };
    let database = config::Database { migrate: false, ..settings.database };
    Database::with(&database, async |server| {
        let stage = Stage::new(server.owner(), migrations::migrator());
        if !settings.json {
            println!(
                "{:<12} {:>8} {:>9} {:>10} {:>9} {:>9} {:>8} {:>8} {:>8}",
                "workload", "n", "seconds", "per s", "p50 ms", "p99 ms", "cpu µs", "pg µs", "wal B"
            );
        }
        for _ in 0..settings.repeat {
            for part in &parts {
                part.run(&stage, &mut |report| print(&report, settings.json)).await?;
            }
        }
        Ok(())
    })
    .await
}

fn print(report: &Report, json: bool) {
    if json {
        println!("{}", serde_json::to_string(report).unwrap_or_default());
        return;
    }
    let figure = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.1}"));
    println!(
        "{:<12} {:>8} {:>9.3} {:>10.0} {:>9} {:>9} {:>8} {:>8} {:>8}  {}",
        report.workload,
        report.n,
        report.seconds,
        report.per_s,
        figure(report.p50_ms),
        figure(report.p99_ms),
        figure(report.cpu_us),
        figure(report.postgres_cpu_us),
        figure(report.wal_bytes),
        report.notes,
    );
}
