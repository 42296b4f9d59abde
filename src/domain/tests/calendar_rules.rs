//! What rules make, and what they leave out.

use chrono::TimeDelta;
use tokio::task::JoinSet;

use super::calendar_kit::{change, is_in_order, materialise, only, rule_of, run, texts};
use super::support::{House, at, now, with_house};
use crate::calendar::{self, Change, Resource};

const STARTS: &str = "select to_char(starts_at at time zone 'UTC', 'MM-DD HH24:MI') from session order by starts_at";

/// The one rule of the house is of Sundays at 02:30.
async fn only_at_night(house: &House, gap: &'static str, overlap: &'static str) {
    only(house, rule_of(house, house.yoga().await).await).await;
    run(house, "delete from session").await;
    sqlx::query("update session_rule set weekdays = '{7}', starts_at = '02:30', gap = $1, overlap = $2")
        .bind(gap)
        .bind(overlap)
        .execute(&house.owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn nineteen_o_clock_stays_nineteen_o_clock_all_year() {
    with_house(async |house| {
        only(&house, rule_of(&house, house.yoga().await).await).await;
        run(&house, "delete from session").await;
        let made = materialise(&house, "2027-01-01T09:00:00Z", 365).await;
        assert_eq!((made.new, made.skipped.len()), (365, 0));
        let times = "select distinct to_char(starts_at at time zone 'Europe/Rome', 'HH24:MI') || ' to ' ||
                            to_char(ends_at at time zone 'Europe/Rome', 'HH24:MI') from session";
        assert_eq!(texts(&house, times).await, ["19:00 to 20:00"]);
        let utc = "select to_char(starts_at at time zone 'UTC', 'HH24') || ' ' || count(*) from session
                   group by to_char(starts_at at time zone 'UTC', 'HH24') order by 1";
        // From 28 March to 30 October the clock is two hours ahead of UTC.
        assert_eq!(texts(&house, utc).await, ["17 217", "18 148"]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_may_leave_out_the_day_whose_hour_is_missing() {
    with_house(async |house| {
        only_at_night(&house, "skip", "first").await;
        materialise(&house, "2027-03-20T12:00:00Z", 16).await;
        assert_eq!(texts(&house, STARTS).await, ["03-21 01:30", "04-04 00:30"]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_may_mean_the_second_of_two_hours() {
    with_house(async |house| {
        only_at_night(&house, "forward", "second").await;
        materialise(&house, "2027-10-23T12:00:00Z", 16).await;
        assert_eq!(texts(&house, STARTS).await, ["10-24 00:30", "10-31 01:30", "11-07 01:30"]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_makes_nothing_before_its_first_day_nor_after_its_last() {
    with_house(async |house| {
        only(&house, rule_of(&house, house.yoga().await).await).await;
        run(&house, "delete from session").await;
        run(&house, "update session_rule set valid_from = '2026-12-03', valid_until = '2026-12-05'").await;
        assert_eq!(materialise(&house, "2026-12-01T09:00:00Z", 28).await.new, 3);
        assert_eq!(texts(&house, STARTS).await, ["12-03 18:00", "12-04 18:00", "12-05 18:00"]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_made_on_closed_days() {
    with_house(async |house| {
        run(&house, "delete from session").await;
        run(&house, "insert into closure (tenant_id, location_id, first_day, last_day)
             select tenant_id, case when name = 'Studio Centro' then id end,
                    case when name = 'Studio Centro' then date '2026-12-24' else '2026-12-25' end, '2026-12-26' from location")
            .await;
        materialise(&house, "2026-12-23T09:00:00Z", 5).await;
        let made = "select distinct to_char(s.starts_at at time zone 'Europe/Rome', 'MM-DD ') || l.name
                    from session s join location l on l.tenant_id = s.tenant_id and l.id = s.location_id order by 1";
        let expected = ["12-23 Sala Prato", "12-23 Studio Centro", "12-24 Sala Prato", "12-27 Sala Prato", "12-27 Studio Centro"];
        assert_eq!(texts(&house, made).await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_is_left_out_and_told_and_the_rest_is_made() {
    with_house(async |house| {
        only(&house, rule_of(&house, house.yoga().await).await).await;
        run(&house, "delete from session").await;
        run(
            &house,
            "insert into occupation (tenant_id, crew_id, during, reason)
             select tenant_id, crew_id, '[2026-12-02 18:30+00,2026-12-03 23:00+00)', 'dentista' from session_rule",
        )
        .await;
        let made = materialise(&house, "2026-12-01T09:00:00Z", 7).await;
        assert_eq!(made.new, 5);
        let told: Vec<_> = made.skipped.iter().map(|skipped| skipped.starts_at).collect();
        assert_eq!(told, [at("2026-12-02T18:00:00Z"), at("2026-12-03T18:00:00Z")]);
        let why = &made.skipped[0].why;
        assert_eq!(
            (why.resource, why.by[0].session, why.by[0].reason.as_deref()),
            (Resource::Crew, None, Some("dentista"))
        );
        assert_eq!(materialise(&house, "2026-12-01T09:00:00Z", 7).await.new, 0, "the same again adds nothing");
        run(&house, "delete from occupation where session_id is null").await;
        let made = materialise(&house, "2026-12-01T09:00:00Z", 7).await;
        assert_eq!((made.new, made.skipped.len()), (2, 0), "what was taken is made once it is free");
    })
    .await;
}

#[tokio::test]
async fn of_two_rules_for_one_room_the_first_has_it() {
    with_house(async |house| {
        run(&house, "delete from session").await;
        run(&house, "with big as (insert into room (tenant_id, location_id, name) select tenant_id, id, 'Grande' from location
                                  where name = 'Studio Centro' returning *)
             update session_rule r set room_id = big.id, starts_at = '12:00', minutes = 600 from big where r.location_id = big.location_id")
            .await;
        let made = materialise(&house, "2026-12-05T09:00:00Z", 1).await;
        assert!(!made.skipped.is_empty() && made.new > 1, "{made:?}");
        let rooms = made.skipped.iter().filter(|skipped| skipped.why.resource == Resource::Room);
        assert!(rooms.clone().count() > 0 && rooms.clone().all(|skipped| skipped.why.by[0].session.is_some()));
        assert_eq!(house.count("select count(*) from session where room_id is not null").await, 1);
        is_in_order(&house).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_moved_by_hand_is_not_made_again() {
    with_house(async |house| {
        let (yoga, before) = (house.yoga().await, house.count("select count(*) from session").await);
        let later = Change { starts_at: Some(at("2026-11-23T10:00:00Z")), ..Change::default() };
        change(&house, yoga, &later, now()).await.unwrap();
        assert_eq!(materialise(&house, "2026-11-21T09:00:00Z", 21).await, calendar::Made::default());
        assert_eq!(house.count("select count(*) from session").await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_make_everything_once() {
    with_house(async |house| {
        run(&house, "delete from session").await;
        run(
            &house,
            "insert into occupation (tenant_id, crew_id, during)
             select tenant_id, id, '[2026-12-02 00:00+00,2026-12-03 00:00+00)' from crew",
        )
        .await;
        let mut all = JoinSet::new();
        for minute in 0..6 {
            let house = house.clone();
            all.spawn(async move {
                let mut tx = house.tx().await;
                let now = at("2026-12-01T09:00:00Z") + TimeDelta::minutes(minute);
                let made = calendar::materialise(&mut tx, now, 7).await.unwrap();
                tx.commit().await.unwrap();
                made
            });
        }
        let made = all.join_all().await;
        let new: Vec<_> = made.iter().map(|made| made.new).filter(|new| *new > 0).collect();
        assert_eq!(new.len(), 1, "{new:?}");
        assert!(made.iter().all(|one| one.skipped.len() == made[0].skipped.len() && !one.skipped.is_empty()));
        assert_eq!(house.count("select count(*) from session").await, i64::try_from(new[0]).unwrap());
        is_in_order(&house).await;
    })
    .await;
}
