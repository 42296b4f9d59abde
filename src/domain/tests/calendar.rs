//! Weekly rules become sessions, on the odd days too.

use super::support::{House, at, now, with_house};
use crate::{calendar, demo};

async fn add_night_class(house: &House) {
    sqlx::query(
        "insert into session_rule (tenant_id, service_id, location_id, weekdays, starts_at, minutes, capacity, price_minor)
         select s.tenant_id, s.id, l.id, '{7}', '02:30', 60, 5, 100 from service s, location l where s.slug = 'yoga' and l.name = 'Studio Centro'",
    )
    .execute(&house.owner)
    .await
    .unwrap();
}

async fn night_classes(house: &House, today: &str) -> Vec<String> {
    let mut tx = house.tx().await;
    calendar::materialise(&mut tx, at(today), 8).await.unwrap();
    tx.commit().await.unwrap();
    sqlx::query_scalar(
        "select to_char(s.starts_at at time zone 'UTC', 'MM-DD HH24:MI') from session s where s.capacity = 5 order by s.starts_at",
    )
    .fetch_all(&house.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_class_in_the_skipped_hour_moves_forward() {
    with_house(async |house| {
        add_night_class(&house).await;
        // 2027-03-28 has no 02:30 in Rome: it becomes 03:30, which is 01:30 UTC.
        assert_eq!(night_classes(&house, "2027-03-28T00:10:00Z").await, ["03-28 01:30", "04-04 00:30"]);
    })
    .await;
}

#[tokio::test]
async fn a_class_in_the_repeated_hour_takes_place_once() {
    with_house(async |house| {
        add_night_class(&house).await;
        // 2027-10-31 has 02:30 twice in Rome: the first one is 00:30 UTC.
        assert_eq!(night_classes(&house, "2027-10-31T00:10:00Z").await, ["10-31 00:30", "11-07 01:30"]);
    })
    .await;
}

#[tokio::test]
async fn seeding_again_adds_only_what_is_missing() {
    with_house(async |house| {
        let sessions = house.count("select count(*) from session").await;
        assert!(sessions > 150, "{sessions}");
        demo::seed(&house.pool, now()).await.unwrap();
        assert_eq!(house.count("select count(*) from session").await, sessions);
        let tomorrow = now() + chrono::TimeDelta::days(1);
        demo::seed(&house.pool, tomorrow).await.unwrap();
        assert!(house.count("select count(*) from session").await > sessions);
        assert_eq!(house.count("select count(*) from tenant").await, 1);
        let evenings = "select count(*) from session s join service v on v.id = s.service_id
            where v.slug = 'yoga' and (s.starts_at at time zone 'Europe/Rome')::time = '19:00' and s.capacity = 10";
        assert_eq!(house.count(evenings).await, 22);
    })
    .await;
}
