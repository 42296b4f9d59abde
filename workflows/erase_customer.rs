//! A customer asks to be forgotten.
//!
//! First nobody can find them any more, then what is under way for them ends, then what is to come for them is given up,
//! then all that was said goes, and at last a search proves it. What the books need stays, of somebody without a name.

use std::time::Duration;

use adapters::World;
use domain::{CustomerId, ErasureId, TenantId, privacy::Proof};
use engine::{Job, Outcome, Policy};
use jobs::{BeginErasure, ScrubJobs, ScrubRecords, ScrubWebhooks, StopWork, VerifyErasure, WithdrawCustomer};
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::follow};

/// What comes while it is erased (that a message was read), and what others still need for their own work, is erased in
/// the next round. So long it is waited for it, in seconds; then somebody has to look.
const SETTLE: [u64; 8] = [2, 10, 60, 300, 1800, 7200, 21_600, 43_200];
/// How often it is looked whether what is under way has ended: after a second, two, four … and then every five minutes.
const LOOKS: u32 = 60;
const LONGEST: Duration = Duration::from_mins(5);

/// Forgets a customer, once at a time however often it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EraseCustomer {
    /// Whose customer.
    pub tenant: TenantId,
    /// Who.
    pub customer: CustomerId,
    /// Who asked for it: the staff's or the program's name, not the customer's.
    pub requested_by: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "erased", rename_all = "snake_case")]
pub enum Erased {
    /// They are forgotten. What was erased is counted in the erasure's row.
    Done {
        /// The erasure.
        erasure: ErasureId,
        /// What the search found: nothing.
        proof: Proof,
    },
    /// There is no such customer.
    Unknown,
}

impl Job<World> for EraseCustomer {
    const NAME: &'static str = "erase_customer";
    // Asked for again after its end, it looks for what came since.
    const POLICY: Policy = Policy { unique_for: Duration::ZERO, ..Policy::WORKFLOW };
    type Output = Erased;

    fn tenant(&self) -> Option<i64> {
        Some(self.tenant.0)
    }

    fn key(&self) -> String {
        self.customer.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<Erased> {
        let begun = BeginErasure { customer: self.customer, requested_by: self.requested_by.clone() };
        let Some(erasure) = cx.step("begin", begun).await? else { return Ok(Erased::Unknown) };
        for (round, seconds) in (1..).zip(SETTLE) {
            let proof = self.round(&cx, erasure, round, false).await?;
            if proof.is_clean() {
                return Ok(Erased::Done { erasure, proof });
            }
            cx.sleep(&format!("settle/{round}"), Duration::from_secs(seconds)).await?;
        }
        let proof = self.round(&cx, erasure, 1 + SETTLE.len(), true).await?;
        Ok(Erased::Done { erasure, proof })
    }
}

impl EraseCustomer {
    async fn round(&self, cx: &Cx, erasure: ErasureId, round: usize, last: bool) -> Outcome<Proof> {
        for look in 1..=LOOKS {
            if cx.step(&format!("stop/{round}/{look}"), StopWork { erasure }).await? == 0 {
                break;
            }
            cx.sleep(&format!("wait/{round}/{look}"), wait(look)).await?;
        }
        let after = cx.step(&format!("withdraw/{round}"), WithdrawCustomer { erasure }).await?;
        follow(cx, &format!("follow/{round}"), self.tenant, after).await?;
        cx.step(&format!("records/{round}"), ScrubRecords { erasure }).await?;
        cx.step(&format!("webhooks/{round}"), ScrubWebhooks { erasure }).await?;
        cx.step(&format!("jobs/{round}"), ScrubJobs { erasure }).await?;
        cx.step(&format!("verify/{round}"), VerifyErasure { erasure, last }).await
    }
}

fn wait(number: u32) -> Duration {
    Duration::from_secs(1 << (number - 1).min(16)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes() {
        assert_eq!([1, 2, 5, 60].map(|n| wait(n).as_secs()), [1, 2, 16, 300]);
    }
}
