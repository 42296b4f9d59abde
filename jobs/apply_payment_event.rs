//! Takes in what the payment provider tells.

use std::time::Duration;

use adapters::{
    World,
    payments::{Event, EventKind},
};
use chrono::TimeDelta;
use domain::{
    After, PaymentId, RefundId, booking,
    payments::{self, Told},
};
use engine::{Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Cx, on_behalf::begin, pay_back::state};

/// What it is about may be in a transaction of ours that is not committed yet: so long is waited for it.
const PATIENCE: TimeDelta = TimeDelta::hours(24);
const WAIT: Duration = Duration::from_secs(5);

/// Applies one event, once however often it is told, in whatever order.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyPaymentEvent {
    /// The provider's id of it.
    pub event: String,
}

impl Job<World> for ApplyPaymentEvent {
    const NAME: &'static str = "apply_payment_event";
    const POLICY: Policy = Policy { priority: -5, ..crate::LOCAL };
    type Output = After;

    async fn run(self, cx: Cx) -> Outcome<After> {
        let mut tx = begin(&cx).await?;
        let now = cx.world.clock.now();
        let Some(Told { body, received_at, .. }) = payments::parked(&mut tx, &self.event).await? else {
            return cx.finish(tx, After::default()).await;
        };
        let event: Event = serde_json::from_value(body)?;
        let Some((outcome, after)) = apply(&cx, &mut tx, &event).await? else {
            if now - received_at < PATIENCE {
                return Err(Stop::snooze(WAIT, "what it is about is not known yet"));
            }
            payments::settle(&mut tx, &self.event, "unmatched", now).await?;
            return cx.finish(tx, After::default()).await;
        };
        payments::settle(&mut tx, &self.event, outcome, now).await?;
        cx.finish(tx, after).await
    }
}

/// What came of it; none: what it is about is not known.
async fn apply(cx: &Cx, conn: &mut PgConnection, event: &Event) -> Outcome<Option<(&'static str, After)>> {
    let now = cx.world.clock.now();
    let refund = event.refund.map(RefundId);
    let (link, intent) = (link(&event.kind), event.kind.payment_intent());
    let matched = payments::matched(conn, event.payment.map(PaymentId), link, intent, refund).await?;
    let nothing = |outcome| Ok(Some((outcome, After::default())));
    let Some(payment) = matched else {
        return if matches!(event.kind, EventKind::Other { .. }) { nothing("ignored") } else { Ok(None) };
    };
    match &event.kind {
        EventKind::LinkPaid { amount_minor, payment_intent, .. } => {
            let (_, after) = booking::paid(conn, payment, payment_intent.as_deref(), *amount_minor, now).await?;
            Ok(Some(("paid", after)))
        }
        // A declined card may be followed by one that is not: the link lives on.
        EventKind::PaymentFailed { .. } => nothing("declined"),
        EventKind::LinkExpired { .. } => {
            payments::expire(conn, payment).await?;
            nothing("expired")
        }
        EventKind::RefundChanged { id, state: told, .. } => {
            let Some(refund) = refund else { return nothing("a refund made elsewhere") };
            let after = booking::refund_told(conn, refund, state(*told), id, now).await?;
            Ok(Some(("refund", after)))
        }
        EventKind::DisputeOpened { dispute, .. } => disputed(conn, payment, dispute, None, now).await,
        EventKind::DisputeClosed { dispute, won, .. } => disputed(conn, payment, dispute, Some(*won), now).await,
        EventKind::Other { .. } => nothing("ignored"),
    }
}

async fn disputed(
    conn: &mut PgConnection,
    payment: PaymentId,
    dispute: &str,
    won: Option<bool>,
    now: chrono::DateTime<chrono::Utc>,
) -> Outcome<Option<(&'static str, After)>> {
    if let Some(payment) = payments::lock(conn, payment).await? {
        payments::dispute(conn, &payment, dispute, won, now).await?;
    }
    Ok(Some(("dispute", After::default())))
}

/// The link that it is about, where it names one.
fn link(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::LinkPaid { link, .. } | EventKind::LinkExpired { link } => Some(link),
        EventKind::PaymentFailed { link, .. } => link.as_deref(),
        _ => None,
    }
}
