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

/// Offers a place in a session to the customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateBooking {
    /// For whom.
    pub asker: OnBehalf,
    /// In which session.
    pub session_id: SessionId,
}

impl Job<World> for CreateBooking {
    const NAME: &'static str = "create_booking";
    const POLICY: engine::Policy = crate::LOCAL;
    type Output = BookingOffer;

    async fn run(self, cx: Cx) -> Outcome<BookingOffer> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let OnBehalf { conversation, turn, .. } = self.asker;
        let offer = booking::propose_booking(&mut tx, &asker, conversation, self.session_id, turn).await?;
        cx.finish(tx, offer).await
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "create_booking",
        "Offers a place in a session. The house then shows the customer a summary and asks for their yes, which books it.",
        &json!({ "session_id": { "type": "integer", "description": "From find_sessions or list_sessions" } }),
        &["session_id"],
    )
}
