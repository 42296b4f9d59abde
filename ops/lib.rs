//! What surrounds the house: the console, the simulators of the outside world, and the measuring of the engine.

pub mod bench;
pub mod conformance;
pub mod console;
pub mod simulate;
