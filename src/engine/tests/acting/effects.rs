//! Effects: the list, and those that somebody settles.

use engine::{
    Sight, effect,
    operate::{Verdict, settle_effect},
    overview::{EffectPage, EffectsFilter, effects},
};

use crate::{
    house::House,
    kit::{claim_all, connect, enqueue, execute, text},
};

const ARRIVED: Verdict<'static> = Verdict::Arrived { reference: Some("ref-1") };

#[tokio::test]
async fn unknown_effects_come_first_and_pages_follow_each_other() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned(), "other".to_owned()]).await.unwrap();
    for (n, state) in ["confirmed", "unknown", "sent", "planned", "unknown", "failed", "sent"].into_iter().enumerate() {
        let job = enqueue(&house, if n == 4 { "other" } else { "note" }, "").await;
        let sql = format!(
            "insert into holdfast.effect (key, job, state, sent_at) values ('{n}a', {job}, '{state}', now()), ('{n}b', {job}, '{state}', now())"
        );
        execute(&house, &sql).await;
    }
    let mut conn = connect(&house).await;
    let mut keys = Vec::new();
    let mut page = EffectPage { after: None, most: 3 };
    loop {
        let rows = effects(&mut conn, Sight::of(1), &EffectsFilter::default(), &page).await.unwrap();
        let Some(last) = rows.last() else { break };
        page.after = Some(last.place());
        keys.extend(rows.into_iter().map(|row| row.key));
    }
    assert_eq!(keys, ["4b", "4a", "1b", "1a", "6b", "6a", "2b", "2a", "5b", "5a", "3b", "3a", "0b", "0a"]);
    let all = EffectPage { after: None, most: 100 };
    let mut count = async |sight, state: Option<&str>, kind: Option<&str>| {
        let filter = EffectsFilter { state: state.map(str::to_owned), kind: kind.map(str::to_owned) };
        effects(&mut conn, sight, &filter, &all).await.unwrap().len()
    };
    assert_eq!(count(Sight::of(2), None, None).await, 0, "another tenant's");
    assert_eq!(count(Sight::HOUSE, Some("unknown"), None).await, 4);
    assert_eq!(count(Sight::HOUSE, None, Some("other")).await, 2);
    assert_eq!(count(Sight::HOUSE, Some("sent"), Some("other")).await, 0);
}

#[tokio::test]
async fn a_settled_effect_lets_its_job_run_now_and_counts_for_it() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let mut conn = connect(&house).await;
    for (verdict, then) in [
        (ARRIVED, effect::Begin::Confirmed { reference: Some("ref-1".to_owned()) }),
        (Verdict::NotArrived, effect::Begin::Send),
        (Verdict::Failed, effect::Begin::Failed { reason: "they said so".to_owned() }),
    ] {
        let job = enqueue(&house, "note", ", run_at => now() + interval '1 hour'").await;
        let key = format!("key {job}");
        effect::begin(&mut conn, &key, job).await.unwrap();
        effect::unknown(&mut conn, &key, "no answer").await.unwrap();
        assert_eq!(settle_effect(&mut conn, Sight::of(2), &key, verdict, "x").await.unwrap(), "unknown");
        assert_eq!(settle_effect(&mut conn, Sight::of(1), &key, verdict, "they said so").await.unwrap(), "settled");
        let due = format!("select run_at <= clock_timestamp() from holdfast.later where id = {job}");
        let due: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(due)).fetch_one(&house.pool).await.unwrap();
        assert!(due, "{verdict:?}");
        assert_eq!(settle_effect(&mut conn, Sight::of(1), &key, Verdict::Failed, "again").await.unwrap(), "not_open");
        assert_eq!(effect::begin(&mut conn, &key, job).await.unwrap(), then);
    }
    assert_eq!(settle_effect(&mut conn, Sight::HOUSE, "nothing", ARRIVED, "x").await.unwrap(), "unknown");
}

#[tokio::test]
async fn while_its_job_runs_only_an_arrival_is_certain() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let job = enqueue(&house, "note", "").await;
    claim_all(&house).await;
    let mut conn = connect(&house).await;
    effect::begin(&mut conn, "k", job).await.unwrap();
    for verdict in [Verdict::NotArrived, Verdict::Failed] {
        assert_eq!(settle_effect(&mut conn, Sight::HOUSE, "k", verdict, "x").await.unwrap(), "running");
    }
    assert_eq!(text(&mut conn, "select state from holdfast.effect").await.unwrap(), "sent");
    assert_eq!(settle_effect(&mut conn, Sight::HOUSE, "k", ARRIVED, "seen there").await.unwrap(), "settled");
    assert_eq!(
        text(&mut conn, "select state || ' ' || reference || ' ' || reason from holdfast.effect").await.unwrap(),
        "confirmed ref-1 seen there"
    );
}
