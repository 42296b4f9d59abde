//! Giving money back: never more than was taken.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Method, Payment, take::account};
use crate::ledger::{self, Account, Kind};
use crate::{CustomerId, Money, PaymentId, RefundId};

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundReason {
    /// The customer cancelled in time.
    Cancelled,
    /// The business called the session off.
    SessionCancelled,
    /// It came when there was nothing left to pay for.
    PaidInVain,
    /// The new session costs less.
    PriceLower,
    /// The staff wanted to.
    Goodwill,
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundState {
    /// To be sent to the provider.
    Requested,
    /// The provider works on it.
    Pending,
    /// Cash: somebody of the staff gives it back.
    ByHand,
    /// The customer has it.
    Succeeded,
    /// It did not work out; the money is ours still.
    Failed,
}

/// A refund that the provider is to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Its id.
    pub id: RefundId,
    /// Of which payment.
    pub payment: PaymentId,
    /// Who gets it.
    pub customer: CustomerId,
    /// The provider's id of that.
    pub intent: Option<String>,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// The provider's id of it.
    pub reference: Option<String>,
}

/// Begins to give money back, by the way it came: with the provider by the refund's job, cash by hand. The database does
/// not let it be more than is left (`payment_refunds_within_captured`).
pub async fn pay_back(
    conn: &mut PgConnection,
    payment: &Payment,
    amount_minor: i64,
    reason: RefundReason,
    now: DateTime<Utc>,
) -> sqlx::Result<RefundId> {
    let state = if payment.method == Method::Card { RefundState::Requested } else { RefundState::ByHand };
    let id = sqlx::query_scalar!(
        r#"
        insert into refund (payment_id, amount_minor, reason, state, created_at) values ($1, $2, $3, $4, $5)
        returning id as "id: RefundId"
        "#,
        payment.id as PaymentId,
        amount_minor,
        reason as RefundReason,
        state as RefundState,
        now,
    )
    .fetch_one(&mut *conn)
    .await?;
    let value = (Account::Refunds, account(payment.method), amount_minor);
    ledger::post(conn, Kind::Refund, &format!("refund:{id}"), value, &payment.amount.currency, now).await?;
    mark(conn, payment.id).await?;
    Ok(id)
}

/// Brings the payment's state in line with what is left of it.
async fn mark(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment set state = case when refunded_minor = 0 then 'captured' when refunded_minor < captured_minor
           then 'partially_refunded' else 'refunded' end
         where id = $1 and state in ('captured', 'partially_refunded', 'refunded')",
        id as PaymentId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The refund, locked until the transaction ends.
pub async fn due(conn: &mut PgConnection, id: RefundId) -> sqlx::Result<Option<Due>> {
    let row = sqlx::query!(
        r#"
        select r.payment_id as "payment: PaymentId", p.customer_id as "customer: CustomerId", p.intent, r.amount_minor, p.currency, r.state as "state: RefundState",
               r.reference
        from refund r join payment p on p.id = r.payment_id where r.id = $1 for no key update of r
        "#,
        id as RefundId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Due {
        id,
        payment: row.payment,
        customer: row.customer,
        intent: row.intent,
        amount: Money::new(row.amount_minor, row.currency),
        state: row.state,
        reference: row.reference,
    }))
}

/// The provider told how the refund stands. One that has ended stays ended, whatever comes late. True when this ended it.
pub async fn refund_told(
    conn: &mut PgConnection,
    id: RefundId,
    state: RefundState,
    reference: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let Some(due) = due(conn, id).await? else { return Ok(false) };
    // A success may still turn into a failure: the bank sends it back. A failure is final.
    let goes_on = match due.state {
        RefundState::Failed => false,
        RefundState::Succeeded => state == RefundState::Failed,
        _ => true,
    };
    if !goes_on || due.state == state {
        return Ok(false);
    }
    let ended = matches!(state, RefundState::Succeeded | RefundState::Failed);
    sqlx::query!(
        "update refund set state = $2, reference = $3, settled_at = $4 where id = $1",
        id as RefundId,
        state as RefundState,
        reference,
        ended.then_some(now),
    )
    .execute(&mut *conn)
    .await?;
    if state == RefundState::Failed {
        let value = (Account::Card, Account::Refunds, due.amount.minor);
        ledger::post(conn, Kind::RefundFailed, &format!("refund:{id}"), value, &due.amount.currency, now).await?;
        mark(conn, due.payment).await?;
    }
    Ok(ended)
}

/// Somebody gave the cash back.
pub async fn refunded_by_hand(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update refund set state = 'succeeded', settled_at = $2 where id = $1 and state = 'by_hand'",
        id as RefundId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
