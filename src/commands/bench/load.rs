//! Meta's servers at full speed: webhooks that were written and signed before the clock started, over open connections.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use adapters::whatsapp::signature::{HEADER, Secrets};
use anyhow::ensure;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

/// Webhooks of one customer each, as whole HTTP requests.
pub(super) struct Load {
    requests: Vec<Vec<u8>>,
    next: AtomicUsize,
}

impl Load {
    /// `count` messages, each of the next of so many customers; `name` keeps the ids of two loads apart.
    pub fn write(name: &str, count: usize, customers: usize, now: i64) -> anyhow::Result<Arc<Self>> {
        let secrets = Secrets::new(&["demo-secret"])?;
        let requests = (0..count).map(|n| request(&secrets, &body(name, n, n % customers, now))).collect();
        Ok(Arc::new(Self { requests, next: AtomicUsize::new(0) }))
    }

    /// Posts everything over so many connections, each as soon as its last post was answered; or, with a `pace`, each
    /// at its time, and counts from that time. Every answer must be 200.
    pub async fn post(
        self: Arc<Self>,
        door: SocketAddr,
        connections: usize,
        pace: Option<Duration>,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut posting = JoinSet::new();
        let start = Instant::now();
        for _ in 0..connections {
            let load = self.clone();
            posting.spawn(async move { load.connection(door, start, pace).await });
        }
        let mut took = Vec::with_capacity(self.requests.len());
        while let Some(rounds) = posting.join_next().await {
            took.extend(rounds??);
        }
        Ok(took)
    }

    async fn connection(
        &self,
        door: SocketAddr,
        start: Instant,
        pace: Option<Duration>,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut stream = TcpStream::connect(door).await?;
        stream.set_nodelay(true)?;
        let mut rounds = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = self.requests.get(number) else { return Ok(rounds) };
            let mut due = Instant::now();
            if let Some(pace) = pace {
                due = start + pace * u32::try_from(number)?;
                sleep(due.saturating_duration_since(Instant::now())).await;
            }
            stream.write_all(request).await?;
            answered(&mut stream).await?;
            rounds.push(due.elapsed());
        }
    }
}

/// Reads one answer, which has no body.
async fn answered(stream: &mut TcpStream) -> anyhow::Result<()> {
    let (mut answer, mut length) = ([0; 1024], 0);
    while !answer[..length].ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut answer[length..]).await?;
        ensure!(read > 0, "the door closed in the middle of an answer");
        length += read;
    }
    let head = String::from_utf8_lossy(&answer[..length]);
    ensure!(head.starts_with("HTTP/1.1 200 "), "a webhook was answered {head:?}");
    Ok(())
}

/// The phone of the customer of this number.
pub(super) fn phone(customer: usize) -> String {
    format!("39{:010}", 3_330_000_000 + customer)
}

fn body(name: &str, number: usize, customer: usize, now: i64) -> Vec<u8> {
    let phone = phone(customer);
    let message = json!({
        "from": phone, "id": format!("wamid.HBgM{name}{number:010}AA=="), "timestamp": now.to_string(),
        "type": "text", "text": { "body": "quali corsi ci sono domani?" },
    });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "390495550100", "phone_number_id": domain::demo::PHONE_NUMBER_ID },
        "contacts": [{ "profile": { "name": "Ada" }, "wa_id": phone }],
        "messages": [message],
    });
    let change = json!({ "field": "messages", "value": value });
    let entry = json!({ "id": "200000000000001", "changes": [change] });
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

fn request(secrets: &Secrets, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /webhooks/whatsapp HTTP/1.1\r\nhost: holdfast\r\ncontent-type: application/json\r\n{HEADER}: {}\r\ncontent-length: {}\r\n\r\n",
        secrets.sign(body),
        body.len(),
    );
    [head.as_bytes(), body].concat()
}
