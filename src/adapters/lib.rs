//! Everything outside the process: WhatsApp, language models, payments, time.
//!
//! The only crate that opens connections to other servers. A caller gets typed answers, and
//! errors that say whether the effect happened; it never sees an HTTP library's types.

pub mod clock;
mod http;
pub mod llm;
mod nul;
pub mod payments;
pub mod whatsapp;
mod world;

pub use clock::Clock;
pub use http::HttpError;
pub use world::{Settings, World};
