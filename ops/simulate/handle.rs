//! The handle on running simulators: what tests and the demo hold.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::{
    chat::Change,
    clock::Clock,
    faults::{Fault, Faults},
    fields::Problem,
    llm::{Llm, script},
    settings::{Settings, SetupError},
    webhook::Courier,
    whatsapp::{
        Whatsapp,
        inbound::{Inbound, Receipt},
        log::Sent,
        stats::Stats,
    },
};

/// Changes that a browser may fall behind before it is sent the whole chat again.
const CHANGES_KEPT: usize = 1024;

/// The simulators' state, shared by everything that serves or inspects it.
#[derive(Clone)]
pub struct Simulators(Arc<Inner>);

struct Inner {
    settings: Settings,
    clock: Clock,
    courier: Courier,
    faults: Faults,
    whatsapp: Mutex<Whatsapp>,
    llm: Mutex<Llm>,
    changes: broadcast::Sender<Change>,
    started: DateTime<Utc>,
    ids: AtomicU64,
    stop: CancellationToken,
}

impl Simulators {
    /// New simulators with an empty log; nothing runs until a router is served.
    ///
    /// # Errors
    /// When the ingress's address cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        let stop = CancellationToken::new();
        let clock = Clock::default();
        let courier = Courier::new(settings.ingress()?, &settings.app_secret, stop.clone())?;
        Ok(Self(Arc::new(Inner {
            courier,
            faults: Faults::new(settings.seed),
            whatsapp: Mutex::default(),
            llm: Mutex::default(),
            changes: broadcast::Sender::new(CHANGES_KEPT),
            started: clock.now(),
            ids: AtomicU64::default(),
            clock,
            settings,
            stop,
        })))
    }

    /// What the Graph API accepted, oldest first; `to` is a phone (with `+` or without) or a
    /// business-scoped user id.
    #[must_use]
    pub fn messages(&self, to: Option<&str>) -> Vec<Sent> {
        self.whatsapp().sent_to(to)
    }

    /// Counters since the start or the last [`Self::reset`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats::of(self)
    }

    /// Forgets accepted messages, chats and counters; customers and their windows stay.
    pub fn reset(&self) {
        self.whatsapp().reset();
        self.courier().reset();
        self.announce(Change::Reset);
    }

    /// A customer writes: delivered to the ingress, again and again until it answers 200.
    ///
    /// Returns after the first attempt.
    pub async fn inbound(&self, message: Inbound) -> Receipt {
        super::whatsapp::inbound::receive(self, message).await
    }

    /// The customer opens the chat: everything unread there is read.
    pub fn read(&self, customer: &str) {
        super::whatsapp::statuses::read(self, customer);
    }

    /// Makes the world worse until [`Self::clear_faults`].
    pub fn fault(&self, fault: Fault) {
        self.faults().add(fault);
    }

    /// The world is well again.
    pub fn clear_faults(&self) {
        self.faults().clear();
    }

    /// Appends moves to the model's script, in the JSON of `POST /_sim/llm/script`.
    ///
    /// # Errors
    /// When a move cannot be read; none is appended then.
    pub fn script(&self, moves: Value) -> Result<(), Problem> {
        script::append(self, moves).map(drop)
    }

    /// What the model was asked, oldest first.
    #[must_use]
    pub fn llm_requests(&self) -> Vec<Value> {
        self.llm().requests().to_vec()
    }

    /// Moves the simulators' clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
    }

    /// Ends open event streams and redeliveries. [`super::serve`] does so by itself.
    pub fn stop(&self) {
        self.0.stop.cancel();
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn courier(&self) -> &Courier {
        &self.0.courier
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.0.faults
    }

    pub(crate) fn whatsapp(&self) -> MutexGuard<'_, Whatsapp> {
        self.0.whatsapp.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn llm(&self) -> MutexGuard<'_, Llm> {
        self.0.llm.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stopped(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// Tells open pages; nobody listening is fine.
    pub(crate) fn announce(&self, change: Change) {
        let _ = self.0.changes.send(change);
    }

    /// An id that no earlier run of the simulators gave out: receivers remember ids for long.
    pub(crate) fn unique(&self) -> String {
        format!("{:012X}{:08X}", self.0.started.timestamp_micros(), self.next_id())
    }

    /// The same in digits, as most of Meta's ids are.
    pub(crate) fn unique_number(&self) -> String {
        format!("{}{:06}", self.0.started.timestamp_micros(), self.next_id())
    }

    fn next_id(&self) -> u64 {
        self.0.ids.fetch_add(1, Ordering::Relaxed)
    }

    /// A message id in WhatsApp's manner.
    pub(crate) fn wamid(&self) -> String {
        format!("wamid.HBgM{}AA==", self.unique())
    }
}
