//! Offers to give a place back. The customer's yes does it.

use adapters::{World, llm::ToolSpec};
use domain::{
    SeatId,
    booking::{self, CancellationOffer},
};
use engine::{Job, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Offers to cancel a booking of the customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct CancelBooking {
    /// For whom.
    pub asker: OnBehalf,
    /// Which one; that it is theirs is checked.
    pub booking_id: SeatId,
}

impl Job<World> for CancelBooking {
    const NAME: &'static str = "cancel_booking";
    const POLICY: engine::Policy = crate::LOCAL;
    type Output = CancellationOffer;

    async fn run(self, cx: Cx) -> Outcome<CancellationOffer> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let turn = self.asker.turn(&asker);
        let offer = booking::propose_cancellation(&mut tx, turn, self.booking_id, self.asker.at).await?;
        cx.finish(tx, offer).await
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "cancel_booking",
        "Offers to cancel a booking. The house then shows the customer a summary and asks for their yes, which cancels it.",
        &json!({ "booking_id": { "type": "integer", "description": "From find_bookings" } }),
        &["booking_id"],
    )
}
