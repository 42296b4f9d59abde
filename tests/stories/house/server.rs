//! The PostgreSQL server that tests share.

use std::{path::Path, str::FromStr};

use holdfast::postgres::PrivateServer;
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use tokio::sync::OnceCell;

/// How to reach the server as a superuser.
///
/// `ops/test` brings one along. Without it the tests start one below `target`, which stays there
/// for the next run.
pub async fn options() -> PgConnectOptions {
    static OPTIONS: OnceCell<PgConnectOptions> = OnceCell::const_new();
    OPTIONS.get_or_init(find).await.clone()
}

async fn find() -> PgConnectOptions {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
    let url = std::env::var("HOLDFAST_TEST_DATABASE_URL");
    match url {
        Ok(url) => PgConnectOptions::from_str(&url).expect("HOLDFAST_TEST_DATABASE_URL is a postgres:// address"),
        Err(_) => ours().await,
    }
}

async fn ours() -> PgConnectOptions {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let server = PrivateServer::start(&tmp.with_file_name("test-postgres")).await.expect("a private server");
    let options = server.options().database("postgres");
    let mut connection = PgConnection::connect_with(&options).await.expect("a connection");
    // Tests may lose everything at a power cut, and would rather not wait for disks.
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let sql = sqlx::AssertSqlSafe(format!("alter system set {setting} = off"));
        connection.execute(sql).await.expect("a setting");
    }
    connection.execute("select pg_reload_conf()").await.expect("a reload");
    options
}
