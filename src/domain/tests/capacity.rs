//! Capacity holds, whoever comes at once.

use tokio::task::JoinSet;

use super::support::{now, with_house};
use crate::booking::Accepted;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_at_once_get_exactly_ten_places() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let mut asked = Vec::new();
        for n in 0..50 {
            let guest = house.guest(&format!("39333000{n:04}")).await;
            asked.push((guest, house.proposal(guest, yoga, n).await));
        }
        let mut all = JoinSet::new();
        for (guest, proposal) in asked {
            let house = house.clone();
            all.spawn(async move { house.accept(guest, proposal, now()).await });
        }
        let answers = all.join_all().await;
        let booked = answers.iter().filter(|answer| matches!(answer, Accepted::Booked(_))).count();
        let full = answers.iter().filter(|answer| matches!(answer, Accepted::Full { .. })).count();
        assert_eq!((booked, full), (10, 40));
        assert_eq!(house.count("select count(*) from seat where state = 'booked'").await, 10);
        assert_eq!(house.count("select max(booked)::bigint from session").await, 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_yes_tapped_many_times_is_one_booking() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, house.yoga().await, 1).await;
        let mut taps = JoinSet::new();
        for _ in 0..8 {
            let house = house.clone();
            taps.spawn(async move { house.accept(guest, proposal, now()).await });
        }
        let answers = taps.join_all().await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert!(matches!(answers[0], Accepted::Booked(_)));
        assert_eq!(house.count("select count(*) from seat").await, 1);
        assert_eq!(house.count("select sum(booked)::bigint from session").await, 1);
    })
    .await;
}

#[tokio::test]
async fn capacity_cannot_be_taken_below_what_is_booked() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        let guest = house.guest("393331234567").await;
        let proposal = house.proposal(guest, yoga, 1).await;
        house.accept(guest, proposal, now()).await;
        let lowered =
            sqlx::query("update session set capacity = 0 where id = $1").bind(yoga).execute(&house.owner).await;
        let error = lowered.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some("session_not_overbooked"));
    })
    .await;
}
