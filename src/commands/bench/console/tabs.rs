//! Fifty people who leave a page open, while little happens and nobody works.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::ensure;
use ops::bench::{Meter, Report};
use sqlx::PgConnection;
use tokio::{
    sync::mpsc::{self, UnboundedSender},
    task::JoinSet,
    time::interval,
};

use super::browser::{Browser, Events, jobs, sign_in};
use crate::commands::bench::rig::Rig;

const TABS: usize = 50;
/// Looks at each page before it is left open.
const WARM: u32 = 8;
/// Longer than PostgreSQL keeps what a connection has counted to itself.
const SETTLE: Duration = Duration::from_secs(12);
const WATCHED: u32 = 60;
/// What PostgreSQL has counted here. A statement by itself is a transaction; one that is prepared anew each time is two.
const TRANSACTIONS: &str =
    "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()";
/// One job that waits for a worker.
const TRICKLE: &str =
    "select id from holdfast.enqueue('hand_over', '{\"conversation\": 1, \"reason\": \"bench\"}', $1)";

pub(super) async fn run(rig: &Rig) -> anyhow::Result<Report> {
    let pages = pages(rig).await?;
    let (told, mut refreshes) = mpsc::unbounded_channel();
    let mut tabs = JoinSet::new();
    for (number, page) in pages.into_iter().enumerate() {
        let token = sign_in(&rig.scene.pool, &format!("tab{number}")).await?;
        tabs.spawn(Tab::open(rig.door, token, page).await?.stay(told.clone()));
    }
    let watched = watch(rig).await?;
    let mut rounds = Vec::new();
    while let Ok((began, took)) = refreshes.try_recv() {
        rounds.extend((began >= watched.began).then_some(took));
    }
    // Tabs end only when something is wrong.
    if let Some(ended) = tabs.try_join_next() {
        ended??;
    }
    tabs.shutdown().await;
    let notes = format!(
        "statements for {TABS} tabs on as many pages, each of another account; a job a second came in; {} refreshes, whose times these are",
        rounds.len()
    );
    Ok(Report::rate("w11_tabs", watched.statements, watched.took, watched.used, notes).timed(rounds))
}

/// A page that somebody has left open.
struct Tab {
    door: SocketAddr,
    token: String,
    page: String,
    events: Events,
}

impl Tab {
    async fn open(door: SocketAddr, token: String, page: String) -> anyhow::Result<Self> {
        let mut browser = Browser::open(door, &token).await?;
        // As after a long day: whichever connection asks has asked the same before.
        for _ in 0..WARM {
            let shown = browser.get(&page, false).await?;
            ensure!(shown.contains("data-live="), "{page} does not look again by itself: {shown}");
        }
        let events = Browser::open(door, &token).await?.watch(&page).await?;
        Ok(Self { door, token, page, events })
    }

    /// Looks again whenever it is told to, and tells when that was and how long it took.
    async fn stay(mut self, told: UnboundedSender<(Instant, Duration)>) -> anyhow::Result<()> {
        loop {
            self.events.refreshed().await?;
            let began = Instant::now();
            // The house has closed the connection of the look before, which was long ago.
            Browser::open(self.door, &self.token).await?.get(&self.page, true).await?;
            told.send((began, began.elapsed()))?;
        }
    }
}

struct Watched {
    began: Instant,
    took: Duration,
    statements: usize,
    used: ops::bench::Used,
}

/// Counts what the database did, but for what is done here.
async fn watch(rig: &Rig) -> anyhow::Result<Watched> {
    let mut conn = rig.scene.pool.acquire().await?;
    let mut second = interval(Duration::from_secs(1));
    for _ in 0..SETTLE.as_secs() {
        second.tick().await;
        trickle(&mut conn, rig).await?;
    }
    // The statement is prepared now, not when it counts.
    sqlx::query_scalar::<_, i64>(TRANSACTIONS).fetch_one(&mut *conn).await?;
    let meter = Meter::start(&rig.scene.pool).await?;
    let before: i64 = sqlx::query_scalar(TRANSACTIONS).fetch_one(&mut *conn).await?;
    let began = Instant::now();
    for _ in 0..WATCHED {
        second.tick().await;
        trickle(&mut conn, rig).await?;
    }
    let after: i64 = sqlx::query_scalar(TRANSACTIONS).fetch_one(&mut *conn).await?;
    let took = began.elapsed();
    // The trickle's, and the first of the two looks.
    let statements = usize::try_from((after - before - i64::from(WATCHED) - 1).max(0))?;
    Ok(Watched { began, took, statements, used: meter.stop().await? })
}

async fn trickle(conn: &mut PgConnection, rig: &Rig) -> anyhow::Result<()> {
    sqlx::query(TRICKLE).bind(rig.tenant).execute(conn).await?;
    Ok(())
}

/// Fifty pages of all sorts that look again by themselves.
async fn pages(rig: &Rig) -> anyhow::Result<Vec<String>> {
    let lists = [
        "",
        "state:ready",
        "state:running",
        "state:scheduled",
        "state:blocked",
        "state:held",
        "state:waiting",
        "state:retrying",
        "state:dead",
        "state:completed",
        "state:cancelled",
        "kind:answer_message",
        "kind:think",
        "kind:send_reply",
        "kind:find_sessions",
        "kind:gather_burst",
        "kind:export_customer",
        "kind:pay_back",
        "kind:think state:dead",
        "kind:send_reply state:dead",
        "error:\"charge_already_refunded\"",
        "error:\"connection reset\"",
        "tenant:1",
        "tenant:2",
        "tenant:2 state:dead",
        "age:<1h",
        "since:2d kind:think",
        "key:\"1:17\"",
        "booking:17",
        "phone:393600134623",
        "message:wamid.HBgMOUT0000000017AA==",
        "conversation:17",
        "attempt:>1",
    ];
    let screens = [
        "/ops",
        "/ops/queues",
        "/ops/queues/think",
        "/ops/queues/send_reply",
        "/ops/queues/hand_over",
        "/ops/dead",
        "/ops/dead?kind=think",
        "/ops/effects",
        "/ops/bulk",
    ];
    let open = [waiting(rig).await?, running(rig).await?].concat();
    let lists = lists.iter().map(|query| jobs(query));
    let screens = screens.iter().map(|path| (*path).to_owned());
    let open = open.iter().map(|job| format!("/ops/jobs/{job}"));
    let pages: Vec<String> = lists.chain(screens).chain(open).collect();
    ensure!(pages.len() == TABS, "{} pages instead of {TABS}", pages.len());
    Ok(pages)
}

/// Jobs of tomorrow.
async fn waiting(rig: &Rig) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select e.id from generate_series(1, 5) n, lateral holdfast.enqueue('answer_message', json_build_object('tenant', $1, 'conversation', n), $1,
           lane => 'conversation:' || n, run_at => now() + interval '1 day') e",
    )
    .bind(rig.tenant)
    .fetch_all(&rig.scene.pool)
    .await
}

/// Jobs that a worker has begun, of which nothing more is heard.
async fn running(rig: &Rig) -> sqlx::Result<Vec<i64>> {
    let pool = &rig.scene.pool;
    let jobs: Vec<i64> = sqlx::query_scalar(
        "select e.id from generate_series(1, 3) n, lateral holdfast.enqueue('think', json_build_object('number', n), $1) e",
    )
    .bind(rig.tenant)
    .fetch_all(pool)
    .await?;
    sqlx::query(
        "with begun as (delete from holdfast.ready where id = any($1) returning id),
              worker as (insert into holdfast.worker (name, version) values ('bench', '0') returning id)
         insert into holdfast.claim (worker, ids, attempts, losses)
         select w.id, array_agg(b.id), array_agg(0::smallint), array_agg(0::smallint) from worker w, begun b group by w.id",
    )
    .bind(&jobs)
    .execute(pool)
    .await?;
    Ok(jobs)
}
