//! Money that goes back.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{
    After, PaymentId, RefundId,
    desk::{self, refunds::Given},
    payments as money,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    payments,
    words::{RefundReason, RefundState},
};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Nothing, Paged, Whole},
    kind::Kind,
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, refund)).routes(routes!(one)).routes(routes!(done))
}

/// A refund.
#[derive(Debug, Serialize, ToSchema)]
struct Refund {
    id: i64,
    payment: i64,
    /// In minor units.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
    reason: RefundReason,
    state: RefundState,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
}

impl From<desk::refunds::Refund> for Refund {
    fn from(refund: desk::refunds::Refund) -> Self {
        Self {
            id: refund.id.0,
            payment: refund.payment.0,
            amount_minor: refund.amount_minor,
            currency: refund.currency,
            reason: refund.reason.into(),
            state: refund.state.into(),
            created_at: refund.created_at,
            settled_at: refund.settled_at,
        }
    }
}

async fn found(conn: &mut PgConnection, id: RefundId) -> Result<desk::refunds::Refund, Problem> {
    desk::refunds::one(conn, id).await?.ok_or_else(|| Problem::unknown("refund", id))
}

/// What went back of a payment, newest first.
#[utoipa::path(get, path = "/payments/{id}/refunds", tag = "payments", params(ById, Paging),
    responses((status = 200, body = Listed<Refund>)))]
async fn list(read: Read, At(id): At<PaymentId>, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Refund>>, Problem> {
    let mut tx = read.begin().await?;
    payments::found(&mut tx, id).await?;
    let rows = desk::refunds::list(&mut tx, id, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// One refund.
#[utoipa::path(get, path = "/refunds/{id}", tag = "payments", params(ById), responses((status = 200, body = Refund)))]
async fn one(read: Read, At(id): At<RefundId>) -> Result<Json<Refund>, Problem> {
    let mut tx = read.begin().await?;
    Ok(Json(found(&mut tx, id).await?.into()))
}

/// In minor units: no business gives back more at one time.
type Amount = Whole<1, 100_000_000_000>;

/// Why the staff gives money back.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Why {
    /// They want to.
    #[default]
    Goodwill,
}

/// Money that is to go back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRefund {
    /// In minor units.
    #[schema(inline)]
    amount_minor: Amount,
    #[serde(default, rename = "reason")]
    #[schema(inline, default = "goodwill")]
    _reason: Why,
}

/// Gives a part of a payment back, the way it came: by card at once, in cash by hand.
#[utoipa::path(post, path = "/payments/{id}/refunds", tag = "payments", params(ById), request_body = NewRefund,
    security(("token" = ["money"])), responses((status = 201, body = Refund)))]
async fn refund(write: Write<scope::Money>, At(id): At<PaymentId>, body: Body<NewRefund>) -> Result<Response, Problem> {
    write.run(body, move |desk, new| Box::pin(give(desk, id, new))).await
}

async fn give(desk: Desk<'_>, payment: PaymentId, new: NewRefund) -> Result<Reply, Problem> {
    match desk::refunds::give(&mut *desk.conn, payment, new.amount_minor.0, desk.now).await? {
        Some(Given::Begun(id)) => {
            let refund = Refund::from(found(desk.conn, id).await?);
            let after = After { refunds: vec![id], ..After::default() };
            Ok(Reply::created(format!("/api/v1/refunds/{id}"), &refund)?.leaving(after))
        }
        Some(Given::TooLarge(left)) => {
            let detail = format!("{left} are left of it, in minor units; give back at most that");
            Err(Problem::new(Kind::RefundTooLarge, detail))
        }
        Some(Given::Disputed) => Err(Problem::new(Kind::Disputed, "wait until that is decided")),
        None => Err(Problem::unknown("payment", payment)),
    }
}

/// Says that the cash was given back.
#[utoipa::path(post, path = "/refunds/{id}/done", tag = "payments", params(ById), security(("token" = ["money"])),
    responses((status = 200, body = Refund)))]
async fn done(write: Write<scope::Money>, At(id): At<RefundId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(settle(desk, id))).await
}

async fn settle(desk: Desk<'_>, id: RefundId) -> Result<Reply, Problem> {
    found(&mut *desk.conn, id).await?;
    if !money::refunded_by_hand(&mut *desk.conn, id, desk.now).await? {
        return Err(Problem::new(Kind::NotByHand, "it goes back by card, or was given back before"));
    }
    Reply::ok(&Refund::from(found(desk.conn, id).await?))
}
