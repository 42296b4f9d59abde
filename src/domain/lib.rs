//! What a business sells, to whom, and on which terms: rules, with their SQL beside them.
//!
//! Functions take a connection inside a tenant's transaction ([`tenant::begin`]) and the time as
//! a value. A business "no" (full, started, unknown) is an answer, never an error.

pub mod after;
pub mod booking;
pub mod burst;
pub mod calendar;
pub mod catalog;
pub mod channel;
pub mod consent;
pub mod conversation;
pub mod customer;
pub mod delivery;
pub mod demo;
pub mod desk;
pub mod documents;
pub mod entitlements;
pub mod ids;
pub mod inbound;
pub mod language;
pub mod ledger;
pub mod lookup;
pub mod money;
pub mod notices;
pub mod outbound;
pub mod papers;
pub mod payments;
pub mod pricing;
pub mod privacy;
pub mod refunds;
pub mod replies;
pub mod session;
pub mod spend;
pub mod staff;
pub mod tenant;
#[cfg(test)]
mod tests;
pub mod texts;
pub mod turn;
pub mod upkeep;
pub mod waitlist;
pub mod webhook;

pub use after::After;
pub use catalog::{BookingView, SessionView};
pub use ids::*;
pub use language::Language;
pub use money::Money;
pub use texts::Texts;
