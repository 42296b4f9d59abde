//! What is asked for: the query of the box, and the jobs that fit.

use std::str::FromStr;

use engine::inspect::{self, Cursor, Found, Page, Query};
use serde::Deserialize;

use super::subjects;
use crate::console::{failure::Failure, visit::Visit};

/// The address of a list.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    /// The text of the box.
    #[serde(default)]
    pub q: String,
    /// Where the page begins.
    #[serde(default)]
    pub at: Option<String>,
}

/// What came of it.
pub(super) enum Search {
    /// The query is not understood: where, and what helps.
    Unread(String),
    /// Jobs.
    Found(Box<(Query, Found)>),
}

pub(super) async fn search(visit: &Visit, conn: &mut sqlx::PgConnection, asked: &Asked) -> Result<Search, Failure> {
    let query = match Query::parse(&asked.q) {
        Ok(query) => query,
        Err(error) => return Ok(Search::Unread(error.to_string())),
    };
    let only = match subjects::resolve(conn, visit.sight(), &query).await {
        Ok(only) => only,
        Err(Failure::Unfit(why)) => return Ok(Search::Unread(why)),
        Err(other) => return Err(other),
    };
    let cursor = asked.at.as_deref().and_then(|at| Cursor::from_str(at).ok());
    let page = Page { cursor, ..Page::default() };
    let found = inspect::find(conn, visit.sight(), &query, only.as_deref(), &page).await?;
    Ok(Search::Found(Box::new((query, found))))
}
