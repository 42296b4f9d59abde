//! Logs and metrics of the process.

use std::{io::IsTerminal, time::Duration};

use adapters::Clock;
use anyhow::Context;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use self::logbook::Logbook;
use crate::config::{Log, LogFormat};

pub mod logbook;

/// Upper bounds of the histograms' buckets, in seconds: from one query to one slow model.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// Sends logs to standard error, so that standard output carries only what was asked for.
pub fn log(settings: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.filter)
        .with_context(|| format!("--log {:?} is not a filter; try info", settings.filter))?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match settings.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let book = Logbook { clock: Clock::system(), process: format!("holdfast:{}", std::process::id()) };
    tracing_subscriber::registry().with(filter).with(lines).with(book).init();
    Ok(())
}

/// Collects metrics from here on; once a process.
pub fn record_metrics() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics are collected already")?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// `/metrics`, for a listener of its own.
pub fn metrics(handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(async move || handle.render()))
}
