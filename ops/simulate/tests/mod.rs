//! The simulators over HTTP, with an ingress that remembers what it got.

mod chat;
mod faults;
mod harness;
mod inbound;
mod llm;
mod media;
mod sending;
mod statuses;
