//! The stories.

mod api;
mod booking;
mod calling_off;
mod chaos;
mod company;
mod console;
mod crowd;
mod deals;
mod demo;
mod edges;
mod erasure;
mod identity;
mod message_kinds;
mod migrations;
mod model;
mod money;
mod proofs;
mod queries;
mod siege;
mod signatures;
mod statuses;
mod till;
mod unasked;
mod webhooks;
mod why;
