//! What programs of a tenant may ask and do, with a token: JSON under `/api/v1`, described by `/openapi.json`.

use std::{sync::Arc, time::Duration};

use adapters::World;
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::json;
use tokio::time::timeout;

mod caller;
mod document;
mod family;
mod idempotency;
mod input;
mod kind;
mod page;
mod problem;
mod refresh;
mod reply;
mod scope;
mod token;
mod v1;
mod write;

pub use family::Pair;
pub use scope::Scope;
pub use token::{Grant, Token};

use caller::Caller;
use kind::Kind;
use problem::Problem;

/// Where it all is.
const PREFIX: &str = "/api/v1";
/// How long an answer may take. Nothing here waits for anybody outside.
const DEADLINE: Duration = Duration::from_secs(40);

/// What the API needs.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    world: Arc<World>,
    engine: engine::Client,
}

/// Everything under `/api`, and its description.
pub fn routes(world: World, engine: engine::Client) -> anyhow::Result<Router> {
    let api = Api { world: Arc::new(world), engine };
    let (v1, paths) = v1::routes().split_for_parts();
    let (tokens, renewal) = refresh::routes().split_for_parts();
    let document: Arc<str> = document::of(paths, renewal)?.into();
    let v1 = v1.fallback(nowhere).method_not_allowed_fallback(not_so);
    let told = Router::new().route("/openapi.json", get(async move || openapi(&document)));
    Ok(Router::new()
        .route("/api/me", get(me))
        .merge(tokens.method_not_allowed_fallback(not_so))
        .nest(PREFIX, v1)
        .route(&format!("{PREFIX}/"), any(nowhere))
        .layer(middleware::from_fn(around))
        .with_state(api)
        .merge(told))
}

fn openapi(document: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.to_owned()).into_response()
}

/// Whose token it is.
async fn me(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let tenant = Caller::of(&headers, &api).await?.tenant;
    let scopes: Vec<_> = tenant.scopes.iter().map(|scope| scope.name()).collect();
    Ok(Json(json!({ "slug": tenant.slug, "name": tenant.name, "scopes": scopes })).into_response())
}

async fn nowhere() -> Problem {
    Problem::new(Kind::NotFound, "there is nothing at this address; /openapi.json lists what there is")
}

async fn not_so() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "the header Allow lists what can be done here")
}

/// Nobody waits for ever, and nobody on the way keeps a copy.
async fn around(request: Request, next: Next) -> Response {
    let mut answer = timeout(DEADLINE, next.run(request)).await.unwrap_or_else(|_| {
        tracing::error!("an answer took too long");
        Problem::unavailable().into_response()
    });
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    metrics::counter!("holdfast_api_requests_total", "status" => answer.status().as_u16().to_string()).increment(1);
    answer
}
