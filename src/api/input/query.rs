//! The parameters of an address.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    Json,
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use domain::desk::Page;
use serde::de::DeserializeOwned;

use super::{fields, text::Text};
use crate::api::{
    Api,
    page::{Key, Listed, Window},
    problem::Problem,
};

/// The longest value, in bytes.
const LONGEST: usize = 512;

/// Parameters, each once.
type Given = BTreeMap<String, String>;

/// What is asked.
#[derive(Debug)]
pub(in crate::api) struct Ask<F>(pub F);

/// What is asked of a list, and which part of it.
#[derive(Debug)]
pub(in crate::api) struct Paged<F, K> {
    /// Which rows.
    pub filter: F,
    window: Window<K>,
}

impl<F, K: Key> Paged<F, K> {
    /// The part to read.
    pub fn page(&self) -> Page<K> {
        self.window.page()
    }

    /// The answer. `key` says how a row is found.
    pub fn listed<R, T: From<R>>(&self, rows: Vec<R>, key: impl Fn(&R) -> K) -> Json<Listed<T>> {
        self.window.listed(rows, key)
    }
}

impl<F: DeserializeOwned> FromRequestParts<Api> for Ask<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        filter(given(parts)?).map(Self)
    }
}

impl<F: DeserializeOwned, K: Key> FromRequestParts<Api> for Paged<F, K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let mut given = given(parts)?;
        let (limit, after) = (given.remove("limit"), given.remove("after"));
        let window = Window::new(limit.as_deref(), after.as_deref())?;
        Ok(Self { filter: filter(given)?, window })
    }
}

fn filter<F: DeserializeOwned>(given: Given) -> Result<F, Problem> {
    Ok(fields::read(given.into_iter().map(|(name, value)| (name, Text(value))))?)
}

fn given(parts: &Parts) -> Result<Given, Problem> {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let Query(pairs) = pairs.map_err(|_| Problem::field("query", "write name=value, joined by &"))?;
    let mut given = Given::new();
    for (name, value) in pairs {
        if let Some(problem) = odd(&name, &value) {
            return Err(Problem::field(printable(&name), problem));
        }
        if given.insert(name.clone(), value).is_some() {
            return Err(Problem::field(name, "it is given twice; give it once"));
        }
    }
    Ok(given)
}

fn odd(name: &str, value: &str) -> Option<&'static str> {
    if value.len() > LONGEST {
        Some("it is longer than 512 bytes; shorten it")
    } else if value.contains('\0') || name.contains('\0') {
        Some("it holds a NUL; remove it")
    } else {
        None
    }
}

fn printable(name: &str) -> Cow<'_, str> {
    if name.contains('\0') { name.replace('\0', "\u{fffd}").into() } else { name.into() }
}
