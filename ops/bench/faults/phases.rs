//! One scenario from its empty server to its verdict.

use std::{fmt::Write, time::Duration};

use engine::Client;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{Instant, sleep};

use super::{
    Options, Outcome,
    fleet::Fleet,
    inject::{Target, inject},
    jobs,
    outside::Outside,
    producer::{Producer, Put},
    scenario::Scenario,
    scratch::Scratch,
    server::Server,
    verdict::{Course, Span, judge, progress},
};

const DATABASE: &str = "faults";
/// No progress for so long: what is missing will not come.
const STALLED: Duration = Duration::from_mins(1);
/// A second effect may come late.
const STRAGGLERS: Duration = Duration::from_secs(3);

pub(super) async fn run(scenario: Scenario, options: &Options, migrator: &Migrator) -> anyhow::Result<Outcome> {
    let scratch = Scratch::new()?;
    let server = Server::start(scenario, &scratch).await?;
    let database = create(&server, migrator).await?;
    let observer =
        PgPoolOptions::new().max_connections(2).connect_with(database.clone().disable_statement_logging()).await?;
    let clock = Clock::read(&observer).await?;
    let mut fleet = Fleet::start(database.clone(), &scratch)?;
    let producer = Producer::start(database.clone(), options.rate);

    let lengths = scenario.lengths(options.quick);
    sleep(lengths.warm_up).await;
    let baseline = Instant::now();
    sleep(lengths.baseline).await;
    let fault = Instant::now();
    let target = Target { server: &server, fleet: &mut fleet, database: &database, producer: &producer };
    let over = inject(scenario, target, lengths.fault).await?;
    let recovery = Instant::now();
    sleep(lengths.recovery).await;
    let end = Instant::now();

    let Put { jobs, refused, ambiguous } = producer.stop().await?;
    settle(&observer, jobs).await?;
    let deserters = fleet.deserters();
    let outside = Outside::open(fleet.outside())?;
    let drained = fleet.stop().await;
    let course = Course {
        baseline: Span(clock.at(baseline), clock.at(fault)),
        fault: Span(clock.at(fault), clock.at(recovery)),
        recovery: Span(clock.at(recovery), clock.at(end)),
        over: clock.at(over.at),
        behind: over.behind,
        jobs,
    };
    let mut outcome = judge(scenario, &observer, &outside, &course).await?;
    outcome.deserters = deserters;
    outcome.notes = format!(
        "{}; {refused} batches were refused or got no answer, {ambiguous} of them had gone in; {drained} workers ended when asked",
        over.said
    );
    if outcome.broken()
        && let Some(log) = scratch.keep_log(scenario.name())
    {
        write!(outcome.notes, "; what the workers said is in {}", log.display())?;
    }
    observer.close().await;
    Ok(outcome)
}

async fn create(server: &Server, migrator: &Migrator) -> anyhow::Result<PgConnectOptions> {
    let mut admin = server.options().connect().await?;
    admin.execute(AssertSqlSafe(format!("create database {DATABASE}"))).await?;
    let options = server.options().database(DATABASE).options([("search_path", "public")]);
    let pool = PgPoolOptions::new().max_connections(2).connect_with(options.clone()).await?;
    migrator.run(&pool).await?;
    pool.execute(jobs::TABLE).await?;
    Client::new(pool.clone()).register_kinds(&jobs::NAMES.map(str::to_owned)).await?;
    pool.close().await;
    Ok(options)
}

/// Waits until everything has had its effect, or nothing goes on any more; then a little more.
async fn settle(observer: &PgPool, jobs: i64) -> anyhow::Result<()> {
    let (mut seen, mut changed) = (-1, Instant::now());
    while changed.elapsed() < STALLED {
        let (effects, wanted) = progress(observer, jobs).await?;
        if effects >= wanted {
            break;
        }
        if effects > seen {
            (seen, changed) = (effects, Instant::now());
        }
        sleep(Duration::from_millis(250)).await;
    }
    sleep(STRAGGLERS).await;
    Ok(())
}

/// The database's time of a moment here: seconds since 1970. Read once, since the database may be away later.
struct Clock {
    read: Instant,
    epoch: f64,
}

impl Clock {
    async fn read(pool: &PgPool) -> anyhow::Result<Self> {
        let epoch = sqlx::query_scalar("select extract(epoch from clock_timestamp())::float8").fetch_one(pool).await?;
        Ok(Self { read: Instant::now(), epoch })
    }

    fn at(&self, moment: Instant) -> f64 {
        self.epoch + moment.duration_since(self.read).as_secs_f64()
    }
}
