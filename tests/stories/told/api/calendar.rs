//! A business is set up and run by a program alone.

use chrono::TimeDelta;
use holdfast::api::Grant;
use serde_json::{Value, json};

use super::{program::Program, walls::rival};
use crate::house::{Story, eventually};

const MONDAY: &str = "2027-03-01T09:00:00Z";

/// A studio that a program made: its service, room, crew and location.
struct Studio {
    desk: Program,
    service: i64,
    location: i64,
    room: i64,
    crew: i64,
}

fn id(made: &Value) -> i64 {
    made["id"].as_i64().unwrap()
}

async fn studio(story: &Story, kind: &str) -> Studio {
    let desk = Program::with(story, rival(story).await, "rival", &Grant::all()).await;
    let location = id(&desk.post("/locations", json!({ "name": "Centro", "address": "Via Roma 1" })).await.created());
    let room = id(&desk.post("/rooms", json!({ "location": location, "name": "Sala 1" })).await.created());
    let service = json!({ "slug": "boxe", "name": { "it": "Boxe" }, "kind": kind, "minutes": 60, "price_minor": 1500 });
    let service = id(&desk.post("/services", service).await.created());
    let crew = id(&desk.post("/crew", json!({ "name": "Rocco", "services": [service] })).await.created());
    Studio { desk, service, location, room, crew }
}

impl Studio {
    fn rule(&self) -> Value {
        json!({ "service": self.service, "location": self.location, "room": self.room, "crew": self.crew, "weekdays": [2, 4],
                "starts_at": "19:00", "minutes": 60, "capacity": 2, "price_minor": 1500, "first_day": "2027-03-01" })
    }

    async fn sessions(&self) -> Vec<Value> {
        self.desk.get("/sessions").await.ok()["items"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_timetable_is_made_changed_and_ended() {
    let story = Story::begin_at(MONDAY.parse().unwrap()).await;
    let studio = studio(&story, "class").await;
    let desk = &studio.desk;
    let made = desk.post("/session-rules", studio.rule()).await.created();
    assert_eq!((&made["sessions"], &made["rule"]["starts_at"]), (&json!(8), &json!("19:00")));
    let rule = id(&made["rule"]);
    let again = desk.post("/session-rules", studio.rule()).await.refused(409, "same_rule");
    assert!(again["detail"].as_str().unwrap().contains(&format!("rule {rule}")), "{again}");
    let mut other = studio.rule();
    (other["service"], other["starts_at"]) = (json!(studio.service), json!("19:30"));
    let taken = desk.post("/session-rules", other).await.created();
    assert_eq!((&taken["sessions"], taken["skipped"].as_array().unwrap().len()), (&json!(0), 8));
    let all = studio.sessions().await;
    assert_eq!((all.len(), &all[0]["starts_at"]), (8, &json!("2027-03-02T18:00:00Z")));

    // Two who are booked, and a third one who waits: smaller is refused, larger moves the third one up.
    let first = id(&all[0]);
    let mut seats = Vec::new();
    for phone in ["+39 333 000 0001", "+39 333 000 0002"] {
        let customer = desk.customer(phone).await;
        seats.push(id(&desk.post("/bookings", json!({ "session": first, "customer": customer })).await.created()));
    }
    let third = desk.customer("+39 333 000 0003").await;
    desk.post("/waitlist-entries", json!({ "session": first, "customer": third })).await.created();
    let small =
        desk.put(&format!("/sessions/{first}/capacity"), json!({ "capacity": 1 })).await.refused(409, "too_small");
    let choices: Vec<i64> =
        small["choices"].as_array().unwrap().iter().map(|one| one["booking"].as_i64().unwrap()).collect();
    assert!(choices.contains(&seats[1]), "{small}");
    let larger = desk.put(&format!("/sessions/{first}/capacity"), json!({ "capacity": 3 })).await.ok();
    assert_eq!((&larger["capacity"], &larger["booked"]), (&json!(3), &json!(3)), "the third one has the new place");

    // A clash changes nothing and is told; another time can be had.
    let second = id(&all[1]);
    let clash = json!({ "starts_at": all[0]["starts_at"] });
    let clash = desk.patch(&format!("/sessions/{second}"), clash).await.refused(409, "taken");
    assert_eq!(clash["choices"][0]["session"], first, "{clash}");
    let moved = desk
        .patch(&format!("/sessions/{second}"), json!({ "starts_at": "2027-03-04T20:00:00Z", "crew": null }))
        .await
        .ok();
    assert_eq!((&moved["starts_at"], &moved["crew"]), (&json!("2027-03-04T20:00:00Z"), &Value::Null));

    // This and following: later and on Tuesdays only, from the second week on.
    let change = json!({ "from": "2027-03-08", "weekdays": [2], "starts_at": "20:00" });
    let followed = desk.post(&format!("/session-rules/{rule}/change"), change).await.created();
    assert_eq!((followed["changed"].as_array().unwrap().len(), &followed["gone"]), (3, &json!(3)), "{followed}");
    let ended = json!({ "last_day": "2027-03-09" });
    let ended = desk.post(&format!("/session-rules/{}/end", followed["rule"]["id"]), ended).await.ok();
    assert_eq!(ended["gone"], 2, "{ended}");

    // A day is closed: who is booked gets everything back, one after the other.
    let closed = json!({ "first_day": "2027-03-02", "last_day": "2027-03-02", "reason": "no heating" });
    let closed = desk.post("/closures", closed).await.created();
    assert_eq!(closed["called_off"], json!([first]));
    let path = format!("/sessions/{first}/bookings");
    eventually(async || {
        let bookings = desk.get(&path).await.ok();
        let given_up = bookings["items"].as_array().unwrap().iter().all(|one| one["cancelled_by"] == "business");
        if given_up { Ok(()) } else { Err(bookings.to_string()) }
    })
    .await;
    assert_eq!(desk.get(&format!("/sessions/{first}")).await.ok()["cancelled"], true);
    desk.post(&format!("/sessions/{second}/cancellation"), json!({ "reason": "ill" })).await.with(202);
    eventually(async || {
        let session = desk.get(&format!("/sessions/{second}")).await.ok();
        if session["cancelled"] == true { Ok(()) } else { Err(session.to_string()) }
    })
    .await;
    desk.delete(&format!("/closures/{}", closed["closure"]["id"])).await.with(204);
    story.end().await;
}

#[tokio::test]
async fn an_appointment_is_booked_once_and_the_nearest_times_are_told() {
    let story = Story::begin_at(MONDAY.parse().unwrap()).await;
    let studio = studio(&story, "appointment").await;
    let desk = &studio.desk;
    let hours =
        json!({ "crew": studio.crew, "location": studio.location, "weekdays": [2], "from": "09:00", "until": "12:00" });
    desk.post("/working-hours", hours).await.created();
    let free = desk.get(&format!("/services/{}/free-times", studio.service)).await.ok();
    assert_eq!(
        (free["items"].as_array().unwrap().len(), &free["items"][0]["starts_at"]),
        (9, &json!("2027-03-02T08:00:00Z"))
    );
    let customers = [desk.customer("+39 333 000 0001").await, desk.customer("+39 333 000 0002").await];
    let wish = |customer: i64, at: &str| json!({ "service": studio.service, "crew": studio.crew, "location": studio.location, "customer": customer, "starts_at": at });
    let at = "2027-03-02T09:00:00Z";
    let (one, two) = tokio::join!(
        desk.post("/appointments", wish(customers[0], at)),
        desk.post("/appointments", wish(customers[1], at))
    );
    let (won, lost) = if one.status == 201 { (one, two) } else { (two, one) };
    assert_eq!(won.created()["price_minor"], 1500);
    let lost = lost.refused(409, "not_free");
    let nearest: Vec<&str> =
        lost["choices"].as_array().unwrap().iter().map(|one| one["starts_at"].as_str().unwrap()).collect();
    assert!(nearest.contains(&"2027-03-02T08:00:00Z") && nearest.contains(&"2027-03-02T10:00:00Z"), "{nearest:?}");
    assert!(!nearest.contains(&at), "{nearest:?}");
    let busy = json!({ "crew": studio.crew, "from": at, "until": "2027-03-02T11:00:00Z", "reason": "dentist" });
    desk.post("/absences", busy).await.refused(409, "taken");
    let away = json!({ "crew": studio.crew, "from": "2027-03-02T10:00:00Z", "until": "2027-03-02T11:00:00Z", "reason": "dentist" });
    let away = id(&desk.post("/absences", away).await.created());
    let left = desk.get(&format!("/services/{}/free-times", studio.service)).await.ok();
    assert_eq!(left["items"].as_array().unwrap().len(), 1, "{left}");
    desk.delete(&format!("/absences/{away}")).await.with(204);
    story.clock.advance(TimeDelta::days(7));
    story.end().await;
}

#[tokio::test]
async fn the_catalog_is_written_and_says_what_is_wrong() {
    let story = Story::closed().await;
    let studio = studio(&story, "class").await;
    let desk = &studio.desk;
    let service = |slug: &str, kind: &str| json!({ "slug": slug, "name": { "en": "Boxing" }, "kind": kind, "aliases": ["pugilato"] });
    desk.post("/services", service("boxe", "class")).await.refused(409, "name_taken");
    desk.post("/services", service("Boxe!", "class")).await.names("slug");
    desk.put(&format!("/services/{}", studio.service), service("boxe", "appointment")).await.names("kind");
    let put = desk.put(&format!("/services/{}", studio.service), service("boxing", "class")).await.ok();
    assert_eq!(
        (&put["slug"], &put["aliases"], &put["name"]["en"]),
        (&json!("boxing"), &json!(["pugilato"]), &json!("Boxing"))
    );
    desk.post("/crew", json!({ "name": "Ivan", "bio": [null, null] })).await.names("bio");
    let room = json!({ "location": 8_888_888, "name": "x" });
    assert_eq!(desk.post("/rooms", room).await.refused(404, "not_found")["field"], "location");
    desk.post("/crew", json!({ "name": "Ivan", "services": [8_888_888] })).await.names("services");
    let put = desk.put(&format!("/crew/{}", studio.crew), json!({ "name": "Rocco B.", "services": [] })).await.ok();
    assert_eq!((&put["name"], &put["services"]), (&json!("Rocco B."), &json!([])));
    desk.post("/session-rules", studio.rule()).await.names("crew");
    let hours =
        json!({ "crew": studio.crew, "location": studio.location, "weekdays": [1], "from": "12:00", "until": "09:00" });
    desk.post("/working-hours", hours).await.names("until");
    let put = desk
        .put(&format!("/locations/{}", studio.location), json!({ "name": "Porta Nuova", "address": "Via Po 2" }))
        .await
        .ok();
    assert_eq!(put["address"], "Via Po 2");
    assert_eq!(desk.put(&format!("/rooms/{}", studio.room), json!({ "name": "Ring" })).await.ok()["name"], "Ring");
}
