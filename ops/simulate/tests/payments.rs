//! The payment provider, asked by the house's own client and telling a receiver that checks signatures.

mod api;
mod events;
mod faults;
mod page;
mod refunds;
mod restart;
mod shop;
