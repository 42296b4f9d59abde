//! WhatsApp's Cloud API: webhooks in, messages out.
//!
//! [`signature`] tells whether Meta sent a body, [`envelope`] turns it into [`Update`]s, and
//! [`Client`] uploads and sends. Nothing here decides what a business answers.

mod answer;
mod api_error;
mod body;
pub mod client;
mod content;
mod delivery;
mod envelope;
mod identity;
mod inbound;
mod lenient;
mod media;
mod payload;
mod sender;
pub mod signature;

pub use answer::{NotSent, SendError};
pub use api_error::{ApiError, Permanent};
pub use client::{Accepted, Client};
pub use delivery::{DeliveryState, DeliveryStatus};
pub use envelope::{Event, Other, Unreadable, Update, parse};
pub use identity::{IdentityChange, Person};
pub use inbound::{InboundMessage, Kind};
pub use media::File;
pub use payload::Recipient;
pub use sender::Sender;
