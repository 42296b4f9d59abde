//! Every route of the console, with what it needs.

use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::Method,
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect},
    routing::{MethodRouter, get, on},
};
use tower_http::limit::RequestBodyLimitLayer;

use super::{
    Console, Permission, access, assets, audit, breakers, bulk, dead, effects, failure, guard, health, jobs, live,
    origin, queues, schedules, tenants, webhooks, why,
};

/// The longest body that a form has, in bytes: a job's arguments have at most 1 MiB, and quoting may triple them.
const LONGEST: usize = 4 * 1024 * 1024;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody: the door itself.
    Nobody,
    /// Somebody who has signed in.
    SignedIn,
    /// Somebody with this permission.
    May(Permission),
}

/// One route.
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Where, with `{id}` and the like in it.
    pub path: &'static str,
    /// Who may.
    pub needs: Needs,
    handler: MethodRouter<Console>,
}

/// Shows something.
pub(super) fn show<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, Console>,
    T: 'static,
{
    Route { method: Method::GET, path, needs, handler: get(handler) }
}

/// Changes something.
pub(super) fn act<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, Console>,
    T: 'static,
{
    let filter = axum::routing::MethodFilter::POST;
    Route { method: Method::POST, path, needs, handler: on(filter, handler) }
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Route> {
    let screens = [
        health::routes(),
        queues::routes(),
        schedules::routes(),
        breakers::routes(),
        tenants::routes(),
        jobs::routes(),
        access::routes(),
        dead::routes(),
        bulk::routes(),
        effects::routes(),
        webhooks::routes(),
        audit::routes(),
        why::routes(),
        live::routes(),
    ];
    screens.into_iter().flatten().collect()
}

pub(super) fn router(console: Console) -> Router {
    let mut router = Router::new().route("/", get(async || Redirect::to("/ops")));
    for route in all() {
        let guarded = from_fn_with_state((console.clone(), route.needs), guard::guard);
        router = router.route(route.path, route.handler.layer(guarded));
    }
    router
        .route("/ops/", get(async || Redirect::to("/ops")))
        .route("/ops/assets/{file}", get(assets::serve))
        .route(
            "/ops/{*nowhere}",
            get(nowhere).fallback(nowhere).layer(from_fn_with_state((console.clone(), Needs::SignedIn), guard::guard)),
        )
        .layer(RequestBodyLimitLayer::new(LONGEST))
        .layer(axum::middleware::map_response(origin::headers))
        .with_state(console)
}

async fn nowhere(_: Request) -> impl IntoResponse {
    failure::Failure::NotFound
}
