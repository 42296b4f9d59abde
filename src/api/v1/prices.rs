//! Price rules.

mod rule;

use axum::{Json, response::Response};
use domain::desk;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    plans,
    words::{Named, Said},
};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Id, Nothing, Paged, Whole, present},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};
use rule::{Condition, NewCondition};

/// Of the base price.
type Percent = Whole<-100, 300>;
/// In minor units.
type Amount = Whole<-100_000_000, 100_000_000>;
/// Of rules with one kind of condition the lowest that applies counts.
type Position = Whole<-1_000_000, 1_000_000>;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// A reason for another price.
#[derive(Debug, Serialize, ToSchema)]
struct PriceRule {
    id: i64,
    /// What customers read.
    name: Said,
    /// Of which service; null: of all.
    service: Option<i64>,
    /// Of rules with one kind of condition the first that applies counts: the lowest position, then the lowest id.
    position: i32,
    condition: Condition,
    /// So many percent more than the base price; less, if negative.
    percent: Option<i64>,
    /// Or so much more, in minor units.
    amount_minor: Option<i64>,
    /// Whether it counts.
    active: bool,
}

impl From<desk::prices::PriceRule> for PriceRule {
    fn from(kept: desk::prices::PriceRule) -> Self {
        let (percent, amount_minor) = rule::told(kept.rule.change);
        Self {
            id: kept.id,
            name: kept.rule.name.into(),
            service: kept.rule.service.map(|service| service.0),
            position: kept.rule.position,
            condition: kept.rule.condition.into(),
            percent,
            amount_minor,
            active: kept.active,
        }
    }
}

/// All rules, in their order.
#[utoipa::path(get, path = "/price-rules", tag = "prices", params(Paging), responses((status = 200, body = Listed<PriceRule>)))]
async fn list(read: Read, paged: Paged<Nothing, (i32, i64)>) -> Result<Json<Listed<PriceRule>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = desk::prices::list(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| (row.rule.position, row.id)))
}

/// A rule to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPriceRule)]
struct NewRule {
    /// What customers read.
    name: Named,
    /// Of which service; left out: of all.
    #[schema(inline)]
    service: Option<Id>,
    #[serde(default = "first")]
    #[schema(inline, default = 0)]
    position: Position,
    condition: NewCondition,
    /// So many percent more than the base price; this or `amount_minor`.
    #[schema(inline)]
    percent: Option<Percent>,
    /// So much more, in minor units; this or `percent`.
    #[schema(inline)]
    amount_minor: Option<Amount>,
}

const fn first() -> Position {
    Whole(0)
}

/// Writes a rule down. It counts at once, for prices that are asked for from now on.
#[utoipa::path(post, path = "/price-rules", tag = "prices", request_body = NewRule, security(("token" = ["money"])),
    responses((status = 201, body = PriceRule)))]
async fn create(write: Write<scope::Money>, body: Body<NewRule>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(write_down(desk, new))).await
}

async fn write_down(desk: Desk<'_>, new: NewRule) -> Result<Reply, Problem> {
    let rule = desk::prices::NewRule {
        name: new.name.texts().ok_or_else(|| Problem::field("name", "write it in it, in en, or in both"))?,
        service: new.service.map(Id::of),
        position: new.position.small(),
        condition: new.condition.check()?,
        change: rule::change(new.percent.map(|percent| percent.0), new.amount_minor.map(|amount| amount.0))?,
    };
    let services: Vec<i64> = rule.service.iter().map(|service| service.0).collect();
    plans::services_known(&mut *desk.conn, "service", &services).await?;
    let id = desk::prices::create(&mut *desk.conn, &rule).await?;
    Reply::made(&PriceRule::from(found(desk.conn, id).await?))
}

async fn found(conn: &mut PgConnection, id: i64) -> Result<desk::prices::PriceRule, Problem> {
    desk::prices::one(conn, id).await?.ok_or_else(|| Problem::unknown("price rule", id))
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PriceRuleChange)]
struct Change {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool)]
    active: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Position)]
    position: Option<Position>,
}

/// Moves a rule, or says whether it counts.
#[utoipa::path(patch, path = "/price-rules/{id}", tag = "prices", params(ById), request_body = Change,
    security(("token" = ["money"])), responses((status = 200, body = PriceRule)))]
async fn change(write: Write<scope::Money>, At(id): At<i64>, body: Body<Change>) -> Result<Response, Problem> {
    write.run(body, move |desk, change| Box::pin(make(desk, id, change))).await
}

async fn make(desk: Desk<'_>, id: i64, change: Change) -> Result<Reply, Problem> {
    desk::prices::change(&mut *desk.conn, id, change.active, change.position.map(Whole::small)).await?;
    Reply::ok(&PriceRule::from(found(desk.conn, id).await?))
}

/// Takes a rule away. Prices that were told before keep its name and its share.
#[utoipa::path(delete, path = "/price-rules/{id}", tag = "prices", params(ById), security(("token" = ["money"])),
    responses((status = 204)))]
async fn remove(write: Write<scope::Money>, At(id): At<i64>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(forget(desk, id))).await
}

async fn forget(desk: Desk<'_>, id: i64) -> Result<Reply, Problem> {
    if desk::prices::remove(desk.conn, id).await? {
        Ok(Reply::nothing())
    } else {
        Err(Problem::unknown("price rule", id))
    }
}
