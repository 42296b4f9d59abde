//! A PostgreSQL server of our own, for trying and for small shops.
//!
//! It listens on the loopback only, with a password; it outlives a killed Holdfast and is found
//! again; the last process that uses it stops it. Durability settings stay as PostgreSQL has them.

use std::{fs::File, path::Path, time::Duration};

use anyhow::{Context, bail};
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

mod account;
mod binaries;
mod cluster;
mod home;

use account::Account;
use binaries::Binaries;
use cluster::Cluster;
use home::Home;

/// The owner's role, and the database.
const NAME: &str = "holdfast";

/// A running server, which this process uses.
#[derive(Debug)]
pub struct PrivateServer {
    cluster: Cluster,
    password: String,
    port: u16,
    lease: File,
}

impl PrivateServer {
    /// Makes the server run: finds it running, starts it, or creates it first.
    pub async fn start(data_dir: &Path) -> anyhow::Result<Self> {
        let account = Account::for_server().await?;
        let home = Home::prepare(data_dir, account).await?;
        let turn = home.take_turn().await?;
        let cluster = Cluster::new(home, account).await?;
        let password = cluster.create_if_missing().await?;
        let port = cluster.ensure_running().await?;
        let lease = cluster.home.take_lease()?;
        let server = Self { cluster, password, port, lease };
        server.ensure_database().await?;
        drop(turn);
        Ok(server)
    }

    /// How the owner connects.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username(NAME)
            .password(&self.password)
            .database(NAME)
            .ssl_mode(PgSslMode::Disable)
    }

    /// The same as an address, password included: the server is the reader's own.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://{NAME}:{}@127.0.0.1:{}/{NAME}", self.password, self.port)
    }

    /// Stops the server, unless another process still uses it.
    pub async fn release(self) -> anyhow::Result<()> {
        let turn = self.cluster.home.take_turn().await?;
        self.lease.unlock()?;
        if self.lease.try_lock().is_ok() {
            self.cluster.stop().await?;
        }
        drop(turn);
        Ok(())
    }

    /// Creates the database on the first start. A server that still recovers from a crash refuses
    /// connections for a moment.
    async fn ensure_database(&self) -> anyhow::Result<()> {
        for _ in 0..600 {
            match PgConnection::connect_with(&self.options()).await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) if sqlstate(&error) == "3D000" => return self.create_database().await,
                Err(error) if sqlstate(&error) == "57P03" => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(error).context("the private PostgreSQL does not let us in"),
            }
        }
        bail!("the private PostgreSQL has been recovering for 30 s; see {}", self.cluster.log().display())
    }

    async fn create_database(&self) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect_with(&self.options().database("postgres")).await?;
        sqlx::query("create database holdfast").execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }
}

fn sqlstate(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.map(std::borrow::Cow::into_owned).unwrap_or_default()
}
