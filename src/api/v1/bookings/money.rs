//! Money for a booking: by a link, or in cash.

use axum::response::Response;
use domain::{
    SeatId,
    desk::{
        self,
        cash::{Cash, Owed},
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use workflows::CollectPayment;

use super::found;
use crate::api::{
    Api,
    input::{At, Bare, ById},
    kind::Kind,
    problem::Problem,
    reply::Reply,
    scope,
    v1::payments::{self, Payment},
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(take))
}

/// What the customer is asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentRequest)]
struct Asked {
    booking: i64,
    /// In minor units.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
}

/// Sends the customer a link through which the booking is paid. A link that is on its way is not sent again.
#[utoipa::path(post, path = "/bookings/{id}/payment-link", tag = "payments", params(ById), security(("token" = ["money"])),
    responses((status = 202, body = Asked)))]
async fn ask(write: Write<scope::Money>, At(id): At<SeatId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(send_link(desk, id))).await
}

async fn send_link(mut desk: Desk<'_>, id: SeatId) -> Result<Reply, Problem> {
    if !desk.api.world.settings.takes_cards {
        return Err(Problem::new(Kind::NoCards, "take cash, or set up the payment provider"));
    }
    let amount = match desk::cash::owed(&mut *desk.conn, id).await? {
        Some(Owed::Amount(amount)) => amount,
        Some(owed) => return Err(nothing(&owed)),
        None => return Err(Problem::unknown("booking", id)),
    };
    let work = CollectPayment { tenant: desk.tenant(), seat: id };
    desk.start(&work).await?;
    Reply::accepted(&Asked { booking: id.0, amount_minor: amount.minor, currency: amount.currency })
}

/// Why nothing is to be paid.
fn nothing(owed: &Owed) -> Problem {
    match owed {
        Owed::Offered => Problem::new(Kind::Offered, "book the same session for the customer first"),
        Owed::Cancelled => Problem::new(Kind::AlreadyCancelled, "nothing is to be paid for it"),
        Owed::Nothing | Owed::Amount(_) => Problem::new(Kind::NothingOwed, "it is paid, or costs nothing"),
    }
}

/// Takes all that is owed for a booking in cash.
#[utoipa::path(post, path = "/bookings/{id}/cash", tag = "payments", params(ById), security(("token" = ["money"])),
    responses((status = 201, body = Payment)))]
async fn take(write: Write<scope::Money>, At(id): At<SeatId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(take_cash(desk, id))).await
}

async fn take_cash(desk: Desk<'_>, id: SeatId) -> Result<Reply, Problem> {
    found(&mut *desk.conn, id).await?;
    match desk::cash::take(&mut *desk.conn, id, desk.now).await? {
        Some(Cash::Taken { payment, after }) => {
            let payment = payments::found(desk.conn, payment).await?;
            Ok(Reply::created(format!("/api/v1/payments/{}", payment.id), &Payment::from(payment))?.leaving(after))
        }
        Some(Cash::Not(owed)) => Err(nothing(&owed)),
        None => Err(Problem::unknown("booking", id)),
    }
}
