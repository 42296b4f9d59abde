//! A session is called off: everybody who is booked gets back what they paid, the way they paid it, and hears of it.

use adapters::World;
use domain::{SeatId, SessionId, TenantId, booking::GaveUp, calendar::CalledOff};
use engine::{Job, Outcome, Policy, StepFailure};
use jobs::{CallOff, CancelSeat};
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::follow};

/// Calls a session off, once however often it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallOffSession {
    /// Whose session.
    pub tenant: TenantId,
    /// Which one.
    pub session: SessionId,
    /// Why; for the staff.
    pub reason: String,
}

/// What came of calling a session off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum SessionCalledOff {
    /// It does not take place.
    Done {
        /// What became of each booking.
        people: Vec<Person>,
    },
    /// It has taken place.
    Over,
    /// The tenant has no such session.
    Unknown,
}

/// What became of one booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Which booking.
    pub seat: SeatId,
    /// What became of it.
    #[serde(flatten)]
    pub ended: Ended,
}

/// How a booking ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ended", rename_all = "snake_case")]
pub enum Ended {
    /// It is given up, and what was paid goes back.
    GivenUp,
    /// It was given up before.
    Before,
    /// It stands: somebody has to look.
    Failed {
        /// Why.
        error: String,
    },
}

impl Job<World> for CallOffSession {
    const NAME: &'static str = "call_off_session";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = SessionCalledOff;

    fn key(&self) -> String {
        self.session.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<SessionCalledOff> {
        let tenant = self.tenant;
        let (seats, after) = match cx.step("call_off", CallOff { session: self.session, reason: self.reason }).await? {
            CalledOff::Done { seats, after } => (seats, after),
            CalledOff::Over => return Ok(SessionCalledOff::Over),
            CalledOff::Unknown => return Ok(SessionCalledOff::Unknown),
        };
        follow(&cx, "follow", tenant, after).await?;
        // One who cannot be helped does not keep the others waiting.
        let cancelled =
            cx.steps(seats.iter().map(|seat| (format!("cancel/{seat}"), CancelSeat { seat: *seat }))).await?;
        let mut people = Vec::with_capacity(seats.len());
        for (seat, cancelled) in seats.into_iter().zip(cancelled) {
            let ended = finish(&cx, tenant, seat, cancelled).await?;
            people.push(Person { seat, ended });
        }
        Ok(SessionCalledOff::Done { people })
    }
}

/// Starts what giving up a booking left to do.
async fn finish(cx: &Cx, tenant: TenantId, seat: SeatId, cancelled: Result<GaveUp, StepFailure>) -> Outcome<Ended> {
    match cancelled {
        Ok(GaveUp::Done { after, .. }) => {
            follow(cx, &format!("follow/{seat}"), tenant, after).await?;
            Ok(Ended::GivenUp)
        }
        Ok(_) => Ok(Ended::Before),
        Err(failure) => Ok(Ended::Failed { error: failure.error }),
    }
}
