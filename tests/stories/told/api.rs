//! What programs ask.

mod bookings;
mod calendar;
mod customers;
mod garbage;
mod keys;
mod money;
mod outage;
mod pages;
mod privacy;
pub(super) mod program;
mod renewal;
mod scopes;
mod terms;
mod waitlist;
mod walls;

use holdfast::api::Token;
use serde_json::Value;

use crate::house::Story;

#[tokio::test]
async fn a_token_tells_whose_it_is_until_a_newer_one_takes_its_place() {
    let story = Story::closed().await;
    let (pool, now) = (story.pool().await, story.clock.now());
    let issue = async || Token::issue(&pool, story.tenant, "test", now).await.unwrap().expose().to_owned();
    let old = issue().await;
    let new = issue().await;
    for (header, status) in [
        (format!("Bearer {new}"), 200),
        (format!("Bearer {old}"), 401),
        (format!("Basic {new}"), 401),
        ("Bearer ".to_owned(), 401),
    ] {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(format!("{}/api/me", story.url)).header("authorization", header);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(answer["slug"] == "demo", status == 200, "{answer}");
    }
    let kept = story.judge.texts("select encode(sha256, 'hex') from api_token").await;
    assert!(kept.len() == 1 && !kept[0].contains(&new));
}

#[tokio::test]
async fn health_tells_the_truth() {
    let story = Story::closed().await;
    for path in ["livez", "readyz"] {
        assert_eq!(reqwest::get(format!("{}/{path}", story.url)).await.unwrap().status(), 200, "{path}");
    }
    assert_eq!(reqwest::get(format!("{}/metrics", story.url)).await.unwrap().status(), 404);
}
