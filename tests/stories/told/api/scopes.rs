//! What a token may do, and for how long.

use chrono::TimeDelta;
use holdfast::api::{Grant, Scope};
use reqwest::Method;
use serde_json::json;

use super::program::Program;
use crate::house::Story;

#[tokio::test]
async fn every_operation_needs_the_scope_that_it_is_described_with() {
    let story = Story::closed().await;
    let all = Program::of(&story).await;
    let operations = all.operations().await;
    assert!(operations.len() >= 75, "{}", operations.len());
    for scope in Scope::ALL {
        let others = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        let grant = Grant { scopes: others, expires_at: None };
        let lacks = Program::with(&story, story.tenant, scope.name(), &grant).await;
        for (method, path, operation) in &operations {
            let needs = operation["security"][0]["token"][0].as_str().expect("a scope");
            let answer = lacks.send(method.clone(), &path.replace("{id}", "9999999"), None, &[]).await;
            if needs == scope.name() {
                let problem = answer.refused(403, "missing_scope");
                assert_eq!(problem["scope"], scope.name(), "{method} {path}");
            } else {
                assert_ne!(answer.status, 403, "{method} {path} without {}", scope.name());
            }
        }
    }
    for (method, path, operation) in &operations {
        let needs = operation["security"][0]["token"][0].as_str().unwrap();
        let reads = ["read", "privacy"].contains(&needs) && *method == Method::GET;
        assert!(reads != (*method != Method::GET), "{method} {path}");
    }
}

#[tokio::test]
async fn nobody_without_a_good_token_learns_anything() {
    let story = Story::begin_at("2027-03-01T09:00:00Z".parse().unwrap()).await;
    let until = story.clock.now() + TimeDelta::hours(1);
    let grant = Grant { expires_at: Some(until), ..Grant::all() };
    let guest = Program::with(&story, story.tenant, "guest", &grant).await;
    assert_eq!(guest.get("/api/me").await.ok()["slug"], "demo");
    guest.get("/settings").await.ok();
    story.clock.advance(TimeDelta::minutes(59));
    guest.get("/settings").await.ok();
    story.clock.advance(TimeDelta::minutes(1));
    let late = guest.get("/settings").await;
    late.refused(401, "unauthorized");
    assert_eq!(late.headers["www-authenticate"], "Bearer");
    guest.get("/api/me").await.refused(401, "unauthorized");
    let stranger = Program { token: "holdfast_unknown".to_owned(), ..guest };
    for (method, path, _) in stranger.operations().await {
        let address = path.replace("{id}", "x");
        stranger.send(method, &address, None, &[]).await.refused(401, "unauthorized");
    }
    story.end().await;
}

#[tokio::test]
async fn that_a_token_was_used_is_written_down_once_a_minute() {
    let story = Story::begin_at("2027-03-01T09:00:00Z".parse().unwrap()).await;
    let desk = Program::of(&story).await;
    let used = "select coalesce(to_char(last_used_at at time zone 'UTC', 'HH24:MI:SS'), '') from api_token where label = 'program'";
    assert_eq!(story.judge.texts(used).await, [""]);
    for (wait, seen) in [(0, "09:00:00"), (30, "09:00:00"), (29, "09:00:00"), (1, "09:01:00"), (59, "09:01:00")] {
        story.clock.advance(TimeDelta::seconds(wait));
        desk.get("/settings").await.ok();
        assert_eq!(story.judge.texts(used).await, [seen], "{wait}");
    }
    story.end().await;
}

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_done_are_problems_too() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    for nowhere in ["/", "/nowhere", "/bookings/1/nowhere", "/bookings/", "/sessions/1/2/3"] {
        desk.get(nowhere).await.refused(404, "not_found");
    }
    let wrong = desk.delete("/bookings").await;
    wrong.refused(405, "method_not_allowed");
    assert_eq!(wrong.headers["allow"], "GET,HEAD,POST");
    desk.post("/settings", json!({})).await.refused(405, "method_not_allowed");
    let long = json!({ "phone": "+44 7700 900101", "name": "x".repeat(70_000) });
    desk.post("/customers", long).await.refused(413, "too_large");
    let text = Some(("text/plain", b"{}".to_vec()));
    desk.send_raw(Method::POST, "/customers", text, &[]).await.refused(415, "media_type");
    let broken = Some(("application/json", b"{\"phone\":".to_vec()));
    desk.send_raw(Method::POST, "/customers", broken, &[]).await.refused(400, "malformed");
    desk.send(Method::PATCH, "/settings", None, &[]).await.refused(400, "malformed");
    assert_eq!(desk.get("/settings").await.headers["cache-control"], "no-store");
}
