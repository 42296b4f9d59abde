//! Who asks, and what they may do.

use std::marker::PhantomData;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use chrono::{DateTime, Utc};
use domain::{Language, tenant};
use sqlx::{Postgres, Transaction};

use super::{
    Api,
    problem::Problem,
    scope::{self, Needs, Scope},
    token::{self, Tenant},
};

/// A program with a good token.
#[derive(Debug)]
pub(super) struct Caller {
    pub api: Api,
    pub tenant: Tenant,
    /// When it asked.
    pub now: DateTime<Utc>,
}

impl Caller {
    /// Who sent this.
    pub async fn of(headers: &HeaderMap, api: &Api) -> Result<Self, Problem> {
        let now = api.world.clock.now();
        let token = bearer(headers).ok_or_else(Problem::unauthorized)?;
        let tenant = token::tenant(&api.world.pool, token, now).await?.ok_or_else(Problem::unauthorized)?;
        Ok(Self { api: api.clone(), tenant, now })
    }

    /// Refuses a token without this scope.
    pub fn needs(&self, scope: Scope) -> Result<(), Problem> {
        if self.tenant.scopes.contains(&scope) { Ok(()) } else { Err(Problem::missing_scope(scope)) }
    }

    /// A transaction that sees the rows of the caller's tenant only.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        tenant::begin(&self.api.world.pool, self.tenant.id).await
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Somebody who reads; `S` says what that takes.
#[derive(Debug)]
pub(super) struct Read<S = scope::Reading> {
    caller: Caller,
    languages: Option<String>,
    needs: PhantomData<S>,
}

impl<S: Needs> FromRequestParts<Api> for Read<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let caller = Caller::of(&parts.headers, api).await?;
        caller.needs(S::SCOPE)?;
        let languages = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self { caller, languages: languages.map(str::to_owned), needs: PhantomData })
    }
}

impl<S> Read<S> {
    /// A transaction that sees the rows of the caller's tenant only.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.caller.begin().await
    }

    /// When it was asked.
    pub fn now(&self) -> DateTime<Utc> {
        self.caller.now
    }

    /// The first language of ours that `Accept-Language` names, the most wanted first.
    pub fn language(&self) -> Option<Language> {
        wanted(self.languages.as_deref()?)
    }
}

fn wanted(header: &str) -> Option<Language> {
    let named = header.split(',').filter_map(|part| {
        let (code, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
        Some((weight, code.trim().parse::<Language>().ok()?))
    });
    // Of two that are wanted alike, the first.
    let best = named.filter(|(weight, _)| *weight > 0.0).reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_of_our_languages_is_taken() {
        for (header, language) in [
            ("it", Some(Language::It)),
            ("fr, en-GB;q=0.8, it;q=0.9", Some(Language::It)),
            ("en, it", Some(Language::En)),
            ("en;q=0, it;q=0.1", Some(Language::It)),
            ("de, *;q=0.5", None),
            ("", None),
            ("it;q=x, en;q=0.2", Some(Language::En)),
        ] {
            assert_eq!(wanted(header), language, "{header}");
        }
    }

    #[test]
    fn a_token_is_read_from_its_header_only() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of("Bearer abc"), Some("abc".to_owned()));
        assert_eq!(of("bearer abc"), Some("abc".to_owned()));
        assert_eq!(of("Basic abc"), None);
        assert_eq!(of("abc"), None);
    }
}
