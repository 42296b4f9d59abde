//! Gives a booking up that the business cannot honour.

use adapters::World;
use domain::{SeatId, booking::GaveUp, calendar};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Gives up one booking of a session that was called off. Everything that was paid begins to go back, the way it came.
#[derive(Debug, Serialize, Deserialize)]
pub struct CancelSeat {
    /// Which booking.
    pub seat: SeatId,
}

impl Job<World> for CancelSeat {
    const NAME: &'static str = "cancel_seat";
    const POLICY: Policy = crate::LOCAL;
    type Output = GaveUp;

    async fn run(self, cx: Cx) -> Outcome<GaveUp> {
        let mut tx = begin(&cx).await?;
        let gave_up = calendar::cancel_seat(&mut tx, self.seat, cx.world.clock.now()).await?;
        cx.finish(tx, gave_up).await
    }
}
