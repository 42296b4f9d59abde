//! w10: how many bookings are made, and how it scales with connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use adapters::Clock;
use anyhow::ensure;
use chrono::{DateTime, Utc};
use domain::{
    CustomerId, SessionId, TenantId,
    booking::{self, Via, Wish},
    tenant,
};
use ops::bench::{Meter, Report, Scene, Stage, Tell};
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::postgres::pool;

/// Who asks at one time.
const CONNECTIONS: [u32; 4] = [1, 4, 16, 64];
const REQUESTS: usize = 5000;
const SESSIONS: usize = 100;
const PLACES: usize = 10;

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    for connections in CONNECTIONS {
        tell(rush(stage, connections).await?);
    }
    Ok(())
}

/// Everybody wants a place; one in five gets it.
async fn rush(stage: &Stage, connections: u32) -> anyhow::Result<Report> {
    let scene = stage.fresh().await?;
    let desk = Arc::new(Desk::open(&scene, connections).await?);
    scene.settle().await?;
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..connections {
        asking.spawn(desk.clone().ask());
    }
    let (mut booked, mut rounds) = (0, Vec::with_capacity(REQUESTS));
    while let Some(asked) = asking.join_next().await {
        let (places, took) = asked??;
        booked += places;
        rounds.extend(took);
    }
    let (took, used) = (started.elapsed(), meter.stop().await?);
    desk.judge(&scene, booked).await?;
    desk.pool.close().await;
    scene.close().await?;
    let notes =
        format!("{connections} at a time; {booked} bookings, {SESSIONS} sessions of {PLACES} full to the last place");
    Ok(Report::rate(&format!("w10_{connections}"), REQUESTS, took, used, notes).timed(rounds))
}

/// The demo studio with empty sessions and people who want places.
struct Desk {
    pool: PgPool,
    tenant: TenantId,
    sessions: Vec<SessionId>,
    people: Vec<CustomerId>,
    next: AtomicUsize,
    now: DateTime<Utc>,
}

impl Desk {
    async fn open(scene: &Scene, connections: u32) -> anyhow::Result<Self> {
        let pool = pool::open(scene.options.clone(), connections).await?;
        let now = Clock::system().now();
        let tenant = domain::demo::seed(&pool, now).await?;
        let people = sqlx::query_scalar(
            "insert into customer (tenant_id, phone) select $1, (393330000000 + n)::text from generate_series(1, $2) n returning id",
        )
        .bind(tenant)
        .bind(i64::try_from(REQUESTS)?)
        .fetch_all(&scene.pool)
        .await?;
        let sessions = sqlx::query_scalar(
            "insert into session (tenant_id, service_id, location_id, starts_at, ends_at, capacity, price_minor, currency)
             select s.tenant_id, s.service_id, s.location_id, $2 + n * interval '2 hours', $2 + n * interval '2 hours' + interval '1 hour', $4, 1500, 'EUR'
             from (select * from session where tenant_id = $1 and price_minor < 2000 order by id limit 1) s, generate_series(1, $3) n returning id",
        )
        .bind(tenant)
        .bind(now + chrono::TimeDelta::days(40))
        .bind(i32::try_from(SESSIONS)?)
        .bind(i32::try_from(PLACES)?)
        .fetch_all(&scene.pool)
        .await?;
        Ok(Self { pool, tenant, sessions, people, next: AtomicUsize::new(0), now })
    }

    /// Asks for one place after the other, as customers, staff and programs do; how many were got, and how long each took.
    async fn ask(self: Arc<Self>) -> anyhow::Result<(usize, Vec<Duration>)> {
        let (mut booked, mut rounds) = (0, Vec::new());
        loop {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(customer) = self.people.get(n) else { return Ok((booked, rounds)) };
            let via = [Via::Customer, Via::Staff, Via::Api][n % 3];
            let session = self.sessions[n % SESSIONS];
            let wish = Wish { session, customer: *customer, places: 1, via, told: None, proposal: None };
            let began = Instant::now();
            let mut tx = tenant::begin(&self.pool, self.tenant).await?;
            let booking = booking::book(&mut tx, &wish, self.now).await?;
            tx.commit().await?;
            rounds.push(began.elapsed());
            booked += usize::from(booking.place.is_ok());
        }
    }

    async fn judge(&self, scene: &Scene, booked: usize) -> anyhow::Result<()> {
        let full = "select count(*) from session s where capacity = 10 and booked = 10 and
                    (select sum(x.places) from seat x where x.session_id = s.id and x.state = 'booked') = 10";
        let (full, seats) =
            (scene.number(full).await?, scene.number("select count(*) from seat where state <> 'cancelled'").await?);
        let places = i64::try_from(SESSIONS * PLACES)?;
        ensure!(
            (full, seats, i64::try_from(booked)?) == (i64::try_from(SESSIONS)?, places, places),
            "{booked} were told that they are booked; {seats} seats, {full} full sessions"
        );
        Ok(())
    }
}
