//! What several modules ask of the database.

use std::time::Duration;

use engine::Job;
use sqlx::{AssertSqlSafe, PgConnection, postgres::PgListener};

use crate::house::{House, World};

impl House {
    pub async fn register<J: Job<World>>(&self) {
        self.client.register_kinds(&[J::NAME.to_owned()]).await.unwrap();
    }

    pub async fn run_sql(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool).await.unwrap();
    }

    /// The words of the error that this statement leads to.
    pub async fn refusal(&self, sql: &str) -> String {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool).await.unwrap_err().to_string()
    }

    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.unwrap()
    }

    /// The endings of a job's attempts that did not complete it, in their order.
    pub async fn endings(&self, job: i64) -> Vec<String> {
        sqlx::query_scalar("select ending from holdfast.attempt where id = $1 order by ended_at")
            .bind(job)
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }

    /// Claims all that is ready, in the name of a worker that never lived.
    pub async fn claim_and_die(&self) {
        self.run_sql(
            "with ghost as (insert into holdfast.worker (name, version) values ('ghost', '0') returning id)
             select holdfast.claim(ghost.id, k.ids, array_fill(500, array[cardinality(k.ids)]))
             from ghost, (select array_agg(id) as ids from holdfast.kind) k",
        )
        .await;
    }

    /// Waits until something in this process is so.
    pub async fn until_true(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
        while !holds() {
            assert!(tokio::time::Instant::now() < deadline, "not within 40 s: {what}; {:?}", self.world.diary());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Hears what workers hear.
    pub async fn listen(&self) -> PgListener {
        let mut listener = PgListener::connect_with(&self.pool).await.unwrap();
        listener.listen("holdfast").await.unwrap();
        listener
    }

    /// How many nudges came before now.
    pub async fn nudges(&self, listener: &mut PgListener) -> usize {
        self.run_sql("select pg_notify('holdfast', 'end of the test')").await;
        let mut heard = 0;
        while listener.recv().await.unwrap().payload() != "end of the test" {
            heard += 1;
        }
        heard
    }
}

/// Pages of 8 KiB that a statement looks at, with all that its functions do.
pub async fn pages(conn: &mut PgConnection, sql: &str) -> i64 {
    let plan: serde_json::Value =
        sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, buffers, format json) {sql}")))
            .fetch_one(conn)
            .await
            .unwrap();
    let plan = &plan[0]["Plan"];
    plan["Shared Hit Blocks"].as_i64().unwrap() + plan["Shared Read Blocks"].as_i64().unwrap()
}
