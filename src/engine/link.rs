//! The connection of a task that talks to the database all the time.
//!
//! A session of its own has the plans of its few statements, and a pool would ask the server after each use whether the
//! connection is still good (sqlx 0.9, `sqlx-core/src/pool/connection.rs`, `return_to_pool`): a round trip more.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use sqlx::{Connection, PgConnection, PgPool, Postgres, pool::PoolConnection};

/// The longest that connecting may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Connects when it is first used, and again after an error.
pub(crate) struct Link {
    pool: PgPool,
    shares: bool,
    held: Option<PgConnection>,
}

/// A connection that goes back with [`Link::keep`]; dropped instead, as after an error, it is closed.
pub(crate) enum Held {
    Own(PgConnection),
    Shared(PoolConnection<Postgres>),
}

impl Link {
    /// To the pool's database, with its options, outside of the pool.
    pub fn own(pool: &PgPool) -> Self {
        Self { pool: pool.clone(), shares: false, held: None }
    }

    /// Any connection of the pool: for tests that live in one transaction.
    pub fn shared(pool: &PgPool) -> Self {
        Self { shares: true, ..Self::own(pool) }
    }

    pub async fn take(&mut self) -> sqlx::Result<Held> {
        if self.shares {
            return self.pool.acquire().await.map(Held::Shared);
        }
        if let Some(held) = self.held.take() {
            return Ok(Held::Own(held));
        }
        let options = self.pool.connect_options();
        let connected = tokio::time::timeout(CONNECT, PgConnection::connect_with(&options)).await;
        connected.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(Held::Own)
    }

    pub fn keep(&mut self, held: Held) {
        if let Held::Own(conn) = held {
            self.held = Some(conn);
        }
    }
}

impl Deref for Held {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Own(conn) => conn,
            Self::Shared(conn) => conn,
        }
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Own(conn) => conn,
            Self::Shared(conn) => conn,
        }
    }
}
