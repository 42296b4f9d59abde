//! One change: who may make it, the transaction that it is made in, and what it leaves to do.

use std::{marker::PhantomData, pin::Pin};

use adapters::World;
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::TenantId;
use engine::Job;
use sqlx::{Connection, PgConnection, Postgres, Transaction};
use workflows::FollowUp;

use super::{
    Api,
    caller::Caller,
    idempotency::{self, Seen},
    input::Body,
    kind::Kind,
    problem::Problem,
    reply::Reply,
    scope::Needs,
};

/// A change that is being made.
pub(super) type Doing<'a> = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send + 'a>>;

/// Somebody who may change something; `S` says what that takes.
#[derive(Debug)]
pub(super) struct Write<S> {
    caller: Caller,
    key: Option<String>,
    /// Method and address.
    line: String,
    needs: PhantomData<S>,
}

/// Where a change is made.
pub(super) struct Desk<'a> {
    /// In the transaction of the tenant.
    pub conn: &'a mut PgConnection,
    pub now: DateTime<Utc>,
    pub api: &'a Api,
    tenant: TenantId,
}

impl Desk<'_> {
    /// Puts work in, in the same transaction.
    pub async fn start<J: Job<World>>(&mut self, job: &J) -> Result<(), Problem> {
        self.api.engine.enqueue::<World, J>(&mut *self.conn, self.tenant.0, job).await?;
        Ok(())
    }

    /// Whose desk it is.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }
}

impl<S: Needs> FromRequestParts<Api> for Write<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let caller = Caller::of(&parts.headers, api).await?;
        caller.needs(S::SCOPE)?;
        let key = idempotency::key(&parts.headers)?;
        let line = format!("{} {}", parts.method, parts.uri);
        Ok(Self { caller, key, line, needs: PhantomData })
    }
}

impl<S> Write<S> {
    /// Makes a change in one transaction: the effect, what it leaves to do, and the answer under the request's key.
    pub async fn run<T, F>(self, body: Body<T>, act: F) -> Result<Response, Problem>
    where
        F: for<'a> FnOnce(Desk<'a>, T) -> Doing<'a>,
    {
        let Self { caller, key, line, .. } = self;
        let mut tx = caller.begin().await?;
        let Some(key) = key else {
            let reply = act(caller.desk(&mut tx), body.value).await?;
            return caller.commit(tx, reply).await;
        };
        let request = body.digest(&line);
        match idempotency::look(&mut tx, caller.tenant.id, &key, &request, caller.now).await? {
            Seen::New => {}
            Seen::Answered(reply) => return Ok(reply.replayed()),
            Seen::Other => return Err(Problem::new(Kind::KeyReused, "take a new key for a new request")),
            Seen::UnderWay => return Err(Problem::new(Kind::InProgress, "ask again in a moment for its answer")),
        }
        // What is refused leaves nothing but its answer.
        let mut attempt = tx.begin().await?;
        let reply = match act(caller.desk(&mut attempt), body.value).await {
            Ok(reply) => {
                attempt.commit().await?;
                reply
            }
            Err(problem) if problem.status().is_client_error() => {
                attempt.rollback().await?;
                Reply::refused(&problem)
            }
            Err(problem) => return Err(problem),
        };
        idempotency::keep(&mut tx, &key, &request, &reply, caller.now).await?;
        caller.commit(tx, reply).await
    }
}

impl Caller {
    fn desk<'a>(&'a self, conn: &'a mut PgConnection) -> Desk<'a> {
        Desk { conn, now: self.now, api: &self.api, tenant: self.tenant.id }
    }

    async fn commit(&self, mut tx: Transaction<'static, Postgres>, mut reply: Reply) -> Result<Response, Problem> {
        let (tenant, after) = (self.tenant.id, std::mem::take(&mut reply.after));
        if !after.is_empty() {
            self.desk(&mut tx).start(&FollowUp { tenant, after }).await?;
        }
        self.api.engine.commit(tx).await?;
        Ok(reply.into_response())
    }
}
