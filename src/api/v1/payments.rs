//! Payments.

use axum::Json;
use chrono::{DateTime, Utc};
use domain::{PaymentId, desk};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words::{Method, PaymentState};
use crate::api::{
    Api,
    caller::Read,
    input::{At, ById, Id, Paged},
    page::{Listed, Paging},
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// A payment. Amounts are in minor units.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Payment {
    id: i64,
    customer: i64,
    /// The booking that it is for.
    booking: Option<i64>,
    /// Or the plan of the customer's.
    entitlement: Option<i64>,
    method: Method,
    state: PaymentState,
    /// What is asked for.
    amount_minor: i64,
    /// What was paid.
    captured_minor: i64,
    /// What of that went back or is on its way.
    refunded_minor: i64,
    /// ISO 4217.
    currency: String,
    /// Where it is paid.
    link_url: Option<String>,
    created_at: DateTime<Utc>,
    /// When the link ends.
    expires_at: Option<DateTime<Utc>>,
    captured_at: Option<DateTime<Utc>>,
}

impl From<desk::payments::Payment> for Payment {
    fn from(payment: desk::payments::Payment) -> Self {
        Self {
            id: payment.id.0,
            customer: payment.customer.0,
            booking: payment.booking.map(|seat| seat.0),
            entitlement: payment.entitlement.map(|entitlement| entitlement.0),
            method: payment.method.into(),
            state: payment.state.into(),
            amount_minor: payment.amount_minor,
            captured_minor: payment.captured_minor,
            refunded_minor: payment.refunded_minor,
            currency: payment.currency,
            link_url: payment.link_url,
            created_at: payment.created_at,
            expires_at: payment.expires_at,
            captured_at: payment.captured_at,
        }
    }
}

/// The payment, or that there is none.
pub(super) async fn found(conn: &mut PgConnection, id: PaymentId) -> Result<desk::payments::Payment, Problem> {
    desk::payments::one(conn, id).await?.ok_or_else(|| Problem::unknown("payment", id))
}

/// Which payments.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this customer.
    #[param(inline)]
    customer: Option<Id>,
    /// For this booking.
    #[param(inline)]
    booking: Option<Id>,
    /// That stand so.
    #[param(inline)]
    state: Option<PaymentState>,
}

/// Payments, newest first.
#[utoipa::path(get, path = "/payments", tag = "payments", params(Filter, Paging), responses((status = 200, body = Listed<Payment>)))]
async fn list(read: Read, paged: Paged<Filter, i64>) -> Result<Json<Listed<Payment>>, Problem> {
    let filter = desk::payments::Filter {
        customer: paged.filter.customer.map(Id::of),
        booking: paged.filter.booking.map(Id::of),
        state: paged.filter.state.map(Into::into),
    };
    let mut tx = read.begin().await?;
    let rows = desk::payments::list(&mut tx, filter, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// One payment.
#[utoipa::path(get, path = "/payments/{id}", tag = "payments", params(ById), responses((status = 200, body = Payment)))]
async fn one(read: Read, At(id): At<PaymentId>) -> Result<Json<Payment>, Problem> {
    let mut tx = read.begin().await?;
    Ok(Json(found(&mut tx, id).await?.into()))
}
