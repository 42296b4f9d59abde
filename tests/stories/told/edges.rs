//! Edge cases that have no other home, and that each of them has a test.

use std::{collections::BTreeMap, fs, path::Path};

use chrono::TimeDelta;
use serde_json::json;

use crate::house::{
    Story, eventually,
    meta::{NUMBER, envelope, message},
};

const PHONE: &str = "393335550101";

#[tokio::test]
async fn edge_04_while_the_database_is_away_webhooks_are_refused_and_come_again() {
    let story = Story::closed().await;
    let body = envelope(NUMBER, &json!(null), &[message(PHONE, "wamid.1", "text", &json!({ "body": "ciao" }))], &[]);
    story.cut_off().await;
    assert_eq!(story.meta().posts(&body).await, 503, "Meta asks again");
    story.reconnect().await;
    for table in ["select count(*) from webhook_event", "select count(*) from customer", "select count(*) from message"]
    {
        assert_eq!(story.judge.number(table).await, 0, "{table}");
    }
    eventually(async || {
        let status = story.meta().posts(&body).await;
        if status == 200 { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    assert_eq!(story.judge.number("select count(*) from message").await, 1);
}

#[tokio::test]
async fn edge_06_a_message_of_three_days_ago_is_kept_and_left_to_the_staff() {
    let story = Story::begin().await;
    let mut late = message(PHONE, "wamid.1", "text", &json!({ "body": "yoga domani alle 19" }));
    let then = story.clock.now() - TimeDelta::days(3);
    late["timestamp"] = then.timestamp().to_string().into();
    assert_eq!(story.meta().posts(&envelope(NUMBER, &json!(null), &[late], &[])).await, 200);
    story.judge.finds_all_done().await;
    assert_eq!(story.judge.texts("select text from message where direction = 'in'").await, ["yoga domani alle 19"]);
    assert_eq!(story.simulators.messages(None).len(), 0, "nothing free may be said any more");
    let staff = "select count(*) from conversation where needs_person_at is not null";
    assert_eq!(story.judge.number(staff).await, 1, "somebody has to look");
    story.end().await;
}

/// `tests/edge_cases.tsv`: number, tests, and why there is none, or what is left to say.
#[test]
fn every_edge_case_has_its_tests_or_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/edge_cases.tsv")).unwrap();
    let mut cases = BTreeMap::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [number, what, tests, note] = fields[..] else { panic!("four fields: {line}") };
        assert!(!what.is_empty() && (!tests.is_empty() || !note.is_empty()), "neither a test nor a reason: {line}");
        cases.insert(
            number.parse::<u32>().unwrap(),
            tests.split(", ").filter(|test| !test.is_empty()).collect::<Vec<_>>(),
        );
    }
    assert_eq!(cases.keys().copied().collect::<Vec<_>>(), (1..=68).collect::<Vec<_>>());
    let mut sources = String::new();
    for below in ["tests/stories", "src", "jobs", "workflows"] {
        read(&root.join(below), &mut sources);
    }
    for (number, tests) in cases {
        for test in tests {
            assert!(sources.contains(&format!("fn {test}()")), "edge case {number}: there is no test {test}");
        }
    }
}

fn read(below: &Path, sources: &mut String) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
