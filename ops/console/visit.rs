//! One request: who asks, in which language, and what they may.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    Language,
    staff::{
        Account,
        audit::{self, Entry},
        session::Signed,
    },
};
use engine::Sight;
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction, pool::PoolConnection};

use super::{
    Console, Permission,
    failure::Failure,
    shell::{cookie, parts::Times},
    words::Words,
};

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub signed: Signed,
}

/// Whoever asks.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub console: Console,
    pub person: Option<Arc<Person>>,
    pub language: Language,
    pub zone: Tz,
    pub ip: String,
    pub agent: String,
    /// What their last action led to, told once.
    pub flash: Option<String>,
    pub theme: Option<String>,
    /// Their page looks again by itself.
    pub again: bool,
}

impl Visitor {
    /// Whether they have a permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.person.as_ref().is_some_and(|person| {
            let account = &person.signed.account;
            permission.is_of(account.role, account.tenant.is_none())
        })
    }

    pub fn words(&self) -> Words {
        Words(self.language)
    }
}

/// A visit of somebody who has signed in. Extracted by handlers.
#[derive(Clone)]
pub(crate) struct Visit {
    pub visitor: Visitor,
    person: Arc<Person>,
}

impl std::ops::Deref for Visit {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl FromRequestParts<Console> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Console) -> Result<Self, Failure> {
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or(Failure::Forbidden)?;
        let person = visitor.person.clone().ok_or(Failure::Forbidden)?;
        Ok(Self { visitor, person })
    }
}

impl FromRequestParts<Console> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Console) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or(Failure::Forbidden)
    }
}

/// What somebody did, for the audit.
pub(crate) struct Deed {
    /// `noun.verb`, as `job.retry`.
    pub act: &'static str,
    /// What it was done to.
    pub target: String,
    /// Whose it is; none: the whole house's.
    pub tenant: Option<i64>,
    /// Why they say they did it.
    pub reason: Option<String>,
    /// Before and after, ids, filters. No words of customers.
    pub detail: Value,
}

impl Visit {
    pub fn account(&self) -> &Account {
        &self.person.signed.account
    }

    pub fn signed(&self) -> &Signed {
        &self.person.signed
    }

    /// The wall between businesses.
    pub fn sight(&self) -> Sight {
        Sight { tenant: self.account().tenant.map(|tenant| tenant.0) }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.console.clock.now()
    }

    /// Where the words are.
    pub fn words(&self) -> Words {
        self.visitor.words()
    }

    /// How times are shown.
    pub fn times(&self) -> Times {
        Times { now: self.now(), zone: self.zone, words: self.words() }
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<PoolConnection<Postgres>, Failure> {
        Ok(self.console.pool.acquire().await?)
    }

    /// A transaction to act in. Ends with [`Self::done`].
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Failure> {
        Ok(engine::begin(&self.console.pool).await?)
    }

    /// Writes the line of the audit, in the transaction of the deed. Returns its id. Tells its id.
    pub async fn note(&self, tx: &mut Transaction<'static, Postgres>, deed: Deed) -> Result<i64, Failure> {
        let account = self.account();
        let entry = Entry {
            who: Some(account.id),
            who_name: account.name.clone(),
            session: Some(self.signed().session),
            tenant: deed.tenant.or(account.tenant.map(|tenant| tenant.0)),
            act: deed.act,
            target: deed.target,
            reason: deed.reason,
            detail: deed.detail,
            ip: Some(self.ip.clone()),
            request_id: None,
        };
        Ok(audit::note(tx, &entry, self.now()).await?)
    }

    /// Whether the person has just said, by the line of the audit with this id, that they look at `target`.
    pub async fn has_said(
        &self,
        conn: &mut PgConnection,
        id: Option<i64>,
        act: &str,
        target: &str,
    ) -> Result<bool, Failure> {
        let Some(id) = id.filter(|_| self.may(Permission::Reveal)) else { return Ok(false) };
        Ok(audit::granted(conn, id, self.signed().session, act, target, self.now()).await?)
    }

    /// Commits, and wakes workers.
    pub async fn commit(&self, tx: Transaction<'static, Postgres>) -> Result<(), Failure> {
        Ok(self.console.engine.commit(tx).await?)
    }

    /// Back to a page of ours, where `flash` is told: a message of the catalogue, with numbers after colons.
    #[expect(clippy::unused_self, reason = "it reads as what it is: the end of a visit's act")]
    pub fn back(&self, to: &str, flash: &str) -> Response {
        see(to, Some(flash))
    }
}

/// Sends the browser to a page of ours.
pub(crate) fn see(to: &str, flash: Option<&str>) -> Response {
    let mut headers = HeaderMap::new();
    // A path with one slash at its start is ours; anything else might be somebody else's.
    let ours = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n', '\t']);
    let to = if ours { to } else { "/ops" };
    headers.insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/ops")));
    if let Some(flash) = flash {
        cookie::set_flash(&mut headers, flash);
    }
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The name of the person's browser is of no interest to anybody else.
impl std::fmt::Debug for Visitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visitor").finish_non_exhaustive()
    }
}
