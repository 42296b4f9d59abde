//! Plans in the hands of customers.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{CustomerId, EntitlementId, PaymentId, PlanId, desk};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use workflows::CollectPlanPayment;

use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Id, Nothing, Paged},
    kind::Kind,
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    v1::words::{Method, Said},
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(bought, sell))
}

/// A plan that a customer bought.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api::v1) struct Entitlement {
    id: i64,
    customer: i64,
    plan: i64,
    name: Said,
    /// `pending` until it is paid, `active`, or `cancelled`.
    state: String,
    /// All credits, of credits.
    credits: Option<i32>,
    /// Those that are left.
    credits_left: Option<i32>,
    /// What it cost, in minor units.
    price_minor: i64,
    /// ISO 4217.
    currency: String,
    starts_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<desk::plans::Entitlement> for Entitlement {
    fn from(held: desk::plans::Entitlement) -> Self {
        Self {
            id: held.id.0,
            customer: held.customer.0,
            plan: held.plan.0,
            name: held.name.into(),
            state: held.state,
            credits: held.credits,
            credits_left: held.credits_left,
            price_minor: held.price_minor,
            currency: held.currency,
            starts_at: held.starts_at,
            expires_at: held.expires_at,
        }
    }
}

/// What a customer bought ahead, newest first.
#[utoipa::path(get, path = "/customers/{id}/entitlements", tag = "plans", params(ById, Paging),
    responses((status = 200, body = Listed<Entitlement>)))]
async fn bought(
    read: Read,
    At(id): At<CustomerId>,
    paged: Paged<Nothing, i64>,
) -> Result<Json<Listed<Entitlement>>, Problem> {
    let mut tx = read.begin().await?;
    let id = desk::customers::find(&mut tx, id).await?.ok_or_else(|| Problem::unknown("customer", id))?;
    let rows = desk::plans::bought(&mut tx, id, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// A plan to be sold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewEntitlement)]
struct Sale {
    /// Which plan.
    #[schema(inline)]
    plan: Id,
    /// In cash it counts at once; by card the customer is sent a link, and it counts when that is paid.
    method: Method,
}

/// A plan that was sold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SoldEntitlement)]
struct Sold {
    entitlement: Entitlement,
    /// What is to be paid, or was; null when it costs nothing.
    payment: Option<i64>,
}

/// Sells a plan to a customer.
#[utoipa::path(post, path = "/customers/{id}/entitlements", tag = "plans", params(ById), request_body = Sale,
    security(("token" = ["money"])), responses((status = 201, body = Sold)))]
async fn sell(write: Write<scope::Money>, At(id): At<CustomerId>, body: Body<Sale>) -> Result<Response, Problem> {
    write.run(body, move |desk, sale| Box::pin(hand_out(desk, id, sale))).await
}

async fn hand_out(mut desk: Desk<'_>, id: CustomerId, sale: Sale) -> Result<Reply, Problem> {
    let by_card = matches!(sale.method, Method::Card);
    if by_card && !desk.api.world.settings.takes_cards {
        return Err(Problem::new(Kind::NoCards, "take cash, or set up the payment provider"));
    }
    let plan: PlanId = sale.plan.of();
    let customer = desk::customers::lock(&mut *desk.conn, id).await?.ok_or_else(|| Problem::unknown("customer", id))?;
    if desk::plans::one(&mut *desk.conn, plan).await?.is_none() {
        return Err(Problem::unknown_in("plan", "plan", plan));
    }
    let sold = desk::plans::sell(&mut *desk.conn, customer, plan, sale.method.into(), desk.now).await?;
    let sold = sold.ok_or_else(|| Problem::new(Kind::NotOnSale, "put it on sale first, or choose another one"))?;
    if let Some(payment) = sold.payment.filter(|_| by_card) {
        collect(&mut desk, payment).await?;
    }
    let entitlement = found(desk.conn, sold.entitlement).await?.into();
    Reply::made(&Sold { entitlement, payment: sold.payment.map(|payment| payment.0) })
}

async fn collect(desk: &mut Desk<'_>, payment: PaymentId) -> Result<(), Problem> {
    let work = CollectPlanPayment { tenant: desk.tenant(), payment };
    desk.start(&work).await
}

async fn found(conn: &mut PgConnection, id: EntitlementId) -> Result<desk::plans::Entitlement, Problem> {
    desk::plans::entitlement(conn, id).await?.ok_or_else(|| Problem::unknown("entitlement", id))
}
