//! What a handler shows. `guard` puts the frame around it.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::Markup;

/// The places in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Health,
    Jobs,
    Dead,
    Queues,
    Schedules,
    Breakers,
    Bulk,
    Effects,
    Webhooks,
    Why,
    Audit,
    Tenants,
    Staff,
    Account,
    None,
}

/// A screen without its frame.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    pub title: String,
    pub section: Section,
    pub status: StatusCode,
    pub body: Markup,
    /// Whether it looks again by itself when something has changed.
    pub live: bool,
    /// Small: a page with one form.
    pub narrow: bool,
}

impl Screen {
    pub fn new(title: impl Into<String>, section: Section, body: Markup) -> Self {
        Self { title: title.into(), section, status: StatusCode::OK, body, live: false, narrow: false }
    }

    /// It looks again by itself.
    pub fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// It is one form.
    pub fn narrow(self) -> Self {
        Self { narrow: true, ..self }
    }
}

impl IntoResponse for Screen {
    fn into_response(self) -> Response {
        let mut answer = self.status.into_response();
        answer.extensions_mut().insert(Arc::new(self));
        answer
    }
}
