//! Jobs of these tests, and one in each state.

use std::{collections::BTreeMap, time::Duration};

use engine::{Breaker, Cx, Engine, Job, Limit, Outcome, Policy, Stop, operate::Acted};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::house::{House, World};

/// Notes its text, if it is a good one.
#[derive(Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    pub times: u16,
}

impl Job<World> for Note {
    const NAME: &'static str = "note";
    const FORMER_NAMES: &'static [&'static str] = &["memo"];
    const POLICY: Policy = Policy {
        attempts: 1,
        limits: &[Limit::running("notes", 7), Limit::rate("pace", 1000, Duration::from_mins(1))],
        breaker: Some(Breaker::new("printer")),
        ..Policy::DEFAULT
    };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        match self.text.as_str() {
            "bad" => Err(Stop::fail(format!("page {} of \"{}\" is bad", self.times, cx.id()))),
            "nap" if cx.world.count("nap") == 0 => {
                cx.world.note("nap");
                Err(Stop::snooze(Duration::from_hours(1), "tired"))
            }
            "own" => {
                let tx = engine::begin(&cx.world.pool).await?;
                cx.finish(tx, self.text).await
            }
            text => {
                cx.world.note(text);
                Ok(self.text)
            }
        }
    }
}

/// Two notes, one after the other.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    pub texts: [String; 2],
}

impl Job<World> for Letter {
    const NAME: &'static str = "letter";
    const POLICY: Policy = Policy { attempts: 1, ..Policy::WORKFLOW };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let [first, second] = self.texts;
        cx.step("first", Note { text: first, times: 1 }).await?;
        cx.step("second", Note { text: second, times: 2 }).await?;
        Ok(())
    }
}

pub fn engine(house: &House) -> Engine<World> {
    house.engine().job::<Note>().job::<Letter>()
}

pub fn note(text: &str) -> Note {
    Note { text: text.to_owned(), times: 3 }
}

pub fn letter(first: &str, second: &str) -> Letter {
    Letter { texts: [first.to_owned(), second.to_owned()] }
}

pub async fn connect(house: &House) -> PgConnection {
    house.pool.acquire().await.unwrap().detach()
}

pub async fn execute(house: &House, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&house.pool).await.unwrap();
}

pub async fn text(conn: &mut PgConnection, sql: &str) -> Option<String> {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(conn).await.unwrap()
}

/// Puts a note in, with further arguments of `holdfast.enqueue`.
pub async fn enqueue(house: &House, kind: &str, more: &str) -> i64 {
    let sql = format!(r#"select id from holdfast.enqueue('{kind}', '{{"text":"x","times":1}}', 1{more})"#);
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&house.pool).await.unwrap()
}

/// A worker that never comes back takes all that it may.
pub async fn claim_all(house: &House) {
    execute(
        house,
        "with ghost as (insert into holdfast.worker (name, version) values ('ghost', '0') returning id)
         select holdfast.claim(ghost.id, k.ids, array_fill(10, array[cardinality(k.ids)]), k.ids)
         from ghost, (select array_agg(id) as ids from holdfast.kind) k",
    )
    .await;
}

async fn end(house: &House, outcome: i16) -> i64 {
    let job = enqueue(house, "note", ", run_at => now() + interval '1 hour'").await;
    let sql = format!(
        r#"insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
             select id, now(), {outcome}, 1, kind, tenant, '{{"error":"it broke"}}' from holdfast.later where id = {job};
           delete from holdfast.later where id = {job}"#
    );
    execute(house, &sql).await;
    job
}

/// The states that a job may be in; each has one job of tenant 1.
pub async fn one_in_each_state(house: &House) -> BTreeMap<&'static str, i64> {
    house.client.register_kinds(&["note".to_owned(), "other".to_owned()]).await.unwrap();
    let mut jobs = BTreeMap::new();
    jobs.insert("running", enqueue(house, "note", ", lane => 'l'").await);
    jobs.insert("blocked", enqueue(house, "note", ", lane => 'l'").await);
    execute(house, "select holdfast.pause('other', null, 'closed', 'ops')").await;
    jobs.insert("held", enqueue(house, "other", "").await);
    claim_all(house).await;
    jobs.insert("ready", enqueue(house, "note", "").await);
    for state in ["scheduled", "retrying", "waiting"] {
        jobs.insert(state, enqueue(house, "note", ", run_at => now() + interval '1 hour'").await);
    }
    execute(house, &format!("update holdfast.later set attempts = 1 where id = {}", jobs["retrying"])).await;
    execute(house, &format!("update holdfast.later set wakeable = true where id = {}", jobs["waiting"])).await;
    for (outcome, state) in [(0, "completed"), (1, "dead"), (2, "cancelled")] {
        jobs.insert(state, end(house, outcome).await);
    }
    for (state, job) in &jobs {
        assert_eq!(house.state(*job).await, *state);
    }
    jobs
}

/// What became of the job of each state, as `state result`, in the order of the states.
pub fn told(jobs: &BTreeMap<&'static str, i64>, acted: &[Acted]) -> Vec<String> {
    assert_eq!(jobs.len(), acted.len());
    let result = |job| &acted.iter().find(|acted| acted.job == job).unwrap().result;
    jobs.iter().map(|(state, job)| format!("{state} {}", result(*job))).collect()
}
