//! Tells a workflow that there is nothing to wait for any more.

use adapters::World;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::Cx;

/// The signal's name.
pub const OVER: &str = "over";

/// Ends the wait of a workflow. One that has ended by itself needs no telling.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndWait {
    /// Which one waits.
    pub workflow: i64,
}

impl Job<World> for EndWait {
    const NAME: &'static str = "end_wait";
    const POLICY: Policy = crate::LOCAL;
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let _told = cx.signal(self.workflow, OVER, &cx.root().to_string(), &()).await?;
        Ok(())
    }
}
