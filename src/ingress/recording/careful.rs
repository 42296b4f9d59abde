//! Recording what can be recorded of a body of which one update cannot.

use chrono::{DateTime, Utc};
use domain::webhook;
use sqlx::Acquire;

use super::{
    Tx,
    apply::{self, Change},
    retry,
};
use crate::ingress::numbers::Item;

/// Applies one item in a savepoint. What the database refuses for good goes to quarantine: the
/// sender would only repeat the same bytes for a week, and all else in the body would wait with it.
pub(super) async fn apply(tx: &mut Tx, event: i64, item: &Item, now: DateTime<Utc>) -> sqlx::Result<Change> {
    let mut savepoint = tx.begin().await?;
    match apply::item(&mut savepoint, item, now).await {
        Ok(change) => {
            savepoint.commit().await?;
            Ok(change)
        }
        Err(error) => {
            let Some(code) = retry::refused_for_good(&error) else {
                return Err(error);
            };
            savepoint.rollback().await?;
            tracing::error!(event, code, "an update of a webhook cannot be recorded; its body is kept");
            let reason = format!("refused by the database: {code}");
            webhook::quarantine(tx, event, &item.phone_number_id, &reason, now).await?;
            Ok(Change::Nothing)
        }
    }
}
