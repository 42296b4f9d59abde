//! Plans on sale and off it, and selling them at the desk.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::Page;
use crate::entitlements::{self, Bought, PlanKind};
use crate::payments::Method;
use crate::{CustomerId, EntitlementId, PlanId, Texts};

/// One plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it gives.
    pub plan: entitlements::Plan,
    /// Whether it is on sale.
    pub active: bool,
}

/// A plan to be written down.
#[derive(Debug, Clone)]
pub struct NewPlan {
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

/// A plan that a customer bought.
#[derive(Debug, Clone)]
pub struct Entitlement {
    /// Its id.
    pub id: EntitlementId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Which plan.
    pub plan: PlanId,
    /// What that is called.
    pub name: Texts,
    /// `pending`, `active` or `cancelled`.
    pub state: String,
    /// All credits, of credits.
    pub credits: Option<i32>,
    /// Credits that are left, of credits.
    pub credits_left: Option<i32>,
    /// What it cost, in minor units.
    pub price_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// From when it counts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A page of all plans, oldest first.
pub async fn list(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Plan>> {
    let ids = sqlx::query_scalar!(
        "select id from plan where ($1::bigint is null or id > $1) order by id limit $2",
        page.after,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One plan, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: PlanId) -> sqlx::Result<Option<Plan>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Plan>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: PlanId", name as "name: Json<Texts>", kind as "kind: PlanKind", price_minor, credits, per, at_most,
               valid_days, service_ids, active
        from plan where id = any($1) order by id
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let plans = rows.into_iter().map(|row| Plan {
        plan: entitlements::Plan {
            id: row.id,
            name: row.name.0,
            kind: row.kind,
            price_minor: row.price_minor,
            credits: row.credits,
            per: row.per,
            at_most: row.at_most,
            valid_days: row.valid_days,
            service_ids: row.service_ids,
        },
        active: row.active,
    });
    Ok(plans.collect())
}

/// Puts a plan on sale.
pub async fn create(conn: &mut PgConnection, plan: &NewPlan) -> sqlx::Result<PlanId> {
    sqlx::query_scalar!(
        r#"
        insert into plan (name, kind, price_minor, credits, per, at_most, valid_days, service_ids)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id as "id: PlanId"
        "#,
        Json(&plan.name) as _,
        plan.kind as PlanKind,
        plan.price_minor,
        plan.credits,
        plan.per,
        plan.at_most,
        plan.valid_days,
        plan.service_ids.as_deref(),
    )
    .fetch_one(conn)
    .await
}

/// Takes a plan off sale, or puts it there again. Who has it keeps it. False: there is none.
pub async fn set_active(conn: &mut PgConnection, id: PlanId, active: bool) -> sqlx::Result<bool> {
    let changed = sqlx::query!("update plan set active = $2 where id = $1", id as PlanId, active).execute(conn).await?;
    Ok(changed.rows_affected() == 1)
}

/// Sells a plan that is on sale. None: it is not.
pub async fn sell(
    conn: &mut PgConnection,
    customer: CustomerId,
    plan: PlanId,
    method: Method,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Bought>> {
    let Some(plan) = entitlements::plan(conn, plan).await? else { return Ok(None) };
    entitlements::buy(conn, customer, &plan, method, now).await.map(Some)
}

/// A page of all that a customer bought ahead, newest first.
pub async fn bought(conn: &mut PgConnection, customer: CustomerId, page: Page) -> sqlx::Result<Vec<Entitlement>> {
    let ids = sqlx::query_scalar!(
        "select id from entitlement where customer_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3",
        customer as CustomerId,
        page.after,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    entitlements_of(conn, &ids).await
}

/// What a customer bought, if the tenant has it.
pub async fn entitlement(conn: &mut PgConnection, id: EntitlementId) -> sqlx::Result<Option<Entitlement>> {
    Ok(entitlements_of(conn, &[id.0]).await?.pop())
}

async fn entitlements_of(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Entitlement>> {
    let rows = sqlx::query!(
        r#"
        select e.id as "id: EntitlementId", e.customer_id as "customer: CustomerId", e.plan_id as "plan: PlanId",
               p.name as "name: Json<Texts>", e.state, e.credits, e.credits_left, e.price_minor, e.currency, e.starts_at, e.expires_at
        from entitlement e join plan p on p.id = e.plan_id where e.id = any($1) order by e.id desc
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let held = rows.into_iter().map(|row| Entitlement {
        id: row.id,
        customer: row.customer,
        plan: row.plan,
        name: row.name.0,
        state: row.state,
        credits: row.credits,
        credits_left: row.credits_left,
        price_minor: row.price_minor,
        currency: row.currency,
        starts_at: row.starts_at,
        expires_at: row.expires_at,
    });
    Ok(held.collect())
}
