//! One line of figures.

use std::time::Duration;

use serde::Serialize;

use super::meter::Used;

/// Takes reports as they come.
pub type Tell<'a> = &'a mut (dyn FnMut(Report) + Send);

/// What one part of a workload took.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// `w1`, or `w2_seq` for a part.
    pub workload: String,
    /// Jobs, or rounds.
    pub n: usize,
    /// Wall time.
    pub seconds: f64,
    /// `n` by `seconds`.
    pub per_s: f64,
    /// Median, where each round is timed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    /// 99th percentile, where each round is timed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// CPU of this process for one of `n`, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_us: Option<f64>,
    /// CPU of PostgreSQL for one of `n`, in microseconds; only on the same machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgres_cpu_us: Option<f64>,
    /// Write-ahead log for one of `n`, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wal_bytes: Option<f64>,
    /// What the figures rest on.
    pub notes: String,
}

#[expect(clippy::cast_precision_loss, reason = "figures for people; a count of 2^53 jobs is far")]
impl Report {
    /// A throughput.
    pub fn rate(workload: &str, n: usize, took: Duration, used: Used, notes: impl Into<String>) -> Self {
        let (seconds, each) = (took.as_secs_f64(), |total: f64| Some(total / n as f64));
        Self {
            workload: workload.to_owned(),
            n,
            seconds,
            per_s: n as f64 / seconds,
            cpu_us: each(used.ours_us),
            postgres_cpu_us: used.postgres_us.and_then(each),
            wal_bytes: each(used.wal_bytes),
            notes: notes.into(),
            ..Self::default()
        }
    }

    /// Many rounds, one after the other, each timed on its own.
    pub fn rounds(workload: &str, rounds: Vec<Duration>, notes: impl Into<String>) -> Self {
        let (n, seconds) = (rounds.len(), rounds.iter().sum::<Duration>().as_secs_f64());
        let report = Self {
            workload: workload.to_owned(),
            n,
            seconds,
            per_s: n as f64 / seconds,
            notes: notes.into(),
            ..Self::default()
        };
        report.timed(rounds)
    }

    /// The same with the percentiles of these rounds.
    #[must_use]
    pub fn timed(self, mut rounds: Vec<Duration>) -> Self {
        rounds.sort_unstable();
        let last = rounds.len().saturating_sub(1);
        let at =
            |per_mille: usize| rounds.get((rounds.len() * per_mille / 1000).min(last)).map(|d| d.as_secs_f64() * 1e3);
        Self { p50_ms: at(500), p99_ms: at(990), ..self }
    }
}
