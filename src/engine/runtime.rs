//! A process that runs jobs.

use std::{sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use crate::{
    Client, Job, Tick,
    registry::{Kind, Registry},
    sabotage::{Point, Sabotage},
    schedule::{Crontab, CrontabError},
    session::{self, End, Setup},
};

/// Job types, a crontab and what they may use: run it, and it works until it is told to stop.
pub struct Engine<W> {
    world: W,
    client: Client,
    kinds: Vec<Kind<W>>,
    crontab: Crontab,
    sabotage: Sabotage,
    grace: Duration,
}

/// Why an engine could not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database refused.
    #[error("the job tables cannot be used")]
    Database(#[from] sqlx::Error),
    /// Two types of one name.
    #[error("two job types are called {0}: names are wire format and must differ")]
    Duplicate(&'static str),
}

impl<W: Clone + Send + Sync + 'static> Engine<W> {
    /// An engine without job types.
    #[must_use]
    pub fn new(client: Client, world: W) -> Self {
        Self {
            world,
            client,
            kinds: Vec::new(),
            crontab: Crontab::default(),
            sabotage: Sabotage::default(),
            grace: Duration::from_secs(20),
        }
    }

    /// Runs this type of job.
    #[must_use]
    pub fn job<J: Job<W>>(mut self) -> Self {
        self.kinds.push(Kind::of::<J>());
        self
    }

    /// Adds a crontab line: six or seven fields, in an IANA zone. The job's key must name the tick.
    pub fn schedule<J: Job<W> + Sync>(
        mut self,
        name: &str,
        expression: &str,
        zone: Tz,
        make: impl Fn(Tick) -> J + Send + Sync + 'static,
    ) -> Result<Self, CrontabError> {
        self.crontab.add(name, expression, zone, make)?;
        Ok(self)
    }

    /// For tests: makes attempts fail where `plan` (job name, attempt from 1, point) says so, as a crash there would.
    #[must_use]
    pub fn sabotage(mut self, plan: impl Fn(&'static str, u16, Point) -> bool + Send + Sync + 'static) -> Self {
        self.sabotage = Sabotage::new(plan);
        self
    }

    /// How long running jobs may take to end when the process stops; then they are given back, at no cost.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The names of all job types, in the order of their registration.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.kinds.iter().map(|kind| kind.name).collect()
    }

    /// Works until `shutdown`, then drains.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), EngineError> {
        let registry = Arc::new(register(&self.client, self.kinds).await?);
        let setup = Setup {
            world: self.world,
            client: self.client,
            registry,
            crontab: Arc::new(self.crontab),
            sabotage: self.sabotage,
            grace: self.grace,
        };
        loop {
            let ended = session::run(&setup, &shutdown).await;
            match ended {
                Ok(End::Drained) => return Ok(()),
                Ok(End::GivenUp) if shutdown.is_cancelled() => return Ok(()),
                Ok(End::GivenUp) => {}
                Err(error) => tracing::error!(%error, "no session, trying again"),
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
            }
        }
    }
}

async fn register<W: Clone + Send + Sync + 'static>(
    client: &Client,
    kinds: Vec<Kind<W>>,
) -> Result<Registry<W>, EngineError> {
    let names: Vec<String> = kinds.iter().map(|kind| kind.name.to_owned()).collect();
    let rows = sqlx::query!(r#"select id as "id!", name as "name!" from holdfast.register_kinds($1)"#, &names)
        .fetch_all(client.pool())
        .await?;
    let mut known = Vec::with_capacity(kinds.len());
    for kind in kinds {
        if known.iter().any(|(_, other): &(i16, Kind<W>)| other.name == kind.name) {
            return Err(EngineError::Duplicate(kind.name));
        }
        let row = rows.iter().find(|row| row.name == kind.name).ok_or(sqlx::Error::RowNotFound)?;
        known.push((row.id, kind));
    }
    Ok(Registry::new(known))
}
