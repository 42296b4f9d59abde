//! The database: found, or started privately; migrated; and reached as the role that the house
//! works under.

use anyhow::Context;
use sqlx::{PgPool, postgres::PgConnectOptions};

use crate::config;

pub mod migrations;
pub mod pool;
mod private;

pub use private::PrivateServer;

/// A database that answers, and the private server behind it, if there is one.
#[derive(Debug)]
pub struct Database {
    owner: PgConnectOptions,
    private: Option<PrivateServer>,
    connections: u32,
}

impl Database {
    /// Does `work` with the database that `settings` name, or with the private server, after
    /// applying missing migrations, unless told not to. Stops the private server in the end, also
    /// after an error, when this process is the last one to use it.
    pub async fn with<T>(
        settings: &config::Database,
        work: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let database = Self::open(settings).await?;
        let done = database.migrated(settings.migrate, work).await;
        if let Some(server) = database.private {
            server.release().await?;
        }
        done
    }

    async fn open(settings: &config::Database) -> anyhow::Result<Self> {
        let (owner, private) = if let Some(url) = &settings.url {
            let owner = url.expose().parse();
            (owner.context("DATABASE_URL must look like postgres://user:password@host/name")?, None)
        } else {
            let server = PrivateServer::start(&settings.data_dir).await?;
            (server.options(), Some(server))
        };
        Ok(Self { owner, private, connections: settings.connections })
    }

    async fn migrated<T>(
        &self,
        migrate: bool,
        work: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        if migrate {
            migrations::run(&self.owner).await?;
        }
        work(self).await
    }

    /// Connections of the role that the house works under: neither the owner of the tables nor
    /// free of row-level security.
    pub async fn pool(&self) -> anyhow::Result<PgPool> {
        pool::open(self.owner.clone(), self.connections).await
    }

    /// How the owner of the schema connects.
    #[must_use]
    pub fn owner(&self) -> PgConnectOptions {
        self.owner.clone()
    }

    /// Where the database is, for people and programs. The private server's password is told, since
    /// it is the reader's own; that of another database is not.
    #[must_use]
    pub fn url(&self) -> String {
        if let Some(server) = &self.private {
            return server.url();
        }
        let (user, host, port) = (self.owner.get_username(), self.owner.get_host(), self.owner.get_port());
        format!("postgres://{user}@{host}:{port}/{}", self.owner.get_database().unwrap_or(user))
    }
}
