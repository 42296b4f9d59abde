//! Makes a link through which something is paid.

use std::time::Duration;

use adapters::{World, payments::NewLink};
use chrono::TimeDelta;
use domain::{
    NoticeId, PaymentId,
    catalog::Asker,
    customer,
    notices::{self, Kind, Plan},
    payments::{self, Payment},
};
use engine::{Breaker, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use crate::{Cx, on_behalf::begin, paying::stop};

/// How long a link is good for at the provider: less than its limit of 24 hours. A place that is not held so long is
/// given up, and its link closed, before.
const LINK: TimeDelta = TimeDelta::hours(23);

/// Makes a payment's link, and the notice that brings it to the customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatePaymentLink {
    /// Of which payment.
    pub payment: PaymentId,
}

impl Job<World> for CreatePaymentLink {
    const NAME: &'static str = "create_payment_link";
    const POLICY: Policy = Policy {
        attempts: 8,
        timeout: Duration::from_secs(30),
        breaker: Some(Breaker::new("payments")),
        ..Policy::DEFAULT
    };
    /// None: there is nothing to pay any more, or the customer has the link.
    type Output = Option<NoticeId>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut tx = begin(&cx).await?;
        let Some(payment) = payments::lock(&mut tx, self.payment).await?.filter(Payment::is_open) else {
            return cx.finish(tx, None).await;
        };
        if payment.link.is_some() {
            let notice = self.tell(&cx, &mut tx, &payment).await?;
            return cx.finish(tx, notice).await;
        }
        let wanted = wanted(&cx, &mut tx, &payment).await?;
        tx.commit().await?;
        let link = cx.world.payments.create_link(&cx.id().to_string(), &wanted).await.map_err(|error| stop(&error))?;
        let mut tx = begin(&cx).await?;
        let url = link.url.unwrap_or_default();
        payments::linked(&mut tx, self.payment, &link.id, &url, wanted.expires_at).await?;
        let notice = self.tell(&cx, &mut tx, &payment).await?;
        cx.finish(tx, notice).await
    }
}

impl CreatePaymentLink {
    async fn tell(&self, cx: &Cx, conn: &mut PgConnection, payment: &Payment) -> sqlx::Result<Option<NoticeId>> {
        let notice = Plan {
            customer: payment.customer,
            kind: Kind::PaymentLink,
            subject: format!("payment:{}", self.payment),
            facts: json!({ "payment": self.payment }),
            due_at: cx.world.clock.now(),
            useful_until: None,
        };
        notices::plan(conn, notice).await
    }
}

async fn wanted(cx: &Cx, conn: &mut PgConnection, payment: &Payment) -> sqlx::Result<NewLink> {
    let now = cx.world.clock.now();
    let to = customer::addressee(conn, payment.customer).await?;
    let asker = Asker::new(conn, payment.customer, to.language, now).await?;
    Ok(NewLink {
        tenant: cx.tenant(),
        payment: payment.id.0,
        title: notices::what(conn, &asker, payment.thing).await?,
        amount_minor: payment.amount.minor,
        currency: payment.amount.currency.clone(),
        // From the row: asked again with the same key, all of it must be the same.
        expires_at: payment.created_at + LINK,
        success_url: cx.world.settings.paid_url.clone(),
        language: to.language,
    })
}
