//! Gives up a place that was held until it is paid.

use adapters::World;
use domain::{After, SeatId, booking};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Gives up a held place, once its time is up.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReleaseHold {
    /// Which place.
    pub seat: SeatId,
}

/// What came of looking whether a time is up.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// There is some left.
    In {
        /// How much.
        seconds: u64,
    },
    /// It was up, or does not count any more.
    Over(After),
}

impl Lapse {
    /// What is left until `until`, if anything is.
    pub(crate) fn left(until: chrono::DateTime<chrono::Utc>, now: chrono::DateTime<chrono::Utc>) -> Option<Self> {
        let left = (until - now).num_milliseconds();
        (left > 0).then(|| Self::In { seconds: left.unsigned_abs().div_ceil(1000) })
    }
}

impl Job<World> for ReleaseHold {
    const NAME: &'static str = "release_hold";
    const POLICY: Policy = crate::LOCAL;
    type Output = Lapse;

    async fn run(self, cx: Cx) -> Outcome<Lapse> {
        let mut tx = begin(&cx).await?;
        let now = cx.world.clock.now();
        let until = booking::held_until(&mut tx, self.seat, cx.parent()).await?;
        if let Some(left) = until.and_then(|until| Lapse::left(until, now)) {
            return cx.finish(tx, left).await;
        }
        let after = match until {
            Some(_) => booking::release_hold(&mut tx, self.seat, now).await?,
            None => None,
        };
        cx.finish(tx, Lapse::Over(after.unwrap_or_default())).await
    }
}
