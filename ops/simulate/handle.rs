//! The handle on running simulators: what tests and the demo hold.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use super::{
    chat::Change,
    clock::Clock,
    faults::{Fault, Faults},
    fields::Problem,
    ids::Ids,
    llm::{Llm, script},
    payments::{self, Stripe},
    seal::Seal,
    settings::{Settings, SetupError},
    webhook::Courier,
    whatsapp::{
        Whatsapp,
        inbound::{Inbound, Receipt},
        log::Sent,
        owed,
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
    payment_courier: Courier,
    faults: Faults,
    whatsapp: Mutex<Whatsapp>,
    llm: Mutex<Llm>,
    stripe: Mutex<Stripe>,
    changes: broadcast::Sender<Change>,
    ids: Ids,
    /// The clock was moved.
    moved: Notify,
    stop: CancellationToken,
}

impl Simulators {
    /// New simulators. Without a journal their log is empty, and nothing runs until a router is
    /// served. With one they are as it tells, and go on with the webhooks of an earlier process.
    ///
    /// # Errors
    /// When the ingress's address or the journal cannot be used.
    ///
    /// # Panics
    /// Outside a Tokio runtime, when the journal tells of something to go on with.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        let stop = CancellationToken::new();
        let clock = Clock::default();
        let courier = Courier::new(settings.ingress()?, Seal::meta(&settings.app_secret), stop.clone())?;
        let seal = Seal::stripe(&settings.payment_secret, clock.clone());
        let payment_courier = Courier::new(settings.payment_ingress()?, seal, stop.clone())?;
        let whatsapp = settings.journal.as_deref().map(Whatsapp::restore).transpose()?.unwrap_or_default();
        let stripe = settings.payment_journal().as_deref().map(Stripe::restore).transpose()?.unwrap_or_default();
        let simulators = Self(Arc::new(Inner {
            courier,
            payment_courier,
            faults: Faults::new(settings.seed),
            whatsapp: Mutex::new(whatsapp),
            llm: Mutex::default(),
            stripe: Mutex::new(stripe),
            changes: broadcast::Sender::new(CHANGES_KEPT),
            ids: Ids::since(clock.now()),
            clock,
            settings,
            moved: Notify::new(),
            stop,
        }));
        owed::resume(&simulators);
        payments::resume(&simulators);
        Ok(simulators)
    }

    /// What the Graph API accepted, oldest first; `to` is a phone (with `+` or without) or a
    /// business-scoped user id.
    #[must_use]
    pub fn messages(&self, to: Option<&str>) -> Vec<Sent> {
        self.whatsapp().sent_to(to)
    }

    /// Counters since the first start or the last [`Self::reset`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats::of(self)
    }

    /// Forgets accepted messages, chats and counters; customers and their windows stay.
    pub fn reset(&self) {
        self.whatsapp().reset();
        self.announce([Change::Reset]);
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

    /// Moves the simulators' clock forward; checkout sessions whose time has come run out.
    pub fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
        payments::expire::due(self);
        self.0.moved.notify_waiters();
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

    /// Whoever sleeps until a time of this clock sleeps again when it was moved.
    pub(crate) fn moved(&self) -> &Notify {
        &self.0.moved
    }

    pub(crate) fn courier(&self) -> &Courier {
        &self.0.courier
    }

    pub(crate) fn payment_courier(&self) -> &Courier {
        &self.0.payment_courier
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

    pub(crate) fn stripe(&self) -> MutexGuard<'_, Stripe> {
        self.0.stripe.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stopped(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// Tells open pages; nobody listening is fine.
    pub(crate) fn announce(&self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            let _ = self.0.changes.send(change);
        }
    }

    pub(crate) fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// A message id in WhatsApp's manner.
    pub(crate) fn wamid(&self) -> String {
        format!("wamid.HBgM{}AA==", self.ids().word())
    }
}
