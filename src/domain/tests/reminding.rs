//! Reminders: due once, and only while they are of use.

use super::support::{Guest, House, at, now, with_house};
use crate::booking::Via;
use crate::catalog::Asker;
use crate::customer::{self, Source};
use crate::notices::{self, Ended};
use crate::{Language, NoticeId, SeatId};

impl House {
    async fn reminds(&self, when: &str) -> Vec<NoticeId> {
        let mut tx = self.tx().await;
        let notices = notices::remind(&mut tx, at(when)).await.unwrap();
        tx.commit().await.unwrap();
        notices
    }

    /// What a notice says at a time, or why nothing.
    async fn says(&self, guest: Guest, notice: NoticeId, when: &str) -> Result<String, &'static str> {
        let mut tx = self.tx().await;
        let notice = notices::lock(&mut tx, notice).await.unwrap().unwrap();
        let asker = Asker::new(&mut tx, guest.customer, Language::En, at(when)).await.unwrap();
        notices::words(&mut tx, &notice, &asker).await.unwrap().map(|words| words.content.text)
    }

    async fn booked_yoga(&self) -> (Guest, SeatId) {
        let guest = self.guest("393330000001").await;
        (guest, self.books(guest, self.yoga().await, Via::Customer, now()).await.unwrap().seat)
    }
}

#[tokio::test]
async fn a_booking_is_reminded_of_once_for_each_time_that_was_set() {
    with_house(async |house| {
        house.booked_yoga().await;
        assert!(house.reminds("2026-11-21T17:59:00Z").await.is_empty());
        assert_eq!(house.reminds("2026-11-21T18:00:00Z").await.len(), 1);
        assert!(house.reminds("2026-11-21T18:01:00Z").await.is_empty());
        assert_eq!(house.reminds("2026-11-22T16:00:00Z").await.len(), 1);
        assert!(house.reminds("2026-11-22T17:00:00Z").await.is_empty());
        assert!(house.reminds("2026-11-22T18:00:00Z").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_books_after_a_reminder_would_have_been_due_is_not_reminded() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        house.books(guest, house.yoga().await, Via::Customer, at("2026-11-22T17:00:00Z")).await.unwrap();
        assert!(house.reminds("2026-11-22T17:01:00Z").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn edge_22_a_reminder_of_what_is_off_or_over_is_not_sent() {
    with_house(async |house| {
        let (guest, _) = house.booked_yoga().await;
        let notice = house.reminds("2026-11-21T18:00:00Z").await[0];
        let told = house.says(guest, notice, "2026-11-21T18:00:01Z").await.unwrap();
        assert!(told.contains("Yoga") && told.contains("19:00"), "{told}");
        assert_eq!(house.says(guest, notice, "2026-11-22T18:00:00Z").await, Err("too late to be of use"));
        sqlx::query("update seat set state = 'cancelled', cancelled_at = now()").execute(&house.owner).await.unwrap();
        let off = house.says(guest, notice, "2026-11-21T18:00:01Z").await;
        assert_eq!(off, Err("things have changed meanwhile"));
    })
    .await;
}

#[tokio::test]
async fn edge_22_after_a_change_of_time_the_new_time_is_reminded_of() {
    with_house(async |house| {
        let (guest, _) = house.booked_yoga().await;
        let first = house.reminds("2026-11-21T18:00:00Z").await[0];
        let sql = "update session set starts_at = starts_at + interval '63 hours', ends_at = ends_at + interval '63 hours' where id = $1";
        sqlx::query(sql).bind(house.yoga().await).execute(&house.owner).await.unwrap();
        let told = house.says(guest, first, "2026-11-21T18:00:01Z").await.unwrap();
        assert!(told.contains("25 November"), "what it says is read when it is sent: {told}");
        assert_eq!(house.reminds("2026-11-24T09:00:00Z").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn edge_23_reminders_that_an_outage_held_up_are_dropped_when_they_are_of_no_use() {
    with_house(async |house| {
        let (guest, _) = house.booked_yoga().await;
        let notices = house.reminds("2026-11-22T16:00:00Z").await;
        assert_eq!(notices.len(), 2, "the one of the day before is late, and still of use");
        assert!(house.says(guest, notices[0], "2026-11-22T16:00:00Z").await.is_ok());
        assert!(house.says(guest, notices[0], "2026-11-22T19:00:00Z").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn edge_49_a_list_that_is_imported_brings_nobody_back_who_said_stop() {
    with_house(async |house| {
        let guest = house.guest("393330000001").await;
        let mut tx = house.tx().await;
        let mut consent = async |granted, source| {
            customer::consent(&mut tx, guest.customer, granted, source, None, now()).await.unwrap()
        };
        assert!(consent(false, Source::Message).await);
        assert!(!consent(true, Source::Import).await);
        assert!(consent(true, Source::Message).await);
        assert!(consent(true, Source::Import).await);
        let to = customer::addressee(&mut tx, guest.customer).await.unwrap();
        assert!(!to.opted_out);
    })
    .await;
}

#[tokio::test]
async fn a_notice_ends_once() {
    with_house(async |house| {
        house.booked_yoga().await;
        let notice = house.reminds("2026-11-21T18:00:00Z").await[0];
        let mut tx = house.tx().await;
        notices::settle(&mut tx, notice, Ended::Skipped, Some("first"), None, now()).await.unwrap();
        notices::settle(&mut tx, notice, Ended::Sent, None, None, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(house.count("select count(*) from notice where state = 'skipped' and reason = 'first'").await, 1);
    })
    .await;
}
