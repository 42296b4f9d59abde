//! `holdfast migrate`

use crate::{config, postgres::Database};

/// Applies what is missing, whatever `--migrate` says.
pub async fn run(settings: config::Database) -> anyhow::Result<()> {
    let settings = config::Database { migrate: true, ..settings };
    Database::with(&settings, async |_| {
        tracing::info!("the schema is current");
        Ok(())
    })
    .await
}
