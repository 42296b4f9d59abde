//! What the assistant can tell and order for a customer: waiting lists, plans, what was asked last, what was paid.

use chrono::{DateTime, TimeDelta, Utc};

use super::support::{Guest, House, now, with_house};
use crate::booking::{self, By, GaveUp, GivingUp, LIFETIME, Via, Wish};
use crate::catalog::FoundBookings;
use crate::entitlements::{self, Bought};
use crate::outbound::{Button, Content};
use crate::waitlist::{self, Left};
use crate::{PlanId, SessionId, burst, catalog, outbound, payments};

async fn found(house: &House, guest: Guest) -> FoundBookings {
    let mut tx = house.tx().await;
    let asker = guest.asker(&mut tx, now()).await;
    catalog::find_bookings(&mut tx, &asker).await.unwrap()
}

/// Yoga with one place, which the first of these guests has; the others wait.
async fn queue(house: &House) -> (SessionId, [Guest; 3]) {
    let yoga = house.yoga().await;
    sqlx::query("update session set capacity = 1 where id = $1").bind(yoga.0).execute(&house.owner).await.unwrap();
    let guests =
        [house.guest("393330000001").await, house.guest("393330000002").await, house.guest("393330000003").await];
    let mut tx = house.tx().await;
    let wish =
        Wish { session: yoga, customer: guests[0].customer, places: 1, via: Via::Customer, told: None, proposal: None };
    booking::book(&mut tx, &wish, now()).await.unwrap().place.unwrap();
    for guest in &guests[1..] {
        waitlist::join(&mut tx, yoga, guest.customer, 1, None, now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    (yoga, guests)
}

#[tokio::test]
async fn the_lists_that_a_customer_is_in_are_told_with_their_number() {
    with_house(async |house| {
        let (yoga, [anna, bruno, carla]) = queue(&house).await;
        assert_eq!((found(&house, anna).await.bookings.len(), found(&house, anna).await.waiting.len()), (1, 0));
        let carlas = found(&house, carla).await;
        assert_eq!(
            (carlas.bookings.len(), carlas.waiting[0].session.session_id, carlas.waiting[0].position),
            (0, yoga, 2)
        );
        let mut tx = house.tx().await;
        let entry = waitlist::position(&mut tx, yoga, bruno.customer).await.unwrap().unwrap().entry;
        assert!(matches!(waitlist::leave(&mut tx, entry, bruno.customer, now()).await, Ok(Left::Left { .. })));
        tx.commit().await.unwrap();
        assert_eq!(found(&house, carla).await.waiting[0].position, 1);
        assert!(found(&house, bruno).await.waiting.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_place_that_is_only_offered_is_no_booking_yet() {
    with_house(async |house| {
        let (_, [anna, bruno, _]) = queue(&house).await;
        let seat = found(&house, anna).await.bookings[0].booking_id;
        let mut tx = house.tx().await;
        let giving = GivingUp { seat, by: By::Customer, promised: None, asked_at: now() };
        assert!(matches!(booking::give_up(&mut tx, giving, now()).await, Ok(GaveUp::Done { .. })));
        tx.commit().await.unwrap();
        assert_eq!(house.count("select count(*) from waitlist_entry where state = 'offered'").await, 1);
        let brunos = found(&house, bruno).await;
        assert_eq!((brunos.bookings.len(), brunos.waiting.len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn the_same_order_twice_is_one() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let mut tx = house.tx().await;
        let plan = entitlements::plans(&mut tx).await.unwrap().remove(0);
        let first = entitlements::order(&mut tx, guest.customer, &plan, now()).await.unwrap();
        assert!(matches!(first, Bought { payment: Some(_), .. }));
        assert_eq!(entitlements::order(&mut tx, guest.customer, &plan, now()).await.unwrap(), first);
        let payment = first.payment.unwrap();
        assert_eq!(payments::latest(&mut tx, guest.customer, None).await.unwrap(), None);
        booking::paid(&mut tx, payment, None, plan.price_minor, now()).await.unwrap();
        assert_eq!(payments::latest(&mut tx, guest.customer, None).await.unwrap(), Some(payment));
        let another = entitlements::order(&mut tx, guest.customer, &plan, now()).await.unwrap();
        assert_ne!(another.entitlement, first.entitlement, "a second pack is a second order");
        let asker = guest.asker(&mut tx, now()).await;
        let told = |yours: Vec<entitlements::Yours>| yours.into_iter().map(|plan| plan.unpaid).collect::<Vec<_>>();
        assert_eq!(told(entitlements::offers(&mut tx, &asker).await.unwrap().yours), [false, true]);
        payments::expire(&mut tx, another.payment.unwrap()).await.unwrap();
        assert_eq!(told(entitlements::offers(&mut tx, &asker).await.unwrap().yours), [false]);
    })
    .await;
}

#[tokio::test]
async fn what_costs_nothing_is_had_once() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        sqlx::query("update plan set price_minor = 0").execute(&house.owner).await.unwrap();
        let mut tx = house.tx().await;
        let plan = entitlements::plans(&mut tx).await.unwrap().remove(0);
        let first = entitlements::order(&mut tx, guest.customer, &plan, now()).await.unwrap();
        assert_eq!(first.payment, None);
        assert_eq!(entitlements::order(&mut tx, guest.customer, &plan, now()).await.unwrap(), first);
    })
    .await;
}

/// The plan that the last message asks about, as a turn sees it at this time.
async fn asked(house: &House, guest: Guest, turn: i64, at: DateTime<Utc>) -> Option<PlanId> {
    let mut tx = house.tx().await;
    burst::gather(&mut tx, guest.conversation, turn, at).await.unwrap().open_plan
}

#[tokio::test]
async fn a_question_about_a_plan_is_open_until_something_else_is_said() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let say = async |turn, id: &str, at| {
            let mut tx = house.tx().await;
            let buttons = vec![Button { id: id.to_owned(), title: "Sì".to_owned() }];
            let content = Content { buttons, ..Content::text("Lo vuoi?") };
            outbound::plan(&mut tx, guest.conversation, turn, 0, &content, at).await.unwrap();
            tx.commit().await.unwrap();
        };
        assert_eq!(asked(&house, guest, 1, now()).await, None);
        say(2, "buy:7", now()).await;
        assert_eq!(asked(&house, guest, 3, now() + TimeDelta::minutes(1)).await, Some(PlanId(7)));
        assert_eq!(asked(&house, guest, 3, now() + LIFETIME).await, None, "too long ago");
        say(4, "yes:7", now() + TimeDelta::minutes(2)).await;
        assert_eq!(asked(&house, guest, 5, now() + TimeDelta::minutes(3)).await, None);
    })
    .await;
}
