//! The customer said yes.

use adapters::World;
use domain::{
    CustomerId, ProposalId,
    booking::{self, Decided},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Books, moves, cancels or queues what was proposed, if it still can be. The same yes twice is one booking.
#[derive(Debug, Serialize, Deserialize)]
pub struct AcceptProposal {
    /// What they said yes to.
    pub proposal: ProposalId,
    /// Who said it.
    pub customer: CustomerId,
}

impl Job<World> for AcceptProposal {
    const NAME: &'static str = "accept_proposal";
    const POLICY: Policy = Policy { attempts: 10, concurrency: 32, priority: -10, ..crate::LOCAL };
    type Output = Decided;

    async fn run(self, cx: Cx) -> Outcome<Decided> {
        let mut tx = begin(&cx).await?;
        let decided = booking::accept(&mut tx, self.proposal, self.customer, cx.world.clock.now()).await?;
        cx.finish(tx, decided).await
    }
}
