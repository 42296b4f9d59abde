//! What we say is planned once, and only while we may.

use chrono::TimeDelta;

use super::support::{message, now, with_house};
use crate::delivery::State;
use crate::outbound::{self, Content, PlanError, Window};
use crate::{conversation, demo, inbound};

#[tokio::test]
async fn planning_twice_plans_once() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut tx = house.tx().await;
        let first = outbound::plan(&mut tx, guest.conversation, 1, 0, &Content::text("a"), now()).await.unwrap();
        let again = outbound::plan(&mut tx, guest.conversation, 1, 0, &Content::text("b"), now()).await.unwrap();
        assert_eq!((first.id, "a"), (again.id, again.content.text.as_str()));
        let second = outbound::plan(&mut tx, guest.conversation, 1, 1, &Content::text("c"), now()).await.unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(first.phone.as_deref(), Some("393331234567"));
        let refused = outbound::plan(&mut tx, guest.conversation, 1, 2, &Content::text(" "), now()).await;
        assert!(matches!(refused, Err(PlanError::Content(_))));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_ends_a_message_that_was_not_sent() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut tx = house.tx().await;
        let id = outbound::plan(&mut tx, guest.conversation, 1, 0, &Content::text("a"), now()).await.unwrap().id;
        outbound::failed(&mut tx, id, Some(131_047), "window closed").await.unwrap();
        assert_eq!(outbound::load(&mut tx, id).await.unwrap().state, State::Failed);
        assert_eq!(outbound::accepted(&mut tx, id, "wamid.1").await.unwrap(), State::Accepted);
        outbound::failed(&mut tx, id, None, "late news").await.unwrap();
        assert_eq!(outbound::load(&mut tx, id).await.unwrap().state, State::Accepted);
    })
    .await;
}

#[tokio::test]
async fn the_window_is_counted_from_the_customers_own_time() {
    with_house(async |house| {
        let mut tx = house.tx().await;
        let mut late = message("393331234567", "wamid.1", "ciao");
        late.sent_at = now() - TimeDelta::hours(23);
        let recorded = inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &late, now()).await.unwrap();
        let inbound::Recorded::New { conversation, .. } = recorded else { panic!("a duplicate") };
        let until = now() + TimeDelta::minutes(59);
        assert_eq!(outbound::standing(&mut tx, conversation, 1, now()).await.unwrap().window, Window::Open { until });
        assert_eq!(outbound::standing(&mut tx, conversation, 1, until).await.unwrap().window, Window::Closed);
        // An older message that arrives later does not shorten it.
        let mut older = message("393331234567", "wamid.2", "ciao");
        older.sent_at = now() - TimeDelta::days(3);
        inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &older, now()).await.unwrap();
        assert_eq!(outbound::standing(&mut tx, conversation, 1, now()).await.unwrap().window, Window::Open { until });
        conversation::close_window(&mut tx, conversation).await.unwrap();
        assert_eq!(outbound::standing(&mut tx, conversation, 1, now()).await.unwrap().window, Window::Closed);
    })
    .await;
}

#[tokio::test]
async fn the_first_reason_for_a_person_stays() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut tx = house.tx().await;
        for reason in ["the model declined", "again"] {
            conversation::needs_person(&mut tx, guest.conversation, reason, now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(
            house.count("select count(*) from conversation where needs_person_reason = 'the model declined'").await,
            1
        );
    })
    .await;
}
