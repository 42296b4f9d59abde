//! The database is away.

use serde_json::json;

use super::program::Program;
use crate::house::{Story, eventually};

#[tokio::test]
async fn an_outage_is_told_as_one_and_passes() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    desk.get("/settings").await.ok();
    story.cut_off().await;
    let new = json!({ "phone": "+44 7700 900101" });
    for answer in [desk.get("/settings").await, desk.keyed("once", "/customers", &new).await] {
        answer.refused(503, "unavailable");
        assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u32>().is_ok());
    }
    story.reconnect().await;
    eventually(async || {
        let answer = desk.keyed("once", "/customers", &new).await;
        if answer.status == 201 { Ok(()) } else { Err(answer.text()) }
    })
    .await;
    assert_eq!(story.judge.number("select count(*) from customer").await, 1);
}
