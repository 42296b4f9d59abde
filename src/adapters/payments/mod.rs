//! Payments by card through payment links: Stripe, or whatever speaks its API.
//!
//! [`Client`] makes links, ends them and gives money back; [`signature`] tells whether the provider
//! sent a webhook's body, and [`event`] reads it. Nothing here decides what is paid or given back.
//!
//! Amounts are in minor units, which Stripe counts as the house does but for a few currencies;
//! those are refused (see [`NewLink`]).

mod answer;
pub mod client;
mod error;
pub mod event;
mod fields;
mod form;
mod link;
mod refund;
pub mod signature;

pub use client::{Client, Misconfigured};
pub use error::{NotSent, PayError, Refusal};
pub use event::{Event, EventKind};
pub use link::{Link, LinkState, NewLink};
pub use refund::{NewRefund, Refund, RefundState};
