//! Booking and cancelling: first proposed, then done when the customer says yes.
//!
//! Locks are taken in one order everywhere, so that nobody waits in a circle:
//! customer, conversation, proposal, session, seat.

mod accept;
mod decline;
mod offer;
mod proposal;
mod refusal;
mod seat;

pub use accept::{Accepted, accept};
pub use decline::{Declined, decline};
pub use offer::{BookingOffer, CancellationOffer, propose_booking, propose_cancellation};
pub use proposal::{Kind, LIFETIME, Proposal, ProposalState, open_proposal, proposal};
