//! Ends a turn and keeps what was thought in it.

use adapters::{World, llm::Message};
use domain::turn;
use engine::{Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Writes a turn's transcript. One that was overtaken lets go of its messages for the next.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseTurn {
    /// The turn's id.
    pub turn: i64,
    /// A word for how it ended.
    pub outcome: String,
    /// What the customer, the model and the tools said.
    pub transcript: Vec<Message>,
}

impl Job<World> for CloseTurn {
    const NAME: &'static str = "close_turn";
    const POLICY: Policy = Policy { attempts: 20, ..crate::LOCAL };
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let transcript = serde_json::to_value(&self.transcript).map_err(|error| Stop::fail(error.to_string()))?;
        let mut tx = begin(&cx).await?;
        turn::finish(&mut tx, self.turn, &self.outcome, &transcript, cx.world.clock.now()).await?;
        cx.finish(tx, ()).await
    }
}
