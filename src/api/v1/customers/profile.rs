//! One customer.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{
    CustomerId, customer,
    desk::{self, Page},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Customer, Language, addressed, addressed_locked, one};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Name, Told, present},
    problem::Problem,
    reply::Reply,
    scope,
    v1::{plans::Entitlement, words::Source},
    write::{Desk, Write},
};

/// The longest preferences that are sent at one time, in bytes of JSON.
const LONGEST: usize = 4096;
/// Plans that a profile shows; all of them have a list of their own.
const LATEST: i64 = 20;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(read_profile, change))
}

/// What is known of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerProfile)]
struct Profile {
    #[serde(flatten)]
    customer: Customer,
    consent: ConsentState,
    record: Record,
    /// The last twenty plans that they bought, newest first.
    entitlements: Vec<Entitlement>,
}

/// Whether they may be written to unasked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentState)]
struct ConsentState {
    granted: bool,
    /// Where the last word came from, if there was any.
    source: Option<Source>,
    /// When that was.
    at: Option<DateTime<Utc>>,
}

/// How they kept their bookings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerRecord)]
struct Record {
    /// To which they came.
    visits: i64,
    /// To which they did not come.
    no_shows: i64,
    /// Which they gave up so late that it counts as not having come.
    late_cancels: i64,
}

/// What is known of a customer. Who was merged with another customer is found as that one.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(ById), responses((status = 200, body = Profile)))]
async fn read_profile(read: Read, At(id): At<CustomerId>) -> Result<Json<Profile>, Problem> {
    let mut tx = read.begin().await?;
    let id = addressed(&mut tx, id).await?;
    let customer = one(&mut tx, id).await?;
    let known = customer::profile(&mut tx, id, read.now()).await?.ok_or_else(|| Problem::unknown("customer", id))?;
    let bought = desk::plans::bought(&mut tx, id, Page { after: None, limit: LATEST }).await?;
    let (consent, record) = (known.consent, known.record);
    Ok(Json(Profile {
        customer,
        consent: ConsentState {
            granted: consent.opted_out_at.is_none(),
            source: consent.source.map(Source::from),
            at: consent.at,
        },
        record: Record { visits: record.visits, no_shows: record.no_shows, late_cancels: record.late_cancels },
        entitlements: bought.into_iter().map(Entitlement::from).collect(),
    }))
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomerChange)]
struct Change {
    /// Null: it is forgotten.
    #[serde(default)]
    #[schema(inline, value_type = Option<Name>)]
    name: Told<Name>,
    /// Null: the language of the house.
    #[serde(default)]
    #[schema(value_type = Option<Language>)]
    language: Told<Language>,
    /// An object of at most 4096 bytes whose fields you choose. They take the place of those of the same name; null takes
    /// one away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Object)]
    preferences: Option<Map<String, Value>>,
    /// Who is blocked is not moved up in waiting lists, and not written to unasked.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool)]
    blocked: Option<bool>,
}

/// Changes what is known of a customer.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", params(ById), request_body = Change,
    security(("token" = ["write"])), responses((status = 200, body = Customer)))]
async fn change(
    write: Write<scope::Bookings>,
    At(id): At<CustomerId>,
    body: Body<Change>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, change| Box::pin(make(desk, id, change))).await
}

/// The domain reads an empty text as "not known".
fn emptied<T>(told: Told<T>, text: impl FnOnce(T) -> String) -> Option<String> {
    match told {
        Told::Nothing => None,
        Told::Null => Some(String::new()),
        Told::Value(value) => Some(text(value)),
    }
}

async fn make(desk: Desk<'_>, id: CustomerId, change: Change) -> Result<Reply, Problem> {
    let preferences = change.preferences.map(Value::Object);
    if preferences.as_ref().is_some_and(|object| object.to_string().len() > LONGEST) {
        return Err(Problem::field("preferences", "they are longer than 4096 bytes; keep less of it"));
    }
    let id = addressed_locked(&mut *desk.conn, id).await?;
    let change = customer::Change {
        name: emptied(change.name, |name| name.0),
        language: emptied(change.language, |language| language.code().to_owned()),
        preferences,
        blocked: change.blocked,
    };
    match customer::set_profile(&mut *desk.conn, id, &change, desk.now).await? {
        Ok(Some(_)) => Reply::ok(&one(desk.conn, id).await?),
        Ok(None) => Err(Problem::unknown("customer", id)),
        Err(wrong) => {
            Err(wrong.first().map_or_else(Problem::internal, |wrong| Problem::field(wrong.field, &wrong.problem)))
        }
    }
}
