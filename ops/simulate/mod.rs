//! The outside world over HTTP: WhatsApp, a language model, payments, and a customer's phone.
//!
//! One router serves them all on one port, so that the demo, a developer and a test meet the same
//! fakes. They are stateful: what a sender was told was accepted stays in the log, and customers are
//! remembered. All that lives in memory; with [`Settings::journal`] what WhatsApp knows, but for
//! files above 1 MiB, and all payments are kept in files as well and survive a `kill -9`. Faults and
//! scripts do not.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ops::simulate::{Settings, Simulators, serve};
//!
//! let simulators = Simulators::new(Settings::default())?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8081").await?;
//! let shutdown = tokio_util::sync::CancellationToken::new();
//! tokio::spawn(serve(listener, simulators.clone(), shutdown.clone()));
//! assert!(simulators.messages(Some("+39 333 555 0101")).is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! | path | what |
//! |---|---|
//! | `/` | the customer's phone |
//! | `POST /{version}/{phone_number_id}/messages`, `…/media` | the Graph API |
//! | `POST /v1/chat/completions`, `POST /llm/v1/chat/completions` | the model |
//! | `/v1/checkout/sessions`, `/v1/refunds` | Stripe's API |
//! | `/pay/{session}` | the checkout page |
//! | `GET`, `DELETE /_sim/whatsapp/messages` | what was accepted, oldest first; forget it |
//! | `GET /_sim/whatsapp/stats` | counters, and what was sent twice |
//! | `POST /_sim/whatsapp/inbound`, `…/batch` | a customer writes |
//! | `POST`, `GET`, `DELETE /_sim/faults` | make the world worse; look; make it well |
//! | `POST`, `DELETE /_sim/llm/script`, `GET /_sim/llm/requests` | what the model says; what it was asked |
//! | `GET /_sim/payments` | sessions, refunds, and events with how often they arrived |
//! | `POST /_sim/payments/{session}/pay`, `…/decline`, `…/dispute` | play the customer and the bank |
//! | `POST /_sim/payments/delivery` | how events leave: late, twice, in reverse, not yet |

mod chat;
mod clock;
mod faults;
mod fields;
mod handle;
mod ids;
mod journal;
mod llm;
pub mod payments;
mod seal;
mod settings;
mod webhook;
mod whatsapp;

#[cfg(test)]
mod tests;

use std::{io, time::Duration};

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use self::{
    faults::{Fault, Kind, Target},
    fields::Problem,
    handle::Simulators,
    journal::JournalError,
    settings::{Settings, SetupError},
    webhook::Tally,
    whatsapp::{
        inbound::{Delivery, Inbound, Receipt},
        log::{Button, Sent},
        stats::Stats,
    },
};

/// How long open connections may take to finish once shutdown was asked for.
const DRAIN: Duration = Duration::from_secs(1);

/// Every simulator behind one router, for a server of your own.
///
/// Dropped responses and refused requests look the same under any hyper server.
pub fn router(simulators: Simulators) -> Router {
    Router::new()
        .merge(whatsapp::routes())
        .merge(llm::routes())
        .merge(payments::routes())
        .merge(faults::routes())
        .merge(chat::routes())
        .with_state(simulators)
}

/// Serves the simulators until `shutdown`, then stops their deliveries and drains for a second.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, simulators: Simulators, shutdown: CancellationToken) -> io::Result<()> {
    let stop = {
        let (simulators, shutdown) = (simulators.clone(), shutdown.clone());
        async move {
            shutdown.cancelled().await;
            simulators.stop();
        }
    };
    let drained = async {
        shutdown.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    let serving = axum::serve(listener, router(simulators)).with_graceful_shutdown(stop);
    tokio::select! {
        ended = serving => ended,
        () = drained => Ok(()),
    }
}
