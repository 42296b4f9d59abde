//! Refunds, as the customer and the staff hear of them.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use crate::after::After;
use crate::notices::{self, Kind};
use crate::payments::{self, Due, RefundState};
use crate::{RefundId, conversation, replies};

/// The provider told how a refund stands. The customer hears that it was made; staff, that it failed.
pub async fn refund_told(
    conn: &mut PgConnection,
    refund: RefundId,
    state: RefundState,
    reference: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<After> {
    let ended = payments::refund_told(conn, refund, state, reference, now).await?;
    match (ended, payments::due(conn, refund).await?) {
        (true, Some(due)) if state == RefundState::Succeeded => tell(conn, &due, now).await,
        (true, Some(due)) => {
            call_staff(conn, &due, "could not be paid back: the provider refused", now).await?;
            Ok(After::default())
        }
        _ => Ok(After::default()),
    }
}

async fn tell(conn: &mut PgConnection, due: &Due, now: DateTime<Utc>) -> sqlx::Result<After> {
    let told = notices::Plan {
        customer: due.customer,
        kind: Kind::RefundMade,
        subject: format!("refund:{}", due.id),
        facts: json!({ "refund": due.id }),
        due_at: now,
        useful_until: None,
    };
    let notices = notices::plan(conn, told).await?.into_iter().collect();
    Ok(After { notices, ..After::default() })
}

/// Cash is given back by hand: somebody of the staff must know.
pub async fn call_for_cash(conn: &mut PgConnection, refund: RefundId, now: DateTime<Utc>) -> sqlx::Result<After> {
    if let Some(due) = payments::due(conn, refund).await? {
        call_staff(conn, &due, "is to be paid back in cash", now).await?;
    }
    Ok(After::default())
}

async fn call_staff(conn: &mut PgConnection, due: &Due, what: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let amount = replies::money(crate::Language::En, due.amount.minor, &due.amount.currency);
    if let Some(conversation) = conversation::latest(conn, due.customer).await? {
        let reason = format!("refund {}: {amount} {what}", due.id);
        conversation::needs_person(conn, conversation, &reason, now).await?;
    }
    Ok(())
}
