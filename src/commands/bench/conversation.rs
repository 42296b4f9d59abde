//! w8: from a customer's message to the answer on their phone, through the whole house.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use adapters::Clock;
use anyhow::{Context, ensure};
use ops::{
    bench::{Meter, Report, Stage, Tell},
    simulate::Inbound,
};
use tokio::{task::JoinSet, time::sleep};

use super::{load::phone, rig::Rig};

/// Two steps of the model with one tool between them, on any day.
const WORDS: &str = "quali corsi ci sono domani?";
const WARM: usize = 50;
const ROUNDS: usize = 300;
const TURNS: usize = 2000;
/// Who posts at a time.
const POSTS: usize = 16;
const ANSWERED: &str = "select count(*) from turn where outcome = 'answered'";
const HOW: &str = "no debounce; the built-in assistant, which takes no time: 2 model steps and 1 tool a turn";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    tell(one_by_one(stage).await?);
    tell(together(stage).await?);
    Ok(())
}

/// Each turn ends before the next begins.
async fn one_by_one(stage: &Stage) -> anyhow::Result<Report> {
    let mut rig = Rig::open(stage, 0).await?.with_history().await?;
    rig.work();
    for customer in 0..WARM {
        turn(&rig, customer).await?;
    }
    rig.settle().await?;
    let meter = Meter::start(&rig.scene.pool).await?;
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        rounds.push(turn(&rig, round % WARM).await?);
    }
    let used = meter.stop().await?;
    let turns = WARM + ROUNDS;
    steps(&rig, turns).await?;
    rig.close().await?;
    let took = rounds.iter().sum();
    Ok(Report::rate("w8_single", ROUNDS, took, used, format!("one at a time, {HOW}")).timed(rounds))
}

/// From before the post until WhatsApp has the answer; waits for the end of the turn, too.
async fn turn(rig: &Rig, customer: usize) -> anyhow::Result<Duration> {
    let (phone, clock) = (phone(customer), Clock::system());
    let heard = rig.simulators.messages(Some(&phone)).len();
    let ended = rig.scene.number(ANSWERED).await?;
    let asked = clock.now();
    rig.simulators.inbound(Inbound::text(&phone, WORDS)?).await;
    let patience = Instant::now() + Duration::from_secs(30);
    let answer = loop {
        if let Some(answer) = rig.simulators.messages(Some(&phone)).into_iter().nth(heard) {
            break answer;
        }
        ensure!(Instant::now() < patience, "no answer within 30 seconds");
        sleep(Duration::from_millis(1)).await;
    };
    rig.scene.until(ANSWERED, ended + 1).await?;
    (answer.at - asked).to_std().context("the clock went back")
}

/// Everybody writes at once.
async fn together(stage: &Stage) -> anyhow::Result<Report> {
    let mut rig = Rig::open(stage, 0).await?.with_history().await?;
    rig.work();
    for customer in 0..WARM {
        turn(&rig, customer).await?;
    }
    rig.settle().await?;
    let meter = Meter::start(&rig.scene.pool).await?;
    let started = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let mut posts = JoinSet::new();
    for _ in 0..POSTS {
        let (next, simulators) = (next.clone(), rig.simulators.clone());
        posts.spawn(async move {
            loop {
                let customer = next.fetch_add(1, Ordering::Relaxed);
                if customer >= TURNS {
                    return anyhow::Ok(());
                }
                simulators.inbound(Inbound::text(&phone(WARM + customer), WORDS)?).await;
            }
        });
    }
    let all = i64::try_from(WARM + TURNS)?;
    let patience = Instant::now() + Duration::from_mins(3);
    while rig.scene.number(ANSWERED).await? < all {
        ensure!(Instant::now() < patience, "not all turns have ended within three minutes");
        sleep(Duration::from_millis(100)).await;
    }
    let took = started.elapsed();
    let used = meter.stop().await?;
    while let Some(posted) = posts.join_next().await {
        posted??;
    }
    steps(&rig, WARM + TURNS).await?;
    let sent = rig.simulators.stats();
    ensure!(sent.sent_twice.is_empty(), "sent twice: {:?}", sent.sent_twice);
    rig.close().await?;
    Ok(Report::rate("w8_sustained", TURNS, took, used, format!("{TURNS} customers write at once, {HOW}")))
}

/// The turns were what they are said to be.
async fn steps(rig: &Rig, turns: usize) -> anyhow::Result<()> {
    let turns = i64::try_from(turns)?;
    let thinks = "select count(*) from holdfast.job_state where kind = 'think'";
    let tools = "select count(*) from holdfast.job_state where kind in ('list_sessions', 'find_sessions')";
    let (thinks, tools) = (rig.scene.number(thinks).await?, rig.scene.number(tools).await?);
    ensure!((thinks, tools) == (2 * turns, turns), "{turns} turns took {thinks} model steps and {tools} tools");
    Ok(())
}
