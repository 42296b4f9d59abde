//! What is sold, by whom, where and when.

mod crew;
mod hours;
mod locations;
mod rooms;
mod services;

use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(services::routes())
        .merge(locations::routes())
        .merge(rooms::routes())
        .merge(crew::routes())
        .merge(hours::routes())
}
