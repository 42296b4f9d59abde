//! The customer says no.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::ProposalState;
use super::proposal::{close, lock};
use crate::{CustomerId, ProposalId, customer};

/// What came of a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Declined {
    /// The proposal is off the table; nothing was done.
    Declined,
    /// The customer had said yes before, and it was done.
    TooLate,
    /// There is no such proposal for this customer.
    NotYours,
}

/// Leaves everything as it is.
pub async fn decline(
    conn: &mut PgConnection,
    proposal: ProposalId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Declined> {
    let customer = customer::current(conn, customer).await?;
    customer::lock(conn, &[customer]).await?;
    let Some(proposal) = lock(conn, proposal).await?.filter(|proposal| proposal.customer == customer) else {
        return Ok(Declined::NotYours);
    };
    if proposal.state == ProposalState::Accepted {
        return Ok(Declined::TooLate);
    }
    close(conn, proposal.id, ProposalState::Declined, None, now).await?;
    Ok(Declined::Declined)
}
