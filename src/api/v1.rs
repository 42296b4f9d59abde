//! Resources, one file each.

mod bookings;
mod calendar;
mod catalog;
mod customers;
mod ledger;
mod payments;
mod plans;
mod prices;
mod privacy;
mod refunds;
mod sessions;
mod settings;
mod terms;
mod waitlist;
mod words;

use utoipa_axum::router::OpenApiRouter;

use super::Api;

/// All of them.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(sessions::routes())
        .merge(calendar::routes())
        .merge(bookings::routes())
        .merge(waitlist::routes())
        .merge(customers::routes())
        .merge(privacy::routes())
        .merge(payments::routes())
        .merge(refunds::routes())
        .merge(plans::routes())
        .merge(terms::routes())
        .merge(prices::routes())
        .merge(catalog::routes())
        .merge(ledger::routes())
        .merge(settings::routes())
}
