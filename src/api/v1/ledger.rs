//! The books.

use axum::Json;
use domain::ledger;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words::Account;
use crate::api::{Api, caller::Read, problem::Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(balances))
}

/// What stands on an account.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "these are the names of the wire")]
struct Balance {
    account: Account,
    /// ISO 4217.
    currency: String,
    /// Debit is positive, in minor units.
    balance_minor: i64,
}

/// All accounts.
#[derive(Debug, Serialize, ToSchema)]
struct Balances {
    /// Their sum is nothing, in every currency.
    balances: Vec<Balance>,
}

/// What stands on every account.
#[utoipa::path(get, path = "/ledger/balances", tag = "ledger", responses((status = 200, body = Balances)))]
async fn balances(read: Read) -> Result<Json<Balances>, Problem> {
    let mut tx = read.begin().await?;
    let told = ledger::balances(&mut tx).await?.into_iter().map(|balance| Balance {
        account: balance.account.into(),
        currency: balance.currency,
        balance_minor: balance.balance_minor,
    });
    Ok(Json(Balances { balances: told.collect() }))
}
