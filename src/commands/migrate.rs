//! `holdfast migrate`

use anyhow::ensure;

use crate::{
    config,
    postgres::{Database, migrations},
};

/// Applies what is missing, whatever `--migrate` says; or only looks.
pub async fn run(config::Migrate { check, database }: config::Migrate) -> anyhow::Result<()> {
    let settings = config::Database { migrate: !check, ..database };
    Database::with(&settings, async |database| {
        if !check {
            tracing::info!("the schema is current");
            return Ok(());
        }
        let found = migrations::drift(&database.owner()).await?;
        for (difference, object) in &found {
            println!("{difference}\t{object}");
        }
        ensure!(found.is_empty(), "{} objects of the engine's schema are not as the migrations made them", found.len());
        println!("the engine's schema is as the migrations made it");
        Ok(())
    })
    .await
}
