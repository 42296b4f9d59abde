//! News of our own messages: how far they came, and so whether their sending is settled.

use adapters::whatsapp::{DeliveryState, DeliveryStatus};
use domain::{
    conversation,
    delivery::{self, Applied, State, Status},
    outbound,
};
use engine::effect;
use sqlx::PgConnection;

/// Moves the message on, and settles the effect of sending it: a status is the evidence that an
/// answer lost on the way is replaced by.
pub(super) async fn apply(conn: &mut PgConnection, number: &str, delivery: &DeliveryStatus) -> sqlx::Result<()> {
    let error = delivery.errors.first();
    let status = Status {
        phone_number_id: number.to_owned(),
        wamid: delivery.wamid.clone(),
        callback: delivery.callback.clone(),
        status: delivery.state.name().to_owned(),
        at: delivery.at,
        error_code: error.and_then(|error| i32::try_from(error.code).ok()),
        body: delivery.raw.clone(),
    };
    let Applied::Message { id, state } = delivery::apply(conn, &status).await? else {
        return Ok(());
    };
    let key = format!("whatsapp:{id}");
    if state != State::Failed {
        effect::confirm(conn, &key, &delivery.wamid).await?;
        return Ok(());
    }
    let reason = error.map_or_else(|| "failed".to_owned(), |error| format!("{} {}", error.code, error.title));
    effect::refuse(conn, &key, &reason).await?;
    if delivery.state == DeliveryState::Failed
        && delivery.errors.iter().any(adapters::whatsapp::ApiError::window_closed)
    {
        let message = outbound::load(conn, id).await?;
        conversation::close_window(conn, message.conversation).await?;
    }
    Ok(())
}
