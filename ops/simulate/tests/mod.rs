//! The simulators over HTTP, with an ingress that remembers what it got.

mod chat;
mod documents;
mod faults;
mod harness;
mod inbound;
mod journal;
mod llm;
mod media;
mod payments;
mod place;
mod restart;
mod sending;
mod statuses;
