//! Lists, a page at a time.

use std::collections::BTreeSet;

use serde_json::Value;

use super::program::Program;
use crate::house::Story;

/// All ids of a list, read in pages of this length.
async fn walk(desk: &Program, list: &str, limit: usize) -> Vec<i64> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    let joint = if list.contains('?') { '&' } else { '?' };
    loop {
        let page = desk.get(&format!("{list}{joint}limit={limit}{after}")).await.ok();
        let items = page["items"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_i64().unwrap()));
        match &page["next"] {
            Value::String(next) => {
                assert_eq!(items.len(), limit, "a page that is not the last one is full");
                after = format!("&after={next}");
            }
            _ => return ids,
        }
    }
}

#[tokio::test]
async fn pages_lose_nothing_and_repeat_nothing() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    for fill in [
        "insert into customer (tenant_id, phone, name) select 1, 390000000000 + n, 'Customer ' || n from generate_series(1, 120) n",
        "insert into seat (tenant_id, session_id, customer_id, state, cancelled_at, price_minor, currency, created_at)
           select 1, (select min(id) from session), c.id, 'cancelled', now(), 1500, 'EUR', now() from customer c",
        "insert into payment (tenant_id, customer_id, seat_id, method, state, amount_minor, captured_minor, currency, created_at)
           select 1, customer_id, id, 'cash', 'captured', 1500, 1500, 'EUR', now() from seat",
        "insert into refund (tenant_id, payment_id, amount_minor, reason, state, created_at)
           select 1, (select min(id) from payment), 1, 'goodwill', 'by_hand', now() from generate_series(1, 120)",
        "insert into waitlist_entry (tenant_id, session_id, customer_id, missed, joined_at)
           select 1, (select min(id) from session), c.id, c.id % 3, now() from customer c",
        "insert into waitlist_log (tenant_id, entry_id, event, at) select 1, id, 'joined', now() from waitlist_entry",
        "insert into consent (tenant_id, customer_id, granted, source, at)
           select 1, (select min(id) from customer), true, 'staff', now() from generate_series(1, 120)",
        "insert into price_rule (tenant_id, name, condition, percent, position)
           select 1, '{\"it\": \"r\", \"en\": \"r\"}', '{\"when\": \"occupancy\", \"at_least_percent\": 80}', 1, n % 5 from generate_series(1, 120) n",
        "insert into plan (tenant_id, name, kind, price_minor, credits, valid_days)
           select 1, '{\"it\": \"p\", \"en\": \"p\"}', 'credits', 1, 1, 1 from generate_series(1, 120)",
        "insert into entitlement (tenant_id, customer_id, plan_id, state, starts_at, expires_at, credits, credits_left, price_minor, currency, created_at)
           select 1, (select min(id) from customer), p.id, 'active', now(), now() + interval '1 day', 1, 1, 1, 'EUR', now() from plan p",
        "insert into room (tenant_id, location_id, name) select 1, 1, 'room ' || n from generate_series(1, 120) n",
    ] {
        sqlx::query(fill).execute(&story.judge.pool).await.unwrap_or_else(|error| panic!("{fill}: {error}"));
    }
    let (customer, payment) = ("select min(id) from customer", "select min(id) from payment");
    let (customer, payment) = (story.judge.number(customer).await, story.judge.number(payment).await);
    let session = story.judge.number("select min(id) from session").await;
    for list in [
        "/sessions".to_owned(),
        format!("/sessions/{session}/bookings"),
        format!("/sessions/{session}/waitlist"),
        format!("/sessions/{session}/waitlist/log"),
        "/bookings".to_owned(),
        "/customers".to_owned(),
        format!("/customers/{customer}/consents"),
        format!("/customers/{customer}/entitlements"),
        "/payments".to_owned(),
        format!("/payments/{payment}/refunds"),
        "/plans".to_owned(),
        "/price-rules".to_owned(),
        "/rooms".to_owned(),
    ] {
        let (small, whole) = (walk(&desk, &list, 7).await, walk(&desk, &list, 200).await);
        assert!(whole.len() >= 120, "{list} has {}", whole.len());
        assert_eq!(small, whole, "{list}");
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len(), "{list}");
    }
}

#[tokio::test]
async fn rows_that_come_meanwhile_hide_and_repeat_no_other() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let add = "insert into customer (tenant_id, phone) select 1, $1 + n from generate_series(1, 40) n";
    sqlx::query(add).bind(390_000_000_000_i64).execute(&story.judge.pool).await.unwrap();
    let before: BTreeSet<i64> = walk(&desk, "/customers", 200).await.into_iter().collect();
    let page = desk.get("/customers?limit=10").await.ok();
    let mut seen: Vec<i64> =
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();
    sqlx::query(add).bind(391_000_000_000_i64).execute(&story.judge.pool).await.unwrap();
    let rest = desk.get(&format!("/customers?limit=200&after={}", page["next"].as_str().unwrap())).await.ok();
    seen.extend(rest["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()));
    assert_eq!(seen.len(), 40);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), before);
}

#[tokio::test]
async fn a_page_that_is_no_page_is_refused() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    for limit in ["0", "201", "-1", "x", "", "1e3", "99999999999999999999"] {
        desk.get(&format!("/customers?limit={limit}")).await.names("limit");
    }
    for after in ["", "x", "00", "01", "0100000000000000", "020000000000000001", "%00"] {
        desk.get(&format!("/customers?after={after}")).await.names("after");
    }
    desk.get("/customers?limit=1&limit=2").await.names("limit");
    desk.get("/customers?page=2").await.names("page");
    desk.get("/rooms?name=x").await.names("name");
}
