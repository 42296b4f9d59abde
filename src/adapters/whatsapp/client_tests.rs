//! The client against a server that answers as told.

use axum::{Json, Router, http::HeaderMap, response::IntoResponse, routing::post};
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpListener, sync::mpsc};

use reqwest::StatusCode;

use super::*;
use crate::whatsapp::{NotSent, Permanent};

const PATIENCE: Duration = Duration::from_secs(2);

fn client(base: &str) -> Client {
    Client::new(base, VERSION, "token-1", PATIENCE).unwrap()
}

/// A server that gives every request the same answer.
async fn answering(status: u16, headers: &[(&'static str, &str)], body: &str) -> Client {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let body = body.to_owned();
    let answer = move || {
        let mut response = (StatusCode::from_u16(status).unwrap(), body.clone()).into_response();
        for (name, value) in &headers {
            response.headers_mut().insert(*name, value.parse().unwrap());
        }
        async move { response }
    };
    client(&serve(Router::new().fallback(answer)).await)
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn send(client: &Client) -> Result<Accepted, SendError> {
    let to = Recipient::Phone("39333".to_owned());
    let content = Content::text("Ciao");
    client.send("100", &to, &content, "7").await
}

fn assert_unknown(result: &Result<Accepted, SendError>, case: &str) {
    assert!(matches!(result, Err(SendError::Unknown { .. })), "{case}: {result:?}");
}

#[tokio::test]
async fn a_message_is_accepted() {
    let (requests, mut seen) = mpsc::unbounded_channel();
    let answer = move |headers: HeaderMap, Json(body): Json<Value>| async move {
        requests.send((headers, body)).unwrap();
        Json(json!({"contacts": [{"input": "+39333", "wa_id": "39333"}], "messages": [{"id": "wamid.1"}]}))
    };
    let client = client(&serve(Router::new().route("/v25.0/100/messages", post(answer))).await);
    let accepted = Accepted { wamid: "wamid.1".to_owned(), phone: Some("39333".to_owned()) };
    assert_eq!(send(&client).await, Ok(accepted));
    let (headers, body) = seen.recv().await.unwrap();
    assert_eq!(headers["authorization"], "Bearer token-1");
    assert_eq!(body["biz_opaque_callback_data"], "7");
    client.mark_read("100", "wamid.0", true).await.unwrap();
    assert_eq!(seen.recv().await.unwrap().1["message_id"], "wamid.0");
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let expected = SendError::NotSent { reason: NotSent::Unreachable, wait: None };
    assert_eq!(send(&client(&format!("http://{unused}"))).await, Err(expected));
}

#[tokio::test]
async fn a_connection_that_breaks_or_stays_silent_leaves_it_open() {
    for silent in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 100]).await.unwrap();
            if silent {
                std::future::pending::<()>().await;
            }
        });
        let result = send(&client(&format!("http://{address}"))).await;
        assert_unknown(&result, if silent { "silent" } else { "broken" });
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_leaves_it_open() {
    for body in ["", "OK", "[]", "{}", r#"{"messages": []}"#, r#"{"messages": [{"id": ""}]}"#] {
        let result = send(&answering(200, &[], body).await).await;
        assert_unknown(&result, body);
    }
}

#[tokio::test]
async fn the_code_decides_and_not_the_status() {
    let wait = |seconds| Some(Duration::from_secs(seconds));
    let later = |reason, wait| SendError::NotSent { reason, wait };
    let rejected = |code, class| SendError::Rejected { code, title: "t".to_owned(), class };
    let cases = [
        (4, later(NotSent::CallLimit, wait(60))),
        (130_429, later(NotSent::Throughput, wait(2))),
        (131_056, later(NotSent::Pair, wait(6))),
        (131_057, later(NotSent::Maintenance, wait(60))),
        (131_000, SendError::Unknown { reason: "131000 t".to_owned() }),
        (131_047, SendError::WindowClosed),
        (190, rejected(190, Permanent::Token)),
        (131_026, rejected(131_026, Permanent::Recipient)),
        (100, rejected(100, Permanent::Request)),
    ];
    for (code, expected) in cases {
        let body = json!({"error": {"code": code, "message": "t"}}).to_string();
        for status in [200, 400, 403, 429, 500] {
            let result = send(&answering(status, &[], &body).await).await;
            assert_eq!(result, Err(expected.clone()), "{code} as {status}");
        }
    }
}

#[tokio::test]
async fn a_named_wait_is_obeyed() {
    let body = json!({"error": {"code": 130_429, "message": "t"}}).to_string();
    let result = send(&answering(400, &[("retry-after", "90")], &body).await).await;
    let wait = Some(Duration::from_secs(90));
    assert_eq!(result, Err(SendError::NotSent { reason: NotSent::Throughput, wait }));
}

#[tokio::test]
async fn without_a_code_the_status_decides() {
    for status in [408, 500, 502, 503, 504] {
        assert_unknown(&send(&answering(status, &[], "<html>").await).await, &status.to_string());
    }
    let throttled = send(&answering(429, &[], "").await).await;
    assert!(matches!(throttled, Err(SendError::NotSent { reason: NotSent::Throughput, .. })));
    for (status, class) in [(401, Permanent::Token), (404, Permanent::Configuration)] {
        let result = send(&answering(status, &[], "<html>").await).await;
        assert!(matches!(result, Err(SendError::Rejected { code: 0, class: c, .. }) if c == class));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let result = send(&answering(307, &[("location", "http://127.0.0.1:9/")], "").await).await;
    assert!(matches!(result, Err(SendError::Rejected { class: Permanent::Configuration, .. })));
}

#[test]
fn settings_that_cannot_work_are_named() {
    for base in ["", "graph.facebook.com", "ftp://graph.facebook.com"] {
        assert!(matches!(Client::new(base, VERSION, "t", PATIENCE), Err(Misconfigured::BaseUrl(_))));
    }
    assert!(matches!(Client::new("http://x", VERSION, "a\nb", PATIENCE), Err(Misconfigured::Token)));
}

#[test]
fn the_token_stays_out_of_logs() {
    assert!(!format!("{:?}", client("http://localhost")).contains("token-1"));
}
