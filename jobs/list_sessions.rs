//! Lists the timetable.

use adapters::{World, llm::ToolSpec};
use domain::catalog;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Lists the timetable.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListSessions {
    /// For whom.
    pub asker: OnBehalf,
    /// What they asked for.
    pub wish: catalog::ListSessions,
}

impl Job<World> for ListSessions {
    const NAME: &'static str = "list_sessions";
    const POLICY: Policy = crate::LOCAL;
    type Output = catalog::Listed;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let found = catalog::list_sessions(&mut tx, &asker, &self.wish).await?;
        drop(tx);
        Ok(found)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "list_sessions",
        "Lists the timetable from a day on, of all activities. Use it when the customer asks what there is.",
        &json!({
            "date": { "type": "string", "description": "YYYY-MM-DD, local; today when left out" },
            "days": { "type": "integer", "minimum": 1, "maximum": 14 },
        }),
        &[],
    )
}
