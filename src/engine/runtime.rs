//! A process that runs jobs.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use crate::{
    Checks, Client, Job, Schedule, Tick, policy,
    registry::{Kind, Registry},
    retention::Retention,
    sabotage::{Point, Sabotage},
    schedule::{Crontab, CrontabError},
    session::{self, End, Setup},
};

/// The version of the functions in the database that this binary calls (`holdfast.protocol`).
const PROTOCOL: i32 = 6;

/// Job types, a crontab and what they may use: run it, and it works until it is told to stop.
pub struct Engine<W> {
    world: W,
    client: Client,
    kinds: Vec<Kind<W>>,
    crontab: Crontab,
    sabotage: Sabotage,
    grace: Duration,
    retention: Retention,
}

/// Why an engine could not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database refused.
    #[error("the job tables cannot be used")]
    Database(#[from] sqlx::Error),
    /// The database is of another version than this binary.
    #[error(
        "the job tables speak protocol {found}, this binary {PROTOCOL}: run the release that fits, or `holdfast migrate` if the database is the older one"
    )]
    Protocol {
        /// What the database says.
        found: i32,
    },
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
            retention: Retention::default(),
        }
    }

    /// Runs this type of job.
    #[must_use]
    pub fn job<J: Job<W>>(mut self) -> Self {
        self.kinds.push(Kind::of::<J>());
        self
    }

    /// Adds a crontab line, read in an IANA zone ([`crate::schedule::Timing::parse`] tells the fields): each tick becomes
    /// one job, under a key that names the line and the tick. Of what was missed, the latest tick is made up for.
    pub fn schedule<J: Job<W> + Sync>(
        self,
        name: &str,
        expression: &str,
        zone: Tz,
        make: impl Fn(Tick) -> J + Send + Sync + 'static,
    ) -> Result<Self, CrontabError> {
        self.schedule_with(Schedule::new(name, expression, zone), make)
    }

    /// Adds a crontab line with policies of its own.
    pub fn schedule_with<J: Job<W> + Sync>(
        mut self,
        schedule: Schedule,
        make: impl Fn(Tick) -> J + Send + Sync + 'static,
    ) -> Result<Self, CrontabError> {
        self.crontab.add(schedule, make)?;
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

    /// How long jobs are kept after their end (90 days unless told otherwise), with all that belongs to them; what
    /// something open depends on stays. Whole weeks go at once, so that a job stays up to a week longer, unless less
    /// than a week is asked for.
    #[must_use]
    pub fn keep(mut self, completed: Duration) -> Self {
        self.retention = Retention { completed, failed: completed };
        self
    }

    /// How long dead and cancelled jobs are kept, where that is longer than [`Engine::keep`]. Call it after that.
    #[must_use]
    pub fn keep_failed(mut self, failed: Duration) -> Self {
        self.retention.failed = failed.max(self.retention.completed);
        self
    }

    /// The names of all job types, in the order of their registration.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.kinds.iter().map(|kind| kind.name).collect()
    }

    /// What its job types read and how they are treated, for those who look at jobs without running them.
    #[must_use]
    pub fn checks(&self) -> Checks {
        Checks::new(self.kinds.iter().map(|kind| kind.facts.clone()))
    }

    /// Works until `shutdown`, then drains.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), EngineError> {
        let setup = self.prepare().await?;
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

    /// Makes its job types known to the database.
    pub(crate) async fn prepare(self) -> Result<Setup<W>, EngineError> {
        let registry = Arc::new(register(&self.client, self.kinds).await?);
        Ok(Setup {
            world: self.world,
            client: self.client,
            registry,
            crontab: Arc::new(self.crontab),
            sabotage: self.sabotage,
            grace: self.grace,
            retention: self.retention,
        })
    }
}

async fn register<W: Clone + Send + Sync + 'static>(
    client: &Client,
    kinds: Vec<Kind<W>>,
) -> Result<Registry<W>, EngineError> {
    let found = sqlx::query_scalar!(r#"select holdfast.protocol() as "protocol!""#).fetch_one(client.pool()).await?;
    if found != PROTOCOL {
        return Err(EngineError::Protocol { found });
    }
    let kinds: Vec<Arc<Kind<W>>> = kinds.into_iter().map(Arc::new).collect();
    let names: Vec<String> = kinds
        .iter()
        .flat_map(|kind| kind.former_names.iter().chain([&kind.name]))
        .map(|name| (*name).to_owned())
        .collect();
    let rows = sqlx::query!(r#"select id as "id!", name as "name!" from holdfast.register_kinds($1)"#, &names)
        .fetch_all(client.pool())
        .await?;
    let declared = policy::declaration(kinds.iter().map(|kind| (kind.name, &kind.policy)));
    sqlx::query!("select from holdfast.declare($1::text::json)", declared.to_string()).execute(client.pool()).await?;
    let mut known: HashMap<i16, Arc<Kind<W>>> = HashMap::new();
    let mut current = HashMap::new();
    for kind in kinds {
        for name in kind.former_names.iter().chain([&kind.name]) {
            let row = rows.iter().find(|row| row.name == *name).ok_or(sqlx::Error::RowNotFound)?;
            if known.insert(row.id, kind.clone()).is_some() {
                return Err(EngineError::Duplicate(name));
            }
            if *name == kind.name {
                current.insert(kind.name, row.id);
            }
        }
    }
    Ok(Registry::new(known, current))
}
