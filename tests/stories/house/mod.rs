//! What every story stands on.

pub mod browser;
mod customer;
mod database;
mod judge;
pub mod meta;
mod outage;
mod process;
mod server;
mod staff;
mod story;
pub mod wait;

pub use browser::Browser;
pub use customer::Customer;
pub use database::TestDatabase;
pub use judge::Judge;
pub use meta::Meta;
pub use process::{Process, free_address};
pub use staff::{Colleague, PASSWORD};
pub use story::Story;
pub use wait::eventually;
