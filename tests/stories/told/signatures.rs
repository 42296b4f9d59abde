//! Who may knock at the door.

use adapters::whatsapp::signature::Secrets;
use serde_json::{Value, json};

use crate::house::{Story, meta};

fn body() -> Vec<u8> {
    let message = meta::message("393335550101", "wamid.signed", "text", &json!({ "body": "caffè 🧘" }));
    meta::envelope(meta::NUMBER, &Value::Null, &[message], &[]).to_string().into_bytes()
}

#[tokio::test]
async fn a_flipped_bit_anywhere_leaves_no_trace() {
    let story = Story::closed().await;
    let before = story.judge.census().await;
    let (meta, body) = (story.meta(), body());
    let signature = meta::signature(&body);
    for (n, position) in (0..body.len()).step_by(3).enumerate() {
        let mut flipped = body.clone();
        flipped[position] ^= 1 << (n % 8);
        assert_eq!(meta.posts_raw(Some(&signature), flipped).await, 401, "byte {position} of the body");
    }
    for position in "sha256=".len()..signature.len() {
        let mut flipped = signature.clone().into_bytes();
        flipped[position] = if flipped[position] == b'0' { b'1' } else { b'0' };
        let flipped = String::from_utf8(flipped).unwrap();
        assert_eq!(meta.posts_raw(Some(&flipped), body.clone()).await, 401, "{flipped}");
    }
    assert_eq!(story.judge.census().await, before);
}

#[tokio::test]
async fn other_signatures_leave_no_trace() {
    let story = Story::closed().await;
    let before = story.judge.census().await;
    let (meta, body) = (story.meta(), body());
    let good = meta::signature(&body);
    let strangers = Secrets::new(&["another-secret"]).unwrap().sign(&body);
    let bare = good.trim_start_matches("sha256=");
    let sha1 = format!("sha1={bare}");
    let long = format!("{good}00");
    for signature in [&strangers, "", "sha256=", "sha256=zz", bare, &sha1, &long, &good[..40]] {
        assert_eq!(meta.posts_raw(Some(signature), body.clone()).await, 401, "{signature:?}");
    }
    assert_eq!(meta.posts_raw(None, body).await, 401);
    assert_eq!(story.judge.census().await, before);
}

#[tokio::test]
async fn the_handshake_gives_the_challenge_back_to_who_knows_the_word() {
    let story = Story::closed().await;
    for (mode, token, status) in
        [("subscribe", "demo-verify", 200), ("subscribe", "demo-verifi", 403), ("unsubscribe", "demo-verify", 403)]
    {
        let url = format!(
            "{}/webhooks/whatsapp?hub.mode={mode}&hub.verify_token={token}&hub.challenge=1158201444",
            story.url
        );
        let answer = reqwest::get(url).await.unwrap();
        assert_eq!(answer.status(), status, "{mode} {token}");
        assert_eq!(answer.text().await.unwrap() == "1158201444", status == 200);
    }
}
