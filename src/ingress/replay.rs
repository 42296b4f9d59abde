//! Taking in once more what is kept: everything in it is recorded once however often it is told, so that a second look
//! finds only what the first one could not place, such as messages for a number that a business has by now.

use std::sync::Arc;

use adapters::World;
use domain::webhook;
use ops::console::{Replay, Replayed};

use super::{Intake, payments, recording};

/// What stands in the place of what was erased.
const ERASED: &[u8] = b"[erased]";

/// Takes in once more the body that is kept under an id, in one transaction, without keeping it anew. What was erased, if
/// only a part, is gone: what was forgotten does not come back.
pub fn replay(world: World, engine: engine::Client) -> Replay {
    let intake = Intake::new(world, engine);
    Arc::new(move |event| {
        let intake = intake.clone();
        Box::pin(async move { intake.replay(event).await })
    })
}

impl Intake {
    async fn replay(&self, event: i64) -> anyhow::Result<Replayed> {
        let body = webhook::body(&mut *self.world.pool.acquire().await?, event).await?;
        let Some(body) = body.filter(|body| !body.windows(ERASED.len()).any(|part| part == ERASED)) else {
            return Ok(Replayed::Gone);
        };
        if is_of_payments(&body) {
            return Ok(match payments::again(self, &body).await? {
                Some("recorded") => Replayed::Applied,
                Some(_) => Replayed::NothingNew,
                None => Replayed::Unreadable,
            });
        }
        Ok(match recording::again(self, event, &body).await? {
            recording::Outcome::Recorded => Replayed::Applied,
            recording::Outcome::Repeated => Replayed::NothingNew,
            recording::Outcome::Unreadable => Replayed::Unreadable,
        })
    }
}

/// The payment provider tells of one object, and of what type its news is.
fn is_of_payments(body: &[u8]) -> bool {
    let told: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    told.get("type").is_some() && told.pointer("/data/object").is_some()
}
