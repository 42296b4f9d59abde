//! Offers to exchange a place for one in another session. The customer's yes does it.

use adapters::{World, llm::ToolSpec};
use domain::{
    SeatId, SessionId,
    booking::{self, MoveOffer},
};
use engine::{Job, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Offers to move a booking of the customer's.
#[derive(Debug, Serialize, Deserialize)]
pub struct MoveBooking {
    /// For whom.
    pub asker: OnBehalf,
    /// Which booking.
    pub booking_id: SeatId,
    /// Where to.
    pub session_id: SessionId,
}

impl Job<World> for MoveBooking {
    const NAME: &'static str = "move_booking";
    const POLICY: engine::Policy = crate::LOCAL;
    type Output = MoveOffer;

    async fn run(self, cx: Cx) -> Outcome<MoveOffer> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let turn = self.asker.turn(&asker);
        let offer = booking::propose_move(&mut tx, turn, self.booking_id, self.session_id, self.asker.at).await?;
        cx.finish(tx, offer).await
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "move_booking",
        "Offers to move one of the customer's bookings to another session. The house then shows the customer a summary with the difference in price and asks for their yes, which does it.",
        &json!({
            "booking_id": { "type": "integer", "description": "From find_bookings" },
            "session_id": { "type": "integer", "description": "From find_sessions or list_sessions" },
        }),
        &["booking_id", "session_id"],
    )
}
