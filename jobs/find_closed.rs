//! Looks what falls into a closure.

use adapters::World;
use domain::{
    ClosureId,
    calendar::{self, InClosure},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Finds the sessions on days that were closed.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindClosed {
    /// Which closure.
    pub closure: ClosureId,
}

impl Job<World> for FindClosed {
    const NAME: &'static str = "find_closed";
    const POLICY: Policy = crate::LOCAL;
    /// None: there is no such closure.
    type Output = Option<InClosure>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut tx = begin(&cx).await?;
        let found = calendar::in_closure(&mut tx, self.closure, cx.world.clock.now()).await?;
        cx.finish(tx, found).await
    }
}
