//! What every story stands on.

mod customer;
mod database;
mod judge;
pub mod meta;
mod outage;
mod process;
mod server;
mod story;
pub mod wait;

pub use customer::Customer;
pub use database::TestDatabase;
pub use judge::Judge;
pub use meta::Meta;
pub use process::{Process, free_address};
pub use story::Story;
pub use wait::eventually;
