//! A customer asks what is known of them.

use adapters::World;
use domain::{CustomerId, TenantId, privacy::Kept};
use engine::{Job, Outcome, Policy};
use jobs::WriteExport;
use serde::{Deserialize, Serialize};

use crate::Cx;

/// Makes a copy of all that is known of a customer, which somebody can hand over within 30 days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportCustomer {
    /// Whose customer.
    pub tenant: TenantId,
    /// Who.
    pub customer: CustomerId,
}

impl Job<World> for ExportCustomer {
    const NAME: &'static str = "export_customer";
    const POLICY: Policy = Policy::WORKFLOW;
    /// None: there is no such customer.
    type Output = Option<Kept>;

    fn tenant(&self) -> Option<i64> {
        Some(self.tenant.0)
    }

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        cx.step("write", WriteExport { customer: self.customer }).await
    }
}
