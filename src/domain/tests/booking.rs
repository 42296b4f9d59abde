//! Proposals and what comes of them.

use chrono::TimeDelta;

use super::support::{Guest, House, now, with_house};
use crate::booking::{self, Accepted, BookingOffer, CancellationOffer, Declined, LIFETIME, Proposed, Turn};
use crate::{BookingView, SeatId, SessionId};

async fn booked(house: &House, guest: Guest, session: SessionId, turn: i64) -> BookingView {
    let proposal = house.proposal(guest, session, turn).await;
    match house.accept(guest, proposal, now()).await {
        Accepted::Booked(booking) => booking,
        other => panic!("{other:?}"),
    }
}

async fn offer_to_cancel(house: &House, guest: Guest, seat: SeatId, turn: i64) -> CancellationOffer {
    let mut tx = house.tx().await;
    let asker = guest.asker(&mut tx, now()).await;
    let turn = Turn { asker: &asker, conversation: guest.conversation, id: turn };
    let offer = booking::propose_cancellation(&mut tx, turn, seat, now()).await.unwrap();
    tx.commit().await.unwrap();
    offer
}

#[tokio::test]
async fn a_proposal_tells_what_it_is_about() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let BookingOffer::Proposed(Proposed { summary, .. }) = house.offer(guest, house.yoga().await, 1).await else {
            panic!("not proposed")
        };
        for part in ["Yoga", "Giulia Rossi", "domenica 22 novembre", "19:00", "Studio Centro", "15,00"] {
            assert!(summary.contains(part), "{part} is missing in {summary}");
        }
        assert_eq!(house.count("select count(*) from seat").await, 0);
    })
    .await;
}

#[tokio::test]
async fn one_proposal_is_open_at_a_time() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let first = house.proposal(guest, house.yoga().await, 1).await;
        assert_eq!(house.proposal(guest, house.yoga().await, 1).await, first, "the same turn asks the same");
        let second = house.proposal(guest, house.session("hiit", "2026-11-22T12:00:00Z").await, 1).await;
        assert_ne!(second, first);
        assert_eq!(house.accept(guest, first, now()).await, Accepted::Expired);
        let mut tx = house.tx().await;
        let open = booking::open_proposal(&mut tx, guest.conversation, now()).await.unwrap();
        assert_eq!(open.unwrap().id, second);
    })
    .await;
}

#[tokio::test]
async fn a_yes_that_comes_too_late_books_nothing() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, house.yoga().await, 1).await;
        assert_eq!(house.accept(guest, proposal, now() + LIFETIME).await, Accepted::Expired);
        assert_eq!(house.accept(guest, proposal, now()).await, Accepted::Expired, "expired stays expired");
        assert_eq!(house.count("select count(*) from seat").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_accepts_the_proposal_of_another() {
    with_house(async |house| {
        let (ada, eva) = (house.guest("393331234567").await, house.guest("393337654321").await);
        let proposal = house.proposal(ada, house.yoga().await, 1).await;
        assert_eq!(house.accept(eva, proposal, now()).await, Accepted::NotYours);
        assert_eq!(house.count("select count(*) from seat").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_price_that_was_shown_is_the_price() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, house.yoga().await, 1).await;
        sqlx::query("update session set price_minor = 9900").execute(&house.owner).await.unwrap();
        let Accepted::Booked(booking) = house.accept(guest, proposal, now()).await else { panic!("not booked") };
        assert_eq!(booking.session.price.minor, 1500);
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_the_proposal_counts() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, house.yoga().await, 1).await;
        sqlx::query("update session set status = 'cancelled'").execute(&house.owner).await.unwrap();
        for _ in 0..2 {
            assert_eq!(house.accept(guest, proposal, now()).await, Accepted::SessionCancelled);
        }
        assert_eq!(house.offer(guest, house.yoga().await, 2).await, BookingOffer::Cancelled);
        assert_eq!(house.offer(guest, SessionId(999_999), 3).await, BookingOffer::UnknownSession);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_has_begun_is_neither_booked_nor_cancelled() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let guest = house.guest("393331234567").await;
        let booking = booked(&house, guest, yoga, 1).await;
        sqlx::query("update session set starts_at = $1, ends_at = $1 + interval '1 hour' where id = $2")
            .bind(now())
            .bind(yoga)
            .execute(&house.owner)
            .await
            .unwrap();
        assert_eq!(offer_to_cancel(&house, guest, booking.booking_id, 2).await, CancellationOffer::Started);
        let other = house.guest("393337654321").await;
        assert_eq!(house.offer(other, yoga, 3).await, BookingOffer::Started);
    })
    .await;
}

#[tokio::test]
async fn booking_closes_as_long_before_as_the_business_says() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        sqlx::query("update tenant set booking_closes_minutes = 40 * 60").execute(&house.owner).await.unwrap();
        assert_eq!(house.offer(guest, house.yoga().await, 1).await, BookingOffer::Closed);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_place_is_free_again() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let guest = house.guest("393331234567").await;
        let booking = booked(&house, guest, yoga, 1).await;
        assert!(matches!(house.offer(guest, yoga, 2).await, BookingOffer::AlreadyBooked { .. }));
        let CancellationOffer::Proposed(Proposed { proposal_id, .. }) =
            offer_to_cancel(&house, guest, booking.booking_id, 3).await
        else {
            panic!("not proposed")
        };
        for _ in 0..2 {
            assert!(matches!(house.accept(guest, proposal_id, now()).await, Accepted::Cancelled(_)));
        }
        assert_eq!(house.count("select sum(booked)::bigint from session").await, 0);
        assert_eq!(offer_to_cancel(&house, guest, booking.booking_id, 4).await, CancellationOffer::AlreadyCancelled);
        booked(&house, guest, yoga, 5).await;
    })
    .await;
}

#[tokio::test]
async fn a_booking_of_another_is_unknown() {
    with_house(async |house| {
        let (ada, eva) = (house.guest("393331234567").await, house.guest("393337654321").await);
        let booking = booked(&house, ada, house.yoga().await, 1).await;
        assert_eq!(offer_to_cancel(&house, eva, booking.booking_id, 2).await, CancellationOffer::UnknownBooking);
    })
    .await;
}

#[tokio::test]
async fn a_no_leaves_everything_as_it_is() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, house.yoga().await, 1).await;
        let mut tx = house.tx().await;
        let later = now() + TimeDelta::minutes(1);
        let declined = booking::decline(&mut tx, proposal, guest.customer, later).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(declined, Declined::Declined);
        assert_eq!(house.accept(guest, proposal, later).await, Accepted::Expired);
    })
    .await;
}

#[tokio::test]
async fn a_full_session_comes_with_others_that_have_room() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, yoga, 1).await;
        sqlx::query("update session set capacity = 1, booked = 1 where id = $1")
            .bind(yoga)
            .execute(&house.owner)
            .await
            .unwrap();
        for _ in 0..2 {
            let Accepted::Full { session, alternatives } = house.accept(guest, proposal, now()).await else {
                panic!("not full")
            };
            assert_eq!(session.session_id, yoga);
            assert!(!alternatives.is_empty());
            assert!(alternatives.iter().all(|other| other.service == "Yoga" && other.spots_left > 0));
        }
        assert!(matches!(house.offer(guest, yoga, 2).await, BookingOffer::Full { .. }));
    })
    .await;
}
