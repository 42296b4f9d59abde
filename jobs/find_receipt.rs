//! Looks what was paid that there can be a receipt for.

use adapters::{World, llm::ToolSpec};
use domain::{PaymentId, SeatId, customer, payments};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Finds what a customer paid for a booking of theirs, or what they paid last.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindReceipt {
    /// For whom.
    pub asker: OnBehalf,
    /// Which booking; none: whatever was paid last.
    #[serde(default)]
    pub booking_id: Option<SeatId>,
}

/// Whether there is something to send.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Paper {
    /// There is.
    Paid {
        /// What was paid.
        payment: PaymentId,
    },
    /// Nothing was paid.
    NothingPaid,
}

impl Job<World> for FindReceipt {
    const NAME: &'static str = "find_receipt";
    const POLICY: Policy = crate::LOCAL;
    type Output = Paper;

    async fn run(self, cx: Cx) -> Outcome<Paper> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let customer = customer::current(&mut tx, asker.customer).await?;
        let paid = payments::latest(&mut tx, customer, self.booking_id).await?;
        cx.finish(tx, paid.map_or(Paper::NothingPaid, |payment| Paper::Paid { payment })).await
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "send_receipt",
        "Sends the customer the receipt of what they paid: for one booking, or for what they paid last.",
        &json!({ "booking_id": { "type": "integer", "description": "From find_bookings; left out: what was paid last" } }),
        &[],
    )
}
