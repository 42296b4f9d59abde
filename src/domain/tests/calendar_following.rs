//! "This and following", and rules that come and go.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::calendar_kit::{
    book, book_at, change, crew, give_up, is_in_order, location, materialise, only, room, rule_of, run, service,
    somebody, texts,
};
use super::support::{House, at, now, with_house};
use crate::calendar::{self, Change, Followed, Gap, NewRule, No, Overlap, Resource, RuleChange, Shortened};
use crate::{RuleId, SessionId};

const LOCAL: &str = "select to_char(starts_at at time zone 'Europe/Rome', 'MM-DD HH24:MI') from session
                     where status = 'scheduled' order by starts_at";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

async fn follow(
    house: &House,
    rule: RuleId,
    from: &str,
    change: RuleChange,
    now: DateTime<Utc>,
) -> Result<Followed, No> {
    let mut tx = house.tx().await;
    let followed = calendar::this_and_following(&mut tx, rule, day(from), &change, now).await.unwrap();
    tx.commit().await.unwrap();
    followed
}

async fn end(house: &House, rule: RuleId, last_day: &str) -> Result<Shortened, No> {
    let mut tx = house.tx().await;
    let ended = calendar::end_rule(&mut tx, rule, day(last_day), now()).await.unwrap();
    tx.commit().await.unwrap();
    ended
}

/// Yoga on Mondays and Thursdays at 19:00 is all there is, from the 23rd of November to the 10th of December.
async fn mondays_and_thursdays(house: &House) -> RuleId {
    let rule = rule_of(house, house.yoga().await).await;
    only(house, rule).await;
    run(house, "delete from session").await;
    run(house, "update session_rule set weekdays = '{1,4}'").await;
    materialise(house, "2026-11-22T09:00:00Z", 21).await;
    rule
}

async fn first(house: &House) -> SessionId {
    house.session("yoga", "2026-11-26T18:00:00Z").await
}

#[tokio::test]
async fn from_a_day_on_it_is_at_another_time_by_the_clock_on_the_wall() {
    with_house(async |house| {
        let rule = rule_of(&house, house.yoga().await).await;
        only(&house, rule).await;
        run(&house, "delete from session").await;
        run(&house, "update session_rule set weekdays = '{6,7}'").await;
        let spring = at("2027-03-20T06:00:00Z");
        materialise(&house, "2027-03-20T06:00:00Z", 21).await;
        let moved = RuleChange { starts_at: Some(time("20:30")), minutes: Some(45), ..RuleChange::default() };
        let followed = follow(&house, rule, "2027-03-27", moved, spring).await.unwrap();
        assert_eq!((followed.changed.len(), followed.new), (4, 0));
        let expected = ["03-20 19:00", "03-21 19:00", "03-27 20:30", "03-28 20:30", "04-03 20:30", "04-04 20:30"];
        assert_eq!(texts(&house, LOCAL).await, expected);
        let rules = "select valid_from || ' to ' || coalesce(valid_until::text, '…') || ' ' || (follows is not null) from session_rule order by id";
        assert_eq!(texts(&house, rules).await, ["2000-01-01 to 2027-03-26 false", "2027-03-27 to … true"]);
        assert_eq!(materialise(&house, "2027-03-20T06:00:00Z", 21).await, calendar::Made::default());
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn a_rule_may_move_into_the_hour_that_the_clock_skips() {
    with_house(async |house| {
        let rule = rule_of(&house, house.yoga().await).await;
        only(&house, rule).await;
        run(&house, "delete from session").await;
        run(&house, "update session_rule set weekdays = '{7}', gap = 'skip', overlap = 'second'").await;
        materialise(&house, "2027-03-20T06:00:00Z", 21).await;
        let night = RuleChange { starts_at: Some(time("02:30")), ..RuleChange::default() };
        let followed = follow(&house, rule, "2027-03-22", night.clone(), at("2027-03-20T06:00:00Z")).await.unwrap();
        assert_eq!((followed.changed.len(), followed.removed.gone.len()), (1, 1));
        assert_eq!(texts(&house, LOCAL).await, ["03-21 19:00", "04-04 02:30"]);
        run(&house, "delete from session").await;
        materialise(&house, "2027-10-25T06:00:00Z", 7).await;
        let utc = "select to_char(starts_at at time zone 'UTC', 'HH24:MI') from session";
        assert_eq!(texts(&house, utc).await, ["01:30"], "the second of the two");
    })
    .await;
}

#[tokio::test]
async fn days_that_are_gone_are_called_off_where_somebody_is_booked_and_new_days_are_made() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let thursday = first(&house).await;
        let ada = somebody(&house, "393331110001").await;
        book(&house, ada, thursday).await.unwrap();
        let other_days = RuleChange { weekdays: Some(vec![3, 1, 3]), ..RuleChange::default() };
        let followed = follow(&house, rule, "2026-11-24", other_days, now()).await.unwrap();
        assert_eq!(followed.removed.called_off, [thursday]);
        assert_eq!(followed.after.called_off, [thursday]);
        assert_eq!((followed.removed.gone.len(), followed.changed.len(), followed.new), (2, 2, 4));
        let expected =
            ["11-23 19:00", "11-25 19:00", "11-30 19:00", "12-02 19:00", "12-07 19:00", "12-09 19:00", "12-16 19:00"];
        assert_eq!(texts(&house, LOCAL).await, expected);
        assert_eq!(
            texts(&house, "select cancel_reason from session where status = 'cancelled'").await,
            ["no longer in the timetable"]
        );
        assert_eq!(
            house.count("select count(*) from notice").await,
            0,
            "who is booked hears of it when it is given up"
        );
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn a_clash_anywhere_is_told_and_nothing_is_done() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let before = texts(&house, "select to_jsonb(s)::text from session s order by id").await;
        let giulia = crew(&house, "Giulia Rossi").await;
        let mut tx = house.tx().await;
        let busy = at("2026-12-07T19:00:00Z")..at("2026-12-07T20:00:00Z");
        calendar::away(&mut tx, giulia, busy, "concert").await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let later = RuleChange { starts_at: Some(time("19:30")), ..RuleChange::default() };
        let Err(No::Taken(clash)) = follow(&house, rule, "2026-11-24", later, now()).await else {
            panic!("she is away")
        };
        assert_eq!(clash.during.start, at("2026-12-07T18:30:00Z"));
        assert_eq!((clash.resource, clash.by[0].reason.as_deref()), (Resource::Crew, Some("concert")));
        let ada = somebody(&house, "393331110001").await;
        book(&house, ada, first(&house).await).await.unwrap();
        let eva = somebody(&house, "393331110002").await;
        book(&house, eva, first(&house).await).await.unwrap();
        let small = RuleChange { capacity: Some(1), minutes: Some(30), ..RuleChange::default() };
        let Err(No::TooSmall(told)) = follow(&house, rule, "2026-11-24", small, now()).await else {
            panic!("two are booked")
        };
        assert_eq!((told.booked, told.latest.len()), (2, 1));
        run(&house, "delete from seat").await;
        assert_eq!(texts(&house, "select to_jsonb(s)::text from session s order by id").await, before);
        assert_eq!(house.count("select count(*) from session_rule where valid_until is null").await, 1);
        assert_eq!(house.count("select count(*) from notice").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_new_day_on_which_somebody_is_taken_is_a_clash_too() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let giulia = crew(&house, "Giulia Rossi").await;
        let mut tx = house.tx().await;
        let busy = at("2026-12-08T18:30:00Z")..at("2026-12-08T20:00:00Z");
        calendar::away(&mut tx, giulia, busy, "concert").await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let days = |days: &[i16]| RuleChange { weekdays: Some(days.to_vec()), ..RuleChange::default() };
        let Err(No::Taken(clash)) = follow(&house, rule, "2026-11-24", days(&[1, 2, 4]), now()).await else {
            panic!("she is away on that Tuesday")
        };
        assert_eq!(clash.during.start, at("2026-12-08T18:00:00Z"));
        assert_eq!(house.count("select count(*) from session_rule").await, 1);
        follow(&house, rule, "2026-11-24", days(&[1, 3, 4]), now()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_called_off_stays_called_off_under_the_new_rule() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let thursday = first(&house).await;
        let mut tx = house.tx().await;
        calendar::call_off(&mut tx, thursday, "ill", now()).await.unwrap();
        tx.commit().await.unwrap();
        let dearer = RuleChange { price_minor: Some(1700), capacity: Some(12), ..RuleChange::default() };
        let followed = follow(&house, rule, "2026-11-23", dearer, now()).await.unwrap();
        assert_eq!((followed.changed.len(), followed.new), (5, 0));
        assert_eq!(materialise(&house, "2026-11-22T09:00:00Z", 21).await.new, 0);
        assert_eq!(house.count("select count(*) from session where price_minor = 1700 and capacity = 12").await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_changed_by_hand_keeps_what_the_rule_does_not_change() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let thursday = first(&house).await;
        let elsewhen = Change { starts_at: Some(at("2026-11-27T10:00:00Z")), price_minor: Some(500), ..Change::default() };
        change(&house, thursday, &elsewhen, now()).await.unwrap();
        let longer = RuleChange { minutes: Some(90), ..RuleChange::default() };
        let followed = follow(&house, rule, "2026-11-24", longer, now()).await.unwrap();
        let kept = "select to_char(starts_at at time zone 'UTC', 'DD HH24:MI') || to_char(ends_at at time zone 'UTC', '-HH24:MI ') || price_minor
                    from session where price_minor = 500";
        assert_eq!(texts(&house, kept).await, ["27 10:00-11:30 500"]);
        let later = RuleChange { starts_at: Some(time("20:00")), ..RuleChange::default() };
        follow(&house, followed.rule, "2026-11-24", later, now()).await.unwrap();
        assert_eq!(texts(&house, kept).await, ["26 19:00-20:30 500"], "a new time is everybody's");
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn a_rule_can_be_changed_again_from_the_same_day() {
    with_house(async |house| {
        let mut rule = mondays_and_thursdays(&house).await;
        for price in [1600, 1700, 1800] {
            let dearer = RuleChange { price_minor: Some(price), ..RuleChange::default() };
            rule = follow(&house, rule, "2026-11-24", dearer, now()).await.unwrap().rule;
        }
        assert_eq!(house.count("select count(*) from session where price_minor = 1800").await, 5);
        let old = rule_of(&house, house.session("yoga", "2026-11-23T18:00:00Z").await).await;
        let gone = follow(&house, old, "2026-11-24", RuleChange::default(), now()).await;
        assert_eq!(gone, Err(No::Ended { on: day("2026-11-23") }));
        assert_eq!(follow(&house, rule, "2026-11-20", RuleChange::default(), now()).await, Err(No::Past));
        assert_eq!(
            follow(&house, RuleId(999), "2026-11-24", RuleChange::default(), now()).await,
            Err(No::unknown("rule"))
        );
        let never = RuleChange { weekdays: Some(vec![8]), ..RuleChange::default() };
        assert!(matches!(
            follow(&house, rule, "2026-11-24", never, now()).await,
            Err(No::Invalid { field: "weekdays", .. })
        ));
    })
    .await;
}

#[tokio::test]
async fn sessions_that_touch_move_one_after_the_other() {
    with_house(async |house| {
        let rule = rule_of(&house, house.yoga().await).await;
        only(&house, rule).await;
        run(&house, "delete from session").await;
        run(&house, "update session_rule set minutes = 1440, weekdays = '{1,2,3,4,5,6,7}'").await;
        materialise(&house, "2026-11-22T09:00:00Z", 7).await;
        for at in ["21:00", "18:00"] {
            let rule = rule_of(&house, SessionId(house.count("select max(id) from session").await)).await;
            let moved = RuleChange { starts_at: Some(time(at)), ..RuleChange::default() };
            assert_eq!(follow(&house, rule, "2026-11-22", moved, now()).await.unwrap().changed.len(), 7, "{at}");
            is_in_order(&house).await;
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_booked_hears_of_the_change_of_a_rule() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let ada = somebody(&house, "393331110001").await;
        let seat = book(&house, ada, first(&house).await).await.unwrap().seat;
        let elena = crew(&house, "Elena Conti").await;
        let substitute = RuleChange { crew: Some(Some(elena)), ..RuleChange::default() };
        let followed = follow(&house, rule, "2026-11-24", substitute, now()).await.unwrap();
        assert_eq!(followed.after.notices.len(), 1);
        assert_eq!(texts(&house, "select subject from notice").await, [format!("seat:{seat}:1")]);
        let luca = crew(&house, "Luca Ferraro").await;
        let boxer = RuleChange { crew: Some(Some(luca)), ..RuleChange::default() };
        assert_eq!(follow(&house, followed.rule, "2026-11-24", boxer, now()).await, Err(No::CannotLead));
    })
    .await;
}

#[tokio::test]
async fn a_rule_ends_and_what_comes_after_is_gone() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let (ada, eva) = (somebody(&house, "393331110001").await, somebody(&house, "393331110002").await);
        let (monday, thursday) =
            (house.session("yoga", "2026-11-30T18:00:00Z").await, house.session("yoga", "2026-12-03T18:00:00Z").await);
        book(&house, ada, thursday).await.unwrap();
        let given_up = book(&house, eva, monday).await.unwrap().seat;
        give_up(&house, given_up, now()).await;
        let ended = end(&house, rule, "2026-11-26").await.unwrap();
        assert_eq!((ended.removed.called_off, ended.removed.gone.len()), (vec![thursday], 3));
        assert_eq!(texts(&house, LOCAL).await, ["11-23 19:00", "11-26 19:00"]);
        // Somebody had a place in one of them once: it is kept for the books.
        assert_eq!(house.count("select count(*) from session where status = 'cancelled'").await, 2);
        assert_eq!(materialise(&house, "2026-11-22T09:00:00Z", 28).await.new, 0);
        assert_eq!(end(&house, rule, "2026-11-30").await, Err(No::Ended { on: day("2026-11-26") }));
        end(&house, rule, "1999-01-01").await.unwrap();
        assert_eq!(texts(&house, LOCAL).await.len(), 0);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn a_new_rule_makes_its_sessions_and_tells_what_it_could_not_make() {
    with_house(async |house| {
        let centro = location(&house, "Studio Centro").await;
        let new = NewRule {
            service: service(&house, "yoga").await,
            location: centro,
            crew: Some(crew(&house, "Giulia Rossi").await),
            room: Some(room(&house, "Studio Centro", "Grande").await),
            weekdays: vec![6],
            starts_at: time("16:00"),
            minutes: 60,
            capacity: 8,
            price_minor: 1500,
            valid_from: day("2026-11-21"),
            valid_until: Some(day("2026-12-05")),
            gap: Gap::Forward,
            overlap: Overlap::First,
        };
        let add = async |new: &NewRule| {
            let mut tx = house.tx().await;
            let added = calendar::add_rule(&mut tx, new, now()).await.unwrap();
            tx.commit().await.unwrap();
            added
        };
        run(&house, "update session set crew_id = null where crew_id = (select id from crew where name = 'Giulia Rossi')").await;
        run(&house, "insert into occupation (tenant_id, crew_id, during) select tenant_id, id, '[2026-11-28 12:00+00,2026-11-28 23:00+00)' from crew where name = 'Giulia Rossi'").await;
        let added = add(&new).await.unwrap();
        assert_eq!((added.made.new, added.made.skipped.len()), (2, 1));
        assert_eq!(add(&new).await, Err(No::SameRule { rule: added.rule }));
        end(&house, added.rule, "2026-11-20").await.unwrap();
        assert_eq!(add(&new).await.unwrap().made.new, 2, "one of which nothing is left is not in the way");
        for (wrong, field) in [
            (NewRule { weekdays: vec![], ..new.clone() }, "weekdays"),
            (NewRule { capacity: 0, ..new.clone() }, "capacity"),
            (NewRule { valid_until: Some(day("2026-11-20")), ..new.clone() }, "valid_until"),
            (NewRule { service: crate::ServiceId(999), ..new.clone() }, "service"),
            (NewRule { service: service(&house, "boxing").await, ..new.clone() }, "CannotLead"),
            (NewRule { location: location(&house, "Sala Prato").await, ..new.clone() }, "RoomElsewhere"),
        ] {
            let told = format!("{:?}", add(&wrong).await.unwrap_err());
            assert!(told.contains(field), "{told} should name {field}");
        }
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn what_has_begun_today_stays_as_it_is() {
    with_house(async |house| {
        let rule = mondays_and_thursdays(&house).await;
        let monday = house.session("yoga", "2026-11-23T18:00:00Z").await;
        let ada = somebody(&house, "393331110001").await;
        book_at(&house, ada, monday, now()).await.unwrap();
        let later = RuleChange { starts_at: Some(time("21:00")), ..RuleChange::default() };
        let followed = follow(&house, rule, "2026-11-23", later, at("2026-11-23T18:30:00Z")).await.unwrap();
        assert_eq!(followed.changed.len(), 5);
        assert_eq!(texts(&house, LOCAL).await[..2], ["11-23 19:00", "11-26 21:00"]);
        assert_eq!(materialise(&house, "2026-11-23T18:30:00Z", 7).await.new, 0, "there is no second one today");
    })
    .await;
}
