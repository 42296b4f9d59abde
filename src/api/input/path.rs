//! The id in an address.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::numbers::Id;
use crate::api::{Api, problem::Problem};

/// The thing that an address names.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct At<T>(pub T);

/// Describes [`At`].
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes what `At` reads")]
pub(in crate::api) struct ById {
    /// A whole number from 1.
    #[param(inline)]
    id: Id,
}

impl<T: From<i64>> FromRequestParts<Api> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let wrong = || Problem::field("id", "write a whole number from 1 to 9223372036854775807");
        let Path(text) = Path::<String>::from_request_parts(parts, api).await.map_err(|_| wrong())?;
        let id = text.parse::<i64>().ok().filter(|id| *id > 0 && !text.starts_with('+'));
        id.map(|id| Self(T::from(id))).ok_or_else(wrong)
    }
}
