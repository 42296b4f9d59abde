//! X: what is committed with a completion, and what a job leaves behind.

use engine::{Client, Cx, Job, Outcome, Point, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Note, QUICK},
};

/// An effect in the database, a follow-up, and the completion: one transaction.
#[derive(Serialize, Deserialize)]
struct Deposit {
    n: u32,
}

impl Job<World> for Deposit {
    const NAME: &'static str = "deposit";
    const POLICY: Policy = Policy { attempts: 10, backoff: QUICK, concurrency: 15, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut tx = engine::begin(&cx.world.pool).await?;
        sqlx::query("insert into deposit (job) values ($1)").bind(cx.id()).execute(&mut *tx).await?;
        let client = Client::new(cx.world.pool.clone());
        client.enqueue(&mut tx, 1, &Note::new("follow-up")).await?;
        if cx.attempt() == 3 && self.n.is_multiple_of(2) {
            sqlx::query("select pg_terminate_backend(pg_backend_pid())").execute(&mut *tx).await?;
        }
        cx.finish(tx, ()).await
    }
}

/// So many deposits, all cut off before their commits.
async fn cut_off_deposits(jobs: u32) -> House {
    let house = House::new().await;
    house.run_sql("create table deposit (job bigint)").await;
    house.register::<Note>().await;
    for n in 0..jobs {
        house.put(&Deposit { n }).await;
    }
    let running = start(
        house.engine().job::<Deposit>().sabotage(|_, attempt, point| point == Point::BeforeCommit && attempt <= 2),
    );
    house.until_ended(jobs.into()).await;
    running.stop().await;
    house
}

/// 750 cuts (the case says 1,000): 600 right before the commit, 150 of the connection.
#[tokio::test]
async fn x07_effect_and_completion_are_committed_together_or_not_at_all() {
    let house = cut_off_deposits(300).await;
    assert_eq!(house.number("select count(*) from deposit").await, 300);
    assert_eq!(house.number("select count(distinct job) from deposit").await, 300);
    assert_eq!(
        house.number("select count(*) from deposit e join holdfast.done d on d.id = e.job and d.xmin = e.xmin").await,
        300
    );
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 750);
}

#[tokio::test]
async fn x08_follow_up_jobs_appear_with_the_completion() {
    let house = cut_off_deposits(60).await;
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 60);
    let together = "select count(distinct r.id) from holdfast.ready r join holdfast.done d on d.xmin = r.xmin";
    assert_eq!(house.number(together).await, 60);
}

/// Says more than a row can keep, or not.
#[derive(Serialize, Deserialize)]
struct Verbose {
    output: usize,
}

impl Job<World> for Verbose {
    const NAME: &'static str = "verbose";
    const POLICY: Policy = Policy { attempts: 5, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, _: Cx<World>) -> Outcome<String> {
        Ok("x".repeat(self.output))
    }
}

#[tokio::test]
async fn x09_an_output_is_kept_whole_or_refused() {
    let house = House::new().await;
    let fits = house.put(&Verbose { output: (1 << 20) - 2 }).await;
    let does_not = house.put(&Verbose { output: (1 << 20) - 1 }).await;
    let running = start(house.engine().job::<Verbose>());
    house.until_ended(2).await;
    running.stop().await;
    assert_eq!([house.state(fits).await, house.state(does_not).await], ["completed", "dead"]);
    assert_eq!(
        house.number("select octet_length(output::text)::bigint from holdfast.done where outcome = 0").await,
        1 << 20
    );
    let errors = house.texts("select error from holdfast.attempt").await;
    assert_eq!(
        errors,
        ["the output has 1048577 bytes, and at most 1048576 are kept: keep it elsewhere and return its id"]
    );
}

/// Says how far it is.
#[derive(Serialize, Deserialize)]
struct Import {}

impl Job<World> for Import {
    const NAME: &'static str = "import";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let done: Option<u32> = cx.progress().await?;
        cx.world.note(format!("begins at {done:?}"));
        if done.is_none() {
            cx.heartbeat(&3_u32).await?;
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn x10_progress_survives_the_worker() {
    let house = House::new().await;
    house.put(&Import {}).await;
    let running = start(house.engine().job::<Import>());
    house.until("select count(*) from holdfast.progress", 1).await;
    house
        .run_sql(
            "update holdfast.worker set beat_at = clock_timestamp() - interval '1 minute';
             select holdfast.rescue('8 s', '2 s')",
        )
        .await;
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.world.diary(), ["begins at None", "begins at Some(3)"]);
}
