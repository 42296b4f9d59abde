//! Faults for tests: an attempt fails at a named point, as if its process had died there.

use std::sync::Arc;

use crate::Stop;

/// Where an attempt can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Nothing was done yet.
    BeforeRun,
    /// Everything was done, and the transaction that tells it is about to commit ([`crate::Cx::finish`]).
    BeforeCommit,
    /// Everything was done, and nobody was told (jobs that do not use [`crate::Cx::finish`]).
    AfterRun,
}

impl Point {
    /// All points, in the order in which an attempt passes them.
    pub const ALL: [Self; 3] = [Self::BeforeRun, Self::BeforeCommit, Self::AfterRun];

    /// The point's name, for plans that are written down.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BeforeRun => "before_run",
            Self::BeforeCommit => "before_commit",
            Self::AfterRun => "after_run",
        }
    }
}

type Plan = Arc<dyn Fn(&'static str, u16, Point) -> bool + Send + Sync>;

/// Decides which attempts fail. Without a plan, none.
#[derive(Clone, Default)]
pub(crate) struct Sabotage(Option<Plan>);

impl Sabotage {
    pub fn new(plan: impl Fn(&'static str, u16, Point) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(plan)))
    }

    pub fn strike(&self, kind: &'static str, attempt: u16, point: Point) -> Result<(), Stop> {
        match &self.0 {
            Some(plan) if plan(kind, attempt, point) => Err(Stop::retry(format!("sabotage: {point:?}"))),
            _ => Ok(()),
        }
    }
}
