//! Statuses come late, twice and in any order.

use chrono::TimeDelta;
use serde_json::json;

use super::support::{Guest, House, now, with_house};
use crate::delivery::{self, Applied, State, Status};
use crate::outbound::{self, Content};
use crate::{MessageId, demo};

async fn planned(house: &House, guest: Guest, seq: i32) -> MessageId {
    let mut tx = house.tx().await;
    let message = outbound::plan(&mut tx, guest.conversation, 1, seq, &Content::text("ciao"), now()).await.unwrap();
    tx.commit().await.unwrap();
    message.id
}

fn status(wamid: &str, status: &str, callback: Option<MessageId>) -> Status {
    let seconds = ["sent", "delivered", "read", "failed"].iter().position(|known| *known == status).unwrap_or(9);
    Status {
        phone_number_id: demo::PHONE_NUMBER_ID.to_owned(),
        wamid: wamid.to_owned(),
        callback: callback.map(|id| id.to_string()),
        status: status.to_owned(),
        at: now() + TimeDelta::seconds(i64::try_from(seconds).unwrap()),
        error_code: (status == "failed").then_some(131_026),
        body: json!({}),
    }
}

async fn told(house: &House, wamid: &str, word: &str, callback: Option<MessageId>) -> Applied {
    let mut tx = house.tx().await;
    let applied = delivery::apply(&mut tx, &status(wamid, word, callback)).await.unwrap();
    tx.commit().await.unwrap();
    applied
}

async fn accepted(house: &House, id: MessageId, wamid: &str) {
    let mut tx = house.tx().await;
    outbound::accepted(&mut tx, id, wamid).await.unwrap();
    tx.commit().await.unwrap();
}

async fn state(house: &House, id: MessageId) -> State {
    let mut tx = house.tx().await;
    outbound::load(&mut tx, id).await.unwrap().state
}

fn orders(events: &[&'static str]) -> Vec<Vec<&'static str>> {
    if events.len() <= 1 {
        return vec![events.to_vec()];
    }
    let pick = |at: usize| {
        let mut rest = events.to_vec();
        let first = rest.remove(at);
        orders(&rest).into_iter().map(move |order| [vec![first], order].concat())
    };
    (0..events.len()).flat_map(pick).collect()
}

#[tokio::test]
async fn the_end_is_the_same_in_whatever_order_they_come() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut seq = 0;
        let read = orders(&["accepted", "sent", "delivered", "read"]);
        let failed = orders(&["accepted", "sent", "failed"]);
        for (order, end) in
            read.into_iter().map(|o| (o, State::Read)).chain(failed.into_iter().map(|o| (o, State::Failed)))
        {
            seq += 1;
            let (id, wamid) = (planned(&house, guest, seq).await, format!("wamid.{seq}"));
            let mut furthest = State::Planned;
            for event in order.iter().chain(&order) {
                if *event == "accepted" {
                    accepted(&house, id, &wamid).await;
                } else {
                    told(&house, &wamid, event, None).await;
                }
                let now = state(&house, id).await;
                assert!(now >= furthest, "{order:?}: {event} took it from {furthest:?} back to {now:?}");
                furthest = now;
            }
            assert_eq!(furthest, end, "{order:?}");
        }
        assert_eq!(house.count("select count(*) from delivery_status where message_id is null").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_status_that_comes_before_the_wamid_waits_for_it() {
    with_house(async |house| {
        let id = planned(&house, house.guest("393331234567").await, 0).await;
        assert_eq!(told(&house, "wamid.1", "delivered", None).await, Applied::Parked);
        assert_eq!(told(&house, "wamid.1", "delivered", None).await, Applied::Stale);
        assert_eq!(state(&house, id).await, State::Planned);
        accepted(&house, id, "wamid.1").await;
        assert_eq!(state(&house, id).await, State::Delivered);
    })
    .await;
}

#[tokio::test]
async fn callback_data_settles_a_send_that_got_no_answer() {
    with_house(async |house| {
        let id = planned(&house, house.guest("393331234567").await, 0).await;
        assert_eq!(told(&house, "wamid.1", "read", None).await, Applied::Parked);
        let applied = told(&house, "wamid.1", "sent", Some(id)).await;
        assert_eq!(applied, Applied::Message { id, state: State::Read });
        let mut tx = house.tx().await;
        assert_eq!(outbound::load(&mut tx, id).await.unwrap().wamid.as_deref(), Some("wamid.1"));
    })
    .await;
}

#[tokio::test]
async fn a_message_sent_once_more_starts_afresh() {
    with_house(async |house| {
        let id = planned(&house, house.guest("393331234567").await, 0).await;
        accepted(&house, id, "wamid.1").await;
        told(&house, "wamid.1", "failed", Some(id)).await;
        assert_eq!(told(&house, "wamid.1", "sent", Some(id)).await, Applied::Stale);
        accepted(&house, id, "wamid.2").await;
        assert_eq!(state(&house, id).await, State::Accepted);
        told(&house, "wamid.2", "delivered", Some(id)).await;
        assert_eq!(state(&house, id).await, State::Delivered);
    })
    .await;
}

#[tokio::test]
async fn a_status_we_do_not_know_is_kept_and_changes_nothing() {
    with_house(async |house| {
        let id = planned(&house, house.guest("393331234567").await, 0).await;
        assert_eq!(told(&house, "wamid.1", "warmed_up", Some(id)).await, Applied::Stale);
        assert_eq!(house.count("select count(*) from delivery_status").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_status_and_the_wamid_may_come_at_the_same_moment() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        for seq in 0..30 {
            let (id, wamid) = (planned(&house, guest, seq).await, format!("wamid.{seq}"));
            tokio::join!(accepted(&house, id, &wamid), told(&house, &wamid, "delivered", None));
            assert_eq!(state(&house, id).await, State::Delivered, "{seq}");
        }
    })
    .await;
}

#[tokio::test]
async fn many_are_applied_together_but_those_that_somebody_waits_for() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let (known, unsent, dead) =
            (planned(&house, guest, 0).await, planned(&house, guest, 1).await, planned(&house, guest, 2).await);
        accepted(&house, known, "wamid.known").await;
        accepted(&house, dead, "wamid.dead").await;
        told(&house, "wamid.dead", "failed", None).await;
        let statuses = [
            status("wamid.known", "delivered", Some(known)),
            status("wamid.unsent", "sent", Some(unsent)),
            status("wamid.known", "sent", None),
            status("wamid.known", "sent", None),
            status("wamid.known", "read", Some(unsent)),
            status("wamid.dead", "sent", Some(dead)),
            status("wamid.of-nobody", "read", None),
        ];
        for _ in 0..2 {
            let mut tx = house.tx().await;
            let left = delivery::apply_all(&mut tx, &statuses.iter().collect::<Vec<_>>()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(left, [1, 4, 6], "a send without an answer; another message's name; nobody's");
        }
        assert_eq!(state(&house, known).await, State::Delivered);
        assert_eq!(state(&house, unsent).await, State::Planned);
        assert_eq!(state(&house, dead).await, State::Failed);
        assert_eq!(house.count("select count(*) from delivery_status").await, 4);
    })
    .await;
}
