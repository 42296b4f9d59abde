//! Simulators on a free port, and an ingress for them to post to.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use reqwest::{Client, RequestBuilder, Response};
use ring::hmac;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::simulate::{Settings, Simulators, serve};

pub(crate) const CUSTOMER: &str = "+393335550199";
const SECRET: &str = "test-secret";

/// What the ingress got, and how it answers.
#[derive(Clone, Default)]
pub(crate) struct Ingress(Arc<Mutex<Received>>);

#[derive(Default)]
struct Received {
    bodies: Vec<Value>,
    refused: Vec<Value>,
    bad_signatures: usize,
    raw: Vec<Bytes>,
    answers: VecDeque<u16>,
}

impl Ingress {
    /// Statuses to answer with before it goes back to 200.
    pub(crate) fn answer(&self, statuses: impl IntoIterator<Item = u16>) {
        self.0.lock().unwrap().answers.extend(statuses);
    }

    /// Bodies that were answered with 200.
    pub(crate) fn bodies(&self) -> Vec<Value> {
        self.0.lock().unwrap().bodies.clone()
    }

    pub(crate) fn refused(&self) -> Vec<Value> {
        self.0.lock().unwrap().refused.clone()
    }

    pub(crate) fn raw(&self) -> Vec<Bytes> {
        self.0.lock().unwrap().raw.clone()
    }

    /// Everything told about statuses so far: (status, the whole object).
    pub(crate) fn statuses(&self) -> Vec<(String, Value)> {
        let bodies = self.bodies();
        let told = bodies.iter().filter_map(|body| {
            let status = &body["entry"][0]["changes"][0]["value"]["statuses"][0];
            Some((status["status"].as_str()?.to_owned(), status.clone()))
        });
        told.collect()
    }

    pub(crate) fn status_names(&self) -> Vec<String> {
        self.statuses().into_iter().map(|(name, _)| name).collect()
    }

    pub(crate) fn bad_signatures(&self) -> usize {
        self.0.lock().unwrap().bad_signatures
    }
}

async fn receive(State(ingress): State<Ingress>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    let tag = signature.and_then(|s| s.strip_prefix("sha256=")).and_then(|s| hex::decode(s).ok());
    let mut received = ingress.0.lock().unwrap();
    if tag.is_none_or(|tag| hmac::verify(&key, &body, &tag).is_err()) {
        received.bad_signatures += 1;
        return StatusCode::FORBIDDEN;
    }
    let status = received.answers.pop_front().unwrap_or(200);
    let value = serde_json::from_slice(&body).unwrap();
    if status == 200 {
        received.bodies.push(value);
        received.raw.push(body);
    } else {
        received.refused.push(value);
    }
    StatusCode::from_u16(status).unwrap()
}

/// Simulators that run for one test.
pub(crate) struct Lab {
    pub(crate) simulators: Simulators,
    pub(crate) ingress: Ingress,
    pub(crate) http: Client,
    base: String,
    shutdown: CancellationToken,
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Lab {
    pub(crate) async fn start() -> Self {
        Self::with_journal(None).await
    }

    pub(crate) async fn with_journal(journal: Option<&Path>) -> Self {
        let ingress = Ingress::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let webhook_url = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new().route("/hook", post(receive)).with_state(ingress.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });

        let journal = journal.map(Path::to_owned);
        let settings = Settings { webhook_url, app_secret: SECRET.into(), journal, ..Settings::default() };
        let simulators = Simulators::new(settings).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        tokio::spawn(serve(listener, simulators.clone(), shutdown.clone()));
        let http = Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
        Self { simulators, ingress, http, base, shutdown }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request to the Graph API, not sent yet.
    pub(crate) fn request(&self, message: &Value) -> RequestBuilder {
        self.http.post(self.url("/v25.0/100000000000001/messages")).bearer_auth("token").json(message)
    }

    pub(crate) async fn send(&self, message: Value) -> (u16, Value) {
        read(self.request(&message).send().await.unwrap()).await
    }

    pub(crate) async fn send_text(&self, to: &str, text: &str) -> (u16, Value) {
        self.send(text_to(to, text)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.http.post(self.url(path)).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.http.get(self.url(path)).send().await.unwrap()).await
    }

    pub(crate) async fn all_told(&self) {
        until("nothing is pending", || self.simulators.stats().webhooks.pending == 0).await;
    }

    pub(crate) async fn fault(&self, fault: Value) {
        let (status, body) = self.post("/_sim/faults", fault).await;
        assert_eq!(status, 201, "{body}");
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

pub(crate) fn text_to(to: &str, text: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": "text",
        "text": { "body": text },
        "biz_opaque_callback_data": format!("out-{text}"),
    })
}

/// Waits until `done`, for at most five seconds.
pub(crate) async fn until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}
