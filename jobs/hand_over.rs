//! Calls for a person.

use adapters::World;
use domain::{ConversationId, conversation};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Marks a conversation as one that the staff must look at.
#[derive(Debug, Serialize, Deserialize)]
pub struct HandOver {
    /// Which one.
    pub conversation: ConversationId,
    /// Why, for the staff.
    pub reason: String,
}

impl Job<World> for HandOver {
    const NAME: &'static str = "hand_over";
    const POLICY: Policy = Policy { attempts: 20, ..crate::LOCAL };
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let mut tx = begin(&cx).await?;
        conversation::needs_person(&mut tx, self.conversation, &self.reason, cx.world.clock.now()).await?;
        cx.finish(tx, ()).await
    }
}
