//! E: putting work in.

use engine::EnqueueError;

use crate::{
    house::{House, start},
    jobs::Note,
};

#[tokio::test]
async fn e01_a_job_exists_and_is_told_of_if_and_only_if_its_transaction_commits() {
    let house = House::new().await;
    house.register::<Note>().await;
    let mut listener = house.listen().await;
    let put_both = async |conn: &mut sqlx::PgConnection| {
        house.client.enqueue(conn, 1, &Note::new("rust")).await.unwrap();
        sqlx::query("select holdfast.enqueue('note', $1::text::json)")
            .bind(Note::json("sql"))
            .execute(conn)
            .await
            .unwrap();
    };
    let mut tx = engine::begin(&house.pool).await.unwrap();
    put_both(&mut tx).await;
    tx.rollback().await.unwrap();
    assert_eq!(house.nudges(&mut listener).await, 0);
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);

    let mut tx = engine::begin(&house.pool).await.unwrap();
    put_both(&mut tx).await;
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 0, "seen before the commit");
    house.client.commit(tx).await.unwrap();
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 2);
    assert!(house.nudges(&mut listener).await >= 1);
}

#[tokio::test]
async fn e02_many_are_put_in_all_or_none_and_the_bad_one_is_named() {
    let house = House::new().await;
    house.register::<Note>().await;
    let batch = |size: usize| (0..size).map(|n| Note::new(n.to_string())).collect::<Vec<_>>();
    for size in [1, 1000, 20_000] {
        let mut tx = engine::begin(&house.pool).await.unwrap();
        let put = house.client.enqueue_all(&mut tx, 1, &batch(size)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(put.len(), size);
        assert!(put.is_sorted_by(|one, next| one.id < next.id), "in their order");
    }
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 21_001);

    let mut bad = batch(1000);
    bad[777].key = "a\0b".to_owned();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let error = house.client.enqueue_all(&mut tx, 1, &bad).await.unwrap_err();
    let EnqueueError::OfBatch { index: 777, source } = error else { panic!("{error}") };
    assert!(matches!(*source, EnqueueError::Field { field: "key", .. }), "{source}");
    tx.commit().await.unwrap();
    let words = house
        .refusal(
            "select holdfast.enqueue('note', '{}', lane => case n when 7 then E'bad\\n' end) from generate_series(1, 9) n",
        )
        .await;
    assert!(words.contains("lane of kind \"note\" contains a control character"), "{words}");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 21_001);
}

#[tokio::test]
async fn e03_an_empty_batch_does_nothing() {
    let house = House::new().await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let put = house.client.enqueue_all(&mut tx, 1, &Vec::<Note>::new()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(put.is_empty());
}

#[tokio::test]
async fn e04_an_unknown_kind_is_refused_and_the_transaction_goes_on() {
    let house = House::new().await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let error = house.client.enqueue(&mut tx, 1, &Note::new("x")).await.unwrap_err();
    assert!(matches!(error, EnqueueError::UnknownKind { kind: "note" }), "{error}");
    sqlx::query("create table other_work ()").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let words = house.refusal("select holdfast.enqueue('ntoe', '{}')").await;
    assert!(words.contains("kind \"ntoe\" is not known"), "{words}");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);
}

#[tokio::test]
async fn e05_a_job_whose_transaction_commits_late_is_not_passed_over() {
    let house = House::new().await;
    house.register::<Note>().await;
    // Claims this slow make the fetcher remember how far it has come.
    house
        .run_sql(
            "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.02); return new; end $$;
             create trigger slow before insert on holdfast.claim for each row execute function slow()",
        )
        .await;
    let running = start(house.engine().job::<Note>());
    for round in 1..=3 {
        let mut early = engine::begin(&house.pool).await.unwrap();
        house.client.enqueue(&mut early, 1, &Note::new("early")).await.unwrap();
        for _ in 0..5 {
            house.put(&Note::new("later")).await;
        }
        house.until_ended(round * 6 - 1).await;
        assert_eq!(house.world.count("early"), usize::try_from(round).unwrap() - 1);
        house.client.commit(early).await.unwrap();
        house.until_ended(round * 6).await;
    }
    running.stop().await;
    assert_eq!(house.world.count("early"), 3);
}
