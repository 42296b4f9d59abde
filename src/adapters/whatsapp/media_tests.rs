//! Uploads against a server that looks at them.

use std::time::Duration;

use axum::{Json, Router, body::Bytes, http::HeaderMap, routing::post};
use domain::outbound::{Content, Document, DocumentKind};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use super::*;
use crate::whatsapp::{NotSent, Recipient, client::VERSION};

fn file() -> File {
    File {
        name: "ricevuta-7.pdf".to_owned(),
        mime_type: "application/pdf".to_owned(),
        bytes: b"%PDF-1.7".to_vec().into(),
    }
}

fn client(base: &str) -> Client {
    Client::new(base, VERSION, "token-1", Duration::from_secs(2)).unwrap()
}

async fn serve(router: Router) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    client(&format!("http://{address}"))
}

async fn answering(answer: Value) -> Client {
    serve(Router::new().fallback(move || async move { Json(answer) })).await
}

#[tokio::test]
async fn a_file_goes_as_the_form_that_meta_wants() {
    let (requests, mut seen) = mpsc::unbounded_channel();
    let answer = move |headers: HeaderMap, body: Bytes| async move {
        requests.send((headers, body)).unwrap();
        Json(json!({"id": "900"}))
    };
    let client = serve(Router::new().route("/v25.0/100/media", post(answer))).await;
    assert_eq!(client.upload("100", &file()).await, Ok("900".to_owned()));
    let (headers, body) = seen.recv().await.unwrap();
    assert_eq!(headers["authorization"], "Bearer token-1");
    assert_eq!(headers["content-length"], body.len().to_string());
    assert!(headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
    let body = String::from_utf8(body.to_vec()).unwrap().to_lowercase();
    for part in [
        "name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
        "name=\"type\"\r\n\r\napplication/pdf\r\n",
        "name=\"file\"; filename=\"ricevuta-7.pdf\"\r\ncontent-type: application/pdf\r\n\r\n%pdf-1.7\r\n",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
}

#[tokio::test]
async fn a_number_as_an_id_is_an_id_and_none_is_told() {
    assert_eq!(answering(json!({"id": 900})).await.upload("100", &file()).await, Ok("900".to_owned()));
    let without = answering(json!({})).await.upload("100", &file()).await;
    assert!(matches!(without, Err(SendError::Unknown { .. })), "{without:?}");
}

#[tokio::test]
async fn a_refused_upload_is_told_as_a_refused_message_is() {
    let error = |code: i64| json!({"error": {"code": code, "message": "t"}});
    let throttled = answering(error(130_429)).await.upload("100", &file()).await;
    assert!(matches!(throttled, Err(SendError::NotSent { reason: NotSent::Throughput, .. })), "{throttled:?}");
    let refused = answering(error(100)).await.upload("100", &file()).await;
    assert!(matches!(refused, Err(SendError::Rejected { code: 100, class: Permanent::Request, .. })), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_mime_type_never_leaves() {
    let file = File { mime_type: "a calendar".to_owned(), ..file() };
    let refused = client("http://127.0.0.1:9").upload("100", &file).await;
    assert!(matches!(refused, Err(SendError::Rejected { code: 0, class: Permanent::Request, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_document_that_was_not_uploaded_never_leaves() {
    let kind = DocumentKind::Receipt { payment: 7 };
    let document = Document { media_id: None, filename: "ricevuta-7.pdf".to_owned(), kind };
    let content = Content { document: Some(document), ..Content::default() };
    let to = Recipient::Phone("39333".to_owned());
    let refused = client("http://127.0.0.1:9").send("100", &to, &content, "7").await;
    assert!(matches!(refused, Err(SendError::Rejected { code: 0, class: Permanent::Request, .. })), "{refused:?}");
}
