//! Two tenants side by side.

use domain::TenantId;
use holdfast::api::Grant;
use reqwest::Method;
use serde_json::{Value, json};

use super::program::Program;
use crate::house::Story;

/// Another business, which has nothing yet.
pub async fn rival(story: &Story) -> TenantId {
    let add = "insert into tenant (slug, name, zone, currency, language) values ('rival', 'Rival', 'Europe/Rome', 'EUR', 'it') returning id";
    TenantId(sqlx::query_scalar(add).fetch_one(&story.judge.pool).await.unwrap())
}

/// One of everything, with id 1.
async fn furnish(story: &Story, desk: &Program) {
    let (anna, bruno) = (desk.customer("+44 7700 900101").await, desk.customer("+44 7700 900102").await);
    let sql = "update session set crew_id = null, starts_at = now() + interval '5 days', ends_at = now() + interval '5 days 1 hour', capacity = 1 where id = 1";
    sqlx::query(sql).execute(&story.judge.pool).await.unwrap();
    desk.post("/bookings", json!({ "session": 1, "customer": anna })).await.created();
    desk.post("/waitlist-entries", json!({ "session": 1, "customer": bruno })).await.created();
    desk.post("/bookings/1/cash", json!({})).await.created();
    desk.post("/payments/1/refunds", json!({ "amount_minor": 100 })).await.created();
    desk.put("/customers/1/consent", json!({ "granted": true })).await.ok();
    desk.post("/customers/1/entitlements", json!({ "plan": 1, "method": "cash" })).await.created();
    desk.post("/rooms", json!({ "location": 1, "name": "Sala" })).await.created();
    let away = json!({ "crew": 1, "from": "2100-01-01T00:00:00Z", "until": "2100-01-02T00:00:00Z", "reason": "away" });
    desk.post("/absences", away).await.created();
    let closed = json!({ "first_day": "2100-01-01", "last_day": "2100-01-01", "reason": "closed" });
    desk.post("/closures", closed).await.created();
    let hours = json!({ "crew": 1, "location": 1, "weekdays": [1], "from": "09:00", "until": "12:00" });
    desk.post("/working-hours", hours).await.created();
    sqlx::query(
        "insert into privacy_export (tenant_id, customer_id, document, counts, created_at, expires_at)
                 select 1, 1, '{}', '{}', now(), now() + interval '1 day'",
    )
    .execute(&story.judge.pool)
    .await
    .unwrap();
    sqlx::query("insert into privacy_erasure (tenant_id, customer_id, requested_by, requested_at, since) values (1, 1, 'Ada', now(), now())")
        .execute(&story.judge.pool)
        .await
        .unwrap();
}

fn address(path: &str) -> String {
    let address = path.replace("{id}", "1");
    if path.ends_with("/return") { format!("{address}?by=customer") } else { address }
}

#[tokio::test]
async fn nothing_that_can_be_read_is_another_tenants() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    furnish(&story, &desk).await;
    let other = Program::with(&story, rival(&story).await, "rival", &Grant::all()).await;
    let mut walked = 0;
    for (_, path, _) in desk.operations().await.iter().filter(|(method, ..)| method == Method::GET) {
        let address = address(path);
        let ours = desk.get(&address).await;
        assert_eq!(ours.status, 200, "{path}: {}", ours.text());
        let theirs = other.get(&address).await;
        if path.contains("{id}") {
            theirs.refused(404, "not_found");
            let nowhere = other.get(&address.replace("/1", "/8888888")).await.refused(404, "not_found");
            let told = theirs.json().to_string().replace(" 1;", " 8888888;");
            assert_eq!(told, nowhere.to_string(), "a foreign id is like an unknown one");
        } else {
            let (ours, theirs) = (ours.json(), theirs.ok());
            if let Some(items) = ours.get("items").or(ours.get("balances")) {
                assert!(!items.as_array().unwrap().is_empty(), "{path} shows nothing to its own tenant");
                let none = theirs.get("items").or(theirs.get("balances")).unwrap();
                assert_eq!(*none, json!([]), "{path}");
            }
        }
        walked += 1;
    }
    assert!(walked >= 34, "{walked}");
    for filter in [
        "/bookings?customer=1",
        "/bookings?session=1",
        "/payments?booking=1",
        "/payments?customer=1",
        "/sessions?service=1",
    ] {
        assert_eq!(other.get(filter).await.ok()["items"], json!([]), "{filter}");
    }
    let cursor = desk.get("/bookings?limit=1").await.ok();
    assert!(cursor["next"].is_null());
}

#[tokio::test]
async fn nothing_that_can_be_changed_is_another_tenants() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    furnish(&story, &desk).await;
    let other = Program::with(&story, rival(&story).await, "rival", &Grant::all()).await;
    let bodies: &[(&str, Value)] = &[
        ("/quotes", json!({ "customer": 1 })),
        ("/move", json!({ "session": 2 })),
        ("/attendance", json!({ "attendance": "checked_in" })),
        ("/consent", json!({ "granted": false })),
        ("/entitlements", json!({ "plan": 1, "method": "cash" })),
        ("/refunds", json!({ "amount_minor": 1 })),
        ("/customers/{id}", json!({ "name": "x" })),
        ("/plans/{id}", json!({ "active": false })),
        ("/price-rules/{id}", json!({ "active": false })),
        ("/sessions/{id}", json!({ "price_minor": 1 })),
        ("/capacity", json!({ "capacity": 9 })),
        ("/sessions/{id}/cancellation", json!({ "reason": "x" })),
        ("/cancellation", json!({ "by": "business" })),
        ("/session-rules/{id}/change", json!({ "from": "2100-01-01", "price_minor": 1 })),
        ("/session-rules/{id}/end", json!({ "last_day": "2100-01-01" })),
        ("/services/{id}", json!({ "slug": "x", "name": { "it": "x" }, "kind": "class" })),
        ("/locations/{id}", json!({ "name": "x", "address": "x" })),
        ("/rooms/{id}", json!({ "name": "x" })),
        ("/crew/{id}", json!({ "name": "x" })),
        ("/merge", json!({ "duplicate": 2 })),
        ("/erasures", json!({ "requested_by": "x" })),
        ("/bookings", json!({ "session": 1, "customer": 1 })),
        ("/waitlist-entries", json!({ "session": 1, "customer": 1 })),
    ];
    let census = async || {
        let mut census = story.judge.census().await;
        census.retain(|table, _| table.starts_with("public."));
        census
    };
    let before = census().await;
    let state = "select string_agg(x::text, ' ' order by x::text) from (select s::text from seat s union all select c::text from customer c
                 union all select p::text from payment p union all select r::text from refund r union all select e::text from waitlist_entry e
                 union all select l::text from plan l union all select r::text from price_rule r union all select s::text from session s
                 union all select r::text from session_rule r union all select v::text from service v union all select c::text from crew c
                 union all select l::text from location l union all select r::text from room r) x(x)";
    let rows = story.judge.texts(state).await;
    let mut tried = 0;
    for (method, path, _) in desk.operations().await.into_iter().filter(|(method, ..)| method != Method::GET) {
        let body = bodies.iter().find(|(end, _)| path.ends_with(end)).map(|(_, body)| body.clone());
        let foreign = path.contains("{id}") || path.ends_with("/bookings") || path.ends_with("/waitlist-entries");
        if !foreign {
            continue;
        }
        let body = if method == Method::DELETE { None } else { Some(body.unwrap_or_else(|| json!({}))) };
        let answer = other.send(method.clone(), &address(&path), body, &[]).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
        tried += 1;
    }
    assert!(tried >= 30, "{tried}");
    assert_eq!(census().await, before);
    assert_eq!(story.judge.texts(state).await, rows);
    let named = json!({ "name": { "it": "x" }, "kind": "credits", "credits": 1, "price_minor": 1, "valid_days": 1, "services": [1] });
    other.post("/plans", named).await.names("services");
}
