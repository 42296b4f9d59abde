//! The stories.

mod api;
mod booking;
mod chaos;
mod company;
mod crowd;
mod demo;
mod identity;
mod message_kinds;
mod migrations;
mod model;
mod money;
mod proofs;
mod queries;
mod signatures;
mod statuses;
mod till;
mod unasked;
mod webhooks;
