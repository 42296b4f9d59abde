//! The customer's phone in a browser: it shows what WhatsApp would show, and no more.

mod actions;
pub(crate) mod assets;
mod bubble;
mod changes;
mod day;
mod events;
mod file;
mod icons;
mod markup;
mod page;
mod people;
mod phone;
mod roster;
mod taps;

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
    routing::{get, post},
};

pub(crate) use self::changes::Change;
use crate::simulate::Simulators;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Simulators> {
    Router::new()
        .route("/", get(page::show))
        .route("/chat", post(people::add))
        .route("/chat/{customer}/messages", post(actions::write))
        .route("/chat/{customer}/taps", post(actions::tap))
        .route("/chat/{customer}/read", post(actions::read))
        .route("/_sim/whatsapp/events", get(events::stream))
        .route("/_sim/assets/{file}", get(assets::serve))
        .route("/chat/{customer}/files/{id}", get(file::open))
        .layer(map_response(guard))
}

/// What every page of the simulators asks of a browser.
pub(crate) async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let guards = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The address of a chat holds a phone number.
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in guards {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
