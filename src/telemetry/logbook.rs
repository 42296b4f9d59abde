//! Takes lines that name a job from the process's log into the database, where the console shows them.

use std::{
    fmt::{Debug, Write as _},
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use adapters::Clock;
use engine::logbook::{self, LogLine};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

/// How long lines gather.
const GATHER: Duration = Duration::from_secs(1);
/// Lines beyond this are dropped: a process in trouble has other things to do.
const MOST: usize = 1000;
/// The longest text of a line, in characters.
const LONGEST: usize = 2000;

/// Lines that are not written yet.
static WAITING: LazyLock<Mutex<Vec<LogLine>>> = LazyLock::new(Mutex::default);

fn waiting() -> std::sync::MutexGuard<'static, Vec<LogLine>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The part of the subscriber that listens.
pub(super) struct Logbook {
    pub clock: Clock,
    pub process: String,
}

impl<S: Subscriber> Layer<S> for Logbook {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warn",
            Level::INFO => "info",
            _ => return,
        };
        let mut words = Words::default();
        event.record(&mut words);
        let Some(job) = words.job else { return };
        let text: String = format!("{}{}", words.message, words.fields).chars().take(LONGEST).collect();
        let (at, process) = (self.clock.now(), self.process.clone());
        let line = LogLine { at, root: words.root.unwrap_or(job), job, level: level.to_owned(), process, text };
        let mut waiting = waiting();
        if waiting.len() < MOST {
            waiting.push(line);
        }
    }
}

/// What an event says.
#[derive(Default)]
struct Words {
    job: Option<i64>,
    root: Option<i64>,
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_i64(&mut self, field: &Field, value: i64) {
        match field.name() {
            "job" => self.job = Some(value),
            "root" => self.root = Some(value),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            name => {
                let _ = write!(self.fields, " {name}={value}");
            }
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

/// Writes what was gathered, until `end`.
pub async fn write(pool: PgPool, end: CancellationToken) {
    while end.run_until_cancelled(tokio::time::sleep(GATHER)).await.is_some() {
        let lines = std::mem::take(&mut *waiting());
        if !lines.is_empty()
            && let Err(error) = logbook::keep(&pool, &lines).await
        {
            tracing::debug!(%error, lines = lines.len(), "lines are in the log only");
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn lines_that_name_a_job_are_kept_and_no_others() {
        let book = Logbook { clock: Clock::system(), process: "here".to_owned() };
        let subscriber = tracing_subscriber::registry().with(book);
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(job = 7_i64, root = 5_i64, ending = "failed", "attempt failed");
            tracing::info!(worker = 3, "worker started");
            tracing::debug!(job = 7_i64, "attempt");
        });
        let lines = waiting().clone();
        let told: Vec<_> =
            lines.iter().map(|line| (line.job, line.root, line.level.as_str(), line.text.as_str())).collect();
        assert_eq!(told, [(7, 5, "warn", "attempt failed ending=failed")]);
    }
}
