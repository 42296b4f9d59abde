//! The door: webhooks come in, are checked, stored, and answered. Nothing is thought here.
//!
//! A body that Meta signed is kept together with every message in it and the work that answers
//! them, in one transaction, and only then gets its 200. No call leaves the process.

mod body;
mod channels;
mod handshake;
mod numbers;
mod payments;
mod recording;
mod replay;
mod status;
mod webhook;

use std::sync::Arc;

use adapters::{World, payments::signature::Secrets as Till, whatsapp::signature::Secrets};
use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use body::read_up_to as read_body;
pub use handshake::{EmptyToken, VerifyToken};
use recording::{Desk, Office};
pub use replay::replay;

/// What the door needs.
#[derive(Debug, Clone)]
pub struct Ingress {
    intake: Intake,
    secrets: Secrets,
    verify_token: Arc<VerifyToken>,
    till: Option<Till>,
}

/// What takes in what the door let through.
#[derive(Debug, Clone)]
struct Intake {
    world: World,
    engine: engine::Client,
    channels: Arc<channels::Channels>,
    desk: Arc<Desk>,
}

impl Ingress {
    /// Takes webhooks signed with one of `secrets`, those about payments with one of `till`, and hands their work to
    /// `engine`.
    #[must_use]
    pub fn new(
        world: World,
        engine: engine::Client,
        secrets: Secrets,
        verify_token: VerifyToken,
        till: Option<Till>,
    ) -> Self {
        Self { intake: Intake::new(world, engine), secrets, verify_token: Arc::new(verify_token), till }
    }
}

impl Intake {
    fn new(world: World, engine: engine::Client) -> Self {
        let channels = Arc::new(channels::Channels::default());
        let office = Office { engine: engine.clone(), burst: world.settings.burst };
        let desk = Arc::new(Desk::new(world.pool.clone(), office));
        Self { world, engine, channels, desk }
    }
}

/// `GET` and `POST /webhooks/whatsapp`, `POST /webhooks/payments`.
pub fn router(ingress: Ingress) -> Router {
    Router::new()
        .route("/webhooks/whatsapp", get(handshake::answer).post(webhook::receive))
        .route("/webhooks/payments", post(payments::receive))
        .with_state(ingress)
}
