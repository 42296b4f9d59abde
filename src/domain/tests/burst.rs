//! A turn takes up what waits, once.

use chrono::TimeDelta;
use serde_json::json;

use super::support::{House, message, now, with_house};
use crate::inbound::{self, Recorded};
use crate::{Language, burst, conversation, customer, demo, outbound, turn};

const PHONE: &str = "393331234567";

async fn hear_at(house: &House, wamid: &str, seconds_ago: i64) {
    let mut tx = house.tx().await;
    let mut late = message(PHONE, wamid, wamid);
    late.sent_at = now() - TimeDelta::seconds(seconds_ago);
    inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &late, now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn messages_come_in_the_order_they_were_written() {
    with_house(async |house| {
        for (wamid, seconds_ago) in [("second", 20), ("third", 10), ("first", 30)] {
            hear_at(&house, wamid, seconds_ago).await;
        }
        let mut tx = house.tx().await;
        let Recorded::New { conversation, .. } =
            inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &message(PHONE, "fourth", "fourth"), now()).await.unwrap()
        else {
            panic!("a duplicate")
        };
        let gathered = burst::gather(&mut tx, conversation, 1, now()).await.unwrap();
        let order: Vec<_> = gathered.messages.iter().map(|message| message.wamid.as_str()).collect();
        assert_eq!(order, ["first", "second", "third", "fourth"]);
        assert_eq!(gathered.last_wamid.as_deref(), Some("fourth"));
        assert_eq!(gathered.zone, chrono_tz::Europe::Rome);
    })
    .await;
}

#[tokio::test]
async fn gathering_twice_is_gathering_once() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        let mut tx = house.tx().await;
        let first = burst::gather(&mut tx, guest.conversation, 1, now()).await.unwrap();
        assert!(!outbound::standing(&mut tx, guest.conversation, 1, now()).await.unwrap().overtaken);
        tx.commit().await.unwrap();
        hear_at(&house, "wamid.2", 1).await;
        let mut tx = house.tx().await;
        let again = burst::gather(&mut tx, guest.conversation, 1, now()).await.unwrap();
        assert_eq!((first.messages.len(), again.messages.len()), (1, 1));
        assert!(outbound::standing(&mut tx, guest.conversation, 1, now()).await.unwrap().overtaken);
    })
    .await;
}

#[tokio::test]
async fn an_overtaken_turn_leaves_its_messages_to_the_next() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        let mut tx = house.tx().await;
        burst::gather(&mut tx, guest.conversation, 1, now()).await.unwrap();
        tx.commit().await.unwrap();
        hear_at(&house, "wamid.2", 1).await;
        let mut tx = house.tx().await;
        for _ in 0..2 {
            turn::finish(&mut tx, 1, turn::OVERTAKEN, &json!(["dropped"]), &turn::Spent::default(), now())
                .await
                .unwrap();
        }
        let next = burst::gather(&mut tx, guest.conversation, 2, now()).await.unwrap();
        assert_eq!(next.messages.len(), 2);
        turn::finish(&mut tx, 1, turn::OVERTAKEN, &json!(["dropped"]), &turn::Spent::default(), now()).await.unwrap();
        assert!(
            !outbound::standing(&mut tx, guest.conversation, 2, now()).await.unwrap().overtaken,
            "ending twice releases once"
        );
        turn::finish(&mut tx, 2, "answered", &json!(["said"]), &turn::Spent::default(), now()).await.unwrap();
        assert!(burst::gather(&mut tx, guest.conversation, 3, now()).await.unwrap().messages.is_empty());
        assert_eq!(turn::history(&mut tx, guest.conversation, 10).await.unwrap(), [json!(["said"])]);
    })
    .await;
}

#[tokio::test]
async fn the_language_is_the_customers_once_it_is_known() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        let mut tx = house.tx().await;
        assert_eq!(conversation::meet(&mut tx, guest.conversation).await.unwrap().language, Language::It);
        customer::speaks(&mut tx, guest.customer, Language::En).await.unwrap();
        let gathered = burst::gather(&mut tx, guest.conversation, 1, now()).await.unwrap();
        assert_eq!(gathered.language, Language::En);
    })
    .await;
}
