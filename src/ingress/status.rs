//! News of our own messages: how far they came, and so whether their sending is settled.

use adapters::whatsapp::{DeliveryState, DeliveryStatus};
use domain::{
    conversation,
    delivery::{self, Applied, State, Status},
    outbound,
};
use engine::effect;
use sqlx::PgConnection;

/// A status in the domain's terms.
pub(super) fn told(number: &str, delivery: &DeliveryStatus) -> Status {
    Status {
        phone_number_id: number.to_owned(),
        wamid: delivery.wamid.clone(),
        callback: delivery.callback.clone(),
        status: delivery.state.name().to_owned(),
        at: delivery.at,
        error_code: delivery.errors.first().and_then(|error| i32::try_from(error.code).ok()),
        body: delivery.raw.clone(),
    }
}

/// Whether it tells how far a message came, and nothing else.
pub(super) fn is_plain(delivery: &DeliveryStatus) -> bool {
    use DeliveryState::{Delivered, Played, Read, Sent};
    delivery.errors.is_empty() && matches!(delivery.state, Sent | Delivered | Read | Played)
}

/// Moves the message on, and settles the effect of sending it: a status is the evidence that an
/// answer lost on the way is replaced by. Returns whether it told something new.
pub(super) async fn apply(conn: &mut PgConnection, number: &str, delivery: &DeliveryStatus) -> sqlx::Result<bool> {
    let (id, state) = match delivery::apply(conn, &told(number, delivery)).await? {
        Applied::Message { id, state } => (id, state),
        applied => return Ok(applied == Applied::Parked),
    };
    let key = format!("whatsapp:{id}");
    if state != State::Failed {
        effect::confirm(conn, &key, &delivery.wamid).await?;
        return Ok(true);
    }
    let reason =
        delivery.errors.first().map_or_else(|| "failed".to_owned(), |error| format!("{} {}", error.code, error.title));
    effect::refuse(conn, &key, &reason).await?;
    if delivery.state == DeliveryState::Failed
        && delivery.errors.iter().any(adapters::whatsapp::ApiError::window_closed)
    {
        let message = outbound::load(conn, id).await?;
        conversation::close_window(conn, message.conversation).await?;
    }
    Ok(true)
}
