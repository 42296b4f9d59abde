//! Sessions change: who is told, who may go, and what stands in the way.

use chrono::TimeDelta;

use super::calendar_kit::{
    book, book_at, change, crew, give_up, is_in_order, location, returns, room, run, somebody, starts, texts,
};
use super::support::{House, at, now, with_house};
use crate::booking::{self, Accepted, Exchange, GaveUp, Refusal, Via};
use crate::calendar::{self, Change, No, Resource, TooSmall};
use crate::waitlist::{self, Joined};
use crate::{After, SessionId};

/// Sunday's yoga begins an hour earlier.
fn an_hour_earlier() -> Change {
    Change { starts_at: Some(at("2026-11-22T17:00:00Z")), ..Change::default() }
}

async fn resize(house: &House, session: SessionId, capacity: i32) -> Result<After, No> {
    let mut tx = house.tx().await;
    let resized = calendar::set_capacity(&mut tx, session, capacity, now()).await.unwrap();
    tx.commit().await.unwrap();
    resized
}

#[tokio::test]
async fn who_is_booked_hears_of_a_new_time_and_may_go_free_of_charge() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let (ada, eva) = (somebody(&house, "393331110001").await, somebody(&house, "393331110002").await);
        let before = book(&house, ada, yoga).await.unwrap().seat;
        let after = change(&house, yoga, &an_hour_earlier(), now()).await.unwrap();
        assert_eq!((after.notices.len(), starts(&house, yoga).await.as_str()), (1, "11-22 18:00"));
        let told = "select kind || ' ' || subject || ' ' || (facts ->> 'seat') from notice";
        assert_eq!(texts(&house, told).await, [format!("session_changed seat:{before}:1 {before}")]);
        let then = book(&house, eva, yoga).await.unwrap().seat;
        let late = at("2026-11-22T16:30:00Z");
        assert_eq!([returns(&house, before, late).await, returns(&house, then, late).await], [100, 0]);
        let GaveUp::Done { returns, .. } = give_up(&house, before, late).await else { panic!("not given up") };
        assert!(!returns.late && returns.percent == 100);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn each_change_is_told_and_what_nobody_sees_is_not() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let ada = somebody(&house, "393331110001").await;
        book(&house, ada, yoga).await.unwrap();
        let (elena, prato) = (crew(&house, "Elena Conti").await, location(&house, "Sala Prato").await);
        let small = room(&house, "Studio Centro", "Piccola").await;
        for (edit, told) in [
            (an_hour_earlier(), 1),
            (an_hour_earlier(), 0),
            (Change { minutes: Some(75), ..Change::default() }, 1),
            (Change { price_minor: Some(2000), room: Some(Some(small)), ..Change::default() }, 0),
            (Change { crew: Some(Some(elena)), ..Change::default() }, 1),
            (Change { location: Some(prato), ..Change::default() }, 1),
            (Change { crew: Some(None), ..Change::default() }, 1),
            (Change::default(), 0),
        ] {
            assert_eq!(change(&house, yoga, &edit, now()).await.unwrap().notices.len(), told, "{edit:?}");
        }
        assert_eq!(house.count("select count(distinct subject) from notice where kind = 'session_changed'").await, 5);
        let stands = "select changes::bigint * 10000 + price_minor from session where changes > 0 and room_id is null and crew_id is null";
        assert_eq!(house.count(stands).await, 52_000, "the room of the old place is not that of the new one");
        assert_eq!(house.count("select price_minor from seat").await, 1500, "who is booked pays what was agreed");
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn a_substitute_leads_the_service_and_has_time() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let with = async |name: &str| {
            let crew = crew(&house, name).await;
            change(&house, yoga, &Change { crew: Some(Some(crew)), ..Change::default() }, now()).await
        };
        assert_eq!(with("Luca Ferraro").await, Err(No::CannotLead));
        let elena = crew(&house, "Elena Conti").await;
        let mut tx = house.tx().await;
        let away = at("2026-11-22T18:59:00Z")..at("2026-11-22T23:00:00Z");
        calendar::away(&mut tx, elena, away.clone(), "train").await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let Err(No::Taken(clash)) = with("Elena Conti").await else { panic!("she is on the train") };
        assert_eq!((clash.resource, clash.by.len()), (Resource::Crew, 1));
        assert_eq!((clash.by[0].during.clone(), clash.by[0].reason.as_deref()), (away, Some("train")));
        run(&house, "delete from occupation where session_id is null").await;
        with("Elena Conti").await.unwrap();
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_is_told_with_what_takes_it_and_nothing_is_changed() {
    with_house(async |house| {
        let (yoga, meditation) = (house.yoga().await, house.session("meditation", "2026-11-22T19:15:00Z").await);
        let until_late = Change { minutes: Some(90), ..Change::default() };
        let Err(No::Taken(clash)) = change(&house, yoga, &until_late, now()).await else {
            panic!("Giulia leads the meditation then")
        };
        assert_eq!((clash.resource, clash.by[0].session), (Resource::Crew, Some(meditation)));
        assert_eq!(starts(&house, yoga).await, "11-22 19:00");
        let big = room(&house, "Studio Centro", "Grande").await;
        let in_it = |starts_at| Change { starts_at, crew: Some(None), room: Some(Some(big)), ..Change::default() };
        change(&house, meditation, &in_it(None), now()).await.unwrap();
        let Err(No::Taken(clash)) = change(&house, yoga, &in_it(Some(at("2026-11-22T18:30:00Z"))), now()).await else {
            panic!("the room is taken")
        };
        assert_eq!((clash.resource, clash.by[0].session), (Resource::Room, Some(meditation)));
        assert_eq!(clash.during, at("2026-11-22T18:30:00Z")..at("2026-11-22T19:30:00Z"));
        change(&house, yoga, &in_it(Some(at("2026-11-22T18:15:00Z"))), now()).await.unwrap();
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_told_by_name() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let elsewhere = room(&house, "Sala Prato", "Sala 2").await;
        let prato = location(&house, "Sala Prato").await;
        for (edit, no) in [
            (Change { minutes: Some(0), ..Change::default() }, "minutes"),
            (Change { price_minor: Some(-1), ..Change::default() }, "price_minor"),
            (Change { starts_at: Some(now()), ..Change::default() }, "Past"),
            (Change { starts_at: Some(at("2036-11-22T19:00:00Z")), ..Change::default() }, "starts_at"),
            (Change { room: Some(Some(elsewhere)), ..Change::default() }, "RoomElsewhere"),
            (Change { crew: Some(Some(crate::CrewId(999))), ..Change::default() }, "crew"),
            (Change { room: Some(Some(crate::RoomId(999))), ..Change::default() }, "room"),
            (Change { location: Some(crate::LocationId(999)), ..Change::default() }, "location"),
        ] {
            let told = format!("{:?}", change(&house, yoga, &edit, now()).await.unwrap_err());
            assert!(told.contains(no), "{told} should name {no}");
        }
        let there = Change { location: Some(prato), room: Some(Some(elsewhere)), ..Change::default() };
        change(&house, yoga, &there, now()).await.unwrap();
        let back = Change { location: Some(location(&house, "Studio Centro").await), ..there.clone() };
        assert_eq!(change(&house, yoga, &back, now()).await, Err(No::RoomElsewhere));
        assert_eq!(change(&house, SessionId(999_999), &there, now()).await, Err(No::unknown("session")));
        assert_eq!(change(&house, yoga, &there, at("2026-11-22T18:00:00Z")).await, Err(No::Started));
        run(&house, "update session set status = 'cancelled'").await;
        assert_eq!(change(&house, yoga, &there, now()).await, Err(No::CalledOff));
        assert_eq!(resize(&house, yoga, 20).await, Err(No::CalledOff));
    })
    .await;
}

#[tokio::test]
async fn a_yes_to_the_session_as_it_was_books_nothing() {
    with_house(async |house| {
        let (yoga, guest) = (house.yoga().await, house.guest("393331234567").await);
        let proposal = house.proposal(guest, yoga, 1).await;
        let elena = crew(&house, "Elena Conti").await;
        change(&house, yoga, &Change { crew: Some(Some(elena)), ..Change::default() }, now()).await.unwrap();
        assert_eq!(house.accept(guest, proposal, now()).await, Accepted::Expired);
        let proposal = house.proposal(guest, yoga, 2).await;
        change(&house, yoga, &Change { price_minor: Some(9900), ..Change::default() }, now()).await.unwrap();
        let Accepted::Booked(booking) = house.accept(guest, proposal, now()).await else { panic!("not booked") };
        assert_eq!((booking.session.crew.as_str(), booking.session.price.minor), ("Elena Conti", 1500));
    })
    .await;
}

#[tokio::test]
async fn who_may_go_free_of_charge_may_exchange_the_place_as_late() {
    with_house(async |house| {
        let (yoga, monday) = (house.yoga().await, house.session("yoga", "2026-11-23T18:00:00Z").await);
        let ada = somebody(&house, "393331110001").await;
        let seat = book(&house, ada, yoga).await.unwrap().seat;
        let late = at("2026-11-22T16:00:00Z");
        let wish = Exchange {
            seat,
            to: monday,
            customer: ada,
            via: Via::Customer,
            told: None,
            proposal: None,
            asked_at: late,
        };
        let exchange = async || {
            let mut tx = house.tx().await;
            let booking = booking::exchange(&mut tx, &wish, late).await.unwrap();
            tx.commit().await.unwrap();
            booking.place.map(drop)
        };
        assert_eq!(exchange().await, Err(Refusal::TooLate));
        change(&house, yoga, &Change { minutes: Some(70), ..Change::default() }, now()).await.unwrap();
        assert_eq!(exchange().await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_session_is_never_smaller_than_what_is_booked() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let mut seats = Vec::new();
        for n in 0..4 {
            let customer = somebody(&house, &format!("39333111000{n}")).await;
            seats.push(book_at(&house, customer, yoga, now() + TimeDelta::minutes(n)).await.unwrap().seat);
        }
        let Err(No::TooSmall(TooSmall { booked, waiting, latest, session })) = resize(&house, yoga, 2).await else {
            panic!("four are booked")
        };
        assert_eq!((booked, waiting, session), (4, 0, yoga));
        assert_eq!(latest.iter().map(|late| late.seat).collect::<Vec<_>>(), [seats[3], seats[2]]);
        resize(&house, yoga, booked).await.unwrap();
        assert!(matches!(resize(&house, yoga, 0).await, Err(No::Invalid { field: "capacity", .. })));
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn new_places_go_to_those_who_wait() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        resize(&house, yoga, 1).await.unwrap();
        let (ada, eva, ida) = (
            somebody(&house, "393331110001").await,
            somebody(&house, "393331110002").await,
            somebody(&house, "393331110003").await,
        );
        book(&house, ada, yoga).await.unwrap();
        for customer in [eva, ida] {
            let mut tx = house.tx().await;
            let joined = waitlist::join(&mut tx, yoga, customer, 1, None, now()).await.unwrap();
            assert!(matches!(joined, Joined::Waiting(_)));
            tx.commit().await.unwrap();
        }
        let after = resize(&house, yoga, 2).await.unwrap();
        assert_eq!((after.offers.len(), after.notices.len()), (1, 1));
        // Eva has not said yes: an offer is no booking, but once she takes it, she is not bound by what changed since.
        let after = change(&house, yoga, &Change { minutes: Some(50), ..Change::default() }, now()).await.unwrap();
        assert_eq!(after.notices.len(), 1, "only Ada is told");
        let mut tx = house.tx().await;
        let entry = waitlist::position(&mut tx, yoga, eva).await.unwrap().unwrap().entry;
        waitlist::claim(&mut tx, entry, eva, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(house.count("select count(*) from seat where state = 'booked' and free_cancel").await, 2);
        is_in_order(&house).await;
    })
    .await;
}
