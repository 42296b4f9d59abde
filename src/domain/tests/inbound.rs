//! Messages are recorded once.

use chrono::TimeDelta;
use tokio::task::JoinSet;

use super::support::{message, now, with_house};
use crate::inbound::{self, Changed, Recorded};
use crate::webhook::{self, Stored};
use crate::{burst, demo, outbound, turn};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_message_delivered_by_many_at_once_is_one_message() {
    with_house(async |house| {
        let mut deliveries = JoinSet::new();
        for _ in 0..20 {
            let house = house.clone();
            deliveries.spawn(async move { house.hear("393331234567", "wamid.1", "ciao").await });
        }
        let new = deliveries.join_all().await.into_iter().filter(|recorded| *recorded != Recorded::Duplicate).count();
        assert_eq!(new, 1);
        for table in
            ["select count(*) from message", "select count(*) from customer", "select count(*) from conversation"]
        {
            assert_eq!(house.count(table).await, 1, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_seen_before_is_known_by_its_digest() {
    with_house(async |house| {
        let mut conn = house.pool.acquire().await.unwrap();
        let first = webhook::store(&mut conn, b"{}", &[7; 32], now()).await.unwrap();
        let Stored::New(event) = first else { panic!("{first:?}") };
        assert_eq!(webhook::store(&mut conn, b"{}", &[7; 32], now()).await.unwrap(), Stored::AlreadySeen);
        for _ in 0..2 {
            webhook::quarantine(&mut conn, event, "999", "no such number", now()).await.unwrap();
        }
        assert_eq!(house.count("select count(*) from webhook_quarantine").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_time_in_the_future_is_pulled_back() {
    with_house(async |house| {
        let mut tx = house.tx().await;
        let mut early = message("393331234567", "wamid.1", "ciao");
        early.sent_at = now() + TimeDelta::days(300);
        inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &early, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            house.count("select extract(epoch from max(sent_at))::bigint from message").await,
            (now() + TimeDelta::minutes(5)).timestamp()
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_an_answer_to_a_reaction() {
    with_house(async |house| {
        let mut tx = house.tx().await;
        let mut thumb = message("393331234567", "wamid.1", "👍");
        thumb.kind = "reaction".to_owned();
        let recorded = inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &thumb, now()).await.unwrap();
        let Recorded::New { conversation, answerable: false, .. } = recorded else { panic!("{recorded:?}") };
        assert!(burst::gather(&mut tx, conversation, 1, now()).await.unwrap().messages.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_edit_counts_until_the_message_is_answered() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut tx = house.tx().await;
        let hello = "wamid.hello.393331234567";
        burst::gather(&mut tx, guest.conversation, 1, now()).await.unwrap();
        let changed = inbound::edit(&mut tx, demo::PHONE_NUMBER_ID, hello, "yoga alle 20", now()).await.unwrap();
        assert_eq!(changed, Changed::Reopened(guest.conversation));
        assert!(outbound::standing(&mut tx, guest.conversation, 1, now()).await.unwrap().overtaken);
        turn::finish(&mut tx, 1, turn::OVERTAKEN, &serde_json::json!([]), &turn::Spent::default(), now())
            .await
            .unwrap();
        let next = burst::gather(&mut tx, guest.conversation, 2, now()).await.unwrap();
        assert_eq!(next.messages[0].text.as_deref(), Some("yoga alle 20"));
        turn::finish(&mut tx, 2, "answered", &serde_json::json!([]), &turn::Spent::default(), now()).await.unwrap();
        let changed = inbound::edit(&mut tx, demo::PHONE_NUMBER_ID, hello, "alle 21", now()).await.unwrap();
        assert_eq!(changed, Changed::Answered(guest.conversation));
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_is_not_answered() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        house.hear("393331234567", "wamid.2", "yoga domani").await;
        let mut tx = house.tx().await;
        burst::gather(&mut tx, guest.conversation, 1, now()).await.unwrap();
        let changed = inbound::revoke(&mut tx, demo::PHONE_NUMBER_ID, "wamid.2", now()).await.unwrap();
        assert_eq!(changed, Changed::Reopened(guest.conversation));
        assert!(outbound::standing(&mut tx, guest.conversation, 1, now()).await.unwrap().overtaken);
        turn::finish(&mut tx, 1, turn::OVERTAKEN, &serde_json::json!([]), &turn::Spent::default(), now())
            .await
            .unwrap();
        let next = burst::gather(&mut tx, guest.conversation, 2, now()).await.unwrap();
        assert_eq!(next.messages.len(), 1);
        assert_eq!(inbound::revoke(&mut tx, demo::PHONE_NUMBER_ID, "wamid.9", now()).await.unwrap(), Changed::Unknown);
    })
    .await;
}
