//! U: what a key is, who holds it, and when it is forgotten.

use futures_util::future::join_all;

use crate::{
    house::{House, start},
    jobs::{Note, Obey, Order, keyed},
};

#[tokio::test]
async fn u07_a_key_is_its_bytes_and_the_payload_does_not_matter() {
    let house = House::new().await;
    house.register::<Note>().await;
    let ids = async |payload: &str, key: &str| -> i64 {
        sqlx::query_scalar("select id from holdfast.enqueue('note', $1::text::json, key => $2)")
            .bind(payload)
            .bind(key)
            .fetch_one(&house.pool)
            .await
            .unwrap()
    };
    let first = ids(r#"{"a":1,"b":2}"#, "k").await;
    for payload in [r#"{"b":2,"a":1}"#, r#"{"a":1.0,"b":2}"#, r#"{"a":7}"#, "{}"] {
        assert_eq!(ids(payload, "k").await, first, "{payload}");
    }
    let kept = house.texts("select payload::text from holdfast.job").await;
    assert_eq!(kept, [r#"{"a":1,"b":2}"#], "the first payload stays");
    // 1 and 1.0, é in one sign and in two, upper and lower case, with and without a blank.
    let mut all = vec![first];
    for key in ["1", "1.0", "caf\u{e9}", "cafe\u{301}", "K", "k "] {
        all.push(ids("{}", key).await);
    }
    // No key: no check.
    all.extend([ids("{}", "").await, ids("{}", "").await]);
    let many = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), many);
}

#[tokio::test]
async fn u08_a_key_that_a_newer_job_holds_stops_neither_rescue_nor_retry() {
    let house = House::new().await;
    for key in ["a", "b", "c"] {
        house.put(&keyed(&[Order::Error], key)).await;
    }
    house.claim_and_die().await;
    // As if by hand: a newer job took a key of one that was running.
    let newer = house.put(&keyed(&[], "newer")).await;
    sqlx::query("update holdfast.uniq set job = $1 where key = 'b'").bind(newer).execute(&house.pool).await.unwrap();
    house.run_sql("select holdfast.rescue('0 s', '0 s')").await;
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 4);
    let running = start(house.engine().job::<Obey>());
    house.until_ended(4).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 0").await, 4);
}

#[tokio::test]
async fn u09_a_retry_by_hand_of_a_job_whose_key_is_taken_is_refused_and_others_are_not() {
    let house = House::new().await;
    let running = start(house.engine().job::<Obey>());
    let old = house.put(&keyed(&[Order::Fail], "k")).await;
    let other = house.put(&keyed(&[Order::Fail], "free")).await;
    house.until_ended(2).await;
    let newer = house.put(&keyed(&[Order::Wait], "k")).await;
    let retry = async || -> Vec<(i64, String)> {
        sqlx::query_as("select job, result from holdfast.retry(array[$1, $2]::bigint[]) order by job")
            .bind(old)
            .bind(other)
            .fetch_all(&house.pool)
            .await
            .unwrap()
    };
    assert_eq!(retry().await, [(old, "key_taken".to_owned()), (other, "retried".to_owned())]);
    house.until_ended(2).await;
    // Who is run again holds the key again.
    house.world.note("go");
    house.until("select count(*) from holdfast.done where outcome = 0", 1).await;
    house.until("select count(*) from holdfast.done", 3).await;
    running.stop().await;
    assert_eq!(retry().await[0], (old, "retried".to_owned()));
    assert_eq!(house.put(&keyed(&[], "k")).await, old);
    assert_eq!(house.state(newer).await, "completed");
}

#[tokio::test]
async fn u10_a_message_that_is_delivered_ten_times_has_one_effect() {
    let house = House::new().await;
    house.register::<Note>().await;
    let message = Note::keyed("effect", "wamid.HBgL");
    let deliver = async || join_all((0..5).map(|_| house.client.enqueue_now(1, &message))).await;
    let before: Vec<_> = deliver().await.into_iter().map(Result::unwrap).collect();
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    let after: Vec<_> = deliver().await.into_iter().map(Result::unwrap).collect();
    running.stop().await;
    assert_eq!(before.iter().filter(|put| !put.duplicate).count(), 1);
    assert!(after.iter().all(|put| put.duplicate && put.id == before[0].id));
    assert_eq!(house.world.count("effect"), 1);
}

#[tokio::test]
async fn u11_keys_are_forgotten_some_at_a_time_without_a_look_at_history() {
    let house = House::new().await;
    house.register::<Note>().await;
    // 20,000 jobs that ended, 20,000 keys that live on, 12,000 keys that are over, three of them of jobs that are open.
    house
        .run_sql(
            "insert into holdfast.job (id, kind, tenant, root, payload)
               select holdfast.id_at(now()) + n, 1, 1, holdfast.id_at(now()) + n, '{}' from generate_series(1, 20000) n;
             insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 0, 1, 1, 1 from holdfast.job;
             insert into holdfast.uniq (tenant, kind, key, job, expires_at)
               select 1, 1, 'k' || n, holdfast.id_at(now()) + n, now() - interval '1 h' + n * interval '1 ms' from generate_series(1, 11997) n;
             insert into holdfast.uniq (tenant, kind, key, job, expires_at)
               select 1, 1, 'live' || n, 1, now() + interval '1 day' from generate_series(1, 20000) n;
             select holdfast.enqueue('note', '{}', key => 'open ' || n) from generate_series(1, 3) n;
             update holdfast.uniq set expires_at = now() - interval '1 day' where key like 'open%'",
        )
        .await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let (mut from, mut sizes) = (None::<chrono::DateTime<chrono::Utc>>, Vec::new());
    loop {
        let (removed, next): (i32, Option<_>) =
            sqlx::query_as("select removed, next from holdfast.sweep_keys($1, 5000)")
                .bind(from)
                .fetch_one(&mut *tx)
                .await
                .unwrap();
        sizes.push(removed);
        from = next;
        if from.is_none() {
            break;
        }
    }
    let (walked, fetched): (i64, i64) = sqlx::query_as(
        "select sum(seq_tup_read)::bigint, (sum(idx_tup_fetch) filter (where relname = 'uniq'))::bigint
         from pg_stat_xact_user_tables where schemaname = 'holdfast' and relname ~ '^(job|done|uniq)'",
    )
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sizes.iter().sum::<i32>(), 11_997);
    assert!(sizes.len() >= 3 && sizes.iter().all(|removed| *removed <= 5000), "{sizes:?}");
    assert_eq!(walked, 0, "rows read by walking over a table");
    assert!(fetched < 15_000, "{fetched} keys looked at");
    assert_eq!(house.number("select count(*) from holdfast.uniq where key like 'open%'").await, 3);
}
