//! `holdfast tenant`

use anyhow::{anyhow, ensure};
use domain::tenant::{self, NewTenant};
use sqlx::PgPool;

use crate::{
    config::{self, TenantAction, TenantAdd},
    postgres::Database,
};

/// Tells or adds businesses.
pub async fn run(settings: config::Tenant) -> anyhow::Result<()> {
    let database = match &settings.action {
        TenantAction::List(database) => database,
        TenantAction::Add(add) => &add.database,
    };
    Database::with(database, async |database| {
        let pool = database.pool().await?;
        let done = act(&settings.action, &pool).await;
        pool.close().await;
        done
    })
    .await
}

async fn act(action: &TenantAction, pool: &PgPool) -> anyhow::Result<()> {
    match action {
        TenantAction::List(_) => {
            for tenant in tenant::list(pool).await? {
                println!("{}  {}  {}  {}", tenant.slug, tenant.name, tenant.zone, tenant.numbers.join(", "));
            }
        }
        TenantAction::Add(add) => {
            let new = new(add)?;
            let mut tx = engine::begin(pool).await?;
            let id = tenant::add(&mut tx, &new).await.map_err(taken)?;
            tx.commit().await?;
            println!("{} is tenant {id}; `holdfast token issue {0} NAME --scope …` lets a program set it up", add.slug);
        }
    }
    Ok(())
}

/// What is somebody else's already.
fn taken(error: sqlx::Error) -> anyhow::Error {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some("tenant_slug_unique") => anyhow!("SLUG: there is a business of this name; see `holdfast tenant list`"),
        Some("channel_pkey") => {
            anyhow!("--phone-number-id: the number is another business's; see `holdfast tenant list`")
        }
        _ => error.into(),
    }
}

fn new(add: &TenantAdd) -> anyhow::Result<NewTenant> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    ensure!(!add.slug.is_empty() && add.slug.bytes().all(plain), "SLUG: write it with a to z, 0 to 9 and -");
    ensure!(!add.name.trim().is_empty(), "--name: write what customers read");
    let is_code = add.currency.len() == 3 && add.currency.bytes().all(|byte| byte.is_ascii_uppercase());
    ensure!(is_code, "--currency: write an ISO 4217 code like EUR");
    let is_id = !add.phone_number_id.is_empty() && add.phone_number_id.bytes().all(|byte| byte.is_ascii_digit());
    ensure!(is_id, "--phone-number-id: write the digits that Meta shows beside the number");
    Ok(NewTenant {
        slug: add.slug.clone(),
        name: add.name.trim().to_owned(),
        zone: add.zone,
        currency: add.currency.clone(),
        language: add.language,
        phone_number_id: add.phone_number_id.clone(),
        phone: add.phone.clone(),
    })
}
