//! Numbers on what waits, for those who watch: counted by the database up to a bound, never by reading history.

use std::time::Duration;

use crate::Client;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(5);

/// Runs until it is dropped. Every process tells the same numbers.
pub(crate) async fn run(client: Client) {
    let mut next = tokio::time::interval(LOOK);
    next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        next.tick().await;
        if let Err(error) = look(&client).await {
            tracing::debug!(%error, "the gauges stay as they were");
        }
    }
}

async fn look(client: &Client) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"select gauge as "gauge!", label as "label!", what as "what!", value as "value!" from holdfast.measures()"#
    )
    .fetch_all(client.pool())
    .await?;
    for row in rows {
        if row.gauge == "holdfast_strays" && row.value > 0.0 {
            tracing::warn!(rows = row.value, "rows lie in default partitions: nobody made theirs in time");
        }
        metrics::gauge!(row.gauge, vec![metrics::Label::new(row.label, row.what)]).set(row.value);
    }
    Ok(())
}
