//! Sleeps and signals of a workflow.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use crate::{Cx, Outcome, Stop, client::interval, journal::Entry, step::PATIENCE};

/// A wait as the database has it.
struct Wait {
    arrived: Option<String>,
    /// `None`: for ever.
    until: Option<DateTime<Utc>>,
    over: bool,
    fenced: bool,
    now: DateTime<Utc>,
}

impl<W: Clone + Send + Sync + 'static> Cx<W> {
    /// Sleeps for `length`, counted from the first time this line was reached. Costs no worker, survives restarts.
    pub async fn sleep(&self, name: &str, length: Duration) -> Outcome<()> {
        self.use_name(name)?;
        if let Some(Entry::Note { over: true, .. }) = self.recorded_wait(name).await? {
            return Ok(());
        }
        let wait = self.wait(None, name, Some(length)).await?;
        if wait.over {
            return Ok(());
        }
        self.go_on()?;
        let left = wait.until.and_then(|until| (until - wait.now).to_std().ok());
        match left {
            Some(left) if left > PATIENCE => Err(Stop::Parked { until: wait.until }),
            left => {
                tokio::select! {
                    () = tokio::time::sleep(left.unwrap_or_default()) => Ok(()),
                    () = self.core.draining.cancelled() => Err(Stop::Parked { until: wait.until }),
                    () = self.cancelled_while_going() => Err(self.cancelled_stop()),
                }
            }
        }
    }

    /// Waits for a signal of this name ([`crate::Client::signal`]); `None` when none was given before `timeout`. Asked
    /// again, it waits for the next one: they come in the order in which they were given.
    pub async fn receive<T: DeserializeOwned>(&self, name: &str, timeout: Option<Duration>) -> Outcome<Option<T>> {
        let step = self.nth_wait_for(name);
        self.use_name(&step)?;
        let wait = match self.recorded_wait(&step).await? {
            Some(Entry::Note { output: Some(text), .. }) => return read(name, text).map(Some),
            Some(Entry::Note { over: true, .. }) => return Ok(None),
            _ => self.wait(Some(name), &step, timeout).await?,
        };
        if let Some(text) = wait.arrived {
            return read(name, &text).map(Some);
        }
        if wait.over {
            return Ok(None);
        }
        self.go_on()?;
        self.awaiting(|awaiting| awaiting.signals.insert(name.to_owned()));
        Err(Stop::Parked { until: wait.until })
    }

    /// A workflow may wait for many signals of one name: each is a line of its journal.
    fn nth_wait_for(&self, name: &str) -> String {
        let count = self.awaiting(|awaiting| {
            let count = awaiting.received.entry(name.to_owned()).or_default();
            *count += 1;
            *count
        });
        if count == 1 { name.to_owned() } else { format!("{name} #{count}") }
    }

    /// What is recorded of a wait; a new one may begin when this answers `None`.
    async fn recorded_wait(&self, step: &str) -> Outcome<Option<&Entry>> {
        if !self.awaiting(|awaiting| awaiting.is_first_run) {
            self.journal().await?;
        }
        let Some(entry) = self.recorded(step) else {
            if !self.is_cancelled() {
                self.begin_new(step).await?;
            }
            return Ok(None);
        };
        if matches!(entry, Entry::Child { .. }) {
            return Err(Stop::fail(format!("{step} is recorded as a step: give the new wait a new name")));
        }
        Ok(Some(entry))
    }

    async fn wait(&self, signal: Option<&str>, step: &str, wait: Option<Duration>) -> Outcome<Wait> {
        let wait = sqlx::query_as!(
            Wait,
            r#"select arrived::text as arrived, until, over as "over!", fenced as "fenced!", clock_timestamp() as "now!"
               from holdfast.receive($1, $2, $3, $4, $5)"#,
            self.run.claimed.claim,
            self.id(),
            signal,
            step,
            wait.map(interval) as _,
        )
        .fetch_one(self.pool())
        .await?;
        if wait.fenced { Err(Stop::Fenced) } else { Ok(wait) }
    }
}

fn read<T: DeserializeOwned>(signal: &str, text: &str) -> Outcome<T> {
    serde_json::from_str(text).map_err(|error| Stop::fail(format!("signal {signal} does not decode: {error}")))
}
