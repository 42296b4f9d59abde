//! Looks for sessions that fit a wish.

use adapters::{World, llm::ToolSpec};
use domain::catalog;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Looks for sessions that fit a wish.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSessions {
    /// For whom.
    pub asker: OnBehalf,
    /// What they asked for.
    pub wish: catalog::FindSessions,
}

impl Job<World> for FindSessions {
    const NAME: &'static str = "find_sessions";
    const POLICY: Policy = crate::LOCAL;
    type Output = catalog::Found;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let found = catalog::find_sessions(&mut tx, &asker, &self.wish).await?;
        drop(tx);
        Ok(found)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "find_sessions",
        "Finds bookable sessions that fit what the customer asked for: an activity, a day, a time, a teacher, a place. Answers the nearest ones when none fits. Use it before create_booking.",
        &json!({
            "activity": { "type": "string", "description": "In the customer's words, e.g. yoga" },
            "date": { "type": "string", "description": "YYYY-MM-DD, local; with until, the first day" },
            "until": { "type": "string", "description": "YYYY-MM-DD, the last day" },
            "time": { "type": "string", "description": "HH:MM, 24 hours, local start" },
            "part_of_day": { "type": "string", "enum": ["morning", "afternoon", "evening"] },
            "crew": { "type": "string", "description": "Name of the teacher" },
            "location": { "type": "string", "description": "Name of the place" },
        }),
        &[],
    )
}
