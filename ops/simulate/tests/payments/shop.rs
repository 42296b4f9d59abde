//! A business with a payment client and a door for events.

use std::{
    collections::{BTreeMap, VecDeque},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use adapters::payments::{Client, Event, EventKind, Link, NewLink, NewRefund, event, signature};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use chrono::TimeDelta;
use domain::Language;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::super::harness::until;
use crate::simulate::{Settings, Simulators, serve};

const SECRET: &str = "whsec_test";

/// What arrived at the door, and how it answers.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<Arrived>>);

#[derive(Default)]
struct Arrived {
    simulators: Option<Simulators>,
    events: Vec<Event>,
    refused: usize,
    unverified: usize,
    answers: VecDeque<u16>,
}

/// Simulators and a business, for one test.
pub(super) struct Shop {
    pub(super) simulators: Simulators,
    pub(super) client: Client,
    pub(super) http: reqwest::Client,
    base: String,
    door: Door,
    shutdown: CancellationToken,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self::with_journal(None, []).await
    }

    /// The door gives these answers first, and then 204.
    pub(super) async fn with_journal(journal: Option<&Path>, answers: impl IntoIterator<Item = u16>) -> Self {
        let door = Door::default();
        door.0.lock().unwrap().answers.extend(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let payment_webhook_url = format!("http://{}/payments", listener.local_addr().unwrap());
        let app = Router::new().route("/payments", post(receive)).with_state(door.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });

        let (payment_secret, journal) = (SECRET.to_owned(), journal.map(Path::to_owned));
        let settings = Settings { payment_webhook_url, payment_secret, journal, ..Settings::default() };
        let simulators = Simulators::new(settings).unwrap();
        door.0.lock().unwrap().simulators = Some(simulators.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        tokio::spawn(serve(listener, simulators.clone(), shutdown.clone()));
        let client = Client::new(&base, "sk_test", Duration::from_secs(5)).unwrap();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
        Self { simulators, client, http, base, door, shutdown }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Statuses that the door answers with before it goes back to 204.
    pub(super) fn answer(&self, statuses: impl IntoIterator<Item = u16>) {
        self.door.0.lock().unwrap().answers.extend(statuses);
    }

    /// What the door took, in the order of arrival.
    pub(super) fn events(&self) -> Vec<Event> {
        let arrived = self.door.0.lock().unwrap();
        assert_eq!(arrived.unverified, 0, "a signature did not fit");
        arrived.events.clone()
    }

    pub(super) fn refused(&self) -> usize {
        self.door.0.lock().unwrap().refused
    }

    /// Waits for so many events, and tells what they are.
    pub(super) async fn told(&self, count: usize) -> Vec<EventKind> {
        until("the events came", || self.events().len() >= count).await;
        let kinds: Vec<_> = self.events().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds.len(), count, "{kinds:?}");
        kinds
    }

    pub(super) fn wanted(&self) -> NewLink {
        NewLink {
            tenant: 7,
            payment: 42,
            title: "Yoga, 19:00 & tè".to_owned(),
            amount_minor: 1250,
            currency: "EUR".to_owned(),
            expires_at: self.simulators.now() + TimeDelta::minutes(45),
            success_url: "https://wa.me/390495550100".to_owned(),
            language: Language::It,
        }
    }

    pub(super) async fn link(&self) -> Link {
        self.client.create_link("payment-42", &self.wanted()).await.unwrap()
    }

    /// A link that was paid; its event was told.
    pub(super) async fn paid(&self) -> Link {
        let link = self.link().await;
        self.simulators.pay(&link.id).unwrap();
        self.told(1).await;
        self.client.link(&link.id).await.unwrap().unwrap()
    }

    /// A request to the API, as anybody may send it.
    pub(super) async fn ask(&self, key: &str, path: &str, form: &[(&str, &str)]) -> (u16, bool, Value) {
        let form: BTreeMap<_, _> = form.iter().copied().collect();
        let body = reqwest::Url::parse_with_params("http://form/", form).unwrap();
        let request = self.http.post(self.url(path)).bearer_auth("sk_test").header("idempotency-key", key);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body.query().unwrap_or_default().to_owned()).send().await.unwrap();
        let (status, replayed) = (answer.status().as_u16(), answer.headers().contains_key("idempotent-replayed"));
        (status, replayed, answer.json().await.unwrap())
    }

    pub(super) async fn steer(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.http.post(self.url(path)).json(body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }
}

/// So much of a payment, as our refund of this number.
pub(super) fn refund(link: &Link, amount_minor: i64, refund: i64) -> NewRefund {
    NewRefund { payment_intent: link.payment_intent.clone().unwrap(), amount_minor, tenant: 7, refund }
}

async fn receive(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut arrived = door.0.lock().unwrap();
    let now = arrived.simulators.as_ref().unwrap().now();
    let header = headers.get(signature::HEADER).map_or(&[][..], |header| header.as_bytes());
    if signature::Secrets::new(&[SECRET]).unwrap().verify(header, &body, now).is_err() {
        arrived.unverified += 1;
        return StatusCode::FORBIDDEN;
    }
    let status = arrived.answers.pop_front().unwrap_or(204);
    if (200..300).contains(&status) {
        arrived.events.push(event::parse(&body, now).unwrap());
    } else {
        arrived.refused += 1;
    }
    StatusCode::from_u16(status).unwrap()
}
