//! The customer wants to buy a plan.

use adapters::World;
use chrono::{NaiveDate, TimeDelta};
use domain::{
    PaymentId, PlanId, customer,
    entitlements::{self, Bought, Plan},
    notices,
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, OnBehalf};

/// Orders a plan that the customer said yes to. While one waits to be paid, the same again is that one.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrderPlan {
    /// For whom.
    pub asker: OnBehalf,
    /// Which one.
    pub plan: PlanId,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Ordered {
    /// It is theirs once this is paid.
    ToPay {
        /// What is to be paid.
        payment: PaymentId,
        /// Where, in words, when there is a link already.
        #[serde(default)]
        link: Option<String>,
    },
    /// It costs nothing and is theirs.
    Theirs {
        /// What it is called.
        name: String,
        /// Its last local day.
        until: NaiveDate,
    },
    /// It is not on sale any more.
    UnknownPlan,
    /// Nobody here takes cards.
    NoCards,
}

impl Job<World> for OrderPlan {
    const NAME: &'static str = "order_plan";
    const POLICY: Policy = Policy { attempts: 10, ..crate::LOCAL };
    type Output = Ordered;

    async fn run(self, cx: Cx) -> Outcome<Ordered> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let customer = customer::current(&mut tx, asker.customer).await?;
        customer::lock(&mut tx, &[customer]).await?;
        let Some(plan) = entitlements::plan(&mut tx, self.plan).await? else {
            return cx.finish(tx, Ordered::UnknownPlan).await;
        };
        if plan.price_minor > 0 && !cx.world.settings.takes_cards {
            return cx.finish(tx, Ordered::NoCards).await;
        }
        let ordered = match entitlements::order(&mut tx, customer, &plan, asker.now).await? {
            Bought { payment: Some(payment), .. } => {
                Ordered::ToPay { payment, link: notices::where_to_pay(&mut tx, &asker, payment).await? }
            }
            Bought { payment: None, .. } => self.theirs(&plan, asker.now),
        };
        cx.finish(tx, ordered).await
    }
}

impl OrderPlan {
    fn theirs(&self, plan: &Plan, now: chrono::DateTime<chrono::Utc>) -> Ordered {
        let end = now + TimeDelta::days(plan.valid_days.into());
        let until = end.with_timezone(&self.asker.zone).date_naive();
        Ordered::Theirs { name: plan.name.say(self.asker.language).to_owned(), until }
    }
}
