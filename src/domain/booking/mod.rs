//! Booking, giving up and exchanging places. In a chat all of it is first proposed, then done when the customer says yes.
//!
//! Locks are taken in one order everywhere, so that nobody waits in a circle:
//! customer, conversation, proposal, the calendar, session, seat, payment. Of two sessions the one with the lower id comes first.

mod accept;
mod attendance;
mod book;
mod decline;
mod exchange;
mod give_up;
mod make;
mod money_back;
mod offer;
mod paid;
mod proposal;
mod refusal;
pub(crate) mod seat;

pub use accept::{Accepted, Decided, accept};
pub use attendance::{Attendance, attend};
pub use book::{Booking, Told, Wish, book};
pub use decline::{Declined, decline};
pub use exchange::{Exchange, exchange};
pub use give_up::{GaveUp, GivingUp, Return, give_up, returns};
pub use make::supersede;
pub use money_back::{call_for_cash, refund_told};
pub use offer::{
    BookingOffer, CancellationOffer, MoveOffer, Proposed, Turn, propose_booking, propose_cancellation, propose_move,
};
pub use paid::{Paid, held_until, owes, paid, payer, release_hold};
pub(crate) use proposal::MEMORY;
pub use proposal::{Kind, LIFETIME, Proposal, ProposalState, open_proposal, proposal};
pub use refusal::Refusal;
pub use seat::{By, Place, Via, Way};
