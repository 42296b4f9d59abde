//! One life of a worker: from its registration to its drain, or to the moment when it has been given up for dead.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use apalis::prelude::WorkerBuilder;
use sqlx::PgPool;
use tokio::{
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Client, EngineError,
    backend::{Fed, Fetched},
    breakers::{self, Breakers},
    cancels::Cancels,
    client::{Host, interval},
    fetcher, gauges, lifeline,
    link::Link,
    maintenance,
    offers::Arrivals,
    registry::Registry,
    retention::{self, Retention},
    runner,
    sabotage::Sabotage,
    schedule::Crontab,
    settle::Settler,
    starter::{self, Starter},
    tally::{self, Tally},
    waiters::{self, Waiters},
};

/// How old a claim is that this worker should know of by now.
const DISOWN: Duration = Duration::from_secs(5);

/// What the parts of one session share.
pub(crate) struct Core<W> {
    pub world: W,
    pub client: Client,
    pub registry: Arc<Registry<W>>,
    pub waiters: Arc<Waiters>,
    pub settler: Settler,
    pub starter: Starter,
    pub dispatcher: Dispatcher,
    pub arrivals: Arrivals,
    pub breakers: Arc<Breakers>,
    pub cancels: Arc<Cancels>,
    pub tally: Arc<Tally>,
    pub worker: i64,
    pub sabotage: Sabotage,
    /// Nothing new starts; what waits is laid aside.
    pub draining: CancellationToken,
    /// What still runs is given back.
    pub stopped: CancellationToken,
}

/// Why a session ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Asked to.
    Drained,
    /// Others have taken our jobs over; a new session is needed.
    GivenUp,
}

/// What every session of an engine is made of.
pub(crate) struct Setup<W> {
    pub world: W,
    pub client: Client,
    pub registry: Arc<Registry<W>>,
    pub crontab: Arc<Crontab>,
    pub sabotage: Sabotage,
    pub grace: Duration,
    pub retention: Retention,
}

/// What runs jobs, with the task that writes their ends, and the steps that it is asked for.
pub(crate) fn assemble<W: Clone + Send + Sync + 'static>(
    setup: &Setup<W>,
    worker: i64,
    draining: CancellationToken,
    link: fn(&PgPool) -> Link,
) -> (Arc<Core<W>>, JoinHandle<()>, starter::Requests) {
    let waiters = Arc::new(Waiters::default());
    let (settler, writer) = Settler::start(&setup.client, link(setup.client.pool()), worker, waiters.clone());
    let (starter, requests) = Starter::new();
    let core = Arc::new(Core {
        world: setup.world.clone(),
        client: setup.client.clone(),
        registry: setup.registry.clone(),
        waiters,
        settler,
        starter,
        dispatcher: Dispatcher::default(),
        arrivals: Arrivals::default(),
        breakers: Arc::default(),
        cancels: Arc::default(),
        tally: Arc::default(),
        worker,
        sabotage: setup.sabotage.clone(),
        draining,
        stopped: CancellationToken::new(),
    });
    (core, writer, requests)
}

/// Runs until `shutdown`; then finishes what runs, within the grace.
pub(crate) async fn run<W: Clone + Send + Sync + 'static>(
    setup: &Setup<W>,
    shutdown: &CancellationToken,
) -> Result<End, EngineError> {
    let Setup { client, grace, .. } = setup;
    let pool: PgPool = client.pool().clone();
    let kinds: Vec<i16> = setup.registry.iter().map(|(id, _)| id).collect();
    let lifeline = lifeline::Lifeline::register(&pool, &kinds).await?;
    let worker = lifeline.worker;
    let (core, writer, requests) = assemble(setup, worker, shutdown.child_token(), Link::own);
    let host: Weak<dyn Host> = Arc::downgrade(&core) as Weak<Core<W>>;
    core.settler.set_host(host.clone());
    client.set_host(host);
    let health = Arc::<lifeline::Health>::default();
    let mut housekeeping = JoinSet::new();
    housekeeping.spawn(breakers::run(core.breakers.clone(), core.client.clone()));
    housekeeping.spawn(maintenance::run(core.client.clone(), health.clone()));
    housekeeping.spawn(gauges::run(core.client.clone()));
    housekeeping.spawn(retention::run(core.client.clone(), setup.retention));
    housekeeping.spawn(setup.crontab.clone().run(core.client.clone()));
    housekeeping.spawn(disown(Arc::downgrade(&core)));
    housekeeping.spawn(waiters::look_around(core.waiters.clone(), pool.clone()));
    let (given_up, ending) = (CancellationToken::new(), CancellationToken::new());
    let signs = lifeline::Signs {
        draining: core.draining.clone(),
        given_up: given_up.clone(),
        ending: ending.clone(),
        cancels: core.cancels.clone(),
        health,
    };
    let tallying = tokio::spawn(tally::run(core.tally.clone(), pool.clone(), worker, ending.clone()));
    let beating = tokio::spawn(lifeline.beat(core.client.clone(), signs));
    let starting = tokio::spawn(starter::run(Arc::downgrade(&core), requests, Link::own(&pool)));
    let mut workers = start_workers(&core);
    if let Err(error) = core.cancels.refresh(&pool).await {
        tracing::debug!(%error, "what is to be cancelled is looked up with the next beat");
    }
    tracing::info!(worker, kinds = core.registry.iter().count(), "worker started");

    fetcher::run(core.clone()).await;
    core.dispatcher.close();
    tokio::select! {
        () = join_all(&mut workers) => {}
        () = given_up.cancelled() => core.stopped.cancel(),
        () = tokio::time::sleep(*grace) => core.stopped.cancel(),
    }
    join_all(&mut workers).await;
    drop(core);
    // Requests end with the last workflow.
    starting.abort();
    // The writer ends when the last sender is gone; a database that stays away must not hold the process.
    if tokio::time::timeout(*grace, writer).await.is_err() {
        tracing::warn!(worker, "some completions were not written; their jobs run again");
    }
    ending.cancel();
    housekeeping.shutdown().await;
    if tallying.await.is_err() {
        tracing::warn!(worker, "what was counted last is not written");
    }
    match beating.await {
        Ok(lifeline) if !given_up.is_cancelled() => {
            lifeline.unregister(&pool).await;
            Ok(End::Drained)
        }
        _ => Ok(End::GivenUp),
    }
}

impl<W: Clone + Send + Sync + 'static> Host for Core<W> {
    fn reserve(&self, kind: i16) -> Option<i64> {
        let known = self.registry.get(kind)?;
        // Who has to pass a gate, passes it at a claim.
        (!known.policy.is_gated() && !self.draining.is_cancelled() && known.try_slot()).then_some(self.worker)
    }

    fn release(&self, kind: i16) {
        self.registry.free_slot(kind);
    }

    fn track(&self, claim: i64, jobs: usize) {
        self.settler.track(claim, jobs);
    }

    fn accept(self: Arc<Self>, job: Fetched) {
        if !self.arrivals.note(job.0.claim) {
            return;
        }
        if let Some(kind) = self.registry.get(job.0.kind) {
            kind.take_slot();
        }
        self.track(job.0.claim, 1);
        self.begin(vec![job]);
    }

    fn begin(self: Arc<Self>, jobs: Vec<Fetched>) {
        for job in jobs {
            let claimed = job.0.clone();
            if !self.dispatcher.send(job) {
                let core = self.clone();
                tokio::spawn(async move { runner::give_back(&core, claimed).await });
            }
        }
    }
}

/// Gives back claims whose answer never reached us, as long as the session lasts.
async fn disown<W>(core: Weak<Core<W>>) {
    loop {
        tokio::time::sleep(DISOWN).await;
        let Some(core) = core.upgrade() else { return };
        let known = core.settler.known();
        let given = sqlx::query_scalar!(
            r#"select holdfast.disown($1, $2, $3) as "given!""#,
            core.worker,
            &known,
            interval(DISOWN)
        )
        .fetch_one(core.client.pool())
        .await;
        match given {
            Ok(0) => {}
            Ok(jobs) => {
                tracing::warn!(jobs, "claims that got lost on their way run again");
                core.client.wake();
            }
            Err(error) => tracing::warn!(%error, "lost claims are not looked for"),
        }
    }
}

/// The ways to the apalis workers, until the session drains; without them the workers end.
#[derive(Default)]
pub(crate) struct Dispatcher(Mutex<HashMap<i16, mpsc::UnboundedSender<Fetched>>>);

impl Dispatcher {
    /// Hands a job to the worker of its type. False: the drain has begun, and the job is still the caller's.
    pub fn send(&self, job: Fetched) -> bool {
        let senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        senders.get(&job.0.kind).is_some_and(|sender| sender.send(job).is_ok())
    }

    fn open(&self, kind: i16, sender: mpsc::UnboundedSender<Fetched>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, sender);
    }

    fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// One apalis worker for each job type.
fn start_workers<W: Clone + Send + Sync + 'static>(core: &Arc<Core<W>>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    for (id, kind) in core.registry.iter() {
        let (sender, jobs) = mpsc::unbounded_channel();
        core.dispatcher.open(id, sender);
        let (name, core) = (kind.name, core.clone());
        let worker = WorkerBuilder::new(format!("{name}-{}", core.worker)).backend(Fed::new(jobs)).build(
            move |fetched: Fetched| {
                let core = core.clone();
                async move { runner::run(core, fetched).await }
            },
        );
        workers.spawn(async move {
            if let Err(error) = worker.run().await {
                tracing::error!(kind = name, %error, "an apalis worker ended with an error");
            }
        });
    }
    workers
}

async fn join_all(workers: &mut JoinSet<()>) {
    while workers.join_next().await.is_some() {}
}
