//! The shape of a job.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};

use crate::{Cx, Outcome, Policy};

/// One effect or one decision, or a workflow of them.
///
/// The arguments are the fields of the type. `W` is what the job may use of the outside.
pub trait Job<W>: Serialize + DeserializeOwned + Send + 'static {
    /// The name in the database: lower snake case, at most 63 characters. Wire format: never renamed.
    const NAME: &'static str;
    /// Names that this job had before: what was enqueued under them runs here.
    const FORMER_NAMES: &'static [&'static str] = &[];
    /// How often, how long, how many at once.
    const POLICY: Policy = Policy::DEFAULT;
    /// What the job leaves behind; a workflow's replay reads it.
    type Output: Serialize + DeserializeOwned + Send + 'static;

    /// The same name and key twice, for one tenant, is one job, within [`Policy::unique_for`]. Compared byte for byte:
    /// neither the other arguments nor their order count. Empty: no such check.
    fn key(&self) -> String {
        String::new()
    }

    /// Jobs of one lane run one at a time, in the order in which they were enqueued.
    fn lane(&self) -> Option<String> {
        None
    }

    /// What a limit [by key](crate::Limit::by_key) counts this job under.
    fn limit_key(&self) -> Option<String> {
        None
    }

    /// For whom, where a workflow of no tenant (0) starts it as a step: one that looks after all of them. Every other step
    /// is its workflow's tenant's, whatever this says.
    fn tenant(&self) -> Option<i64> {
        None
    }

    /// One attempt. It may be repeated, and a repetition must change nothing.
    fn run(self, cx: Cx<W>) -> impl Future<Output = Outcome<Self::Output>> + Send;
}
