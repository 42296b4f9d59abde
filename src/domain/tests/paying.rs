//! Money: late, twice, in vain, and back. Numbers are those of the edge cases we collected.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;

use super::support::{Guest, House, at, now, with_house};
use crate::booking::{self, By, GaveUp, GivingUp, Paid, Refusal, Return, Via};
use crate::payments::{self, Method, RefundReason, RefundState, Thing};
use crate::{After, Money, PaymentId, RefundId, SeatId};

impl House {
    /// Yoga that must be paid before it is booked.
    async fn prepaid(&self) {
        sqlx::query("update service set prepaid = true where slug = 'yoga'").execute(&self.owner).await.unwrap();
    }

    async fn asks(&self, guest: Guest, seat: SeatId, at: DateTime<Utc>) -> PaymentId {
        let mut tx = self.tx().await;
        let owes = Money::new(booking::owes(&mut tx, seat).await.unwrap(), "EUR");
        let asked = payments::ask(&mut tx, Thing::Seat(seat), guest.customer, Method::Card, &owes, at).await.unwrap();
        tx.commit().await.unwrap();
        asked
    }

    async fn pays(&self, payment: PaymentId, at: DateTime<Utc>) -> (Paid, After) {
        let mut tx = self.tx().await;
        let paid = booking::paid(&mut tx, payment, Some(&format!("pi_{payment}")), 1500, at).await.unwrap();
        tx.commit().await.unwrap();
        paid
    }

    async fn gives_up(&self, seat: SeatId, by: By, at: DateTime<Utc>) -> (Return, After) {
        let mut tx = self.tx().await;
        let giving = GivingUp { seat, by, promised: None, asked_at: at };
        let gave_up = booking::give_up(&mut tx, giving, at).await.unwrap();
        tx.commit().await.unwrap();
        match gave_up {
            GaveUp::Done { returns, after } => (returns, after),
            other => panic!("{other:?}"),
        }
    }

    async fn lapses(&self, seat: SeatId, at: DateTime<Utc>) -> Option<After> {
        let mut tx = self.tx().await;
        let after = booking::release_hold(&mut tx, seat, at).await.unwrap();
        tx.commit().await.unwrap();
        after
    }

    async fn balances(&self) -> Vec<String> {
        sqlx::query_scalar("select account || ' ' || sum(amount_minor) from ledger_line group by account having sum(amount_minor) <> 0 order by 1")
            .fetch_all(&self.owner)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn edge_33_told_twice_and_at_the_same_moment_it_is_one_capture() {
    with_house(async |house| {
        house.prepaid().await;
        let guest = house.guest("393330000001").await;
        let seat = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap().seat;
        let payment = house.asks(guest, seat, now()).await;
        assert_eq!(house.asks(guest, seat, now()).await, payment, "asked again it is the same");
        let mut told = JoinSet::new();
        for _ in 0..6 {
            let house = house.clone();
            told.spawn(async move { house.pays(payment, now()).await.0 });
        }
        let answers = told.join_all().await;
        assert_eq!(answers.iter().filter(|paid| **paid == Paid::Settled).count(), 1, "{answers:?}");
        assert_eq!(house.balances().await, ["card 1500", "sales -1500"]);
        assert_eq!(house.count("select count(*) from notice where kind = 'payment_received'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn edge_34_paid_after_the_hold_ran_out_it_is_theirs_again_while_there_is_room() {
    with_house(async |house| {
        house.prepaid().await;
        let guest = house.guest("393330000001").await;
        let place = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap();
        assert_eq!(place.held_until, Some(now() + TimeDelta::minutes(15)));
        let payment = house.asks(guest, place.seat, now()).await;
        assert!(house.lapses(place.seat, now() + TimeDelta::minutes(14)).await.is_none());
        let late = now() + TimeDelta::minutes(16);
        assert_eq!(house.lapses(place.seat, late).await.unwrap().links, [payment]);
        assert_eq!(house.pays(payment, late).await.0, Paid::Reseated);
        assert_eq!(house.count("select count(*) from seat where state = 'booked'").await, 1);
        assert_eq!(house.count("select count(*) from refund").await, 0);
    })
    .await;
}

#[tokio::test]
async fn edge_34_paid_when_the_place_is_gone_all_of_it_goes_back() {
    with_house(async |house| {
        house.prepaid().await;
        let yoga = house.yoga().await;
        sqlx::query("update session set capacity = 1 where id = $1").bind(yoga).execute(&house.owner).await.unwrap();
        let (slow, quick) = (house.guest("393330000001").await, house.guest("393330000002").await);
        let seat = house.books(slow, yoga, Via::Customer, now()).await.unwrap().seat;
        let payment = house.asks(slow, seat, now()).await;
        let late = now() + TimeDelta::minutes(16);
        house.lapses(seat, late).await.unwrap();
        house.books(quick, yoga, Via::Staff, late).await.unwrap();
        let (paid, after) = house.pays(payment, late).await;
        assert_eq!((paid, after.refunds.len()), (Paid::InVain, 1));
        assert_eq!(house.count("select refunded_minor from payment where captured_minor = 1500").await, 1500);
        assert_eq!(house.count("select count(*) from notice where kind = 'paid_in_vain'").await, 1);
        assert_eq!(house.balances().await, ["refunds 1500", "sales -1500"]);
    })
    .await;
}

#[tokio::test]
async fn edge_35_two_at_the_till_for_the_last_place_are_one_hold_and_one_no() {
    with_house(async |house| {
        house.prepaid().await;
        let yoga = house.yoga().await;
        sqlx::query("update session set capacity = 1 where id = $1").bind(yoga).execute(&house.owner).await.unwrap();
        let mut both = JoinSet::new();
        for phone in ["393330000001", "393330000002"] {
            let (house, guest) = (house.clone(), house.guest(phone).await);
            both.spawn(async move { house.books(guest, yoga, Via::Customer, now()).await });
        }
        let answers = both.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(answers.contains(&Err(Refusal::Full)));
    })
    .await;
}

#[tokio::test]
async fn edge_36_refunds_that_race_never_exceed_what_was_paid() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let seat = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap().seat;
        let payment = house.asks(guest, seat, now()).await;
        house.pays(payment, now()).await;
        let mut racing = JoinSet::new();
        for n in 0..10 {
            let house = house.clone();
            racing.spawn(async move {
                if n == 0 {
                    house.gives_up(seat, By::Business, now()).await;
                    return true;
                }
                let mut tx = house.tx().await;
                let Some(payment) = payments::lock(&mut tx, payment).await.unwrap() else { return false };
                match payments::pay_back(&mut tx, &payment, 400, RefundReason::Goodwill, now()).await {
                    Ok(_) => tx.commit().await.is_ok(),
                    Err(error) => {
                        let constraint = error.as_database_error().unwrap().constraint();
                        assert_eq!(constraint, Some("payment_refunds_within_captured"));
                        false
                    }
                }
            });
        }
        racing.join_all().await;
        assert_eq!(house.count("select captured_minor - refunded_minor from payment").await, 0);
        assert_eq!(house.count("select sum(amount_minor)::bigint from refund").await, 1500);
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_follows_the_notice_and_the_terms_of_the_booking() {
    with_house(async |house| {
        for (n, (asked_at, back)) in [
            ("2026-11-21T17:59:59Z", 1500),
            ("2026-11-21T18:00:00Z", 750),
            ("2026-11-22T05:59:59Z", 750),
            ("2026-11-22T06:00:00Z", 0),
            ("2026-11-22T17:59:00Z", 0),
        ]
        .into_iter()
        .enumerate()
        {
            let guest = house.guest(&format!("3933300000{n:02}")).await;
            let seat = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap().seat;
            let payment = house.asks(guest, seat, now()).await;
            house.pays(payment, now()).await;
            // Terms that change later are not those of this booking.
            let mut tx = house.tx().await;
            let never = serde_json::from_value::<Vec<crate::refunds::Draft>>(serde_json::json!([
                { "from": { "at_least_minutes": 0 }, "percent": 0 }
            ]));
            let never = crate::refunds::Policy::new(&never.unwrap()).unwrap();
            crate::refunds::save(&mut tx, "never", &never, now()).await.unwrap();
            drop(tx);
            let (returns, after) = house.gives_up(seat, By::Customer, at(asked_at)).await;
            assert_eq!(returns.back.minor, back, "{asked_at}");
            assert_eq!(after.refunds.len(), usize::from(back > 0));
        }
        let guest = house.guest("393330000077").await;
        let seat = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap().seat;
        let payment = house.asks(guest, seat, now()).await;
        house.pays(payment, now()).await;
        let (returns, _) = house.gives_up(seat, By::Business, at("2026-11-22T17:59:00Z")).await;
        assert_eq!(returns.back.minor, 1500, "the business pays everything back, always");
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_fails_is_ours_again_and_one_that_ended_stays_ended() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let seat = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap().seat;
        let payment = house.asks(guest, seat, now()).await;
        house.pays(payment, now()).await;
        let (_, after) = house.gives_up(seat, By::Business, now()).await;
        let refund = after.refunds[0];
        for (told, changes) in [
            (RefundState::Pending, false),
            (RefundState::Succeeded, true),
            (RefundState::Pending, false),
            (RefundState::Failed, true),
            (RefundState::Succeeded, false),
        ] {
            let mut tx = house.tx().await;
            let ended = payments::refund_told(&mut tx, refund, told, "re_1", now()).await.unwrap();
            tx.commit().await.unwrap();
            // Late and out of order, what was told first may be told last.
            assert_eq!(ended, changes, "{told:?}");
        }
        assert_eq!(state(&house, refund).await, "failed");
        assert_eq!(house.balances().await, ["card 1500", "sales -1500"]);
    })
    .await;
}

async fn state(house: &House, refund: RefundId) -> String {
    let state = sqlx::query_scalar("select state from refund where id = $1").bind(refund);
    state.fetch_one(&house.owner).await.unwrap()
}

#[tokio::test]
async fn edge_38_credits_that_ended_meanwhile_come_back_with_time_to_use_them() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let sql = "insert into entitlement (tenant_id, customer_id, plan_id, state, starts_at, expires_at, credits, credits_left, price_minor, currency, created_at)
            select tenant_id, $1, id, 'active', '2026-11-01', $2, 3, 3, 10000, 'EUR', '2026-11-01' from plan where kind = 'credits'";
        for ends in ["2026-12-24T00:00:00Z", "2026-11-23T00:00:00Z"] {
            sqlx::query(sql).bind(guest.customer).bind(at(ends)).execute(&house.owner).await.unwrap();
        }
        let place = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap();
        assert_eq!(place.payment, booking::Way::Credits);
        let soonest = "select credits_left::bigint from entitlement order by expires_at limit 1";
        assert_eq!(house.count(soonest).await, 2, "what ends first is spent first");
        let giving = GivingUp { seat: place.seat, by: By::Business, promised: None, asked_at: now() };
        let mut tx = house.tx().await;
        let after_its_end = at("2026-11-25T09:00:00Z");
        assert_eq!(crate::entitlements::lapse(&mut tx, after_its_end).await.unwrap(), 1);
        booking::give_up(&mut tx, giving, after_its_end).await.unwrap();
        tx.commit().await.unwrap();
        let good_until = "select extract(day from expires_at - '2026-11-25T09:00:00Z')::bigint from entitlement where credits_left = 1";
        assert_eq!(house.count(good_until).await, 14);
        assert_eq!(house.count("select coalesce(sum(amount_minor), 0)::bigint from ledger_line").await, 0);
    })
    .await;
}

#[tokio::test]
async fn who_pays_twice_gets_one_of_them_back() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let seat = house.books(guest, house.yoga().await, Via::Customer, now()).await.unwrap().seat;
        let link = house.asks(guest, seat, now()).await;
        let mut tx = house.tx().await;
        let fifteen = Money::new(1500, "EUR");
        let cash =
            payments::ask(&mut tx, Thing::Seat(seat), guest.customer, Method::Cash, &fifteen, now()).await.unwrap();
        payments::take_cash(&mut tx, cash, now()).await.unwrap();
        tx.commit().await.unwrap();
        let (paid, after) = house.pays(link, now()).await;
        assert_eq!((paid, after.refunds.len()), (Paid::Settled, 1));
        assert_eq!(house.balances().await, ["cash 1500", "refunds 1500", "sales -3000"]);
    })
    .await;
}
