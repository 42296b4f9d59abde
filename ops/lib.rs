//! What surrounds the house: the simulators of the outside world.

pub mod simulate;
