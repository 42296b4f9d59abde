//! Waiting lists: the cases that break such systems elsewhere. Numbers are those of the edge cases we collected.

use chrono::{DateTime, TimeDelta, Utc};

use super::support::{Guest, House, now, with_house};
use crate::booking::{self, By, GaveUp, GivingUp, Refusal, Via, Wish};
use crate::waitlist::{self, Claimed, Joined};
use crate::{After, EntryId, SeatId, SessionId};

/// Yoga with one place, which Anna has; Bruno and Carla wait for it, in this order.
struct Queue {
    house: House,
    yoga: SessionId,
    anna: Guest,
    seat: SeatId,
    waiting: Vec<(Guest, EntryId)>,
}

impl Queue {
    async fn form(house: &House, waiting: usize) -> Self {
        let (house, yoga) = (house.clone(), house.yoga().await);
        sqlx::query("update session set capacity = 1 where id = $1").bind(yoga).execute(&house.owner).await.unwrap();
        let anna = house.guest("393330000001").await;
        let seat = house.books(anna, yoga, Via::Customer, now()).await.unwrap().seat;
        let mut queue = Self { house, yoga, anna, seat, waiting: Vec::new() };
        for n in 0..waiting {
            let guest = queue.house.guest(&format!("39333000010{n}")).await;
            let entry = queue.house.joins(guest, yoga).await;
            queue.waiting.push((guest, entry));
        }
        queue
    }

    async fn anna_cancels(&self, at: DateTime<Utc>) -> After {
        let giving = GivingUp { seat: self.seat, by: By::Customer, promised: None, asked_at: at };
        let mut tx = self.house.tx().await;
        let gave_up = booking::give_up(&mut tx, giving, at).await.unwrap();
        tx.commit().await.unwrap();
        let GaveUp::Done { after, .. } = gave_up else { panic!("{gave_up:?}") };
        after
    }

    async fn claims(&self, nth: usize, at: DateTime<Utc>) -> Claimed {
        let (guest, entry) = self.waiting[nth];
        let mut tx = self.house.tx().await;
        let claimed = waitlist::claim(&mut tx, entry, guest.customer, at).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    }

    async fn expires(&self, nth: usize, at: DateTime<Utc>) -> Option<After> {
        let mut tx = self.house.tx().await;
        let after = waitlist::expire(&mut tx, self.waiting[nth].1, at).await.unwrap();
        tx.commit().await.unwrap();
        after
    }

    /// Events of the log, each with the place in the list that it is about, from 0.
    async fn log(&self) -> Vec<String> {
        let mut tx = self.house.tx().await;
        let lines = waitlist::log_of(&mut tx, self.yoga).await.unwrap();
        let nth = |entry| self.waiting.iter().position(|(_, other)| *other == entry).unwrap();
        lines.into_iter().map(|line| format!("{} {}", nth(line.entry), line.event)).collect()
    }

    async fn has_a_place(&self, nth: usize) -> bool {
        let (guest, _) = self.waiting[nth];
        let sql = "select count(*) from seat where customer_id = $1 and state = 'booked'";
        let count: i64 = sqlx::query_scalar(sql).bind(guest.customer).fetch_one(&self.house.owner).await.unwrap();
        count == 1
    }
}

impl House {
    pub(super) async fn books(
        &self,
        guest: Guest,
        session: SessionId,
        via: Via,
        at: DateTime<Utc>,
    ) -> Result<booking::Place, Refusal> {
        let wish = Wish { session, customer: guest.customer, places: 1, via, told: None, proposal: None };
        let mut tx = self.tx().await;
        let booking = booking::book(&mut tx, &wish, at).await.unwrap();
        tx.commit().await.unwrap();
        booking.place
    }

    async fn joins(&self, guest: Guest, session: SessionId) -> EntryId {
        let mut tx = self.tx().await;
        let joined = waitlist::join(&mut tx, session, guest.customer, 1, None, now()).await.unwrap();
        tx.commit().await.unwrap();
        let Joined::Waiting(position) = joined else { panic!("{joined:?}") };
        position.entry
    }

    async fn set(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.owner).await.unwrap();
    }
}

#[tokio::test]
async fn edge_24_a_cancellation_and_the_offer_it_leads_to_are_one_change() {
    with_house(async |house| {
        let queue = Queue::form(&house, 1).await;
        let mut tx = house.tx().await;
        let giving = GivingUp { seat: queue.seat, by: By::Customer, promised: None, asked_at: now() };
        booking::give_up(&mut tx, giving, now()).await.unwrap();
        // The process dies here: neither is there.
        drop(tx);
        assert_eq!(queue.log().await, ["0 joined"]);
        assert_eq!(house.count("select count(*) from seat where state = 'booked'").await, 1);
        let after = queue.anna_cancels(now()).await;
        assert_eq!((after.offers.len(), after.notices.len()), (1, 1));
        assert_eq!(queue.log().await, ["0 joined", "0 offered"]);
    })
    .await;
}

#[tokio::test]
async fn edge_26_who_cannot_be_moved_up_is_passed_over_with_a_reason() {
    with_house(async |house| {
        let queue = Queue::form(&house, 3).await;
        // The first has another class at that time, the second is blocked.
        let spinning = "insert into session (tenant_id, service_id, location_id, starts_at, ends_at, capacity, price_minor, currency)
            select tenant_id, service_id, location_id, starts_at, ends_at, 9, 1300, 'EUR' from session where id = $1 returning id";
        let other: SessionId = sqlx::query_scalar(spinning).bind(queue.yoga).fetch_one(&house.owner).await.unwrap();
        house.books(queue.waiting[0].0, other, Via::Customer, now()).await.unwrap();
        let block = "update customer set blocked_at = now() where id = $1";
        sqlx::query(block).bind(queue.waiting[1].0.customer).execute(&house.owner).await.unwrap();
        queue.anna_cancels(now()).await;
        assert_eq!(queue.log().await[3..], ["0 skipped", "1 skipped", "2 offered"]);
        let reasons = "select count(*) from waitlist_log where event = 'skipped' and reason in ('has another booking at that time', 'the customer is blocked')";
        assert_eq!(house.count(reasons).await, 2);
        assert_eq!(house.count("select count(*) from waitlist_entry where state = 'waiting'").await, 2, "they keep their turn");
    })
    .await;
}

#[tokio::test]
async fn edge_27_one_who_comes_a_second_late_loses_the_place_and_keeps_the_turn() {
    with_house(async |house| {
        let queue = Queue::form(&house, 2).await;
        queue.anna_cancels(now()).await;
        let late = now() + TimeDelta::minutes(30) + TimeDelta::seconds(1);
        assert!(queue.expires(0, now()).await.is_none(), "not before its time");
        assert!(queue.expires(0, late).await.is_some());
        assert!(matches!(queue.claims(0, late).await, Claimed::TooLate { .. }));
        assert!(matches!(queue.claims(1, late).await, Claimed::Taken { .. }));
        assert_eq!((queue.has_a_place(0).await, queue.has_a_place(1).await), (false, true));
        // The next place is offered to the one who was there before.
        let third = house.guest("393330000199").await;
        let entry = house.joins(third, queue.yoga).await;
        assert!(entry > queue.waiting[0].1);
        let mut tx = house.tx().await;
        let first = waitlist::position(&mut tx, queue.yoga, queue.waiting[0].0.customer).await.unwrap().unwrap();
        assert_eq!(first.position, 1);
    })
    .await;
}

#[tokio::test]
async fn one_who_lets_an_offer_run_out_is_not_asked_about_the_same_place_again() {
    with_house(async |house| {
        let queue = Queue::form(&house, 1).await;
        queue.anna_cancels(now()).await;
        let late = now() + TimeDelta::hours(1);
        let after = queue.expires(0, late).await.unwrap();
        assert!(after.offers.is_empty(), "{after:?}");
        assert_eq!(queue.log().await, ["0 joined", "0 offered", "0 expired"]);
        // Turning up late, with nobody else waiting, the place is theirs.
        assert!(matches!(queue.claims(0, late).await, Claimed::Taken { .. }));
    })
    .await;
}

#[tokio::test]
async fn edge_28_an_offer_that_cannot_be_told_goes_on_at_once() {
    with_house(async |house| {
        let queue = Queue::form(&house, 2).await;
        queue.anna_cancels(now()).await;
        let mut tx = house.tx().await;
        let after = waitlist::withdraw(&mut tx, queue.waiting[0].1, now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(after.offers, [queue.waiting[1].1]);
        assert_eq!(queue.log().await[2..], ["0 offered", "0 undeliverable", "1 offered"]);
    })
    .await;
}

#[tokio::test]
async fn edge_29_nobody_books_past_those_who_wait() {
    with_house(async |house| {
        let queue = Queue::form(&house, 1).await;
        queue.anna_cancels(now()).await;
        for via in [Via::Customer, Via::Staff, Via::Api] {
            assert_eq!(house.books(queue.anna, queue.yoga, via, now()).await, Err(Refusal::Full));
        }
        assert!(house.books(queue.waiting[0].0, queue.yoga, Via::Customer, now()).await.is_ok(), "it is held for them");
        assert_eq!(queue.log().await, ["0 joined", "0 offered", "0 accepted"]);
    })
    .await;
}

#[tokio::test]
async fn after_the_cut_off_a_free_place_is_anybodys() {
    with_house(async |house| {
        let queue = Queue::form(&house, 1).await;
        let near = "2026-11-22T16:30:00Z".parse().unwrap();
        let after = queue.anna_cancels(near).await;
        assert!(after.offers.is_empty());
        let stranger = house.guest("393330000300").await;
        assert!(house.books(stranger, queue.yoga, Via::Customer, near).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_window_to_claim_shrinks_as_the_session_comes_near() {
    with_house(async |house| {
        let queue = Queue::form(&house, 1).await;
        // Forty minutes before nobody is moved up any more: an eighth of that.
        queue.anna_cancels("2026-11-22T15:20:00Z".parse().unwrap()).await;
        let minutes =
            "select extract(epoch from offer_expires_at - '2026-11-22T15:20:00Z')::bigint / 60 from waitlist_entry";
        assert_eq!(house.count(minutes).await, 5);
    })
    .await;
}

#[tokio::test]
async fn edge_30_a_promotion_keeps_to_the_limit_of_a_membership() {
    with_house(async |house| {
        house.set("update tenant set waitlist_mode = 'auto'").await;
        let queue = Queue::form(&house, 1).await;
        house.set("update service set prepaid = true where slug = 'yoga'").await;
        let member = queue.waiting[0].0.customer;
        let plan = "insert into plan (tenant_id, id, name, kind, price_minor, per, at_most, valid_days) select id, 900, '{}', 'membership', 1, 'week', 1, 30 from tenant";
        sqlx::query(plan).execute(&house.owner).await.unwrap();
        let sql = "insert into entitlement (tenant_id, id, customer_id, plan_id, state, starts_at, expires_at, price_minor, currency, created_at)
            select id, 900, $1, 900, 'active', '2026-11-01', '2026-12-31', 1, 'EUR', '2026-11-01' from tenant";
        sqlx::query(sql).bind(member).execute(&house.owner).await.unwrap();
        // This week's visit is used up.
        house.set("insert into entitlement_period (tenant_id, entitlement_id, first_day, used, at_most) select id, 900, '2026-11-16', 1, 1 from tenant").await;
        let after = queue.anna_cancels(now()).await;
        assert_eq!(after.holds.len(), 1, "the place is held until it is paid");
        assert_eq!(house.count("select used::bigint from entitlement_period").await, 1);
        assert_eq!(house.count("select count(*) from seat where state = 'held' and payment = 'link'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_first_who_waits_has_the_place_where_the_house_gives_it() {
    with_house(async |house| {
        house.set("update tenant set waitlist_mode = 'auto'").await;
        let queue = Queue::form(&house, 2).await;
        queue.anna_cancels(now()).await;
        assert_eq!((queue.has_a_place(0).await, queue.has_a_place(1).await), (true, false));
        assert_eq!(queue.log().await[2..], ["0 promoted"]);
    })
    .await;
}

#[tokio::test]
async fn all_who_wait_are_told_where_the_house_does_so_and_the_first_to_book_has_it() {
    with_house(async |house| {
        house.set("update tenant set waitlist_mode = 'notify'").await;
        let queue = Queue::form(&house, 2).await;
        let after = queue.anna_cancels(now()).await;
        assert_eq!((after.notices.len(), after.offers.len()), (2, 0));
        assert!(house.books(queue.waiting[1].0, queue.yoga, Via::Customer, now()).await.is_ok());
        assert_eq!(queue.log().await[2..], ["0 told", "1 told"]);
        assert_eq!(house.count("select count(*) from waitlist_entry where state = 'promoted'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_party_waits_until_there_is_room_for_all_of_it() {
    with_house(async |house| {
        let queue = Queue::form(&house, 0).await;
        let (pair, single) = (house.guest("393330000401").await, house.guest("393330000402").await);
        let mut tx = house.tx().await;
        sqlx::query("update session set capacity = 2, booked = 1 where id = $1")
            .bind(queue.yoga)
            .execute(&house.owner)
            .await
            .unwrap();
        waitlist::join(&mut tx, queue.yoga, pair.customer, 2, None, now()).await.unwrap();
        tx.commit().await.unwrap();
        let entry = house.joins(single, queue.yoga).await;
        let after = queue.anna_cancels(now()).await;
        assert_eq!(after.offers.len(), 1, "both places are offered to the pair");
        assert!(!after.offers.contains(&entry));
        assert_eq!(house.count("select booked::bigint from session where capacity = 2").await, 2);
    })
    .await;
}
