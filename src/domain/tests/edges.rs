//! Edge cases of booking that have no other home; `tests/edge_cases.tsv` lists them all.

use tokio::task::JoinSet;

use super::support::{now, with_house};
use crate::booking::{self, By, GivingUp, Via, Wish};
use crate::{SeatId, waitlist};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn edge_17_one_person_on_two_devices_has_one_place() {
    with_house(async |house| {
        let (yoga, guest) = (house.yoga().await, house.guest("393331234567").await);
        let mut all = JoinSet::new();
        for n in 0..12 {
            let (house, via) = (house.clone(), [Via::Customer, Via::Api, Via::Staff][n % 3]);
            all.spawn(async move {
                let wish = Wish { session: yoga, customer: guest.customer, places: 1, via, told: None, proposal: None };
                let mut tx = house.tx().await;
                let booking = booking::book(&mut tx, &wish, now()).await.unwrap();
                tx.commit().await.unwrap();
                booking.place.is_ok()
            });
        }
        let booked = all.join_all().await.into_iter().filter(|booked| *booked).count();
        assert_eq!((booked, house.count("select count(*) from seat").await), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn edge_25_two_cancellations_and_a_place_by_hand_at_once_promote_nobody_twice() {
    with_house(async |house| {
        let yoga = house.yoga().await;
        sqlx::query("update session set capacity = 2 where id = $1").bind(yoga).execute(&house.owner).await.unwrap();
        let wish = |customer, via| Wish { session: yoga, customer, places: 1, via, told: None, proposal: None };
        let mut seats = Vec::new();
        for phone in ["393330000001", "393330000002"] {
            let mut tx = house.tx().await;
            let guest = house.guest(phone).await;
            let booking = booking::book(&mut tx, &wish(guest.customer, Via::Customer), now()).await.unwrap();
            seats.push(booking.place.unwrap().seat);
            tx.commit().await.unwrap();
        }
        let mut waiting = Vec::new();
        for phone in ["393330000003", "393330000004", "393330000005"] {
            let guest = house.guest(phone).await;
            let mut tx = house.tx().await;
            waitlist::join(&mut tx, yoga, guest.customer, 1, None, now()).await.unwrap();
            tx.commit().await.unwrap();
            waiting.push(guest.customer);
        }
        let mut all = JoinSet::new();
        for seat in seats {
            let house = house.clone();
            all.spawn(async move { give_up(&house, seat).await });
        }
        let by_hand = wish(waiting[1], Via::Staff);
        let there = house.clone();
        all.spawn(async move {
            let mut tx = there.tx().await;
            booking::book(&mut tx, &by_hand, now()).await.unwrap();
            tx.commit().await.unwrap();
        });
        all.join_all().await;
        assert_eq!(house.count("select booked::bigint from session where capacity = 2").await, 2);
        let twice = "select count(*) from (select from seat where state <> 'cancelled' group by customer_id having count(*) > 1) x";
        assert_eq!(house.count(twice).await, 0);
        let held = "select count(*) from waitlist_entry e where e.state in ('offered', 'promoted')
                    and not exists (select from seat x where x.id = e.seat_id and x.state <> 'cancelled')";
        assert_eq!(house.count(held).await, 0);
    })
    .await;
}

async fn give_up(house: &super::support::House, seat: SeatId) {
    let mut tx = house.tx().await;
    let giving = GivingUp { seat, by: By::Customer, promised: None, asked_at: now() };
    booking::give_up(&mut tx, giving, now()).await.unwrap();
    tx.commit().await.unwrap();
}
