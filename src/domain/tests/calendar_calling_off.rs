//! Calling off: who is let go, what comes back, and which days.

use super::calendar_kit::{book, crew, is_in_order, location, materialise, returns, run, somebody, texts};
use super::support::{House, at, now, with_house};
use crate::booking::{self, GaveUp, Refusal};
use crate::calendar::{self, CalledOff, No, Resource};
use crate::entitlements;
use crate::payments::{self, Method, Thing};
use crate::waitlist::{self, Claimed, Joined};
use crate::{CustomerId, Money, SeatId, SessionId};

async fn call_off(house: &House, session: SessionId, reason: &str) -> CalledOff {
    let mut tx = house.tx().await;
    let called_off = calendar::call_off(&mut tx, session, reason, now()).await.unwrap();
    tx.commit().await.unwrap();
    called_off
}

async fn cancel(house: &House, seat: SeatId) -> GaveUp {
    let mut tx = house.tx().await;
    let gave_up = calendar::cancel_seat(&mut tx, seat, now()).await.unwrap();
    tx.commit().await.unwrap();
    gave_up
}

/// Pays a booking: by card, or at the desk.
async fn pay(house: &House, customer: CustomerId, seat: SeatId, method: Method) {
    let mut tx = house.tx().await;
    let price = Money::new(1500, "EUR");
    let payment = payments::ask(&mut tx, Thing::Seat(seat), customer, method, &price, now()).await.unwrap();
    booking::paid(&mut tx, payment, Some("pi_1"), 1500, now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Sells ten visits at the desk.
async fn sell_credits(house: &House, customer: CustomerId) {
    run(
        house,
        "insert into plan (tenant_id, name, kind, price_minor, credits, valid_days)
                select tenant_id, '{\"it\": \"Dieci\", \"en\": \"Ten\"}', 'credits', 12000, 10, 180 from crew limit 1",
    )
    .await;
    let mut tx = house.tx().await;
    let plans = entitlements::plans(&mut tx).await.unwrap();
    let plan = plans.iter().rfind(|plan| plan.credits == Some(10)).unwrap();
    let bought = entitlements::buy(&mut tx, customer, plan, Method::Cash, now()).await.unwrap();
    entitlements::activate(&mut tx, bought.entitlement, now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn each_gets_back_what_they_paid_the_way_they_paid_it_and_hears_once() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let mut all = Vec::new();
        for n in 0..4 {
            all.push(somebody(&house, &format!("39333111000{n}")).await);
        }
        sell_credits(&house, all[2]).await;
        let mut seats = Vec::new();
        for customer in &all {
            seats.push(book(&house, *customer, yoga).await.unwrap().seat);
        }
        pay(&house, all[0], seats[0], Method::Card).await;
        pay(&house, all[1], seats[1], Method::Cash).await;
        let CalledOff::Done { seats: told, .. } = call_off(&house, yoga, "ill").await else { panic!("not called off") };
        assert_eq!(told, seats);
        for seat in &seats {
            let GaveUp::Done { returns, after } = cancel(&house, *seat).await else { panic!("not given up") };
            assert_eq!((returns.percent, returns.late, after.notices.len()), (100, false, 1));
            assert_eq!(cancel(&house, *seat).await, GaveUp::Before, "once, however often it is asked for");
        }
        let refunds = "select p.method || ' ' || r.state || ' ' || r.reason || ' ' || r.amount_minor from refund r
                       join payment p on p.tenant_id = r.tenant_id and p.id = r.payment_id order by r.id";
        assert_eq!(texts(&house, refunds).await, ["card requested session_cancelled 1500", "cash by_hand session_cancelled 1500"]);
        assert_eq!(house.count("select credits_left::bigint from entitlement").await, 10);
        assert_eq!(house.count("select count(*) from notice where kind = 'session_cancelled'").await, 4);
        let facts = "select (facts -> 'returns' -> 'back' ->> 'minor')::bigint from notice where kind = 'session_cancelled' order by id limit 1";
        assert_eq!(house.count(facts).await, 1500);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_called_off_is_nobodys_to_book_or_to_wait_for() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        run(&house, "update session set capacity = 1 where capacity = 10").await;
        let (ada, eva, ida) = (
            somebody(&house, "393331110001").await,
            somebody(&house, "393331110002").await,
            somebody(&house, "393331110003").await,
        );
        book(&house, ada, yoga).await.unwrap();
        let wait = async |customer| {
            let mut tx = house.tx().await;
            let joined = waitlist::join(&mut tx, yoga, customer, 1, None, now()).await.unwrap();
            tx.commit().await.unwrap();
            joined
        };
        let Joined::Waiting(evas) = wait(eva).await else { panic!("it is full") };
        wait(ida).await;
        let mut tx = house.tx().await;
        calendar::set_capacity(&mut tx, yoga, 2, now()).await.unwrap().unwrap();
        waitlist::offered_until(&mut tx, evas.entry, Some(77)).await.unwrap();
        tx.commit().await.unwrap();
        let CalledOff::Done { seats, after } = call_off(&house, yoga, "ill").await else { panic!("not called off") };
        assert_eq!((seats.len(), after.waits), (2, vec![77]), "also the place that is held for Eva");
        let log = "select event || coalesce(' ' || reason, '') from waitlist_log order by entry_id, id";
        let closed = "closed the session was called off";
        assert_eq!(texts(&house, log).await, ["joined", "offered", closed, "joined", closed]);
        let CalledOff::Done { seats: again, .. } = call_off(&house, yoga, "another reason").await else { panic!() };
        assert_eq!(again, seats, "the same again gets the same answer");
        assert_eq!(texts(&house, "select cancel_reason from session where status = 'cancelled'").await, ["ill"]);
        assert_eq!(book(&house, ida, yoga).await, Err(Refusal::SessionCancelled));
        assert_eq!(wait(ida).await, Joined::Closed);
        let mut tx = house.tx().await;
        assert_eq!(waitlist::claim(&mut tx, evas.entry, eva, now()).await.unwrap(), Claimed::Closed);
        drop(tx);
        assert_eq!(
            returns(&house, seats[0], at("2026-11-22T17:59:00Z")).await,
            100,
            "who goes by themselves loses nothing"
        );
        let mut tx = house.tx().await;
        assert_eq!(calendar::unsettled(&mut tx, now()).await.unwrap(), []);
        assert_eq!(calendar::unsettled(&mut tx, now() + chrono::TimeDelta::minutes(1)).await.unwrap(), [yoga]);
        drop(tx);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn what_has_taken_place_is_not_called_off() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let mut tx = house.tx().await;
        let during = calendar::call_off(&mut tx, yoga, "", at("2026-11-22T18:59:00Z")).await.unwrap();
        assert!(matches!(during, CalledOff::Done { .. }));
        tx.rollback().await.unwrap();
        let mut tx = house.tx().await;
        assert_eq!(calendar::call_off(&mut tx, yoga, "", at("2026-11-22T19:00:00Z")).await.unwrap(), CalledOff::Over);
        assert_eq!(calendar::call_off(&mut tx, SessionId(999_999), "", now()).await.unwrap(), CalledOff::Unknown);
    })
    .await;
}

#[tokio::test]
async fn closing_days_tells_what_falls_into_them() {
    with_house(async |house| {
        // In UTC these are on the day before and on the day itself.
        run(&house, "insert into session (tenant_id, service_id, location_id, starts_at, ends_at, capacity, price_minor, currency)
             select s.tenant_id, s.service_id, s.location_id, n.at, n.at + interval '1 hour', 5, 77, 'EUR'
             from (select * from session limit 1) s, (values ('2026-11-23 22:59+00'::timestamptz), ('2026-11-23 23:00+00'), ('2026-11-24 22:59+00'), ('2026-11-24 23:00+00')) n(at)")
            .await;
        let prato = location(&house, "Sala Prato").await;
        let close = async |from: &str, until: &str, location| {
            let mut tx = house.tx().await;
            let days = from.parse().unwrap()..=until.parse().unwrap();
            let closed = calendar::close(&mut tx, days, location, "works", now()).await.unwrap();
            tx.commit().await.unwrap();
            closed
        };
        let all = close("2026-11-24", "2026-11-24", None).await.unwrap();
        let there = close("2026-11-24", "2026-11-24", Some(prato)).await.unwrap();
        let expected = "select count(*) from session where (starts_at at time zone 'Europe/Rome')::date = '2026-11-24'";
        assert_eq!(i64::try_from(all.sessions.len()).unwrap(), house.count(expected).await);
        assert!(!there.sessions.is_empty() && there.sessions.len() < all.sessions.len());
        let odd: i64 = sqlx::query_scalar("select count(*) from session where price_minor = 77 and id = any($1)")
            .bind(all.sessions.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_one(&house.owner)
            .await
            .unwrap();
        assert_eq!(odd, 2, "local days count");
        for session in &all.sessions {
            call_off(&house, *session, "works").await;
        }
        let mut tx = house.tx().await;
        let left = calendar::in_closure(&mut tx, all.closure, now()).await.unwrap().unwrap();
        assert_eq!((left.reason.as_str(), left.sessions.len()), ("works", 0));
        drop(tx);
        run(&house, "delete from session where (starts_at at time zone 'Europe/Rome')::date = '2026-11-24'").await;
        assert_eq!(materialise(&house, "2026-11-24T00:00:00Z", 1).await.new, 0);
        assert!(matches!(close("2026-11-24", "2026-11-23", None).await, Err(No::Invalid { field: "last_day", .. })));
        assert_eq!(close("2026-11-24", "2026-11-24", Some(crate::LocationId(99))).await, Err(No::unknown("location")));
    })
    .await;
}

#[tokio::test]
async fn who_has_something_to_lead_is_not_away() {
    with_house(async |house| {
        let giulia = crew(&house, "Giulia Rossi").await;
        let (yoga, meditation) = (house.yoga().await, house.session("meditation", "2026-11-22T19:15:00Z").await);
        let away = async |from: &str, until: &str| {
            let mut tx = house.tx().await;
            let away = calendar::away(&mut tx, giulia, at(from)..at(until), "wedding").await.unwrap();
            tx.commit().await.unwrap();
            away
        };
        let Err(No::Taken(clash)) = away("2026-11-22T06:00:00Z", "2026-11-22T22:00:00Z").await else {
            panic!("she leads two")
        };
        assert_eq!(clash.resource, Resource::Crew);
        assert_eq!(clash.by.iter().filter_map(|by| by.session).collect::<Vec<_>>(), [yoga, meditation]);
        for session in [yoga, meditation] {
            call_off(&house, session, "wedding").await;
        }
        away("2026-11-22T06:00:00Z", "2026-11-22T22:00:00Z").await.unwrap();
        let Err(No::Taken(clash)) = away("2026-11-22T21:00:00Z", "2026-11-22T23:00:00Z").await else {
            panic!("she is away")
        };
        assert_eq!((clash.by[0].session, clash.by[0].reason.as_deref()), (None, Some("wedding")));
        assert!(matches!(away("2026-11-22T21:00:00Z", "2026-11-22T21:00:00Z").await, Err(No::Invalid { .. })));
        is_in_order(&house).await;
    })
    .await;
}
