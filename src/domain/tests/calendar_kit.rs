//! Short words for tests of the calendar.

use chrono::{DateTime, Utc};

use super::support::{House, at, now};
use crate::booking::{self, Booking, By, GaveUp, GivingUp, Place, Refusal, Via, Wish};
use crate::calendar::{self, Made, No};
use crate::{After, CrewId, CustomerId, LocationId, RoomId, RuleId, SeatId, ServiceId, SessionId};

pub(super) async fn crew(house: &House, name: &str) -> CrewId {
    CrewId(id(house, "select id from crew where name = $1", name).await)
}

pub(super) async fn service(house: &House, slug: &str) -> ServiceId {
    ServiceId(id(house, "select id from service where slug = $1", slug).await)
}

pub(super) async fn location(house: &House, name: &str) -> LocationId {
    LocationId(id(house, "select id from location where name = $1", name).await)
}

async fn id(house: &House, sql: &'static str, name: &str) -> i64 {
    sqlx::query_scalar(sql).bind(name).fetch_one(&house.owner).await.unwrap()
}

/// A room, made.
pub(super) async fn room(house: &House, location: &str, name: &str) -> RoomId {
    sqlx::query_scalar("insert into room (tenant_id, location_id, name) select tenant_id, id, $2 from location where name = $1 returning id")
        .bind(location)
        .bind(name)
        .fetch_one(&house.owner)
        .await
        .unwrap()
}

/// The rule that a session was made from.
pub(super) async fn rule_of(house: &House, session: SessionId) -> RuleId {
    sqlx::query_scalar("select rule_id from session where id = $1").bind(session).fetch_one(&house.owner).await.unwrap()
}

/// What the owner does to the rows.
pub(super) async fn run(house: &House, sql: &'static str) {
    sqlx::query(sql).execute(&house.owner).await.unwrap();
}

/// One column of text.
pub(super) async fn texts(house: &House, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(&house.owner).await.unwrap()
}

/// Every rule but this one is gone, with its sessions.
pub(super) async fn only(house: &House, rule: RuleId) {
    for sql in ["delete from session where rule_id <> $1", "delete from session_rule where id <> $1"] {
        sqlx::query(sql).bind(rule).execute(&house.owner).await.unwrap();
    }
}

pub(super) async fn materialise(house: &House, today: &str, days: u64) -> Made {
    let mut tx = house.tx().await;
    let made = calendar::materialise(&mut tx, at(today), days).await.unwrap();
    tx.commit().await.unwrap();
    made
}

/// Somebody who never wrote.
pub(super) async fn somebody(house: &House, phone: &str) -> CustomerId {
    sqlx::query_scalar("insert into customer (tenant_id, phone) values ($1, $2) returning id")
        .bind(house.tenant)
        .bind(phone)
        .fetch_one(&house.owner)
        .await
        .unwrap()
}

/// Books, as the staff does it.
pub(super) async fn book(house: &House, customer: CustomerId, session: SessionId) -> Result<Place, Refusal> {
    book_at(house, customer, session, now()).await
}

pub(super) async fn book_at(
    house: &House,
    customer: CustomerId,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<Place, Refusal> {
    let mut tx = house.tx().await;
    let wish = Wish { session, customer, places: 1, via: Via::Staff, told: None, proposal: None };
    let Booking { place, .. } = booking::book(&mut tx, &wish, now).await.unwrap();
    tx.commit().await.unwrap();
    place
}

/// The customer gives a place up.
pub(super) async fn give_up(house: &House, seat: SeatId, now: DateTime<Utc>) -> GaveUp {
    let mut tx = house.tx().await;
    let giving = GivingUp { seat, by: By::Customer, promised: None, asked_at: now };
    let gave_up = booking::give_up(&mut tx, giving, now).await.unwrap();
    tx.commit().await.unwrap();
    gave_up
}

/// In percent, what comes back.
pub(super) async fn returns(house: &House, seat: SeatId, now: DateTime<Utc>) -> i64 {
    let mut tx = house.tx().await;
    let giving = GivingUp { seat, by: By::Customer, promised: None, asked_at: now };
    booking::returns(&mut tx, giving).await.unwrap().unwrap().percent
}

pub(super) async fn change(
    house: &House,
    session: SessionId,
    change: &calendar::Change,
    now: DateTime<Utc>,
) -> Result<After, No> {
    let mut tx = house.tx().await;
    let changed = calendar::change_session(&mut tx, session, change, now).await.unwrap();
    tx.commit().await.unwrap();
    changed
}

/// When a session starts, by the clock in Rome.
pub(super) async fn starts(house: &House, session: SessionId) -> String {
    sqlx::query_scalar(
        "select to_char(starts_at at time zone 'Europe/Rome', 'MM-DD HH24:MI') from session where id = $1",
    )
    .bind(session)
    .fetch_one(&house.owner)
    .await
    .unwrap()
}

/// What must be true of every calendar, whatever happened to it.
pub(super) async fn is_in_order(house: &House) {
    for (what, sql) in [
        ("places are counted and within capacity", "select count(*) from session s where s.booked > s.capacity or s.booked <>
           (select coalesce(sum(x.places), 0) from seat x where x.tenant_id = s.tenant_id and x.session_id = s.id and x.state <> 'cancelled')"),
        ("nobody is in two places, and no room holds two", "select count(*) from occupation a join occupation b
           on a.tenant_id = b.tenant_id and a.id < b.id and a.during && b.during and (a.crew_id = b.crew_id or a.room_id = b.room_id)"),
        ("no two sessions of one crew or room overlap", "select count(*) from session a join session b
           on a.tenant_id = b.tenant_id and a.id < b.id and a.status = 'scheduled' and b.status = 'scheduled'
           and a.starts_at < b.ends_at and b.starts_at < a.ends_at and (a.crew_id = b.crew_id or a.room_id = b.room_id)"),
        ("each session occupies its crew and its room", "select count(*) from session s where s.status = 'scheduled' and
           (s.crew_id is not null)::int + (s.room_id is not null)::int <> (select count(*) from occupation o
            where o.tenant_id = s.tenant_id and o.session_id = s.id and o.during = tstzrange(s.starts_at, s.ends_at)
              and (o.crew_id = s.crew_id or o.room_id = s.room_id))"),
        ("what was called off occupies nobody", "select count(*) from occupation o join session s
           on s.tenant_id = o.tenant_id and s.id = o.session_id where s.status <> 'scheduled'"),
        ("an appointment without a place is called off", "select count(*) from session s join service v
           on v.tenant_id = s.tenant_id and v.id = s.service_id
           where v.kind = 'appointment' and s.rule_id is null and s.status = 'scheduled' and s.booked = 0"),
        ("the ledger adds up", "select count(*) from (select from ledger_line group by entry_id having sum(amount_minor) <> 0) x"),
    ] {
        assert_eq!(house.count(sql).await, 0, "{what}");
    }
}
