//! The demo, as a person starts it.

use std::{path::PathBuf, process};

use serde_json::{Value, json};

use crate::house::{Process, TestDatabase, eventually};

const ANY: [&str; 5] = ["demo", "--listen", "127.0.0.1:0", "--simulators", "127.0.0.1:0"];

fn client() -> reqwest::Client {
    // The first one to speak HTTP chooses the provider of TLS.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn json(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// A data directory of this test's own.
struct DataDir(PathBuf);

impl DataDir {
    fn new(name: &str) -> Self {
        Self(PathBuf::from(format!("{}/demo-{name}-{}", env!("CARGO_TARGET_TMPDIR"), process::id())))
    }

    fn words(&self) -> Vec<&str> {
        [&ANY[..], &["--data-dir", self.0.to_str().unwrap()]].concat()
    }

    fn words_with<'a>(&'a self, database: &'a str) -> Vec<&'a str> {
        [self.words(), vec!["--database-url", database]].concat()
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// What the simulators' phone of this customer does and shows.
struct Phone<'demo> {
    simulators: &'demo str,
}

impl<'demo> Phone<'demo> {
    const NUMBER: &'static str = "+447700900101";

    fn of(demo: &'demo Process) -> Self {
        Self { simulators: &demo.told["simulators"] }
    }

    async fn says(&self, text: &str) {
        let inbound = json!({ "from": Self::NUMBER, "text": text });
        json(client().post(format!("{}/_sim/whatsapp/inbound", self.simulators)).json(&inbound)).await;
    }

    /// Everything that was said to the customer, once it is this much.
    async fn hears(&self, count: usize) -> Vec<Value> {
        let said = format!("{}/_sim/whatsapp/messages?to={}", self.simulators, &Self::NUMBER[1..]);
        eventually(async || {
            let said = json(client().get(&said)).await;
            let heard = said.as_array().filter(|said| said.len() >= count).cloned();
            heard.ok_or_else(|| said.to_string())
        })
        .await
    }

    async fn stats(&self) -> Value {
        json(client().get(format!("{}/_sim/whatsapp/stats", self.simulators))).await
    }
}

#[tokio::test]
async fn the_demo_answers_and_ends_well() {
    let (database, directory) = (TestDatabase::empty().await, DataDir::new("answers"));
    let url = database.url();
    let words = directory.words_with(&url);
    let demo = Process::start("demo", &words).await;
    let me = client().get(format!("{}/api/me", demo.told["url"])).bearer_auth(&demo.told["token"]);
    assert_eq!(json(me).await["slug"], "demo");
    let phone = Phone::of(&demo);
    phone.says("yoga tomorrow at 7pm").await;
    let said = phone.hears(1).await;
    assert_eq!(said[0]["buttons"].as_array().map(Vec::len), Some(2), "{said:?}");
    assert!(demo.terminate().await);
}

#[tokio::test]
async fn a_conversation_goes_on_after_the_demo_was_killed() {
    let (database, directory) = (TestDatabase::empty().await, DataDir::new("killed"));
    let url = database.url();
    let words = directory.words_with(&url);
    let demo = Process::start("killed", &words).await;
    let phone = Phone::of(&demo);
    phone.says("I want yoga tomorrow at 7pm").await;
    let before = phone.hears(1).await;
    demo.kill().await;

    let demo = Process::start("killed", &words).await;
    let phone = Phone::of(&demo);
    assert_eq!(phone.hears(1).await, before, "the phone lost or got something");
    phone.says("yes please").await;
    let said = phone.hears(2).await;
    assert_eq!(said[0], before[0]);
    assert!(said[1]["text"].as_str().is_some_and(|text| text.contains("you are booked")), "{said:?}");
    demo.kill().await;

    let demo = Process::start("killed", &words).await;
    let phone = Phone::of(&demo);
    assert_eq!(phone.hears(2).await, said);
    let stats = phone.stats().await;
    assert_eq!((&stats["sent_twice"], &stats["inbound"], &stats["accepted"]), (&json!({}), &json!(2), &json!(2)));
    let judge = database.judge().await;
    let booked: i64 =
        sqlx::query_scalar("select count(*) from seat where state = 'booked'").fetch_one(&judge).await.unwrap();
    assert_eq!(booked, 1);
    assert!(demo.terminate().await);
}

#[tokio::test]
async fn what_the_demo_was_thinking_about_is_answered_once_after_a_kill() {
    let (database, directory) = (TestDatabase::empty().await, DataDir::new("thinking"));
    let url = database.url();
    let words = directory.words_with(&url);
    let demo = Process::start("thinking", &words).await;
    // The answer waits for the customer's silence; the kill does not.
    Phone::of(&demo).says("I want yoga tomorrow at 7pm").await;
    demo.kill().await;
    let demo = Process::start("thinking", &words).await;
    let phone = Phone::of(&demo);
    let said = phone.hears(1).await;
    assert!(said[0]["text"].as_str().is_some_and(|text| text.contains("Yoga")), "{said:?}");
    phone.says("yes please").await;
    phone.hears(2).await;
    let stats = phone.stats().await;
    assert_eq!((&stats["sent_twice"], &stats["accepted"]), (&json!({}), &json!(2)));
    assert!(demo.terminate().await);
}

#[tokio::test]
async fn the_private_database_outlives_a_kill_and_ends_with_the_demo() {
    let directory = DataDir::new("private");
    let words = directory.words();
    let demo = Process::start("private", &words).await;
    let (database, token) = (demo.told["database"].clone(), demo.told["token"].clone());
    demo.kill().await;
    let demo = Process::start("private", &words).await;
    assert_eq!(demo.told["database"], database);
    let me = format!("{}/api/me", demo.told["url"]);
    assert_eq!(json(client().get(&me).bearer_auth(&demo.told["token"])).await["slug"], "demo");
    assert_eq!(client().get(&me).bearer_auth(&token).send().await.unwrap().status(), 401);
    assert!(demo.terminate().await);
    assert!(!directory.0.join("postgres/postmaster.pid").exists(), "the server still runs");
}
