//! R9: a job that kills its process. The processes are real: this test binary again, as a worker.

use std::time::{Duration, Instant};

use engine::{Client, Cx, Engine, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// Tells a worker where its database is.
const DATABASE: &str = "HOLDFAST_TEST_POISON_DATABASE";

#[derive(Serialize, Deserialize)]
struct Drink {
    poison: bool,
}

impl Job<PgPool> for Drink {
    const NAME: &'static str = "drink";
    /// All of them at one time: who runs beside the poison loses its worker, too.
    const POLICY: Policy = Policy { losses: 5, concurrency: 16, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, _: Cx<PgPool>) -> Outcome<()> {
        if self.poison {
            std::process::abort();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(())
    }
}

#[tokio::test]
#[ignore = "a worker process of r09"]
async fn worker() {
    #[expect(clippy::disallowed_methods, reason = "the test that starts this process says so")]
    let database = std::env::var(DATABASE).unwrap();
    let pool = PgPool::connect(&database).await.unwrap();
    Engine::new(Client::new(pool.clone()), pool).job::<Drink>().run(CancellationToken::new()).await.unwrap();
}

fn start_worker(database: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "poison::worker", "--ignored"])
        .env(DATABASE, database)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn r09_a_job_that_kills_its_process_is_parked_and_those_beside_it_are_not() {
    let house = House::new().await;
    let options = house.pool.connect_options();
    let database = format!(
        "postgres://{}@{}:{}/{}",
        options.get_username(),
        options.get_host(),
        options.get_port(),
        options.get_database().unwrap()
    );
    house.client.register_kinds(&["drink".to_owned()]).await.unwrap();
    let jobs: Vec<_> = (0..16).map(|n| Drink { poison: n == 8 }).collect();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue_all::<PgPool, _>(&mut tx, 1, &jobs).await.unwrap();
    house.client.commit(tx).await.unwrap();
    let (mut deaths, deadline) = (0, Instant::now() + Duration::from_secs(100));
    let mut worker = start_worker(&database);
    while house.number("select count(*) from holdfast.done").await < 16 {
        assert!(Instant::now() < deadline, "{deaths} workers died");
        if let Ok(Some(_)) = worker.try_wait() {
            deaths += 1;
            worker = start_worker(&database);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(deaths, 5);
    let dead =
        house.texts("select state || ' ' || payload::text from holdfast.job_state where state <> 'completed'").await;
    assert_eq!(dead, [r#"dead {"poison":true}"#]);
    worker.kill().await.unwrap();
}
