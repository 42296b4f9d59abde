//! Measures the engine as its users would feel it. `README.md` beside this file tells each workload; w8 to w11, which
//! need the whole house, are in `src/commands/bench`.

mod bulk;
mod crash;
mod drain;
mod endurance;
mod enqueue;
pub mod faults;
mod flows;
mod growth;
mod jobs;
mod lanes;
mod latency;
mod meter;
mod report;
mod stage;

pub use crash::hold;
pub use meter::{Meter, Used};
pub use report::{Report, Tell};
pub use stage::{Scene, Stage};

/// A workload by its short name and its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// w1
    Drain,
    /// w2
    Enqueue,
    /// w3
    Latency,
    /// w4
    Lanes,
    /// w5
    Workflows,
    /// w6
    Crash,
    /// w7
    Growth,
    /// w12
    Bulk,
    /// Memory over a million jobs; takes a minute and is not part of `all`.
    Endurance,
}

impl Workload {
    /// All that `all` runs, in order.
    pub const ALL: [Self; 8] = [
        Self::Drain,
        Self::Enqueue,
        Self::Latency,
        Self::Lanes,
        Self::Workflows,
        Self::Crash,
        Self::Growth,
        Self::Bulk,
    ];

    /// `w1` and `drain` are the same.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Endurance]).find(|workload| workload.names().contains(&name))
    }

    const fn names(self) -> [&'static str; 2] {
        match self {
            Self::Drain => ["w1", "drain"],
            Self::Enqueue => ["w2", "enqueue"],
            Self::Latency => ["w3", "latency"],
            Self::Lanes => ["w4", "lanes"],
            Self::Workflows => ["w5", "workflows"],
            Self::Crash => ["w6", "crash"],
            Self::Growth => ["w7", "growth"],
            Self::Bulk => ["w12", "bulk"],
            Self::Endurance => ["memory", "endurance"],
        }
    }

    /// Runs once, each part on a database of its own; `tell` gets a report as soon as it is there.
    pub async fn run(self, stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
        match self {
            Self::Drain => drain::run(stage, tell).await,
            Self::Enqueue => enqueue::run(stage, tell).await,
            Self::Latency => latency::run(stage, tell).await,
            Self::Lanes => lanes::run(stage, tell).await,
            Self::Workflows => flows::run(stage, tell).await,
            Self::Crash => crash::run(stage, tell).await,
            Self::Growth => growth::run(stage, tell).await,
            Self::Bulk => bulk::run(stage, tell).await,
            Self::Endurance => endurance::run(stage, tell).await,
        }
    }
}
