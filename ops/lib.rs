//! What surrounds the house: the simulators of the outside world, and the measuring of the engine.

pub mod bench;
pub mod conformance;
pub mod simulate;
