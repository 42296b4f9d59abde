//! Whatever is done to a calendar, in whatever order, by however many at once: nobody is in two places, and no session
//! holds more than it can.

use chrono::{DateTime, Days, TimeDelta, Utc};
use tokio::task::JoinSet;

use super::calendar_kit::{is_in_order, room, run, somebody};
use super::support::{House, now, with_house};
use crate::booking::{self, By, Exchange, GivingUp, Via, Wish};
use crate::calendar::{self, Asked, CalledOff, Change, RuleChange};
use crate::waitlist;
use crate::{After, CrewId, CustomerId, LocationId, RoomId, RuleId, SeatId, ServiceId, SessionId};

/// Marsaglia's xorshift: small, and the same again with the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most).unwrap()).unwrap()
    }

    fn number(&mut self, from: i32, until: i32) -> i32 {
        from + i32::try_from(self.below(usize::try_from(until - from).unwrap())).unwrap()
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }
}

/// What there is to play with.
#[derive(Clone)]
struct World {
    house: House,
    crew: Vec<CrewId>,
    rooms: Vec<RoomId>,
    locations: Vec<LocationId>,
    customers: Vec<CustomerId>,
    massage: ServiceId,
}

impl World {
    async fn make(house: House) -> Self {
        for name in ["Grande", "Piccola"] {
            room(&house, "Studio Centro", name).await;
        }
        // Few people, few rooms, and all can do everything: much collides.
        run(&house, "delete from session").await;
        run(&house, "delete from session_rule where id % 3 <> 0").await;
        run(
            &house,
            "insert into service (tenant_id, slug, name, kind, minutes, price_minor)
             select tenant_id, 'massage', '{}', 'appointment', 45, 6000 from crew limit 1",
        )
        .await;
        run(
            &house,
            "insert into crew_service (tenant_id, crew_id, service_id)
             select c.tenant_id, c.id, v.id from crew c, service v on conflict do nothing",
        )
        .await;
        run(&house, "insert into working_hours (tenant_id, crew_id, location_id, room_id, weekdays, from_time, until_time)
             select r.tenant_id, c.id, r.location_id, r.id, '{1,2,3,4,5,6,7}', '00:00', '24:00' from crew c, room r where r.name = 'Piccola'")
            .await;
        let mut customers = Vec::new();
        for n in 0..8 {
            customers.push(somebody(&house, &format!("39333111000{n}")).await);
        }
        let ids = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_all(&house.owner).await.unwrap();
        Self {
            crew: ids("select id from crew order by id limit 3").await.into_iter().map(CrewId).collect(),
            rooms: ids("select id from room").await.into_iter().map(RoomId).collect(),
            locations: ids("select id from location").await.into_iter().map(LocationId).collect(),
            massage: ServiceId(house.count("select id from service where slug = 'massage'").await),
            customers,
            house,
        }
    }

    async fn any(&self, dice: &mut Dice, sql: &'static str) -> Option<i64> {
        let ids: Vec<i64> = sqlx::query_scalar(sql).fetch_all(&self.house.owner).await.unwrap();
        if ids.is_empty() { None } else { Some(dice.one(&ids)) }
    }

    async fn session(&self, dice: &mut Dice) -> SessionId {
        SessionId(self.any(dice, "select id from session order by starts_at desc limit 60").await.unwrap_or(0))
    }

    /// Does something; what it comes to is for the end to judge, but it must come to an answer.
    async fn act(&self, dice: &mut Dice, now: DateTime<Utc>) {
        let mut tx = self.house.tx().await;
        match dice.below(13) {
            0 => drop(calendar::materialise(&mut tx, now, 10).await.unwrap()),
            1 | 2 => {
                let (session, change) = (self.session(dice).await, self.change(dice, now));
                drop(calendar::change_session(&mut tx, session, &change, now).await.unwrap());
            }
            3 => {
                let session = self.session(dice).await;
                drop(calendar::set_capacity(&mut tx, session, dice.number(0, 5), now).await.unwrap());
            }
            4 => {
                let (rule, change) = (self.rule(dice).await, self.rule_change(dice));
                let from = now.date_naive() + Days::new(u64::try_from(dice.below(9)).unwrap());
                let followed = calendar::this_and_following(&mut tx, rule, from, &change, now).await.unwrap();
                if let Ok(followed) = followed {
                    Self::settle(&mut tx, followed.after, now).await;
                }
            }
            5 => {
                let (session, reason) = (self.session(dice).await, "dice");
                if let CalledOff::Done { seats, .. } = calendar::call_off(&mut tx, session, reason, now).await.unwrap()
                {
                    for seat in seats {
                        calendar::cancel_seat(&mut tx, seat, now).await.unwrap();
                    }
                }
            }
            6 => {
                let from = now + TimeDelta::hours(i64::from(dice.number(0, 200)));
                let crew = dice.one(&self.crew);
                drop(calendar::away(&mut tx, crew, from..from + TimeDelta::hours(2), "dice").await.unwrap());
            }
            7 => {
                let seat =
                    self.any(dice, "select id from seat where state <> 'cancelled' and session_id is not null").await;
                let giving =
                    GivingUp { seat: SeatId(seat.unwrap_or(0)), by: By::Customer, promised: None, asked_at: now };
                drop(booking::give_up(&mut tx, giving, now).await.unwrap());
            }
            8 => {
                let asked = Asked {
                    customer: dice.one(&self.customers),
                    service: self.massage,
                    crew: dice.one(&self.crew),
                    location: dice.one(&self.locations),
                    starts_at: now + TimeDelta::minutes(i64::from(dice.number(0, 700)) * 15),
                    via: dice.one(&[Via::Customer, Via::Staff]),
                };
                drop(calendar::book_appointment(&mut tx, &asked, now).await.unwrap());
            }
            9 => {
                let (session, customer) = (self.session(dice).await, dice.one(&self.customers));
                crate::customer::lock(&mut tx, &[customer]).await.unwrap();
                waitlist::join(&mut tx, session, customer, 1, None, now).await.unwrap();
            }
            10 => {
                let seat = self.any(dice, "select id from seat where state = 'booked'").await;
                let Some(seat) = seat.map(SeatId) else { return };
                let (customer, _) =
                    booking::payer(&mut tx, seat).await.unwrap().unwrap_or((dice.one(&self.customers), String::new()));
                crate::customer::lock(&mut tx, &[customer]).await.unwrap();
                let to = self.session(dice).await;
                let wish = Exchange { seat, to, customer, via: Via::Staff, told: None, proposal: None, asked_at: now };
                drop(booking::exchange(&mut tx, &wish, now).await.unwrap());
            }
            _ => {
                let wish = Wish {
                    session: self.session(dice).await,
                    customer: dice.one(&self.customers),
                    places: 1,
                    via: Via::Staff,
                    told: None,
                    proposal: None,
                };
                crate::customer::lock(&mut tx, &[wish.customer]).await.unwrap();
                drop(booking::book(&mut tx, &wish, now).await.unwrap());
            }
        }
        tx.commit().await.unwrap();
    }

    async fn rule(&self, dice: &mut Dice) -> RuleId {
        RuleId(self.any(dice, "select id from session_rule").await.unwrap())
    }

    fn change(&self, dice: &mut Dice, now: DateTime<Utc>) -> Change {
        let (crew, room) = (dice.one(&self.crew), dice.one(&self.rooms));
        let minutes = i64::from(dice.number(0, 700)) * 15;
        Change {
            starts_at: dice.maybe(now + TimeDelta::minutes(minutes)),
            minutes: Some(dice.number(20, 120)).filter(|minutes| minutes % 3 == 0),
            crew: dice.maybe(Some(crew)),
            room: Some(dice.maybe(room)),
            location: Some(dice.one(&self.locations)).filter(|_| minutes % 4 == 0),
            price_minor: None,
        }
    }

    fn rule_change(&self, dice: &mut Dice) -> RuleChange {
        let hour = u32::try_from(dice.number(6, 22)).unwrap();
        let days: Vec<i16> = (1..=7).filter(|_| dice.below(2) == 0).collect();
        let crew = dice.one(&self.crew);
        RuleChange {
            weekdays: dice.maybe(days),
            starts_at: dice.maybe(chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap()),
            minutes: dice.maybe(60),
            crew: dice.maybe(Some(crew)),
            room: None,
            capacity: dice.maybe(4),
            price_minor: None,
        }
    }

    /// Lets go of those whose sessions were called off.
    async fn settle(conn: &mut sqlx::PgConnection, after: After, now: DateTime<Utc>) {
        for session in after.called_off {
            let CalledOff::Done { seats, .. } = calendar::call_off(conn, session, "", now).await.unwrap() else {
                continue;
            };
            for seat in seats {
                calendar::cancel_seat(conn, seat, now).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn random_edits_never_put_anybody_in_two_places() {
    with_house(async |house| {
        let world = World::make(house.clone()).await;
        let (mut dice, mut now) = (Dice(0x5EED), now());
        for step in 0..400 {
            world.act(&mut dice, now).await;
            if step % 20 == 0 {
                is_in_order(&house).await;
                now += TimeDelta::hours(5);
            }
        }
        is_in_order(&house).await;
        for (what, sql) in [
            ("changes", "select count(*) from session where changes > 0"),
            ("followed rules", "select count(*) from session_rule where follows is not null"),
            ("bookings", "select count(*) from seat where state = 'booked'"),
            ("appointments", "select count(*) from session where rule_id is null"),
            ("absences", "select count(*) from occupation where session_id is null"),
            ("what was called off", "select count(*) from session where status = 'cancelled'"),
        ] {
            assert!(house.count(sql).await > 2, "the dice did too little to tell: {what}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_edits_by_many_at_once_come_to_answers_and_leave_order() {
    with_house(async |house| {
        let world = World::make(house.clone()).await;
        let mut all = JoinSet::new();
        for n in 1..=8_u64 {
            let world = world.clone();
            all.spawn(async move {
                let mut dice = Dice(n * 0x9E37_79B9);
                for step in 0..40 {
                    world.act(&mut dice, now() + TimeDelta::hours(step)).await;
                }
            });
        }
        all.join_all().await;
        is_in_order(&house).await;
    })
    .await;
}
