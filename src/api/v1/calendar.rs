//! The calendar is edited: sessions, weekly rules, closed days, absences, appointments.

mod absences;
mod appointments;
mod closures;
mod no;
mod rules;
mod session;

use utoipa_axum::router::OpenApiRouter;

use crate::api::{Api, input::Whole};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(rules::routes())
        .merge(closures::routes())
        .merge(absences::routes())
        .merge(appointments::routes())
}

/// How long a session lasts.
type Minutes = Whole<1, 1440>;
/// All places of a session.
type Capacity = Whole<1, 10_000>;
/// Of one place, in minor units.
type Price = Whole<0, 100_000_000>;
