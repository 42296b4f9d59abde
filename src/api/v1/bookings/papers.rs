//! A booking as a file: for the customer's calendar, and to print.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use domain::{
    Language, SeatId, desk,
    documents::{calendar, receipt},
    papers, replies, tenant,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::found;
use crate::api::{
    Api,
    caller::Read,
    input::{At, ById},
    kind::Kind,
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(calendar)).routes(routes!(receipt))
}

/// The booking for the customer's calendar (RFC 5545), in the language of Accept-Language (it, en), else in that of the
/// house.
#[utoipa::path(get, path = "/bookings/{id}/calendar.ics", tag = "bookings", params(ById),
    responses((status = 200, content_type = "text/calendar", body = String)))]
async fn calendar(read: Read, At(id): At<SeatId>) -> Result<Response, Problem> {
    let mut tx = read.begin().await?;
    let language = match read.language() {
        Some(language) => language,
        None => tenant::current(&mut tx).await?.language,
    };
    let event = papers::calendar_event(&mut tx, id, language, read.now()).await?;
    let event = event.ok_or_else(|| Problem::unknown("booking", id))?;
    let name = replies::calendar_filename(language, &id.to_string());
    Ok(file("text/calendar; charset=utf-8", &name, language, calendar::ics(&event).into_bytes()))
}

/// The receipt of what was paid for the booking, as a PDF file, in the language of Accept-Language (it, en), else in that
/// of the customer.
#[utoipa::path(get, path = "/bookings/{id}/receipt.pdf", tag = "bookings", params(ById),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 409)))]
async fn receipt(read: Read, At(id): At<SeatId>) -> Result<Response, Problem> {
    let mut tx = read.begin().await?;
    found(&mut tx, id).await?;
    let issued = match desk::payments::last_for(&mut tx, id).await? {
        Some(payment) => papers::receipt(&mut tx, payment, read.language(), read.now()).await?,
        None => None,
    };
    let issued = issued.ok_or_else(|| Problem::new(Kind::NothingPaid, "ask again once something was paid for it"))?;
    drop(tx);
    let (language, name) = (issued.language, replies::receipt_filename(issued.language, &issued.receipt.number));
    // Choosing the letters of a font takes a while.
    let written = tokio::task::spawn_blocking(move || receipt::pdf(language, &issued.receipt)).await;
    let bytes = written.map_err(|_| Problem::internal())?.map_err(|error| {
        tracing::error!(%error, "a receipt could not be written");
        Problem::internal()
    })?;
    Ok(file("application/pdf", &name, language, bytes))
}

fn file(kind: &'static str, name: &str, language: Language, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LANGUAGE, language.code().to_owned()),
        // The name holds letters, digits, dots and dashes only.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
