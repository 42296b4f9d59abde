//! A database of a test's own.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use holdfast::postgres::{migrations, pool};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::OnceCell;

use super::server;

/// A fresh database with the current schema; it goes when the value goes.
pub struct TestDatabase {
    server: PgConnectOptions,
    name: String,
}

impl TestDatabase {
    /// With all migrations applied.
    pub async fn migrated() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let server = server::options().await;
        let template = TEMPLATE.get_or_init(|| template(server.clone())).await;
        Self::create(server, template).await
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        Self::create(server::options().await, "template0").await
    }

    async fn create(server: PgConnectOptions, template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("story_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect_with(&server).await.expect("a connection");
        // A process of the same number may have been killed before it could tidy up.
        run(&mut connection, format!("drop database if exists {name} with (force)")).await;
        run(&mut connection, format!("create database {name} template {template}")).await;
        connection.close().await.expect("an end");
        Self { server, name }
    }

    /// How the owner connects: a superuser, whom row-level security does not hold.
    pub fn owner(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// For a process of its own.
    pub fn url(&self) -> String {
        self.owner().to_url_lossy().to_string()
    }

    /// Connections that see everything.
    pub async fn judge(&self) -> PgPool {
        let options = self.owner().options([("search_path", "public")]);
        PgPoolOptions::new().max_connections(2).connect_with(options).await.expect("a connection")
    }

    /// Connections as the house has them.
    pub async fn pool(&self) -> PgPool {
        pool::open(self.owner(), 16).await.expect("a pool")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if kept() {
            return;
        }
        let (server, sql) = (self.server.clone(), format!("drop database if exists {} with (force)", self.name));
        // The test's own runtime may be ending, so the last word is said on another.
        let ended = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = PgConnection::connect_with(&server).await {
                    connection.execute(AssertSqlSafe(sql)).await.ok();
                }
            });
        });
        ended.join().ok();
    }
}

/// Whether databases stay, to be looked at: `HOLDFAST_TEST_KEEP=1`.
fn kept() -> bool {
    #[expect(clippy::disallowed_methods, reason = "who runs the tests says what stays")]
    std::env::var("HOLDFAST_TEST_KEEP").is_ok()
}

/// The name of a database with the current schema, made by whoever comes first.
async fn template(server: PgConnectOptions) -> String {
    let sums: Vec<u8> = migrations::migrator().iter().flat_map(|migration| migration.checksum.to_vec()).collect();
    let digest = ring::digest::digest(&ring::digest::SHA256, &sums);
    let name = format!("template_{}", hex::encode(&digest.as_ref()[..8]));
    let draft = format!("{name}_draft");

    let mut connection = PgConnection::connect_with(&server).await.expect("a connection");
    run(&mut connection, "select pg_advisory_lock(hashtext('holdfast test template'))".to_owned()).await;
    let known = sqlx::query("select from pg_database where datname = $1").bind(&name);
    if known.fetch_optional(&mut connection).await.expect("an answer").is_none() {
        run(&mut connection, format!("drop database if exists {draft} with (force)")).await;
        run(&mut connection, format!("create database {draft} template template0")).await;
        migrations::run(&server.clone().database(&draft)).await.expect("migrations");
        run(&mut connection, format!("alter database {draft} rename to {name}")).await;
    }
    connection.close().await.expect("an end");
    name
}

async fn run(connection: &mut PgConnection, sql: String) {
    let done = connection.execute(AssertSqlSafe(sql.clone())).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
