//! Days are closed: everything that was to take place on them is called off.

use adapters::World;
use domain::{ClosureId, SessionId, TenantId};
use engine::{Job, Outcome, Policy};
use jobs::FindClosed;
use serde::{Deserialize, Serialize};

use crate::{CallOffSession, Cx, SessionCalledOff};

/// Calls off everything in a closure, once however often it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseDays {
    /// Whose calendar.
    pub tenant: TenantId,
    /// Which closure.
    pub closure: ClosureId,
}

/// What became of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedSession {
    /// Which one.
    pub session: SessionId,
    /// What became of it.
    pub called_off: Result<SessionCalledOff, String>,
}

impl Job<World> for CloseDays {
    const NAME: &'static str = "close_days";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = Vec<ClosedSession>;

    fn key(&self) -> String {
        self.closure.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let tenant = self.tenant;
        let Some(closed) = cx.step("find", FindClosed { closure: self.closure }).await? else { return Ok(Vec::new()) };
        let call_off = |session: &SessionId| {
            let work = CallOffSession { tenant, session: *session, reason: closed.reason.clone() };
            (format!("call_off/{session}"), work)
        };
        let ended = cx.steps(closed.sessions.iter().map(call_off)).await?;
        let called_off = ended.into_iter().map(|ended| ended.map_err(|failure| failure.error));
        let all = closed.sessions.iter().zip(called_off);
        Ok(all.map(|(session, called_off)| ClosedSession { session: *session, called_off }).collect())
    }
}
