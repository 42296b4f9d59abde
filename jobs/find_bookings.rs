//! Lists the upcoming bookings of the customer, and what they wait for.

use adapters::{World, llm::ToolSpec};
use domain::catalog;
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Lists the upcoming bookings of the customer, and what they wait for.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindBookings {
    /// For whom.
    pub asker: OnBehalf,
}

impl Job<World> for FindBookings {
    const NAME: &'static str = "find_bookings";
    const POLICY: Policy = crate::LOCAL;
    type Output = catalog::FoundBookings;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let found = catalog::find_bookings(&mut tx, &asker).await?;
        drop(tx);
        Ok(found)
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "find_bookings",
        "Lists the upcoming bookings of the customer who writes, what they still owe for each, and the waiting lists they are in. Use it before cancel_booking, move_booking, pay_booking and leave_waitlist.",
        &json!({}),
        &[],
    )
}
