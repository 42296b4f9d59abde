//! Renewing a token: the one request that takes no token but brings one.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Api, family::Pair, input::Body, kind::Kind, problem::Problem, scope::Scope};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(refresh))
}

/// What to renew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Renewal {
    /// The second token of the pair. It is good once.
    refresh_token: String,
}

/// A new pair.
#[derive(Debug, Serialize, ToSchema)]
struct Renewed {
    /// To ask with, as `Authorization: Bearer …`.
    access_token: String,
    /// To renew this pair with.
    refresh_token: String,
    /// How one asks with it: always `Bearer`.
    token_type: &'static str,
    /// How long one can ask with it, in seconds.
    expires_in: i64,
    /// Until when pairs can be renewed.
    refresh_ends_at: DateTime<Utc>,
    /// What it may do.
    scopes: Vec<Scope>,
}

/// Renews a pair of tokens. The token that was sent is of no use afterwards: keep the new one. Sent again within 10 seconds it
/// is refused; later, all tokens that came of the same pair end.
#[utoipa::path(post, path = "/api/tokens/refresh", tag = "tokens", request_body = Renewal,
    responses((status = 200, description = "Done.", body = Renewed)))]
async fn refresh(State(api): State<Api>, body: Body<Renewal>) -> Result<Json<Renewed>, Problem> {
    let now = api.world.clock.now();
    let pair = Pair::renew(&api.world.pool, &body.value.refresh_token, now).await?.ok_or_else(used)?;
    Ok(Json(Renewed {
        access_token: pair.access.expose().to_owned(),
        refresh_token: pair.refresh.expose().to_owned(),
        token_type: "Bearer",
        expires_in: (pair.expires_at - now).num_seconds(),
        refresh_ends_at: pair.ends_at,
        scopes: pair.scopes,
    }))
}

/// Whether it never was, was used, or is too old, nobody learns.
fn used() -> Problem {
    let remedy = "this token renews nothing: send the one of the latest pair, or make a pair with `holdfast token issue --refreshable`";
    Problem::new(Kind::Unauthorized, remedy).about("refresh_token")
}
