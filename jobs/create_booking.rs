//! Offers a place. The customer's yes books it, nothing that a model says does.

use adapters::{World, llm::ToolSpec};
use domain::{
    SessionId,
    booking::{self, BookingOffer},
};
use engine::{Job, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Places that one booking may have.
const MOST: i32 = 10;

/// Offers places in a session to the customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateBooking {
    /// For whom.
    pub asker: OnBehalf,
    /// In which session.
    pub session_id: SessionId,
    /// For how many.
    #[serde(default = "one")]
    pub places: i32,
}

const fn one() -> i32 {
    1
}

impl Job<World> for CreateBooking {
    const NAME: &'static str = "create_booking";
    const POLICY: engine::Policy = crate::LOCAL;
    type Output = BookingOffer;

    async fn run(self, cx: Cx) -> Outcome<BookingOffer> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let turn = self.asker.turn(&asker);
        let offer = booking::propose_booking(&mut tx, turn, self.session_id, self.places.clamp(1, MOST)).await?;
        cx.finish(tx, offer).await
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "create_booking",
        "Offers places in a session. The house then shows the customer a summary with the price and asks for their yes, which books it; when it is full, it asks whether they want to be put on the waiting list.",
        &json!({
            "session_id": { "type": "integer", "description": "From find_sessions or list_sessions" },
            "places": { "type": "integer", "description": "For how many people, 1 unless they say so" },
        }),
        &["session_id"],
    )
}
