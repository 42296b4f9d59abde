//! Taking a place.

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::{
    CustomerId, QuoteId, SessionId,
    booking::{self, Told, Via, Wish},
    pricing,
};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Booking, found};
use crate::api::{
    Api,
    input::{Body, Id},
    kind::Kind,
    problem::Problem,
    reply::Reply,
    scope,
    v1::{
        customers,
        sessions::{Places, one_place},
    },
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(book))
}

/// A place that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBooking {
    /// In which session.
    #[schema(inline)]
    session: Id,
    /// For whom.
    #[schema(inline)]
    customer: Id,
    /// For how many.
    #[serde(default = "one_place")]
    #[schema(inline, default = 1)]
    places: Places,
    /// The price that was told; without it, that of now.
    #[schema(inline)]
    quote: Option<Id>,
    /// Staff book until the session begins, and take the money then.
    #[serde(default)]
    #[schema(default = false)]
    staff: bool,
}

/// Takes a place. One that must be paid first is held, and the customer is sent a link.
#[utoipa::path(post, path = "/bookings", tag = "bookings", request_body = NewBooking, security(("token" = ["write"])),
    responses((status = 201, body = Booking)))]
async fn book(write: Write<scope::Bookings>, body: Body<NewBooking>) -> Result<Response, Problem> {
    write.run(body, |desk, wanted| Box::pin(take(desk, wanted))).await
}

async fn take(desk: Desk<'_>, wanted: NewBooking) -> Result<Reply, Problem> {
    let customer = customers::locked(&mut *desk.conn, wanted.customer.of()).await?;
    let told = match wanted.quote {
        Some(quote) => Some(quoted(&mut *desk.conn, quote.of(), customer, &wanted, desk.now).await?),
        None => None,
    };
    let wish = Wish {
        session: wanted.session.of(),
        customer,
        places: wanted.places.small(),
        via: via(wanted.staff),
        told,
        proposal: None,
    };
    let booking = booking::book(&mut *desk.conn, &wish, desk.now).await?;
    answer(desk.conn, booking, ("session", wanted.session.of())).await
}

pub(in crate::api::v1) const fn via(staff: bool) -> Via {
    if staff { Via::Staff } else { Via::Api }
}

/// The price that the customer was told, if it still stands for what is wanted.
async fn quoted(
    conn: &mut PgConnection,
    id: QuoteId,
    customer: CustomerId,
    wanted: &NewBooking,
    now: DateTime<Utc>,
) -> Result<Told, Problem> {
    let quote = pricing::quoted(conn, id, customer).await?.ok_or_else(|| Problem::unknown_in("quote", "quote", id))?;
    let void = |why: &str| Problem::new(Kind::QuoteVoid, format_args!("{why}; ask for a new one"));
    if quote.session.0 != wanted.session.0 || quote.places != wanted.places.small() {
        return Err(void("it was for another session or another number of places"));
    }
    if quote.expires_at <= now {
        return Err(void("it has expired"));
    }
    Ok(Told { total: quote.total, quote: Some(id) })
}

/// What came of a wish for a place. A refusal, too, may leave something to do for others.
pub(super) async fn answer(
    conn: &mut PgConnection,
    booking: booking::Booking,
    (field, session): (&str, SessionId),
) -> Result<Reply, Problem> {
    let reply = match booking.place {
        Ok(place) => {
            let booking = Booking::from(found(conn, place.seat).await?);
            Reply::created(format!("/api/v1/bookings/{}", booking.id), &booking)?
        }
        Err(booking::Refusal::Unknown) => Reply::refused(&Problem::unknown_in(field, "session", session)),
        Err(refusal) => Reply::refused(&refusal.into()),
    };
    Ok(reply.leaving(booking.after))
}
