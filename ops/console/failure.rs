//! What goes wrong, as a page.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::html;

use super::{
    screen::{Screen, Section},
    shell::parts,
    words::Words,
};

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// There is no such thing, or not for this person: the two are told alike.
    NotFound,
    /// This person may not.
    Forbidden,
    /// The request did not come from a page of ours.
    Foreign,
    /// A field cannot be taken: what is wrong with it and what helps, as a message of the catalogue or as text.
    Unfit(String),
    /// The database did not answer.
    Database,
}

pub(crate) type Answer = Result<Response, Failure>;

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "a screen could not be read");
        Self::Database
    }
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Database => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The page that tells of it.
    pub fn screen(&self, words: Words) -> Screen {
        let key = match self {
            Self::NotFound => "failure-not-found",
            Self::Forbidden => "failure-forbidden",
            Self::Foreign => "failure-foreign",
            Self::Unfit(_) => "failure-unfit",
            Self::Database => "failure-database",
        };
        let title = words.say(key);
        let more = match self {
            Self::Unfit(what) => what.clone(),
            _ => words.say(&format!("{key}-more")),
        };
        let body = html! {
            section.card.failure role="alert" {
                p { (parts::said(&more)) }
                p { a.button href="/ops" { (words.say("failure-home")) } }
            }
        };
        Screen { status: self.status(), ..Screen::new(title, Section::None, body) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        // `guard` draws it: here nobody knows the reader's language.
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}
