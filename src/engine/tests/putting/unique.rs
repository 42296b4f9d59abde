//! U: one key, one job.

use engine::Enqueued;
use futures_util::future::join_all;

use crate::{
    house::{House, start},
    jobs::{Note, Obey, Order, keyed},
};

#[tokio::test]
async fn u01_thirty_two_producers_of_one_key_make_one_job() {
    let house = House::new().await;
    house.register::<Note>().await;
    let puts = join_all((0..32).map(|n| {
        let house = &house;
        async move {
            if n % 2 == 0 {
                return house.client.enqueue_now(1, &Note::keyed("x", "same")).await.unwrap();
            }
            let sql = "select id, duplicate from holdfast.enqueue('note', '{}', tenant => 1, key => 'same')";
            let (id, duplicate) = sqlx::query_as(sql).fetch_one(&house.pool).await.unwrap();
            Enqueued { id, duplicate }
        }
    }))
    .await;
    assert_eq!(puts.iter().filter(|put| !put.duplicate).count(), 1);
    assert!(puts.iter().all(|put| put.id == puts[0].id), "{puts:?}");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 1);
}

#[tokio::test]
async fn u02_a_key_counts_for_its_tenant_and_kind() {
    let house = House::new().await;
    house.register::<Note>().await;
    house.register::<Obey>().await;
    let (note, other_kind) = (Note::keyed("x", "k"), keyed(&[], "k"));
    assert!(!house.client.enqueue_now(1, &note).await.unwrap().duplicate);
    assert!(!house.client.enqueue_now(2, &note).await.unwrap().duplicate);
    assert!(!house.client.enqueue_now(1, &other_kind).await.unwrap().duplicate);
    assert!(house.client.enqueue_now(2, &note).await.unwrap().duplicate);
    assert_eq!(house.number("select count(*) from holdfast.job").await, 3);
}

#[tokio::test]
async fn u03_a_key_without_a_time_is_free_as_soon_as_its_job_has_ended() {
    let house = House::new().await;
    let ends = [vec![], vec![Order::Cancel], vec![Order::Fail], vec![Order::Error; 3], vec![Order::Wait]];
    let jobs: Vec<_> = ends.into_iter().enumerate().map(|(n, orders)| keyed(&orders, &n.to_string())).collect();
    let mut first = Vec::new();
    for job in &jobs {
        first.push(house.put(job).await);
        assert_eq!(house.put(job).await, first[first.len() - 1], "held while it waits");
    }
    let running = start(house.engine().job::<Obey>());
    house.until_ended(4).await;
    assert_eq!(house.put(&jobs[4]).await, first[4], "held while it runs");
    house.world.note("go");
    house.until_ended(5).await;
    running.stop().await;
    for (job, first) in jobs.iter().zip(first) {
        assert_ne!(house.put(job).await, first, "free after its end");
    }
    let waiting = house.put(&jobs[0]).await;
    house.run_sql("select holdfast.cancel(array(select id from holdfast.ready), 'not wanted')").await;
    assert_ne!(house.put(&jobs[0]).await, waiting, "free after a cancellation by hand");
}

#[tokio::test]
async fn u04_a_key_outlives_its_pruned_job() {
    let house = House::new().await;
    let job = Note::keyed("x", "k");
    let first = house.put(&job).await;
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.put(&job).await, first);
    house.run_sql("delete from holdfast.job; delete from holdfast.done; delete from holdfast.attempt").await;
    assert_eq!(house.client.enqueue_now(1, &job).await.unwrap(), Enqueued { id: first, duplicate: true });
    // And then its time is over.
    house.run_sql("update holdfast.uniq set expires_at = clock_timestamp()").await;
    assert_ne!(house.put(&job).await, first);
}

#[tokio::test]
async fn u05_at_the_end_of_its_time_a_key_never_makes_two_jobs() {
    let house = House::new().await;
    house.put(&Note::keyed("x", "k")).await;
    for round in 1..=20 {
        house.run_sql("select holdfast.cancel(array(select id from holdfast.ready), 'over')").await;
        house.run_sql("update holdfast.uniq set expires_at = clock_timestamp() + interval '4 ms'").await;
        let puts = join_all((0..8_u64).map(|n| {
            let house = &house;
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(n)).await;
                house.client.enqueue_now(1, &Note::keyed("x", "k")).await.unwrap()
            }
        }))
        .await;
        let fresh = puts.iter().filter(|put| !put.duplicate).count();
        assert!(fresh <= 1, "round {round}: {puts:?}");
        assert!(house.number("select count(*) from holdfast.ready").await <= 1);
    }
    assert!(house.number("select count(*) from holdfast.job").await > 1, "no window ended");
}

/// There is no replacing in place, because an attempt may have read what would change. Cancel and put in anew, in one
/// transaction: the first part tells whether the job had started.
#[tokio::test]
async fn u06_a_waiting_job_can_be_replaced_and_a_running_one_is_never_changed() {
    let house = House::new().await;
    let replace = async |old: i64| -> Option<i64> {
        let mut tx = engine::begin(&house.pool).await.unwrap();
        let result: String = sqlx::query_scalar("select result from holdfast.cancel(array[$1::bigint], 'replaced')")
            .bind(old)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        if result != "cancelled" {
            tx.rollback().await.unwrap();
            return None;
        }
        let put = "select id from holdfast.enqueue('obey', '{\"orders\":[],\"key\":\"k\"}', tenant => 1, key => 'k', priority => -5,
                                                    unique_for => '0 s')";
        let id = sqlx::query_scalar(put).fetch_one(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        Some(id)
    };
    let first = house.put(&keyed(&[Order::Fail], "k")).await;
    let second = replace(first).await.unwrap();
    assert_ne!(second, first);
    let running = start(house.engine().job::<Obey>());
    house.until("select count(*) from holdfast.done where outcome = 0", 1).await;
    let third = house.put(&keyed(&[Order::Wait], "k")).await;
    house.until("select count(*) from holdfast.claim", 1).await;
    assert_eq!(replace(third).await, None, "it runs");
    house.world.note("go");
    house.until("select count(*) from holdfast.done where outcome = 0", 2).await;
    running.stop().await;
    assert_eq!([house.state(first).await, house.state(third).await], ["cancelled", "completed"]);
}
