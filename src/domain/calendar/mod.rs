//! The wall clock of a business, and the sessions made from its weekly rules.

mod local;
mod rule;

pub use local::instant;
pub use rule::materialise;
