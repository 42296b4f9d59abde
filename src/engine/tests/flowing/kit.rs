//! Processes that die, and looks at what is left.

use std::time::Duration;

use engine::{Client, Engine};
use serde::de::DeserializeOwned;
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::house::{House, World};

/// An engine on a runtime and connections of its own, as another process has them.
pub struct Doomed(Option<Runtime>);

impl Doomed {
    pub fn start(house: &House, build: impl FnOnce(Engine<World>) -> Engine<World> + Send + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (options, mut world) = ((*house.pool.connect_options()).clone(), house.world.clone());
        runtime.spawn(async move {
            let pool = PgPoolOptions::new().max_connections(10).connect_lazy_with(options);
            // What handlers use dies, too.
            world.pool = pool.clone();
            let engine = build(Engine::new(Client::new(pool), world));
            engine.run(CancellationToken::new()).await.unwrap();
        });
        Self(Some(runtime))
    }

    /// Everything stops where it is; connections close. Returns when others have been told that it is dead.
    pub async fn kill(mut self, house: &House) {
        self.0.take().unwrap().shutdown_background();
        tokio::time::sleep(Duration::from_millis(50)).await;
        bury(&house.pool).await;
    }
}

impl Drop for Doomed {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// What others would do some seconds later.
async fn bury(pool: &PgPool) {
    sqlx::query("update holdfast.worker set beat_at = clock_timestamp() - interval '1 minute'")
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("select holdfast.rescue('8 s', '2 s')").execute(pool).await.unwrap();
}

impl House {
    pub async fn output<T: DeserializeOwned>(&self, job: i64) -> T {
        let text: String = sqlx::query_scalar("select output::text from holdfast.done where id = $1")
            .bind(job)
            .fetch_one(&self.pool)
            .await
            .unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    pub async fn error(&self, job: i64) -> String {
        self.output::<serde_json::Value>(job).await["error"].as_str().unwrap_or_default().to_owned()
    }

    pub async fn until_note(&self, text: &str, times: usize) {
        let seen = async {
            while self.world.count(text) < times {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let seen = tokio::time::timeout(Duration::from_secs(40), seen).await;
        assert!(seen.is_ok(), "not within 40 s: {text}; {:?}", self.world.diary());
    }

    pub async fn until_state(&self, job: i64, state: &str) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
        loop {
            let now = self.state(job).await;
            if now == state {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{job} is {now} instead of {state}; {:?}",
                self.world.diary()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What became of each.
    pub async fn cancel(&self, jobs: &[i64]) -> Vec<String> {
        let mut conn = self.pool.acquire().await.unwrap();
        let acted = engine::operate::cancel(&mut conn, jobs, "not wanted").await.unwrap();
        acted.into_iter().map(|acted| acted.result).collect()
    }

    pub async fn signal(&self, job: i64, name: &str, id: &str) {
        let mut tx = engine::begin(&self.pool).await.unwrap();
        self.client.signal(&mut tx, 1, job, name, id, &id).await.unwrap().unwrap();
        self.client.commit(tx).await.unwrap();
    }

    /// How many attempts ended like this.
    pub async fn attempts(&self, job: i64, ending: &str) -> i64 {
        sqlx::query_scalar("select count(*) from holdfast.attempt where id = $1 and ending = $2")
            .bind(job)
            .bind(ending)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}
