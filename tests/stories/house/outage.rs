//! The database is away.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::Story;

impl Story {
    /// Nobody gets a connection any more, and those of the house break.
    pub async fn cut_off(&self) {
        self.allow_connections(false).await;
        let others = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                      where datname = current_database() and pid <> pg_backend_pid() and application_name = 'holdfast'";
        self.judge.number(others).await;
    }

    /// The database is there again. Connections that broke meanwhile are found out one by one.
    pub async fn reconnect(&self) {
        self.allow_connections(true).await;
    }

    async fn allow_connections(&self, allowed: bool) {
        let here = self.judge.pool.connect_options();
        let name = here.get_database().expect("a database");
        let elsewhere = here.as_ref().clone().database("postgres");
        let mut server = PgConnection::connect_with(&elsewhere).await.unwrap();
        let sql = format!("alter database {name} allow_connections {allowed}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
    }
}
