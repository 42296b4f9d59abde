//! What the assistant finds.

use serde_json::json;

use super::support::{House, now, with_house};
use crate::Language;
use crate::catalog::{self, FindCrew, FindSessions, Found, ListSessions, Match};

async fn find(house: &House, wish: serde_json::Value) -> Found {
    let guest = house.guest("393331234567").await;
    let mut tx = house.tx().await;
    let asker = guest.asker(&mut tx, now()).await;
    let wish: FindSessions = serde_json::from_value(wish).unwrap();
    catalog::find_sessions(&mut tx, &asker, &wish).await.unwrap()
}

fn times(found: &Found) -> Vec<String> {
    found.sessions.iter().map(|s| format!("{} {} {}", s.service, s.date, s.time.format("%H:%M"))).collect()
}

#[tokio::test]
async fn what_is_asked_for_is_found() {
    with_house(async |house| {
        let found = find(&house, json!({ "activity": "lezione di yoga", "date": "2026-11-22", "time": "19:00" })).await;
        assert_eq!((found.fit, times(&found)), (Match::Exact, vec!["Yoga 2026-11-22 19:00".to_owned()]));
        let view = serde_json::to_value(&found.sessions[0]).unwrap();
        assert_eq!(
            view,
            json!({
                "session_id": found.sessions[0].session_id, "service": "Yoga", "crew": "Giulia Rossi", "location": "Studio Centro",
                "date": "2026-11-22", "time": "19:00", "weekday": "sunday", "ends": "20:00", "spots_left": 10, "capacity": 10,
                "price": { "minor": 1500, "currency": "EUR" }, "already_booked": false
            })
        );
    })
    .await;
}

#[tokio::test]
async fn the_nearest_comes_first_when_nothing_fits() {
    with_house(async |house| {
        let found = find(&house, json!({ "activity": "yoga", "date": "2026-11-22", "time": "18:00" })).await;
        assert_eq!(found.fit, Match::Near);
        assert_eq!(times(&found)[..2], ["Yoga 2026-11-22 19:00", "Yoga 2026-11-22 10:00"]);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_activity_is_answered_with_the_known_ones() {
    with_house(async |house| {
        let found = find(&house, json!({ "activity": "zumba" })).await;
        assert_eq!((found.fit, found.sessions.len()), (Match::None, 0));
        assert!(found.known_activities.contains(&"Meditazione".to_owned()), "{:?}", found.known_activities);
    })
    .await;
}

#[tokio::test]
async fn crew_place_and_part_of_the_day_narrow_it_down() {
    with_house(async |house| {
        let wish = json!({ "crew": "luca", "location": "prato", "part_of_day": "evening", "date": "2026-11-23", "until": "2026-11-25", "activity": "" });
        let found = find(&house, wish).await;
        assert_eq!(found.fit, Match::Exact);
        assert_eq!(times(&found), ["Boxe 2026-11-23 20:15", "Boxe 2026-11-24 18:00", "Boxe 2026-11-25 20:15"]);
    })
    .await;
}

#[tokio::test]
async fn what_has_begun_is_not_offered() {
    with_house(async |house| {
        // It is Saturday 10:00 in Padova: the class at ten has begun.
        let found = find(&house, json!({ "activity": "yoga", "date": "2026-11-21" })).await;
        assert_eq!(times(&found), ["Yoga 2026-11-21 19:00"]);
    })
    .await;
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_named() {
    let error = serde_json::from_value::<FindSessions>(json!({ "time": "7pm" })).unwrap_err();
    assert_eq!(error.to_string(), "time \"7pm\" is not HH:MM, as in 19:00");
    let error = serde_json::from_value::<FindSessions>(json!({ "part_of_day": "noonish" })).unwrap_err();
    assert!(error.to_string().contains("use morning, afternoon or evening"), "{error}");
}

#[tokio::test]
async fn the_calendar_lists_ten_and_counts_the_rest() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut tx = house.tx().await;
        let asker = guest.asker(&mut tx, now()).await;
        let week = catalog::list_sessions(&mut tx, &asker, &ListSessions::default()).await.unwrap();
        assert_eq!(week.sessions.len(), 10);
        assert!(week.more > 30, "{}", week.more);
        let monday = ListSessions { date: "2026-11-23".parse().ok(), days: None };
        let monday = catalog::list_sessions(&mut tx, &asker, &monday).await.unwrap();
        assert!(monday.sessions.iter().all(|session| session.weekday == "monday"));
    })
    .await;
}

#[tokio::test]
async fn the_house_tells_about_itself() {
    with_house(async |house| {
        let mut tx = house.tx().await;
        let wish = FindCrew { name: None, activity: Some("boxing".to_owned()) };
        let crew = catalog::find_crew(&mut tx, Language::En, &wish).await.unwrap().crew;
        assert_eq!(crew.len(), 1);
        assert_eq!(
            (crew[0].name.as_str(), crew[0].activities.as_slice()),
            ("Luca Ferraro", &["HIIT".to_owned(), "Boxing".to_owned()][..])
        );
        let everybody = catalog::find_crew(&mut tx, Language::It, &FindCrew::default()).await.unwrap();
        assert_eq!(everybody.crew.len(), 6);
        let info = catalog::business_info(&mut tx, Language::En).await.unwrap();
        assert_eq!((info.phone.as_str(), info.currency.as_str()), (crate::demo::DISPLAY_PHONE, "EUR"));
        assert!(info.cancellation.contains("You can cancel"));
        assert_eq!(catalog::list_locations(&mut tx, Language::It).await.unwrap().locations.len(), 2);
    })
    .await;
}
