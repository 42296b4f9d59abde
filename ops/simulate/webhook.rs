//! Posts webhooks as Meta and Stripe do: signed, at least once, until the receiver has got them.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Client, Url, header};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{seal::Seal, settings::SetupError};

const FIRST_RETRY: Duration = Duration::from_millis(200);
const LONGEST_RETRY: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);
/// Senders post concurrently; more than this would only queue up in the receiver's backlog.
const CONCURRENT: usize = 64;

/// Carries webhooks of one sender to their ingress.
pub(crate) struct Courier {
    http: Client,
    ingress: Url,
    seal: Seal,
    permits: Semaphore,
    stop: CancellationToken,
    counts: Counts,
}

/// Of bodies on their way; those that arrived are counted where they are remembered.
#[derive(Default)]
struct Counts {
    /// POSTs of the bodies that are pending.
    attempts: AtomicU64,
    pending: AtomicU64,
}

/// What became of webhooks so far.
#[derive(Debug, Clone, Serialize)]
pub struct Tally {
    /// POSTs made.
    pub attempts: u64,
    /// Bodies that were answered with 200 (payments: 2xx).
    pub delivered: u64,
    /// Bodies that still wait for that.
    pub pending: u64,
}

/// One attempt's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    Delivered,
    /// The receiver's status; `None` if there was no answer.
    Refused(Option<u16>),
}

impl Courier {
    pub(crate) fn new(ingress: Url, seal: Seal, stop: CancellationToken) -> Result<Self, SetupError> {
        // reqwest wants a provider even for plain http; whoever was first wins.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().timeout(TIMEOUT).user_agent(seal.agent()).no_proxy().build()?;
        Ok(Self { http, ingress, seal, permits: Semaphore::new(CONCURRENT), stop, counts: Counts::default() })
    }

    /// Tries until the receiver has got it, and tells how often; none if the simulators stopped
    /// before. Whoever made the body settles it.
    pub(crate) async fn deliver(&self, body: &Value) -> Option<u64> {
        let bytes = encode(body);
        match self.first(&bytes).await {
            Attempt::Delivered => Some(1),
            Attempt::Refused(_) => self.insist(&bytes).await,
        }
    }

    /// Tries once and tells how it went; a caller that was refused goes on with [`Self::insist`].
    pub(crate) async fn first(&self, bytes: &Bytes) -> Attempt {
        self.counts.pending.fetch_add(1, Ordering::Relaxed);
        self.attempt(bytes).await
    }

    /// Goes on after a refused [`Self::first`]; counts the attempts, that one included.
    pub(crate) async fn insist(&self, bytes: &Bytes) -> Option<u64> {
        let mut wait = FIRST_RETRY;
        for attempts in 2.. {
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
            if self.attempt(bytes).await == Attempt::Delivered {
                return Some(attempts);
            }
            wait = (wait * 2).min(LONGEST_RETRY);
        }
        None
    }

    async fn attempt(&self, bytes: &Bytes) -> Attempt {
        let Ok(_permit) = self.permits.acquire().await else {
            return Attempt::Refused(None);
        };
        self.counts.attempts.fetch_add(1, Ordering::Relaxed);
        let (name, signature) = self.seal.header(bytes);
        let request = self
            .http
            .post(self.ingress.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(name, signature)
            .body(bytes.clone());
        match request.send().await.map(|answer| answer.status().as_u16()) {
            Ok(status) if self.seal.is_receipt(status) => Attempt::Delivered,
            Ok(status) => Attempt::Refused(Some(status)),
            Err(_) => Attempt::Refused(None),
        }
    }

    /// A body that took so many attempts is remembered as delivered.
    pub(crate) fn settle(&self, attempts: u64) {
        self.counts.pending.fetch_sub(1, Ordering::Relaxed);
        self.counts.attempts.fetch_sub(attempts, Ordering::Relaxed);
    }

    /// What is on its way, added to so many bodies that arrived in so many attempts.
    pub(crate) fn tally(&self, delivered: u64, attempts: u64) -> Tally {
        Tally {
            attempts: attempts + self.counts.attempts.load(Ordering::Relaxed),
            delivered,
            pending: self.counts.pending.load(Ordering::Relaxed),
        }
    }
}

/// Meta escapes everything outside ASCII, so a receiver that verifies anything but the raw bytes
/// finds out here.
pub(crate) fn encode(body: &Value) -> Bytes {
    let mut out = String::new();
    for char in body.to_string().chars() {
        if char.is_ascii() {
            out.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.into()
}
