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

#[tokio::test]
async fn the_demo_answers_and_ends_well() {
    let database = TestDatabase::empty().await;
    let url = database.url();
    let demo = Process::start("demo", &[&ANY[..], &["--database-url", &url]].concat()).await;
    let me = client().get(format!("{}/api/me", demo.told["url"])).bearer_auth(&demo.told["token"]);
    assert_eq!(json(me).await["slug"], "demo");
    let simulators = &demo.told["simulators"];
    let inbound = json!({ "from": "+393335550101", "text": "yoga domani alle 19" });
    json(client().post(format!("{simulators}/_sim/whatsapp/inbound")).json(&inbound)).await;
    let said = format!("{simulators}/_sim/whatsapp/messages?to=393335550101");
    eventually(async || {
        let said = json(client().get(&said)).await;
        if said[0]["buttons"].as_array().is_some_and(|buttons| buttons.len() == 2) {
            Ok(())
        } else {
            Err(said.to_string())
        }
    })
    .await;
    assert!(demo.terminate().await);
}

/// A data directory of this test's own.
struct DataDir(PathBuf);

impl DataDir {
    fn new() -> Self {
        Self(PathBuf::from(format!("{}/demo-{}", env!("CARGO_TARGET_TMPDIR"), process::id())))
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[tokio::test]
async fn the_private_database_outlives_a_kill_and_ends_with_the_demo() {
    let directory = DataDir::new();
    let words = [&ANY[..], &["--data-dir", directory.0.to_str().unwrap()]].concat();
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
