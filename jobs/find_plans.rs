//! Looks up memberships and credits: those on sale, and those that the customer has.

use adapters::{World, llm::ToolSpec};
use domain::entitlements::{self, Offers};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Looks up what can be bought ahead and what the customer has of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindPlans {
    /// For whom.
    pub asker: OnBehalf,
}

impl Job<World> for FindPlans {
    const NAME: &'static str = "find_plans";
    const POLICY: Policy = crate::LOCAL;
    type Output = Offers;

    async fn run(self, cx: Cx) -> Outcome<Offers> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let offers = entitlements::offers(&mut tx, &asker).await?;
        drop(tx);
        Ok(offers)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "find_plans",
        "Lists the memberships and credit packs on sale, and those that this customer has, with what is left of them.",
        &json!({}),
        &[],
    )
}
