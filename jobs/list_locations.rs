//! Tells where the business is.

use adapters::{World, llm::ToolSpec};
use domain::catalog;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Tells where the business is.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListLocations {
    /// For whom.
    pub asker: OnBehalf,
}

impl Job<World> for ListLocations {
    const NAME: &'static str = "list_locations";
    const POLICY: Policy = crate::LOCAL;
    type Output = catalog::ListedLocations;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let found = catalog::list_locations(&mut tx, asker.language).await?;
        drop(tx);
        Ok(found)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool("list_locations", "Tells where the business is and how to get there.", &json!({}), &[])
}
