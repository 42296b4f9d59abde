//! Plans, and buying them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::catalog::Asker;
use crate::{
    CustomerId, EntitlementId, Money, PaymentId, PlanId, Texts, payments, payments::Method, payments::Thing, tenant,
};

/// What a plan gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum PlanKind {
    /// Places as long as it is valid, with a limit per week or month if it has one.
    Membership,
    /// A number of places.
    Credits,
}

/// What can be bought ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// What customers read.
    pub name: Texts,
    /// What it gives.
    pub kind: PlanKind,
    /// In minor units of the tenant's currency.
    pub price_minor: i64,
    /// Places, of credits.
    pub credits: Option<i32>,
    /// `week` or `month`, of a membership with a limit.
    pub per: Option<String>,
    /// The limit.
    pub at_most: Option<i32>,
    /// How long it is good for.
    pub valid_days: i32,
    /// For what; none: for everything.
    pub service_ids: Option<Vec<i64>>,
}

/// A plan that was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bought {
    /// The customer's own.
    pub entitlement: EntitlementId,
    /// What is to be paid; none when it costs nothing.
    pub payment: Option<PaymentId>,
}

/// What a customer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Its id.
    pub id: EntitlementId,
    /// The plan's name.
    pub name: Texts,
    /// `pending`, `active` or `cancelled`.
    pub state: String,
    /// Credits that are left, of credits.
    pub credits_left: Option<i32>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Everything on offer.
pub async fn plans(conn: &mut PgConnection) -> sqlx::Result<Vec<Plan>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: PlanId", name as "name: Json<Texts>", kind as "kind: PlanKind", price_minor, credits, per, at_most,
               valid_days, service_ids
        from plan where active order by id
        "#,
    )
    .fetch_all(conn)
    .await?;
    let plans = rows.into_iter().map(|row| Plan {
        id: row.id,
        name: row.name.0,
        kind: row.kind,
        price_minor: row.price_minor,
        credits: row.credits,
        per: row.per,
        at_most: row.at_most,
        valid_days: row.valid_days,
        service_ids: row.service_ids,
    });
    Ok(plans.collect())
}

/// What a customer may buy ahead and what they have, in their language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// On sale.
    pub on_sale: Vec<OnSale>,
    /// Theirs, what ends first first.
    pub yours: Vec<Yours>,
}

/// A plan on sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnSale {
    /// Its id.
    pub plan_id: PlanId,
    /// Its name.
    pub name: String,
    /// What it costs.
    pub price: Money,
    /// Places, of credits.
    pub credits: Option<i32>,
    /// Visits a week or month, of a membership with a limit.
    pub at_most: Option<i32>,
    /// `week` or `month`.
    pub per: Option<String>,
    /// How long it is good for.
    pub valid_days: i32,
}

/// A plan that the customer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Yours {
    /// Its name.
    pub name: String,
    /// Credits that are left, of credits.
    pub credits_left: Option<i32>,
    /// The last local day.
    pub until: chrono::NaiveDate,
    /// Whether it still has to be paid.
    pub unpaid: bool,
}

/// What a customer may buy ahead and what they have.
pub async fn offers(conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<Offers> {
    let currency = tenant::current(conn).await?.currency;
    let on_sale = plans(conn).await?.into_iter().map(|plan| OnSale {
        plan_id: plan.id,
        name: plan.name.say(asker.language).to_owned(),
        price: Money::new(plan.price_minor, &currency),
        credits: plan.credits,
        at_most: plan.at_most,
        per: plan.per,
        valid_days: plan.valid_days,
    });
    let on_sale = on_sale.collect();
    let payable = payable(conn, asker.customer).await?;
    let held = held_by(conn, asker.customer, asker.now).await?.into_iter();
    let told = held.filter(|held| held.state != "pending" || payable.contains(&held.id));
    let yours = told.map(|held| Yours {
        name: held.name.say(asker.language).to_owned(),
        credits_left: held.credits_left,
        until: held.expires_at.with_timezone(&asker.zone).date_naive(),
        unpaid: held.state == "pending",
    });
    Ok(Offers { on_sale, yours: yours.collect() })
}

/// What a customer has ordered and can still pay.
async fn payable(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<EntitlementId>> {
    sqlx::query_scalar!(
        r#"
        select entitlement_id as "id!: EntitlementId" from payment
        where customer_id = $1 and entitlement_id is not null and state in ('created', 'authorised')
        "#,
        customer as CustomerId,
    )
    .fetch_all(conn)
    .await
}

/// The plan, if it is on offer.
pub async fn plan(conn: &mut PgConnection, id: PlanId) -> sqlx::Result<Option<Plan>> {
    Ok(plans(conn).await?.into_iter().find(|plan| plan.id == id))
}

/// Sells a plan. Paid with a link it begins to count when that is paid, else at once.
pub async fn buy(
    conn: &mut PgConnection,
    customer: CustomerId,
    plan: &Plan,
    method: Method,
    now: DateTime<Utc>,
) -> sqlx::Result<Bought> {
    let currency = tenant::current(conn).await?.currency;
    let entitlement = sqlx::query_scalar!(
        r#"
        insert into entitlement (customer_id, plan_id, state, starts_at, expires_at, credits, credits_left, price_minor, currency,
                                 created_at)
        values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $4) returning id as "id: EntitlementId"
        "#,
        customer as CustomerId,
        plan.id as PlanId,
        if plan.price_minor == 0 { "active" } else { "pending" },
        now,
        now + TimeDelta::days(plan.valid_days.into()),
        plan.credits,
        plan.price_minor,
        currency,
    )
    .fetch_one(&mut *conn)
    .await?;
    if plan.price_minor == 0 {
        return Ok(Bought { entitlement, payment: None });
    }
    let price = Money::new(plan.price_minor, currency);
    let payment = payments::ask(conn, Thing::Entitlement(entitlement), customer, method, &price, now).await?;
    if method == Method::Cash {
        payments::take_cash(conn, payment, now).await?;
        activate(conn, entitlement, now).await?;
    }
    Ok(Bought { entitlement, payment: Some(payment) })
}

/// The plan is paid: it counts from now.
pub async fn activate(conn: &mut PgConnection, id: EntitlementId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update entitlement set state = 'active', expires_at = $2::timestamptz + (expires_at - starts_at), starts_at = $2
         where id = $1 and state = 'pending'",
        id as EntitlementId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Nobody paid.
pub async fn cancel_pending(conn: &mut PgConnection, id: EntitlementId) -> sqlx::Result<()> {
    sqlx::query!("update entitlement set state = 'cancelled' where id = $1 and state = 'pending'", id as EntitlementId)
        .execute(conn)
        .await?;
    Ok(())
}

/// What a customer has that is still good, what ends first first.
pub async fn held_by(conn: &mut PgConnection, customer: CustomerId, now: DateTime<Utc>) -> sqlx::Result<Vec<Held>> {
    let rows = sqlx::query!(
        r#"
        select e.id as "id: EntitlementId", p.name as "name: Json<Texts>", e.state, e.credits_left, e.expires_at
        from entitlement e join plan p on p.id = e.plan_id
        where e.customer_id = $1 and e.state <> 'cancelled' and e.expires_at > $2 order by e.expires_at, e.id
        "#,
        customer as CustomerId,
        now,
    )
    .fetch_all(conn)
    .await?;
    let held = rows.into_iter().map(|row| Held {
        id: row.id,
        name: row.name.0,
        state: row.state,
        credits_left: row.credits_left,
        expires_at: row.expires_at,
    });
    Ok(held.collect())
}
