//! Calls a session off.

use adapters::World;
use domain::{
    SessionId,
    calendar::{self, CalledOff},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Takes a session out of the calendar, and tells whose bookings are to be given up.
#[derive(Debug, Serialize, Deserialize)]
pub struct CallOff {
    /// Which session.
    pub session: SessionId,
    /// Why; for the staff.
    pub reason: String,
}

impl Job<World> for CallOff {
    const NAME: &'static str = "call_off";
    const POLICY: Policy = crate::LOCAL;
    type Output = CalledOff;

    async fn run(self, cx: Cx) -> Outcome<CalledOff> {
        let mut tx = begin(&cx).await?;
        let called_off = calendar::call_off(&mut tx, self.session, &self.reason, cx.world.clock.now()).await?;
        cx.finish(tx, called_off).await
    }
}
