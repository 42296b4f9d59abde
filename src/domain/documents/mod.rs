//! Files for customers: a receipt to print, a session for their calendar.
//!
//! Facts go in, a file comes out, and the same facts always give the same bytes: what a job sends
//! again after a crash is what it sent before. Nothing here reads a clock or a database.

pub mod calendar;
mod fit;
mod font;
mod page;
mod pdf;
pub mod receipt;

pub use font::FontError;
