//! What a house decides about its bookings.

use axum::{Json, response::Response};
use domain::desk::{self, settings::Opens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words::WaitlistMode;
use crate::api::{
    Api,
    caller::Read,
    input::{Body, Clock, Told, Whole, present},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

/// The most reminders of one booking.
const REMINDERS: usize = 5;

/// A year.
type Minutes = Whole<0, 525_600>;
/// Ten years.
type Ahead = Whole<1, 3650>;
/// Thirty days.
type Reminder = Whole<1, 43_200>;
/// Ten years.
type Grace = Whole<0, 3650>;
/// A hundred years.
type Retention = Whole<30, 36_500>;
/// A day.
type Short = Whole<1, 1440>;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(current, change))
}

/// What a house decided about its bookings.
#[derive(Debug, Serialize, ToSchema)]
struct Settings {
    /// How many days before its start a session can first be booked; null: whenever it is in the calendar.
    booking_opens_days: Option<i32>,
    /// How many minutes before its start it can no longer be booked.
    booking_closes_minutes: i32,
    /// How long a place that must be paid is held.
    hold_minutes: i32,
    /// How long a price stands.
    quote_minutes: i32,
    waitlist_mode: WaitlistMode,
    /// How long an offered place is held at most.
    claim_minutes: i32,
    /// How many minutes before the start nobody is moved up any more.
    waitlist_cutoff_minutes: i32,
    /// How many minutes before the start a booking is reminded of.
    reminder_minutes: Vec<i32>,
    /// From when on nobody is written to unasked, `HH:MM` by the wall clock.
    quiet_from: String,
    /// Until when.
    quiet_until: String,
    /// How many days credits that come back live on at least.
    credit_grace_days: i32,
    /// How many days what was said is kept.
    retention_days: i32,
}

impl From<desk::settings::Settings> for Settings {
    fn from(settings: desk::settings::Settings) -> Self {
        Self {
            booking_opens_days: settings.booking_opens_days,
            booking_closes_minutes: settings.booking_closes_minutes,
            hold_minutes: settings.hold_minutes,
            quote_minutes: settings.quote_minutes,
            waitlist_mode: settings.waitlist_mode.into(),
            claim_minutes: settings.claim_minutes,
            waitlist_cutoff_minutes: settings.waitlist_cutoff_minutes,
            reminder_minutes: settings.reminder_minutes,
            quiet_from: settings.quiet_from.format("%H:%M").to_string(),
            quiet_until: settings.quiet_until.format("%H:%M").to_string(),
            credit_grace_days: settings.credit_grace_days,
            retention_days: settings.retention_days,
        }
    }
}

/// The settings.
#[utoipa::path(get, path = "/settings", tag = "settings", responses((status = 200, body = Settings)))]
async fn current(read: Read) -> Result<Json<Settings>, Problem> {
    let mut tx = read.begin().await?;
    Ok(Json(desk::settings::load(&mut tx).await?.into()))
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SettingsChange)]
struct Change {
    /// Null: no limit.
    #[serde(default)]
    #[schema(inline, value_type = Option<Ahead>)]
    booking_opens_days: Told<Ahead>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Minutes)]
    booking_closes_minutes: Option<Minutes>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Short)]
    hold_minutes: Option<Short>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Short)]
    quote_minutes: Option<Short>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = WaitlistMode)]
    waitlist_mode: Option<WaitlistMode>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Short)]
    claim_minutes: Option<Short>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Minutes)]
    waitlist_cutoff_minutes: Option<Minutes>,
    /// At most five.
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Vec<Reminder>, max_items = 5)]
    reminder_minutes: Option<Vec<Reminder>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Clock)]
    quiet_from: Option<Clock>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Clock)]
    quiet_until: Option<Clock>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Grace)]
    credit_grace_days: Option<Grace>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Retention)]
    retention_days: Option<Retention>,
}

/// Changes settings, for everything that is decided from now on.
#[utoipa::path(patch, path = "/settings", tag = "settings", request_body = Change, security(("token" = ["money"])),
    responses((status = 200, body = Settings)))]
async fn change(write: Write<scope::Money>, body: Body<Change>) -> Result<Response, Problem> {
    write.run(body, |desk, change| Box::pin(make(desk, change))).await
}

async fn make(desk: Desk<'_>, change: Change) -> Result<Reply, Problem> {
    let reminders = change.reminder_minutes.map(|all| all.into_iter().map(Whole::small).collect::<Vec<_>>());
    if reminders.as_ref().is_some_and(|all| all.len() > REMINDERS) {
        return Err(Problem::field("reminder_minutes", "write at most five"));
    }
    let change = desk::settings::Change {
        booking_opens: match change.booking_opens_days {
            Told::Nothing => None,
            Told::Null => Some(Opens::AtOnce),
            Told::Value(days) => Some(Opens::Days(days.small())),
        },
        booking_closes_minutes: change.booking_closes_minutes.map(Whole::small),
        hold_minutes: change.hold_minutes.map(Whole::small),
        quote_minutes: change.quote_minutes.map(Whole::small),
        waitlist_mode: change.waitlist_mode.map(Into::into),
        claim_minutes: change.claim_minutes.map(Whole::small),
        waitlist_cutoff_minutes: change.waitlist_cutoff_minutes.map(Whole::small),
        reminder_minutes: reminders,
        quiet_from: change.quiet_from.map(|time| time.0),
        quiet_until: change.quiet_until.map(|time| time.0),
        credit_grace_days: change.credit_grace_days.map(Whole::small),
        retention_days: change.retention_days.map(Whole::small),
    };
    desk::settings::change(&mut *desk.conn, &change).await?;
    Reply::ok(&Settings::from(desk::settings::load(desk.conn).await?))
}
