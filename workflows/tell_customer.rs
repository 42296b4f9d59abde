//! Tells a customer something; what could not be told has consequences of its own.

use adapters::World;
use domain::{NoticeId, TenantId};
use engine::{Job, Outcome, Policy};
use jobs::{Said, SendNotice};
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::follow};

/// Sends one notice, once however often it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellCustomer {
    /// Whose customer.
    pub tenant: TenantId,
    /// Which notice.
    pub notice: NoticeId,
}

impl Job<World> for TellCustomer {
    const NAME: &'static str = "tell_customer";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = Said;

    fn key(&self) -> String {
        self.notice.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<Said> {
        let told = cx.step("send", SendNotice { notice: self.notice }).await?;
        follow(&cx, "follow", self.tenant, told.after).await?;
        Ok(told.said)
    }
}
