//! What the cases of this group share.

use std::{collections::HashMap, time::Duration};

use engine::{Backoff, Job};
use sqlx::PgPool;

use crate::house::{House, World};

pub const QUICK: Backoff = Backoff::exponential(Duration::from_millis(20), Duration::from_millis(100));

/// Enqueues all of them in one transaction.
pub async fn put_all<J: Job<World>>(house: &House, tenant: i64, jobs: &[J]) -> Vec<i64> {
    house.client.register_kinds(&[J::NAME.to_owned()]).await.unwrap();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let put = house.client.enqueue_all(&mut tx, tenant, jobs).await.unwrap();
    house.client.commit(tx).await.unwrap();
    put.into_iter().map(|put| put.id).collect()
}

pub async fn execute(house: &House, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&house.pool).await.unwrap();
}

pub async fn texts(house: &House, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(&house.pool).await.unwrap()
}

/// Claims so many of each kind, past their gates, as a worker that never comes back.
pub async fn ghost(house: &House, each: i32) {
    let claim = "with ghost as (insert into holdfast.worker (name, version) values ('ghost', '0') returning id)
                 select holdfast.claim(ghost.id, k.ids, array_fill($1::integer, array[cardinality(k.ids)]), k.ids)
                 from ghost, (select array_agg(id) as ids from holdfast.kind) k";
    sqlx::query(claim).bind(each).execute(&house.pool).await.unwrap();
}

/// Named switches that jobs look at.
pub async fn switches(house: &House) {
    execute(house, "create table switch (name text primary key)").await;
}

pub async fn on(house: &House, name: &str) {
    sqlx::query("insert into switch values ($1) on conflict do nothing").bind(name).execute(&house.pool).await.unwrap();
}

pub async fn off(house: &House, name: &str) {
    sqlx::query("delete from switch where name = $1").bind(name).execute(&house.pool).await.unwrap();
}

pub async fn is_on(pool: &PgPool, name: &str) -> bool {
    sqlx::query_scalar("select exists (select from switch where name = $1)").bind(name).fetch_one(pool).await.unwrap()
}

pub async fn until_on(pool: &PgPool, name: &str) {
    while !is_on(pool, name).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Of the diary's lines `+what` and `-what`: the most that went on at one time, for each and for all.
pub fn most_at_once(diary: &[String]) -> (usize, HashMap<String, usize>) {
    let (mut all, mut most_of_all) = (0, 0);
    let (mut each, mut most_of_each): (HashMap<&str, usize>, HashMap<String, usize>) = Default::default();
    for line in diary {
        let (sign, what) = line.split_at(1);
        let going = each.entry(what).or_default();
        if sign == "+" {
            (all, *going) = (all + 1, *going + 1);
        } else {
            (all, *going) = (all - 1, *going - 1);
        }
        most_of_all = most_of_all.max(all);
        let most = most_of_each.entry(what.to_owned()).or_default();
        *most = (*most).max(*going);
    }
    (most_of_all, most_of_each)
}

/// The most of these moments (in milliseconds, ascending) that any half-open window of this length holds.
pub fn most_in_window(moments: &[f64], length: f64) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (at, moment) in moments.iter().enumerate() {
        while moment - moments[first] >= length {
            first += 1;
        }
        most = most.max(at - first + 1);
    }
    most
}

/// Logs whatever passes a gate with a rate; [`passed`] reads it.
pub async fn log_gates(house: &House) {
    execute(
        house,
        "create table passed (at timestamptz);
         create function log_passed() returns trigger language plpgsql as $$
         begin insert into passed values (new.filled_at); return new; end $$;
         create trigger log_passed after update on holdfast.gate for each row execute function log_passed();",
    )
    .await;
}

/// When starts passed the gates, in milliseconds.
pub async fn passed(house: &House) -> Vec<f64> {
    let at = "select (extract(epoch from at) * 1000)::double precision from passed order by at";
    sqlx::query_scalar(at).fetch_all(&house.pool).await.unwrap()
}
