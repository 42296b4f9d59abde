//! Buying from the chat, where the same wish may be heard twice.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Bought, Plan, buy};
use crate::payments::{self, Method, Thing};
use crate::{CustomerId, EntitlementId, Money, PlanId};

/// Sells a plan that is paid by card. While one at this price waits to be paid, that one is it; and of what costs nothing,
/// the one that the customer has.
pub async fn order(
    conn: &mut PgConnection,
    customer: CustomerId,
    plan: &Plan,
    now: DateTime<Utc>,
) -> sqlx::Result<Bought> {
    let before = sqlx::query!(
        r#"
        select id as "id: EntitlementId", currency from entitlement
        where customer_id = $1 and plan_id = $2 and price_minor = $3 and expires_at > $4
          and state = case when $3 = 0 then 'active' else 'pending' end
        order by id desc limit 1
        "#,
        customer as CustomerId,
        plan.id as PlanId,
        plan.price_minor,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(before) = before else { return buy(conn, customer, plan, Method::Card, now).await };
    if plan.price_minor == 0 {
        return Ok(Bought { entitlement: before.id, payment: None });
    }
    let price = Money::new(plan.price_minor, before.currency);
    let payment = payments::ask(conn, Thing::Entitlement(before.id), customer, Method::Card, &price, now).await?;
    Ok(Bought { entitlement: before.id, payment: Some(payment) })
}
