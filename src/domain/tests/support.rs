//! A database for one test, and short words for what tests do with it.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Postgres, Transaction};

use crate::booking::{self, Accepted, BookingOffer, Proposed, Turn};
use crate::catalog::Asker;
use crate::customer::Identity;
use crate::inbound::{self, Inbound, Recorded};
use crate::{ConversationId, CustomerId, Language, ProposalId, SessionId, TenantId, demo, tenant};

/// A Saturday morning in Padova.
pub(super) const NOW: &str = "2026-11-21T09:00:00Z";

/// One test's world.
#[derive(Clone)]
pub(super) struct House {
    /// What the application has: a role that owns nothing.
    pub pool: PgPool,
    /// The owner, who sees every row.
    pub owner: PgPool,
    pub tenant: TenantId,
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn now() -> DateTime<Utc> {
    at(NOW)
}

/// Runs a test with a fresh database, which is gone afterwards.
pub(super) async fn with_house<F, Fut>(test: F)
where
    F: FnOnce(House) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let server = server();
    let name = database_name();
    let mut admin = PgConnection::connect_with(&server).await.unwrap();
    admin.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await.unwrap();
    admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    let house = House::open(server.database(&name)).await;
    let outcome = tokio::spawn(test(house.clone())).await;
    house.pool.close().await;
    house.owner.close().await;
    admin.execute(AssertSqlSafe(format!("drop database {name} with (force)"))).await.unwrap();
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

#[expect(clippy::disallowed_methods, reason = "where the tests' server is, is told by the environment")]
fn server() -> PgConnectOptions {
    let url = std::env::var("HOLDFAST_TEST_DATABASE_URL")
        .expect("set HOLDFAST_TEST_DATABASE_URL to a PostgreSQL server that may create databases, or run ops/test");
    url.parse().unwrap()
}

fn database_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("holdfast_domain_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl House {
    async fn open(options: PgConnectOptions) -> Self {
        let owner = PgPoolOptions::new().max_connections(2).connect_with(options.clone()).await.unwrap();
        sqlx::migrate!("../../migrations").run(&owner).await.unwrap();
        let pool = PgPoolOptions::new()
            .max_connections(50)
            .after_connect(|conn, _| Box::pin(async { conn.execute("set role holdfast_app").await.map(drop) }))
            .connect_with(options)
            .await
            .unwrap();
        let tenant = demo::seed(&pool, now()).await.unwrap();
        Self { pool, owner, tenant }
    }

    pub(super) async fn tx(&self) -> Transaction<'static, Postgres> {
        tenant::begin(&self.pool, self.tenant).await.unwrap()
    }

    /// The first session of a service that starts at this UTC time.
    pub(super) async fn session(&self, service: &str, starts_at: &str) -> SessionId {
        sqlx::query_scalar(
            "select s.id from session s join service v on v.id = s.service_id where v.slug = $1 and s.starts_at = $2",
        )
        .bind(service)
        .bind(at(starts_at))
        .fetch_one(&self.owner)
        .await
        .unwrap()
    }

    /// Yoga on Sunday at 19:00, with ten places.
    pub(super) async fn yoga(&self) -> SessionId {
        self.session("yoga", "2026-11-22T18:00:00Z").await
    }

    /// A message of the customer with this phone.
    pub(super) async fn hear(&self, phone: &str, wamid: &str, text: &str) -> Recorded {
        let mut tx = self.tx().await;
        let recorded =
            inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &message(phone, wamid, text), now()).await.unwrap();
        tx.commit().await.unwrap();
        recorded
    }

    /// A customer who has just said hello.
    pub(super) async fn guest(&self, phone: &str) -> Guest {
        match self.hear(phone, &format!("wamid.hello.{phone}"), "ciao").await {
            Recorded::New { conversation, customer, .. } => Guest { conversation, customer },
            Recorded::Duplicate => panic!("{phone} said hello before"),
        }
    }

    /// Offers a session to a guest, in a turn of its own.
    pub(super) async fn offer(&self, guest: Guest, session: SessionId, turn: i64) -> BookingOffer {
        let mut tx = self.tx().await;
        let asker = guest.asker(&mut tx, now()).await;
        let turn = Turn { asker: &asker, conversation: guest.conversation, id: turn };
        let offer = booking::propose_booking(&mut tx, turn, session, 1).await.unwrap();
        tx.commit().await.unwrap();
        offer
    }

    pub(super) async fn proposal(&self, guest: Guest, session: SessionId, turn: i64) -> ProposalId {
        match self.offer(guest, session, turn).await {
            BookingOffer::Proposed(Proposed { proposal_id, .. }) => proposal_id,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn accept(&self, guest: Guest, proposal: ProposalId, now: DateTime<Utc>) -> Accepted {
        let mut tx = self.tx().await;
        let decided = booking::accept(&mut tx, proposal, guest.customer, now).await.unwrap();
        tx.commit().await.unwrap();
        decided.accepted
    }

    /// One number, read as the owner.
    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.owner).await.unwrap()
    }
}

/// A customer in their conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guest {
    pub conversation: ConversationId,
    pub customer: CustomerId,
}

impl Guest {
    pub(super) async fn asker(self, conn: &mut PgConnection, now: DateTime<Utc>) -> Asker {
        Asker::new(conn, self.customer, Language::It, now).await.unwrap()
    }
}

pub(super) fn known(bsuid: &str, phone: &str) -> Identity {
    Identity::new(Some(bsuid), Some(phone), None).unwrap()
}

pub(super) fn message(phone: &str, wamid: &str, text: &str) -> Inbound {
    from(Identity::new(None, Some(phone), None).unwrap(), wamid, text)
}

pub(super) fn from(identity: Identity, wamid: &str, text: &str) -> Inbound {
    Inbound {
        wamid: wamid.to_owned(),
        identity,
        kind: "text".to_owned(),
        text: Some(text.to_owned()),
        payload: None,
        reply_to: None,
        body: json!({ "id": wamid }),
        sent_at: now() - TimeDelta::seconds(2),
    }
}
