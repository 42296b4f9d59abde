//! Takes up all that a customer wrote since the last answer.

use adapters::World;
use domain::{
    ConversationId,
    burst::{self, Burst},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Claims the unanswered messages of a conversation for one turn.
#[derive(Debug, Serialize, Deserialize)]
pub struct GatherBurst {
    /// Which one.
    pub conversation: ConversationId,
    /// The turn's id.
    pub turn: i64,
}

impl Job<World> for GatherBurst {
    const NAME: &'static str = "gather_burst";
    const POLICY: Policy = Policy { attempts: 20, ..crate::LOCAL };
    type Output = Burst;

    async fn run(self, cx: Cx) -> Outcome<Burst> {
        let mut tx = begin(&cx).await?;
        let burst = burst::gather(&mut tx, self.conversation, self.turn, cx.world.clock.now()).await?;
        cx.finish(tx, burst).await
    }
}
