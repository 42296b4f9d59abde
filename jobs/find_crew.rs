//! Tells who teaches.

use adapters::{World, llm::ToolSpec};
use domain::catalog;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Tells who teaches.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindCrew {
    /// For whom.
    pub asker: OnBehalf,
    /// What they asked for.
    pub wish: catalog::FindCrew,
}

impl Job<World> for FindCrew {
    const NAME: &'static str = "find_crew";
    const POLICY: Policy = crate::LOCAL;
    type Output = catalog::FoundCrew;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let found = catalog::find_crew(&mut tx, asker.language, &self.wish).await?;
        drop(tx);
        Ok(found)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "find_crew",
        "Tells who teaches, and what.",
        &json!({
            "name": { "type": "string" },
            "activity": { "type": "string" },
        }),
        &[],
    )
}
