//! Tells about the business.

use adapters::{World, llm::ToolSpec};
use domain::catalog;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Tells about the business.
#[derive(Debug, Serialize, Deserialize)]
pub struct BusinessInfo {
    /// For whom.
    pub asker: OnBehalf,
}

impl Job<World> for BusinessInfo {
    const NAME: &'static str = "business_info";
    const POLICY: Policy = crate::LOCAL;
    type Output = catalog::BusinessInfo;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let found = catalog::business_info(&mut tx, asker.language).await?;
        drop(tx);
        Ok(found)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "business_info",
        "Tells about the business: opening hours, contact, cancellation terms.",
        &json!({}),
        &[],
    )
}
