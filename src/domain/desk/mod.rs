//! What the staff sees: the rows of a business, a page at a time, and what is changed by hand.
//!
//! A list is read from a key on, not from a number on: rows that come and go meanwhile neither hide nor repeat others.

pub mod absences;
pub mod bookings;
pub mod cash;
pub mod catalog;
pub mod closures;
pub mod consents;
pub mod customers;
pub mod payments;
pub mod plans;
pub mod prices;
pub mod refunds;
pub mod rules;
pub mod sessions;
pub mod settings;
pub mod terms;
pub mod waitlist;

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Page<K = i64> {
    /// The key of the last row that was seen; none: from the beginning.
    pub after: Option<K>,
    /// How many rows at most.
    pub limit: i64,
}
