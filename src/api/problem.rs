//! What is answered when something was not done: [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).

use std::{fmt::Display, ops::Range};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{CrewId, CustomerId, LocationId, SeatId, SessionId, booking::Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use super::{kind::Kind, scope::Scope};

/// What problems are written as.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";
/// When to ask again after an outage, in seconds.
const RETRY_AFTER: &str = "5";
/// The longest detail, in characters: it may quote what was sent.
const LONGEST: usize = 500;

/// Why something was not done, and what helps.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Names the kind of problem; it never changes.
    #[schema(example = "/problems/full")]
    r#type: String,
    /// The kind in a few words.
    title: &'static str,
    /// As in the answer's first line.
    #[schema(example = 409)]
    status: u16,
    /// What it is this time, and the remedy.
    detail: String,
    /// The field, parameter or header that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What the token would have to be allowed to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    scope: Option<Scope>,
    /// What could be done instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(inline)]
    choices: Vec<Choice>,
    #[serde(skip)]
    #[schema(ignore)]
    kind: Kind,
}

/// Something that stands in the way and could be moved, or that could be had instead.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct Choice {
    #[serde(skip_serializing_if = "Option::is_none")]
    booking: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crew: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

impl Choice {
    /// A booking that could be given up.
    pub fn of_booking(booking: SeatId, customer: CustomerId, places: i32) -> Self {
        Self { booking: Some(booking.0), customer: Some(customer.0), places: Some(places), ..Self::default() }
    }

    /// A session, or somebody's absence, that could be moved.
    pub fn of_clash(session: Option<SessionId>, during: Range<DateTime<Utc>>) -> Self {
        let session = session.map(|session| session.0);
        Self { session, starts_at: Some(during.start), ends_at: Some(during.end), ..Self::default() }
    }

    /// A time that can be had.
    pub fn of_time(crew: CrewId, location: LocationId, starts_at: DateTime<Utc>) -> Self {
        Self { crew: Some(crew.0), location: Some(location.0), starts_at: Some(starts_at), ..Self::default() }
    }
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: Kind, detail: impl Display) -> Self {
        Self {
            r#type: format!("/problems/{}", kind.name()),
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: detail.to_string().chars().take(LONGEST).collect(),
            field: None,
            scope: None,
            choices: Vec::new(),
            kind,
        }
    }

    /// A field, parameter or header that is not as it must be.
    pub fn field(field: impl Into<String>, says: impl Display) -> Self {
        let field: String = field.into().chars().take(LONGEST / 4).collect();
        let problem = Self::new(Kind::Invalid, format_args!("{field}: {says}"));
        Self { field: Some(field), ..problem }
    }

    /// The tenant has no such thing; whether another one has, nobody learns.
    pub fn unknown(what: &str, id: impl Display) -> Self {
        Self::new(Kind::NotFound, format_args!("you have no {what} {id}; look at the list for those that you have"))
    }

    /// The same about what a field of the body names.
    pub fn unknown_in(field: &str, what: &str, id: impl Display) -> Self {
        Self { field: Some(field.to_owned()), ..Self::unknown(what, id) }
    }

    /// The same about another field.
    pub fn about(self, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..self }
    }

    /// The same, with what could be done instead.
    pub fn choices(self, choices: Vec<Choice>) -> Self {
        Self { choices, ..self }
    }

    /// The token lacks a scope.
    pub fn missing_scope(scope: Scope) -> Self {
        let detail = format!("this token lacks the scope {}; use one that has it", scope.name());
        Self { scope: Some(scope), ..Self::new(Kind::MissingScope, detail) }
    }

    /// There is no good token.
    pub fn unauthorized() -> Self {
        Self::new(Kind::Unauthorized, "send a token of yours that has not expired as `Authorization: Bearer …`")
    }

    /// The database is away, or busy.
    pub fn unavailable() -> Self {
        Self::new(Kind::Unavailable, "nothing was changed that you were not told of; ask again in a moment")
    }

    /// Something that must not be.
    pub fn internal() -> Self {
        Self::new(Kind::Internal, "this is our mistake, and it is in our log; asking again may help")
    }

    /// The status that it is told with.
    pub fn status(&self) -> StatusCode {
        self.kind.status()
    }

    /// As it is sent.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        match (&error, code.as_deref()) {
            (sqlx::Error::Database(error), Some("23505")) if error.constraint().is_some_and(is_name) => {
                Self::new(Kind::NameTaken, "choose another name")
            }
            // What gets past the checks of every field is refused by a constraint, or by the type of a column.
            (_, Some(code)) if code.starts_with("22") || code.starts_with("23") => {
                let name = error.as_database_error().and_then(|error| error.constraint()).unwrap_or_default();
                tracing::error!(code, constraint = name, "an input was refused by the database only");
                Self::new(Kind::Invalid, format_args!("the database refuses this ({code} {name}); change the input"))
            }
            (sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_), _) => {
                tracing::error!(%error, "a row is not as it should be");
                Self::internal()
            }
            _ => {
                tracing::warn!(%error, "the database did not do as it was asked");
                Self::unavailable()
            }
        }
    }
}

/// Constraints that keep names apart.
fn is_name(constraint: &str) -> bool {
    ["service_slug_unique", "location_name_unique", "crew_name_unique", "room_name_unique"].contains(&constraint)
}

impl From<engine::EnqueueError> for Problem {
    fn from(error: engine::EnqueueError) -> Self {
        let transient = error.is_transient();
        tracing::error!(error = &error as &dyn std::error::Error, "work could not be put in");
        if transient { Self::unavailable() } else { Self::internal() }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (kind, detail) = match refusal {
            Refusal::Full => {
                (Kind::Full, "take fewer places or another session, or put the customer on the waiting list")
            }
            Refusal::AlreadyBooked => (Kind::AlreadyBooked, "look for it among the customer's bookings"),
            Refusal::SessionCancelled => (Kind::SessionCancelled, "choose another session"),
            Refusal::Started => (Kind::Started, "choose a session that is still to come"),
            Refusal::Closed => (Kind::Closed, "choose a later session; staff may still book"),
            Refusal::NotOpen => (Kind::NotOpen, "choose an earlier session or wait; staff may book now"),
            Refusal::Clash => (Kind::Clash, "choose another time, or give up the other booking first"),
            Refusal::TooLate => {
                (Kind::TooLate, "not all of the price would come back any more; staff may still move it")
            }
            Refusal::PlaceFree => (Kind::PlaceFree, "book it instead of waiting"),
            Refusal::Waiting => (Kind::Waiting, "there is nothing to do"),
            Refusal::Unknown => (Kind::NotFound, "you have no such session; look at the list for those that you have"),
        };
        Self::new(kind, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = Response::new(Body::from(self.json()));
        *answer.status_mut() = self.status();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        match self.kind {
            Kind::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Kind::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
            }
            _ => {}
        }
        answer
    }
}
