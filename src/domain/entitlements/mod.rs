//! What customers bought ahead: credits and memberships, spent on bookings and returned.

mod lapse;
mod order;
mod plan;
mod spend;

pub use lapse::{Lapsing, lapse, lapsing};
pub use order::order;
pub use plan::{
    Bought, Held, Offers, OnSale, Plan, PlanKind, Yours, activate, buy, cancel_pending, held_by, offers, plan, plans,
};
pub use spend::Cover;
pub(crate) use spend::{covers, give_back, record, spend};
