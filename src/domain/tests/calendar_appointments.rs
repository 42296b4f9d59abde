//! Appointments: which times are free, and who gets them.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;

use super::calendar_kit::{book, crew, give_up, is_in_order, location, room, run, service, somebody, texts};
use super::support::{House, at, now, with_house};
use crate::booking::{self, GaveUp, Place, Refusal, Via};
use crate::calendar::{self, Appointment, Asked, CalledOff, FreeTime, Wanted};
use crate::catalog::{self, Asker};
use crate::waitlist::{self, Joined};
use crate::{CrewId, CustomerId, Language, LocationId, SeatId, ServiceId, SessionId};

/// A massage of an hour, by Sara, at Sala Prato; on Mondays from 14:00 to 17:00.
#[derive(Clone, Copy)]
struct Massage {
    service: ServiceId,
    crew: CrewId,
    location: LocationId,
}

async fn massage(house: &House) -> Massage {
    run(house, "insert into service (tenant_id, slug, name, kind, minutes, price_minor)
         select tenant_id, 'massage', '{\"it\": \"Massaggio\", \"en\": \"Massage\"}', 'appointment', 60, 6000 from crew limit 1")
        .await;
    run(house, "insert into crew_service (tenant_id, crew_id, service_id) select c.tenant_id, c.id, v.id from crew c, service v
         where c.name = 'Sara Venturi' and v.slug = 'massage'")
        .await;
    hours(house, "Sara Venturi", "{1}", "14:00", "17:00").await;
    Massage {
        service: service(house, "massage").await,
        crew: crew(house, "Sara Venturi").await,
        location: location(house, "Sala Prato").await,
    }
}

async fn hours(house: &House, crew: &str, weekdays: &str, from: &str, until: &str) {
    sqlx::query(
        "insert into working_hours (tenant_id, crew_id, location_id, weekdays, from_time, until_time)
         select c.tenant_id, c.id, l.id, $2::smallint[], $3::time, $4::time from crew c, location l
         where c.name = $1 and l.name = 'Sala Prato'",
    )
    .bind(crew)
    .bind(weekdays)
    .bind(from)
    .bind(until)
    .execute(&house.owner)
    .await
    .unwrap();
}

impl Massage {
    fn wanted(self) -> Wanted {
        Wanted { service: self.service, crew: None, location: None }
    }

    fn asked(self, customer: CustomerId, starts_at: &str) -> Asked {
        let Self { service, crew, location } = self;
        Asked { customer, service, crew, location, starts_at: at(starts_at), via: Via::Customer }
    }

    async fn free(self, house: &House, from: &str, until: &str, now: DateTime<Utc>) -> Vec<String> {
        let mut tx = house.tx().await;
        let free = calendar::free_times(&mut tx, &self.wanted(), at(from)..at(until), now).await.unwrap();
        free.iter().map(|free| free.during.start.format("%d %H:%M").to_string()).collect()
    }

    /// Monday's free times, in UTC.
    async fn on_monday(self, house: &House) -> Vec<String> {
        self.free(house, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", now()).await
    }
}

async fn ask(house: &House, asked: Asked) -> Appointment {
    let mut tx = house.tx().await;
    let answer = calendar::book_appointment(&mut tx, &asked, now()).await.unwrap();
    tx.commit().await.unwrap();
    answer
}

async fn booked(house: &House, asked: Asked) -> (SessionId, Place) {
    match ask(house, asked).await {
        Appointment::Booked { session, place, .. } => (session, place),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn free_are_the_working_hours_without_what_is_taken() {
    with_house(async |house| {
        // Sara leads back care at 17:00 and Pilates at 18:00 on that Monday.
        let massage = massage(&house).await;
        let all = [
            "23 13:00", "23 13:15", "23 13:30", "23 13:45", "23 14:00", "23 14:15", "23 14:30", "23 14:45", "23 15:00",
        ];
        assert_eq!(massage.on_monday(&house).await, all);
        run(&house, "update working_hours set until_time = '20:00'").await;
        let long = massage.on_monday(&house).await;
        assert_eq!(long.last().unwrap(), "23 18:00", "Pilates ends at 18:55");
        assert_eq!(long[..9], all, "nothing between back care and Pilates is long enough");
        assert_eq!(long.len(), 9 + usize::from(long.contains(&"23 18:00".to_owned())));
        run(&house, "update working_hours set until_time = '17:00'").await;
        let mut tx = house.tx().await;
        let dentist = at("2026-11-23T13:10:00Z")..at("2026-11-23T14:05:00Z");
        calendar::away(&mut tx, massage.crew, dentist, "dentist").await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(massage.on_monday(&house).await, all[5..]);
        run(
            &house,
            "insert into closure (tenant_id, location_id, first_day, last_day)
             select tenant_id, id, '2026-11-23', '2026-11-23' from location where name = 'Sala Prato'",
        )
        .await;
        assert_eq!(massage.on_monday(&house).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_or_too_near_or_too_far_is_not_free() {
    with_house(async |house| {
        let massage = massage(&house).await;
        let free = async |now| massage.free(&house, "2026-11-20T00:00:00Z", "2026-12-02T00:00:00Z", at(now)).await;
        let on_both = free("2026-11-23T14:30:00Z").await;
        assert_eq!(on_both[..2], ["23 14:45", "23 15:00"]);
        assert_eq!(on_both.len(), 2 + 9);
        run(&house, "update tenant set booking_closes_minutes = 30").await;
        assert_eq!(free("2026-11-23T14:15:00Z").await[0], "23 15:00", "what closes now is closed");
        run(&house, "update tenant set booking_opens_days = 7").await;
        assert_eq!(free("2026-11-23T14:15:00Z").await.last().unwrap(), "30 14:15", "what opens now is open");
        let later = massage.free(&house, "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z", now()).await;
        assert_eq!(later.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn at_most_fifty_times_are_told_and_only_of_those_who_are_asked_for() {
    with_house(async |house| {
        let massage = massage(&house).await;
        run(&house, "insert into crew_service (tenant_id, crew_id, service_id) select c.tenant_id, c.id, v.id from crew c, service v
             where c.name = 'Elena Conti' and v.slug = 'massage'")
            .await;
        hours(&house, "Elena Conti", "{1,2,3}", "12:00", "20:00").await;
        // The same hours twice, in another room: one time is one time.
        room(&house, "Sala Prato", "Cabina").await;
        run(&house, "insert into working_hours (tenant_id, crew_id, location_id, room_id, weekdays, from_time, until_time)
             select h.tenant_id, h.crew_id, h.location_id, r.id, '{1,2,3,4}', h.from_time, h.until_time from working_hours h, room r")
            .await;
        let find = async |wanted: Wanted| {
            let mut tx = house.tx().await;
            let range = at("2026-11-23T00:00:00Z")..at("2027-11-23T00:00:00Z");
            calendar::free_times(&mut tx, &wanted, range, now()).await.unwrap()
        };
        let all = find(massage.wanted()).await;
        assert_eq!(all.len(), 50);
        assert!(all.is_sorted_by_key(|free| free.during.start));
        let key = |free: &FreeTime| (free.during.start, free.crew);
        assert!(all.windows(2).all(|pair| key(&pair[0]) != key(&pair[1])));
        let elenas = find(Wanted { crew: Some(crew(&house, "Elena Conti").await), ..massage.wanted() }).await;
        assert!(elenas.iter().all(|free| free.crew != massage.crew));
        let centro = location(&house, "Studio Centro").await;
        assert_eq!(find(Wanted { location: Some(centro), ..massage.wanted() }).await, []);
        assert_eq!(find(Wanted { service: service(&house, "yoga").await, ..massage.wanted() }).await, []);
    })
    .await;
}

#[tokio::test]
async fn on_the_two_odd_days_each_time_exists_once() {
    with_house(async |house| {
        let massage = massage(&house).await;
        run(&house, "update working_hours set weekdays = '{7}', from_time = '01:00', until_time = '05:00'").await;
        // Three hours of the wall clock's four in spring, five in autumn.
        let spring =
            massage.free(&house, "2027-03-27T22:00:00Z", "2027-03-28T22:00:00Z", at("2027-03-20T00:00:00Z")).await;
        let first_and_last = |all: &[String]| (all.len(), all[0].clone(), all[all.len() - 1].clone());
        assert_eq!(first_and_last(&spring), (9, "28 00:00".to_owned(), "28 02:00".to_owned()));
        let autumn =
            massage.free(&house, "2027-10-30T22:00:00Z", "2027-10-31T22:00:00Z", at("2027-10-20T00:00:00Z")).await;
        assert_eq!(first_and_last(&autumn), (17, "30 23:00".to_owned(), "31 03:00".to_owned()));
        run(&house, "update working_hours set from_time = '22:00', until_time = '24:00'").await;
        let night =
            massage.free(&house, "2027-03-28T00:00:00Z", "2027-03-29T00:00:00Z", at("2027-03-20T00:00:00Z")).await;
        assert_eq!(first_and_last(&night), (5, "28 20:00".to_owned(), "28 21:00".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn an_appointment_is_a_session_of_its_own() {
    with_house(async |house| {
        let massage = massage(&house).await;
        let ada = somebody(&house, "393331110001").await;
        let (session, place) = booked(&house, massage.asked(ada, "2026-11-23T13:15:00Z")).await;
        assert_eq!((place.total.minor, place.held_until), (6000, None));
        let made = "select to_char(starts_at at time zone 'UTC', 'HH24:MI-') || to_char(ends_at at time zone 'UTC', 'HH24:MI ') ||
                           capacity || ' ' || booked || ' ' || (rule_id is null) || ' ' || price_minor from session where capacity = 1";
        assert_eq!(texts(&house, made).await, ["13:15-14:15 1 1 true 6000"]);
        assert_eq!(massage.on_monday(&house).await, ["23 14:15", "23 14:30", "23 14:45", "23 15:00"]);
        let again = ask(&house, massage.asked(ada, "2026-11-23T13:15:00Z")).await;
        assert_eq!(again, Appointment::Already { place }, "the same again is the same");
        let eva = somebody(&house, "393331110002").await;
        let Appointment::NotFree { nearest } = ask(&house, massage.asked(eva, "2026-11-23T14:00:00Z")).await else {
            panic!("Ada's ends at 14:15")
        };
        let nearest: Vec<_> = nearest.iter().map(|free| free.during.start.format("%d %H:%M").to_string()).collect();
        assert_eq!(nearest, ["23 14:15", "23 14:30", "23 14:45", "23 15:00", "30 13:00"]);
        assert_eq!(book(&house, eva, session).await, Err(Refusal::Full));
        let mut tx = house.tx().await;
        assert_eq!(waitlist::join(&mut tx, session, eva, 1, None, now()).await.unwrap(), Joined::Closed);
        let asker = Asker::new(&mut tx, eva, Language::It, now()).await.unwrap();
        let listed = catalog::row::between(&mut tx, &asker, now(), now() + TimeDelta::days(7), None).await.unwrap();
        assert!(listed.iter().all(|row| row.id != session), "nobody else hears of it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_ask_for_one_time_one_gets_it() {
    with_house(async |house| {
        let massage = massage(&house).await;
        let mut all = JoinSet::new();
        for n in 0..20 {
            let (house, customer) = (house.clone(), somebody(&house, &format!("3933311100{n:02}")).await);
            all.spawn(async move { ask(&house, massage.asked(customer, "2026-11-23T14:00:00Z")).await });
        }
        let answers = all.join_all().await;
        let got = answers.iter().filter(|answer| matches!(answer, Appointment::Booked { .. })).count();
        let told = answers
            .iter()
            .filter(|answer| matches!(answer, Appointment::NotFree { nearest } if nearest.len() == 5))
            .count();
        assert_eq!((got, told), (1, 19), "{answers:?}");
        assert_eq!(house.count("select count(*) from session where capacity = 1").await, 1);
        assert_eq!(house.count("select count(*) from seat").await, 1);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn an_appointment_that_is_given_up_is_free_again() {
    with_house(async |house| {
        let massage = massage(&house).await;
        let (ada, eva) = (somebody(&house, "393331110001").await, somebody(&house, "393331110002").await);
        let all = massage.on_monday(&house).await;
        let (_, place) = booked(&house, massage.asked(ada, "2026-11-23T14:00:00Z")).await;
        assert!(matches!(give_up(&house, place.seat, now()).await, GaveUp::Done { .. }));
        assert_eq!(massage.on_monday(&house).await, all);
        is_in_order(&house).await;
        run(&house, "update service set prepaid = true where slug = 'massage'").await;
        let (_, held) = booked(&house, massage.asked(eva, "2026-11-23T14:00:00Z")).await;
        assert!(held.held_until.is_some() && massage.on_monday(&house).await != all);
        let mut tx = house.tx().await;
        booking::release_hold(&mut tx, held.seat, now() + TimeDelta::hours(1)).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(massage.on_monday(&house).await, all, "so is one that nobody paid");
        let (session, third) = booked(&house, massage.asked(ada, "2026-11-23T14:00:00Z")).await;
        let mut tx = house.tx().await;
        let called_off = calendar::call_off(&mut tx, session, "ill", now()).await.unwrap();
        assert!(matches!(called_off, CalledOff::Done { seats, .. } if seats == [third.seat]));
        tx.commit().await.unwrap();
        assert_eq!(massage.on_monday(&house).await, all);
        assert_eq!(house.count("select count(*) from session where capacity = 1 and status = 'cancelled'").await, 3);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn an_appointment_that_cannot_be_booked_leaves_nothing_behind() {
    with_house(async |house| {
        let massage = massage(&house).await;
        let ada = somebody(&house, "393331110001").await;
        let before = house.count("select count(*) from session").await;
        let hiit = house.session("hiit", "2026-11-23T12:00:00Z").await;
        run(&house, "update session set ends_at = ends_at + interval '1 hour' where starts_at = '2026-11-23 12:00+00'")
            .await;
        book(&house, ada, hiit).await.unwrap();
        let refused = |answer| match answer {
            Appointment::Refused { why } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(ask(&house, massage.asked(ada, "2026-11-23T13:00:00Z")).await), Refusal::Clash);
        assert_eq!(refused(ask(&house, massage.asked(ada, "2026-11-16T13:00:00Z")).await), Refusal::Started);
        assert_eq!(refused(ask(&house, massage.asked(ada, "2096-11-16T13:00:00Z")).await), Refusal::NotOpen);
        let yoga = Massage { service: service(&house, "yoga").await, ..massage };
        assert_eq!(refused(ask(&house, yoga.asked(ada, "2026-11-30T13:00:00Z")).await), Refusal::Unknown);
        run(&house, "update tenant set booking_closes_minutes = 4000").await;
        assert_eq!(refused(ask(&house, massage.asked(ada, "2026-11-23T15:00:00Z")).await), Refusal::Closed);
        for not_in_hours in ["2026-11-24T13:00:00Z", "2026-11-30T12:45:00Z", "2026-11-30T15:15:00Z"] {
            let answer = ask(&house, massage.asked(ada, not_in_hours)).await;
            assert!(matches!(answer, Appointment::NotFree { nearest } if nearest.len() == 5), "{not_in_hours}");
        }
        assert_eq!(house.count("select count(*) from session").await, before);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn the_first_room_that_is_free_is_taken() {
    with_house(async |house| {
        let massage = massage(&house).await;
        let (one, two) = (room(&house, "Sala Prato", "Cabina 1").await, room(&house, "Sala Prato", "Cabina 2").await);
        run(&house, "delete from working_hours").await;
        run(&house, "insert into working_hours (tenant_id, crew_id, location_id, room_id, weekdays, from_time, until_time)
             select r.tenant_id, c.id, r.location_id, r.id, case r.name when 'Cabina 1' then '{1,2}' else '{1}' end::smallint[], '14:00', '17:00'
             from room r, crew c where c.name = 'Sara Venturi' order by r.id")
            .await;
        run(&house, "insert into occupation (tenant_id, room_id, during)
             select tenant_id, id, '[2026-11-23 12:00+00,2026-11-23 16:00+00)' from room where name = 'Cabina 1'")
            .await;
        let ada = somebody(&house, "393331110001").await;
        assert_eq!(massage.on_monday(&house).await.len(), 9);
        booked(&house, massage.asked(ada, "2026-11-23T13:00:00Z")).await;
        booked(&house, massage.asked(ada, "2026-11-30T13:00:00Z")).await;
        let rooms: Vec<i64> = sqlx::query_scalar("select room_id from session where capacity = 1 order by starts_at")
            .fetch_all(&house.owner)
            .await
            .unwrap();
        assert_eq!(rooms, [two.0, one.0]);
        let seat = SeatId(house.count("select max(id) from seat").await);
        give_up(&house, seat, now()).await;
        is_in_order(&house).await;
    })
    .await;
}
