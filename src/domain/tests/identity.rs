//! One person stays one customer.

use tokio::task::JoinSet;

use super::support::{House, from, known, now, with_house};
use crate::booking::Accepted;
use crate::customer::{self, Identity};
use crate::inbound::{self, Recorded};
use crate::outbound::{self, Content, Window};
use crate::{CustomerId, burst, conversation, demo};

const PHONE: &str = "393331234567";
const BSUID: &str = "IT.111";

async fn identify(house: &House, identity: Identity) -> CustomerId {
    let mut tx = house.tx().await;
    let customer = customer::identify(&mut tx, &identity).await.unwrap();
    tx.commit().await.unwrap();
    customer
}

fn hidden(bsuid: &str) -> Identity {
    Identity::new(Some(bsuid), None, None).unwrap()
}

fn phone_only(phone: &str) -> Identity {
    Identity::new(None, Some(phone), Some("Ada")).unwrap()
}

#[tokio::test]
async fn the_user_id_is_learnt_from_the_phone_and_the_phone_from_the_user_id() {
    with_house(async |house| {
        let ada = identify(&house, phone_only(PHONE)).await;
        assert_eq!(identify(&house, known(BSUID, &format!("+{PHONE}"))).await, ada);
        assert_eq!(identify(&house, hidden(BSUID)).await, ada);
        assert_eq!(house.count("select count(*) from customer").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_number_with_another_user_id_has_a_new_owner() {
    with_house(async |house| {
        let ada = identify(&house, known(BSUID, PHONE)).await;
        let eva = identify(&house, known("IT.222", PHONE)).await;
        assert_ne!(eva, ada);
        assert_eq!(identify(&house, phone_only(PHONE)).await, eva);
        assert_eq!(identify(&house, hidden(BSUID)).await, ada);
    })
    .await;
}

#[tokio::test]
async fn two_customers_that_prove_to_be_one_are_merged() {
    with_house(async |house| {
        let by_phone = house.guest(PHONE).await;
        let mut tx = house.tx().await;
        let recorded =
            inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &from(hidden(BSUID), "wamid.2", "eccomi"), now()).await;
        let Recorded::New { customer, conversation, .. } = recorded.unwrap() else { panic!("a duplicate") };
        tx.commit().await.unwrap();
        let by_user = super::support::Guest { conversation, customer };
        // Both book the same class; one of them another one too.
        let (yoga, hiit) = (house.yoga().await, house.session("hiit", "2026-11-22T12:00:00Z").await);
        for (turn, (guest, session)) in (1..).zip([(by_phone, yoga), (by_user, yoga), (by_phone, hiit)]) {
            let proposal = house.proposal(guest, session, turn).await;
            assert!(matches!(house.accept(guest, proposal, now()).await, Accepted::Booked(_)));
        }
        let (older, newer) = (
            house.proposal(by_phone, house.session("yoga", "2026-11-23T18:00:00Z").await, 8).await,
            house.proposal(by_user, house.session("yoga", "2026-11-24T18:00:00Z").await, 9).await,
        );

        assert_eq!(identify(&house, known(BSUID, PHONE)).await, by_user.customer);
        assert_eq!(house.count("select count(*) from customer where merged_into is null").await, 1);
        assert_eq!(house.count("select count(*) from seat where state = 'booked'").await, 2);
        assert_eq!(house.count("select sum(booked)::bigint from session").await, 2);
        assert_eq!(house.accept(by_user, older, now()).await, Accepted::Expired, "one question is open at a time");
        // Work that was begun with the old ids goes on with the new ones.
        assert!(matches!(house.accept(by_phone, newer, now()).await, Accepted::Booked(_)));
        let mut tx = house.tx().await;
        let gathered = burst::gather(&mut tx, by_phone.conversation, 20, now()).await.unwrap();
        assert_eq!((gathered.conversation, gathered.messages.len()), (by_user.conversation, 2));
        let said = outbound::plan(&mut tx, by_phone.conversation, 20, 0, &Content::text("ciao"), now()).await.unwrap();
        assert_eq!((said.conversation, said.phone.as_deref()), (by_user.conversation, Some(PHONE)));
        assert!(matches!(
            outbound::standing(&mut tx, by_phone.conversation, 20, now()).await.unwrap().window,
            Window::Open { .. }
        ));
        assert_eq!(conversation::meet(&mut tx, by_user.conversation).await.unwrap().customer, by_user.customer);
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_followed_to_a_new_number() {
    with_house(async |house| {
        let ada = identify(&house, known(BSUID, PHONE)).await;
        let mut tx = house.tx().await;
        let (old, new) = (phone_only(PHONE), phone_only("393339999999"));
        assert_eq!(customer::change_identity(&mut tx, &old, &new).await.unwrap(), Some(ada));
        tx.commit().await.unwrap();
        // WhatsApp made a new user id with the new number, and this is the first we hear of it.
        assert_eq!(identify(&house, known("IT.333", "393339999999")).await, ada);
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_followed_to_a_new_user_id_even_when_the_news_come_late() {
    with_house(async |house| {
        let ada = identify(&house, known(BSUID, PHONE)).await;
        let stranger = identify(&house, hidden("IT.333")).await;
        assert_ne!(stranger, ada);
        let mut tx = house.tx().await;
        assert_eq!(customer::change_identity(&mut tx, &hidden(BSUID), &hidden("IT.333")).await.unwrap(), Some(ada));
        assert_eq!(customer::change_identity(&mut tx, &hidden("IT.404"), &hidden("IT.405")).await.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(identify(&house, hidden("IT.333")).await, ada);
        let mut tx = house.tx().await;
        assert_eq!(customer::current(&mut tx, stranger).await.unwrap(), ada);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_find_out_at_once_that_two_are_one() {
    with_house(async |house| {
        let by_phone = identify(&house, phone_only(PHONE)).await;
        let by_user = identify(&house, hidden(BSUID)).await;
        assert_ne!(by_phone, by_user);
        let mut all = JoinSet::new();
        for _ in 0..20 {
            let house = house.clone();
            all.spawn(async move { identify(&house, known(BSUID, PHONE)).await });
        }
        assert!(all.join_all().await.into_iter().all(|found| found == by_user));
        assert_eq!(house.count("select count(*) from customer where merged_into is null").await, 1);
    })
    .await;
}
