//! What can be bought ahead, and who bought it.

mod sale;

use axum::{Json, response::Response};
use domain::{PlanId, desk};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words::{Named, PlanKind, Said};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Id, Nothing, Paged, Whole},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) use sale::Entitlement;

/// In minor units.
type Price = Whole<0, 100_000_000>;
/// Places of a plan.
type Credits = Whole<1, 10_000>;
/// Of a week or a month.
type Visits = Whole<1, 1000>;
/// Ten years.
type Days = Whole<1, 3660>;

/// The longest list of services.
const MOST_SERVICES: usize = 100;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change)).merge(sale::routes())
}

/// What can be bought ahead.
#[derive(Debug, Serialize, ToSchema)]
struct Plan {
    id: i64,
    name: Said,
    kind: PlanKind,
    /// In minor units of your currency.
    price_minor: i64,
    /// Places, of credits.
    credits: Option<i32>,
    /// `week` or `month`, of a membership with a limit.
    per: Option<String>,
    /// The limit.
    at_most: Option<i32>,
    /// How long it is good for.
    valid_days: i32,
    /// What it is good for; null: everything.
    services: Option<Vec<i64>>,
    /// Whether it is on sale.
    active: bool,
}

impl From<desk::plans::Plan> for Plan {
    fn from(desk::plans::Plan { plan, active }: desk::plans::Plan) -> Self {
        Self {
            id: plan.id.0,
            name: plan.name.into(),
            kind: plan.kind.into(),
            price_minor: plan.price_minor,
            credits: plan.credits,
            per: plan.per,
            at_most: plan.at_most,
            valid_days: plan.valid_days,
            services: plan.service_ids,
            active,
        }
    }
}

/// All plans, oldest first.
#[utoipa::path(get, path = "/plans", tag = "plans", params(Paging), responses((status = 200, body = Listed<Plan>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Plan>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = desk::plans::list(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.plan.id.0))
}

/// A week or a month, by the calendar of the business.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Period {
    Week,
    Month,
}

/// A plan to be put on sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    name: Named,
    kind: PlanKind,
    /// In minor units of your currency.
    #[schema(inline)]
    price_minor: Price,
    /// Places; of credits only, and then needed.
    #[schema(inline)]
    credits: Option<Credits>,
    /// Of a membership with a limit, together with `at_most`.
    #[schema(inline)]
    per: Option<Period>,
    /// How often a week or a month.
    #[schema(inline)]
    at_most: Option<Visits>,
    /// How long it is good for.
    #[schema(inline)]
    valid_days: Days,
    /// What it is good for; left out: everything.
    #[schema(inline, max_items = 100)]
    services: Option<Vec<Id>>,
}

impl NewPlan {
    fn check(self) -> Result<desk::plans::NewPlan, Problem> {
        let name = self.name.texts().ok_or_else(|| Problem::field("name", "write it in it, in en, or in both"))?;
        let has_credits = matches!(self.kind, PlanKind::Credits);
        if has_credits != self.credits.is_some() {
            return Err(Problem::field("credits", "say how many if kind is credits, else leave it out"));
        }
        if self.per.is_some() != self.at_most.is_some() || (has_credits && self.per.is_some()) {
            return Err(Problem::field(
                "per",
                "send per and at_most together, for a membership with a limit, or neither",
            ));
        }
        let services = self.services.map(|ids| ids.into_iter().map(|id| id.0).collect::<Vec<_>>());
        if services.as_ref().is_some_and(|ids| ids.is_empty() || ids.len() > MOST_SERVICES) {
            return Err(Problem::field("services", "name 1 to 100 services, or leave it out for all"));
        }
        let per = self.per.map(|per| match per {
            Period::Week => "week".to_owned(),
            Period::Month => "month".to_owned(),
        });
        Ok(desk::plans::NewPlan {
            name,
            kind: self.kind.into(),
            price_minor: self.price_minor.0,
            credits: self.credits.map(Whole::small),
            per,
            at_most: self.at_most.map(Whole::small),
            valid_days: self.valid_days.small(),
            service_ids: services,
        })
    }
}

/// Puts a plan on sale.
#[utoipa::path(post, path = "/plans", tag = "plans", request_body = NewPlan, security(("token" = ["money"])),
    responses((status = 201, body = Plan)))]
async fn create(write: Write<scope::Money>, body: Body<NewPlan>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(put_on_sale(desk, new))).await
}

async fn put_on_sale(desk: Desk<'_>, new: NewPlan) -> Result<Reply, Problem> {
    let plan = new.check()?;
    services_known(&mut *desk.conn, "services", plan.service_ids.as_deref().unwrap_or_default()).await?;
    let id = desk::plans::create(&mut *desk.conn, &plan).await?;
    Reply::made(&Plan::from(found(desk.conn, id).await?))
}

/// Refuses services that the tenant does not have.
pub(super) async fn services_known(conn: &mut PgConnection, field: &str, ids: &[i64]) -> Result<(), Problem> {
    match desk::catalog::unknown_services(conn, ids).await?.first() {
        Some(unknown) => Err(Problem::field(field, format_args!("you have no service {unknown}"))),
        None => Ok(()),
    }
}

async fn found(conn: &mut PgConnection, id: PlanId) -> Result<desk::plans::Plan, Problem> {
    desk::plans::one(conn, id).await?.ok_or_else(|| Problem::unknown("plan", id))
}

/// What is to be different.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanChange)]
struct Change {
    /// Whether it is on sale. Who has it keeps it.
    active: bool,
}

/// Takes a plan off sale, or puts it there again.
#[utoipa::path(patch, path = "/plans/{id}", tag = "plans", params(ById), request_body = Change,
    security(("token" = ["money"])), responses((status = 200, body = Plan)))]
async fn change(write: Write<scope::Money>, At(id): At<PlanId>, body: Body<Change>) -> Result<Response, Problem> {
    write.run(body, move |desk, change| Box::pin(set_active(desk, id, change.active))).await
}

async fn set_active(desk: Desk<'_>, id: PlanId, active: bool) -> Result<Reply, Problem> {
    desk::plans::set_active(&mut *desk.conn, id, active).await?;
    Reply::ok(&Plan::from(found(desk.conn, id).await?))
}
