//! Conformance: what jobs share with each other. Lanes, limits, breakers, and the workers that come and go.
//! `cases.tsv` tells which case is shown where.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod breakers;
mod debounce;
mod fairness;
mod fences;
#[expect(dead_code, reason = "shared with the other groups, who use other parts of it")]
#[path = "../promises/house.rs"]
mod house;
mod kit;
mod lanes;
mod leases;
mod limits;
mod parked;
mod probes;
mod shutdown;
