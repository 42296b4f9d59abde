//! Offers a membership or a pack of visits. The customer's yes orders it.

use adapters::{World, llm::ToolSpec};
use domain::{
    PlanId, booking, conversation,
    entitlements::{self, OnSale},
    replies,
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Asks the customer whether to buy a plan.
#[derive(Debug, Serialize, Deserialize)]
pub struct BuyPlan {
    /// For whom.
    pub asker: OnBehalf,
    /// Which one.
    pub plan_id: PlanId,
}

/// What came of the wish.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum PlanOffer {
    /// The customer is to be asked; the buttons are `buy:<id>` and `skip:<id>`.
    Offered {
        /// Which plan.
        plan_id: PlanId,
        /// What the customer is asked, in their language.
        summary: String,
    },
    /// It costs something, and nobody here takes cards.
    NoCards {
        /// What the customer is told.
        summary: String,
    },
    /// It is not on sale.
    UnknownPlan,
}

impl Job<World> for BuyPlan {
    const NAME: &'static str = "buy_plan";
    const POLICY: Policy = crate::LOCAL;
    type Output = PlanOffer;

    async fn run(self, cx: Cx) -> Outcome<PlanOffer> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let on_sale = entitlements::offers(&mut tx, &asker).await?.on_sale;
        let Some(plan) = on_sale.into_iter().find(|plan| plan.plan_id == self.plan_id) else {
            return cx.finish(tx, PlanOffer::UnknownPlan).await;
        };
        let offer = self.offer(&cx, asker.language, &plan);
        if matches!(offer, PlanOffer::Offered { .. }) {
            let conversation = conversation::lock(&mut tx, self.asker.conversation).await?;
            booking::supersede(&mut tx, conversation, asker.now).await?;
        }
        cx.finish(tx, offer).await
    }
}

impl BuyPlan {
    fn offer(&self, cx: &Cx, language: domain::Language, plan: &OnSale) -> PlanOffer {
        if plan.price.minor > 0 && !cx.world.settings.takes_cards {
            return PlanOffer::NoCards { summary: replies::plan_at_the_studio(language, plan) };
        }
        PlanOffer::Offered { plan_id: self.plan_id, summary: replies::plan_offer(language, plan) }
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "buy_plan",
        "Offers a membership or a pack of visits. The house then shows the customer the price and asks for their yes, and sends a link to pay it.",
        &json!({ "plan_id": { "type": "integer", "description": "From find_plans" } }),
        &["plan_id"],
    )
}
