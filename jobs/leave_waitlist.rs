//! Takes the customer off a waiting list.

use adapters::{World, llm::ToolSpec};
use domain::{
    After, SessionId, SessionView, catalog, customer,
    waitlist::{self, Left},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, OnBehalf};

/// Takes the customer off the waiting list of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct LeaveWaitlist {
    /// For whom.
    pub asker: OnBehalf,
    /// Of which session.
    pub session_id: SessionId,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for a moment")]
pub enum LeftList {
    /// They do not wait any more.
    Left {
        /// For what.
        session: SessionView,
        /// What is to be done for those who come next.
        after: After,
    },
    /// They did not wait for it.
    NotWaiting,
}

impl Job<World> for LeaveWaitlist {
    const NAME: &'static str = "leave_waitlist";
    const POLICY: Policy = Policy { attempts: 10, ..crate::LOCAL };
    type Output = LeftList;

    async fn run(self, cx: Cx) -> Outcome<LeftList> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let customer = customer::current(&mut tx, asker.customer).await?;
        customer::lock(&mut tx, &[customer]).await?;
        let Some(position) = waitlist::position(&mut tx, self.session_id, customer).await? else {
            return cx.finish(tx, LeftList::NotWaiting).await;
        };
        let left = match waitlist::leave(&mut tx, position.entry, customer, asker.now).await? {
            Left::Left { after } => {
                let session = catalog::session(&mut tx, &asker, self.session_id).await?;
                LeftList::Left { session, after }
            }
            Left::NotWaiting => LeftList::NotWaiting,
        };
        cx.finish(tx, left).await
    }
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "leave_waitlist",
        "Takes the customer off the waiting list of a session, when they ask for it. The house then tells them.",
        &json!({ "session_id": { "type": "integer", "description": "From find_bookings, among waiting" } }),
        &["session_id"],
    )
}
