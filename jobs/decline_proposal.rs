//! The customer said no.

use adapters::World;
use domain::{
    CustomerId, ProposalId,
    booking::{self, Declined},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Closes a proposal that the customer does not want.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeclineProposal {
    /// What they said no to.
    pub proposal: ProposalId,
    /// Who said it.
    pub customer: CustomerId,
}

impl Job<World> for DeclineProposal {
    const NAME: &'static str = "decline_proposal";
    const POLICY: Policy = crate::LOCAL;
    type Output = Declined;

    async fn run(self, cx: Cx) -> Outcome<Declined> {
        let mut tx = begin(&cx).await?;
        let declined = booking::decline(&mut tx, self.proposal, self.customer, cx.world.clock.now()).await?;
        cx.finish(tx, declined).await
    }
}
