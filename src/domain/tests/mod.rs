//! Tests that need the database: each has one of its own, with the schema and the demo business.

mod booking;
mod burst;
mod calendar;
mod capacity;
mod catalog;
mod delivery;
mod identity;
mod inbound;
mod isolation;
mod many;
mod outbound;
mod paying;
mod reminding;
mod rush;
mod support;
mod waiting;
