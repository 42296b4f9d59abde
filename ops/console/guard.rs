//! The door of every route: who comes in, whether they may, and the frame around what they see.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Language, staff::session::Signed};

use super::{
    Console, Needs,
    failure::Failure,
    live, origin,
    screen::Screen,
    sessions,
    shell::{cookie, frame},
    visit::{Person, Visitor},
    words::Words,
};

/// The header of a page that looks again by itself.
const AGAIN: &str = "x-holdfast-again";

pub(super) async fn guard(
    State((console, needs)): State<(Console, Needs)>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match visitor(&console, request.headers().clone(), address(&request)).await {
        Ok(visitor) => visitor,
        Err(error) => return Failure::from(error).screen(Words(Language::En)).into_response(),
    };
    let uri = request.uri().clone();
    if uri.path_and_query().is_some_and(|asked| asked.as_str().contains("%00")) {
        // No text of ours holds it, and PostgreSQL takes none that does.
        return finish(&visitor, uri.path(), Failure::NotFound.into_response());
    }
    if !origin::is_ours(request.method(), request.headers()) {
        return finish(&visitor, uri.path(), Failure::Foreign.into_response());
    }
    if let Some(refusal) = refusal(&visitor, needs, request.method(), &uri) {
        return finish(&visitor, uri.path(), refusal);
    }
    let again = request.method() == Method::GET && is_again(request.headers());
    request.extensions_mut().insert(visitor.clone());
    let answer = if again {
        // All tabs that show the same thing to the same eyes share one look.
        live::shared(&console, &visitor, &uri, next.run(request)).await
    } else {
        next.run(request).await
    };
    finish(&visitor, &uri.to_string(), answer)
}

fn is_again(headers: &HeaderMap) -> bool {
    headers.contains_key(AGAIN)
}

async fn visitor(console: &Console, headers: HeaderMap, ip: String) -> sqlx::Result<Visitor> {
    let headers = &headers;
    let signed = match cookie::read(headers, cookie::session(console)) {
        Some(token) => sessions::signed(console, &token, is_again(headers)).await?,
        None => None,
    };
    Ok(Visitor {
        language: language(signed.as_ref(), headers),
        zone: console.settings.zone,
        console: console.clone(),
        ip,
        agent: agent(headers),
        flash: cookie::read(headers, cookie::FLASH),
        theme: cookie::read(headers, cookie::THEME),
        again: is_again(headers),
        person: signed.map(|signed| Arc::new(Person { signed })),
    })
}

/// A person's own language; else the one their browser asks for.
fn language(signed: Option<&Signed>, headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let of_browser = || asked.split(',').find_map(|part| part.split(';').next()?.trim().parse().ok());
    signed.map(|signed| signed.account.language).or_else(of_browser).unwrap_or(Language::En)
}

/// Where the request came from. Only a proxy on this machine is believed when it names somebody else.
fn address(request: &Request) -> String {
    let peer = request.extensions().get::<std::net::SocketAddr>();
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let named =
        forwarded.and_then(|list| list.rsplit(',').next()).and_then(|ip| ip.trim().parse::<std::net::IpAddr>().ok());
    match (peer, named) {
        (Some(peer), Some(named)) if peer.ip().is_loopback() => named.to_string(),
        (Some(peer), _) => peer.ip().to_string(),
        (None, _) => "unknown".to_owned(),
    }
}

fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    agent.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// What somebody gets who may not come in.
fn refusal(visitor: &Visitor, needs: Needs, method: &Method, uri: &axum::http::Uri) -> Option<Response> {
    match (needs, &visitor.person) {
        (Needs::Nobody, _) | (Needs::SignedIn, Some(_)) => None,
        (_, None) if *method == Method::GET => {
            let wanted = uri.path_and_query().map_or("/ops", |path| path.as_str());
            let to = format!("/ops/sign-in?next={}", super::shell::link::escape(wanted));
            Some(Redirect::to(&to).into_response())
        }
        (_, None) => Some((StatusCode::UNAUTHORIZED, Failure::Forbidden).into_response()),
        (Needs::May(permission), Some(_)) if visitor.may(permission) => None,
        (Needs::May(_), Some(_)) => Some(Failure::Forbidden.into_response()),
    }
}

/// Puts the frame around a screen or a failure.
fn finish(visitor: &Visitor, address: &str, mut answer: Response) -> Response {
    let screen = match (answer.extensions_mut().remove::<Arc<Screen>>(), answer.extensions_mut().remove::<Failure>()) {
        (Some(screen), _) => screen,
        (None, Some(failure)) => Arc::new(failure.screen(Words(visitor.language))),
        // An address that no handler can read leads nowhere.
        (None, None) if answer.status() == StatusCode::BAD_REQUEST => {
            Arc::new(Failure::NotFound.screen(Words(visitor.language)))
        }
        (None, None) => return answer,
    };
    let (mut parts, _) = answer.into_parts();
    // Who has not signed in is told so, on the page that tells that they may not.
    if parts.status != StatusCode::UNAUTHORIZED {
        parts.status = screen.status;
    }
    parts.headers.insert(header::CONTENT_TYPE, axum::http::HeaderValue::from_static("text/html; charset=utf-8"));
    if visitor.flash.is_some() {
        cookie::clear(&mut parts.headers, cookie::FLASH);
    }
    Response::from_parts(parts, Body::from(frame::draw(visitor, &screen, address).into_string()))
}
