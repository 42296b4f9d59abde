//! What programs of a tenant may ask, with a token.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use sqlx::PgPool;

mod token;

pub use token::Token;

/// `GET /api/me` tells whose token it is.
pub fn routes(pool: PgPool) -> Router {
    Router::new().route("/api/me", get(me)).with_state(pool)
}

async fn me(State(pool): State<PgPool>, headers: HeaderMap) -> Response {
    match token::tenant(&pool, bearer(&headers)).await {
        Ok(Some(tenant)) => Json(json!({ "slug": tenant.slug, "name": tenant.name })).into_response(),
        Ok(None) => {
            let remedy = json!({ "error": "send a token of yours as `Authorization: Bearer …`" });
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], Json(remedy)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a token could not be looked up");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}
