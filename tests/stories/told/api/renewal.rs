//! Tokens that programs renew.

use chrono::TimeDelta;
use holdfast::api::{Grant, Pair, Scope, Token};
use reqwest::Method;
use serde_json::{Value, json};

use super::program::{Answer, Program};
use crate::house::Story;

const ADDRESS: &str = "/api/tokens/refresh";

/// A story, somebody who asks with the first token of a pair, and the token to renew it with.
async fn pair(grant: &Grant) -> (Story, Program, String) {
    let story = Story::begin_at("2027-03-01T09:00:00Z".parse().unwrap()).await;
    let pool = story.pool().await;
    let pair = Pair::issue(&pool, story.tenant, "site", grant, story.clock.now()).await.unwrap();
    pool.close().await;
    let desk = Program::of(&story).await;
    let token = pair.access.expose().to_owned();
    (story, Program { token, ..desk }, pair.refresh.expose().to_owned())
}

async fn renew(desk: &Program, refresh: &str) -> Answer {
    desk.post(ADDRESS, json!({ "refresh_token": refresh })).await
}

/// The two tokens of an answer.
async fn renewed(desk: &Program, refresh: &str) -> [String; 2] {
    let told = renew(desk, refresh).await.ok();
    [&told["access_token"], &told["refresh_token"]].map(|token| token.as_str().unwrap().to_owned())
}

async fn works(desk: &Program, token: &str) -> bool {
    let asks = Program { client: desk.client.clone(), url: desk.url.clone(), token: token.to_owned() };
    asks.get("/settings").await.status == 200
}

#[tokio::test]
async fn a_pair_is_asked_with_for_an_hour_and_renewed() {
    let (story, desk, refresh) = pair(&Grant { scopes: vec![Scope::Read], expires_at: None }).await;
    assert_eq!(desk.get("/api/me").await.ok()["scopes"], json!(["read"]));
    desk.post("/customers", json!({ "phone": "39333" })).await.refused(403, "missing_scope");
    story.clock.advance(TimeDelta::minutes(59));
    let told = renew(&desk, &refresh).await.ok();
    assert_eq!(
        (&told["token_type"], &told["expires_in"], &told["scopes"], &told["refresh_ends_at"]),
        (&json!("Bearer"), &json!(3600), &json!(["read"]), &json!("2027-05-30T09:00:00Z"))
    );
    let [access, refresh] = ["access_token", "refresh_token"].map(|name| told[name].as_str().unwrap().to_owned());
    assert!(works(&desk, &access).await && works(&desk, &desk.token).await, "what is under way goes on");
    assert!(!works(&desk, &refresh).await, "one cannot ask with it");
    renew(&desk, &access).await.refused(401, "unauthorized");
    story.clock.advance(TimeDelta::minutes(1));
    assert!(works(&desk, &access).await && !works(&desk, &desk.token).await);
    story.clock.advance(TimeDelta::minutes(59));
    assert!(!works(&desk, &access).await);
    let kept = story.judge.texts("select encode(sha256, 'hex') from api_family_token").await.join(" ");
    assert!(!kept.contains(access.trim_start_matches("holdfast_")), "only digests are kept");
    story.end().await;
}

#[tokio::test]
async fn a_family_ends_after_ninety_days_however_often_it_is_renewed() {
    let (story, desk, mut refresh) = pair(&Grant::all()).await;
    for _ in 0..89 {
        story.clock.advance(TimeDelta::days(1));
        [_, refresh] = renewed(&desk, &refresh).await;
    }
    story.clock.advance(TimeDelta::minutes(23 * 60 + 50));
    let told = renew(&desk, &refresh).await.ok();
    assert_eq!(told["expires_in"], 600, "not beyond the end");
    story.clock.advance(TimeDelta::minutes(10));
    renew(&desk, told["refresh_token"].as_str().unwrap()).await.refused(401, "unauthorized");
    assert!(!works(&desk, told["access_token"].as_str().unwrap()).await);
    story.end().await;
}

#[tokio::test]
async fn a_used_token_that_comes_again_ends_the_whole_family() {
    let (story, desk, first) = pair(&Grant::all()).await;
    let [thief, second] = renewed(&desk, &first).await;
    story.clock.advance(TimeDelta::seconds(11));
    let problem = renew(&desk, &first).await.refused(401, "unauthorized");
    assert_eq!(problem["field"], "refresh_token");
    assert!(!works(&desk, &thief).await && !works(&desk, &desk.token).await);
    renew(&desk, &second).await.refused(401, "unauthorized");
    let pool = story.pool().await;
    let known = Token::list(&pool, story.tenant).await.unwrap();
    let site = known.iter().find(|token| token.label == "site").unwrap();
    assert!(site.refreshable && site.revoked_at == Some(story.clock.now()), "{site:?}");
    let other = Pair::issue(&pool, story.tenant, "site", &Grant::all(), story.clock.now()).await.unwrap();
    assert!(works(&desk, other.access.expose()).await, "a new pair begins anew");
    assert!(Token::revoke(&pool, story.tenant, "site").await.unwrap());
    assert!(!works(&desk, other.access.expose()).await);
    pool.close().await;
    story.end().await;
}

#[tokio::test]
async fn of_many_who_renew_at_one_moment_one_does_and_the_family_lives() {
    let (story, desk, first) = pair(&Grant::all()).await;
    let answers = futures_util::future::join_all((0..8).map(|_| renew(&desk, &first))).await;
    let (good, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((good.len(), refused.len()), (1, 7));
    assert!(refused.iter().all(|answer| answer.says("unauthorized")));
    let told: Value = good[0].json();
    assert!(works(&desk, told["access_token"].as_str().unwrap()).await);
    story.clock.advance(TimeDelta::seconds(10));
    renew(&desk, &first).await.refused(401, "unauthorized");
    let [_, second] = renewed(&desk, told["refresh_token"].as_str().unwrap()).await;
    assert!(!second.is_empty());
    story.end().await;
}

#[tokio::test]
async fn a_renewal_is_described_and_no_other_request_goes_without_a_token() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let told = desk.client.get(format!("{}/openapi.json", desk.url)).send().await.unwrap().bytes().await.unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    let mut open = Vec::new();
    for (path, item) in told["paths"].as_object().unwrap() {
        let without = item.as_object().unwrap().values().filter(|operation| operation["security"].is_null());
        open.extend(without.map(|operation| (path.as_str(), operation["operationId"].as_str().unwrap())));
    }
    assert_eq!(open, [(ADDRESS, "post_api_tokens_refresh")]);
    for body in [
        json!({}),
        json!({ "refresh_token": 1 }),
        json!({ "refresh_token": "\0" }),
        json!({ "refresh_token": "x", "surplus": 1 }),
    ] {
        desk.post(ADDRESS, body).await.refused(422, "invalid");
    }
    for odd in ["", "x", "holdfast_refresh_", &"x".repeat(60_000)] {
        renew(&desk, odd).await.refused(401, "unauthorized");
    }
    let raw = Some(("application/json", b"nul".to_vec()));
    desk.send_raw(Method::POST, ADDRESS, raw, &[]).await.refused(400, "malformed");
    desk.get(ADDRESS).await.refused(405, "method_not_allowed");
}
