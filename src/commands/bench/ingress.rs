//! w9: how many webhooks are taken, each durable before it is answered.

use std::time::{Duration, Instant};

use adapters::Clock;
use anyhow::ensure;
use ops::{
    bench::{Meter, Report, Stage, Tell},
    simulate::Inbound,
};

use super::{
    load::{Load, phone},
    rig::Rig,
};

const FLOOD: usize = 20_000;
const PACED: usize = 10_000;
/// A second: a thousand of them.
const PACE: Duration = Duration::from_millis(1);
const REGULARS: usize = 500;
const FLOODING: usize = 64;
/// Enough that none waits for another's answer.
const PACING: usize = 256;

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    tell(flood(stage).await?);
    tell(paced(stage).await?);
    Ok(())
}

/// Nobody works: all of the machine is for the door, the database and who posts.
async fn flood(stage: &Stage) -> anyhow::Result<Report> {
    let rig = Rig::open(stage, 700).await?;
    customers(&rig, FLOOD).await?;
    rig.scene.settle().await?;
    let load = Load::write("flood", FLOOD, FLOOD, Clock::system().now().timestamp())?;
    let meter = Meter::start(&rig.scene.pool).await?;
    let started = Instant::now();
    let rounds = load.post(rig.door, FLOODING, None).await?;
    let (took, used) = (started.elapsed(), meter.stop().await?);
    durable(&rig, FLOOD).await?;
    rig.close().await?;
    let notes =
        format!("{FLOODING} connections; every message of another known customer; the sender's CPU is ours, too");
    Ok(Report::rate("w9_flood", FLOOD, took, used, notes).timed(rounds))
}

/// A thousand a second by 500 customers who never stop, and the house answers them meanwhile.
async fn paced(stage: &Stage) -> anyhow::Result<Report> {
    let mut rig = Rig::open(stage, 700).await?.with_history().await?;
    rig.work();
    // Whoever never wrote cannot be answered.
    for customer in 0..REGULARS {
        rig.simulators.inbound(Inbound::text(&phone(customer), "ciao")?.named("Ada")).await;
    }
    rig.scene.until("select count(distinct conversation_id) from turn where outcome is not null", 500).await?;
    rig.settle().await?;
    let answered = "select count(*) from turn where outcome is not null";
    let before = rig.scene.number(answered).await?;
    let load = Load::write("paced", PACED, REGULARS, Clock::system().now().timestamp())?;
    let meter = Meter::start(&rig.scene.pool).await?;
    let started = Instant::now();
    let rounds = load.post(rig.door, PACING, Some(PACE)).await?;
    let (took, used) = (started.elapsed(), meter.stop().await?);
    let turns = rig.scene.number(answered).await? - before;
    rig.close().await?;
    let notes = format!("1,000 a second were offered by {REGULARS} customers; {turns} turns ended meanwhile");
    Ok(Report::rate("w9_paced", PACED, took, used, notes).timed(rounds))
}

/// People who wrote before.
async fn customers(rig: &Rig, count: usize) -> anyhow::Result<()> {
    let phones: Vec<String> = (0..count).map(phone).collect();
    sqlx::query(
        "with known as (insert into customer (tenant_id, phone, name) select $1, p, 'Ada' from unnest($2::text[]) p returning id)
         insert into conversation (tenant_id, phone_number_id, customer_id) select $1, $3, id from known",
    )
    .bind(rig.tenant)
    .bind(phones)
    .bind(domain::demo::PHONE_NUMBER_ID)
    .execute(&rig.scene.pool)
    .await?;
    Ok(())
}

/// What was answered 200 is all there: the bytes, the messages, and the work.
async fn durable(rig: &Rig, count: usize) -> anyhow::Result<()> {
    for table in [
        "select count(*) from webhook_event",
        "select count(*) from message",
        "select count(*) from holdfast.job_state where kind = 'answer_message'",
    ] {
        let found = rig.scene.number(table).await?;
        ensure!(usize::try_from(found)? == count, "{count} webhooks were taken, and {table} tells {found}");
    }
    Ok(())
}
