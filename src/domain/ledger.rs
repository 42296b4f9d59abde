//! The books: two sides to everything that happens to money, each event once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// Where money is, or what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Account {
    /// With the card provider, ours.
    Card,
    /// In the till.
    Cash,
    /// Earned.
    Sales,
    /// Given back; takes away from what was earned.
    Refunds,
    /// Paid ahead: owed in places.
    Prepaid,
    /// With the card provider, until a dispute is decided.
    Disputed,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Kind {
    Capture,
    Refund,
    RefundFailed,
    CreditsUsed,
    CreditsReturned,
    CreditsLapsed,
    Dispute,
    DisputeWon,
    DisputeLost,
}

/// Books an amount from one account to another: the first is debited, the second credited. The same event again changes
/// nothing.
pub(crate) async fn post(
    conn: &mut PgConnection,
    kind: Kind,
    source: &str,
    (debit, credit, amount_minor): (Account, Account, i64),
    currency: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if amount_minor == 0 {
        return Ok(());
    }
    sqlx::query!(
        "with entry as (
           insert into ledger_entry (kind, source, at) values ($1, $2, $3)
           on conflict on constraint ledger_entry_once do nothing returning id
         )
         insert into ledger_line (entry_id, account, amount_minor, currency)
         select entry.id, side.account, side.amount, $7
         from entry, (values ($4::text, $6::bigint), ($5::text, -$6::bigint)) side(account, amount)",
        kind as Kind,
        source,
        now,
        debit as Account,
        credit as Account,
        amount_minor,
        currency,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What stands on an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// The account.
    pub account: Account,
    /// ISO 4217 code.
    pub currency: String,
    /// Debit is positive, in minor units.
    pub balance_minor: i64,
}

/// All accounts of the tenant. Their sum is nothing, in every currency.
pub async fn balances(conn: &mut PgConnection) -> sqlx::Result<Vec<Balance>> {
    sqlx::query_as!(
        Balance,
        r#"
        select account as "account: Account", currency, sum(amount_minor)::bigint as "balance_minor!"
        from ledger_line group by account, currency order by account, currency
        "#,
    )
    .fetch_all(conn)
    .await
}
