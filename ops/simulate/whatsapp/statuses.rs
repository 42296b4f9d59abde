//! Status webhooks: how a message's course is told to the business.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::{customers::Customer, envelope, error::title, log::Sent};
use crate::simulate::{
    Simulators,
    chat::Change,
    faults::{Kind, Target},
};

/// Between two statuses of one message, as on a good network.
const PACE: Duration = Duration::from_millis(150);

/// How the statuses of one message come, as the faults in force at its acceptance want it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The first status is told before the send is answered.
    pub(crate) before_response: bool,
    delay: Duration,
    /// How often each status is told.
    times: usize,
    /// What comes by itself; `read` waits for the customer.
    first: &'static [&'static str],
    /// Each status waits for the one before it.
    in_order: bool,
    /// Why the message fails after all.
    failed: Option<i64>,
}

impl Plan {
    pub(crate) fn draw(simulators: &Simulators, to: &str) -> Self {
        let strike = |kind| simulators.faults().strike(Target::Whatsapp, kind, Some(to));
        let delay = strike(Kind::StatusDelayMs).and_then(|fault| fault.ms);
        let failed = strike(Kind::StatusFailed).and_then(|fault| fault.code);
        let in_order = strike(Kind::StatusShuffle).is_none();
        let silent = strike(Kind::NoStatus).is_some();
        Self {
            before_response: strike(Kind::StatusBeforeResponse).is_some(),
            delay: Duration::from_millis(delay.unwrap_or_default()),
            times: 1 + usize::from(strike(Kind::StatusDuplicate).is_some()),
            first: match failed {
                _ if silent => &[],
                Some(_) => &["failed"],
                None if in_order => &["sent", "delivered"],
                None => &["delivered", "sent"],
            },
            in_order,
            failed,
        }
    }

    fn is_silent(&self) -> bool {
        self.first.is_empty()
    }
}

/// A sent message on its way through its statuses.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) wamid: String,
    pub(crate) plan: Plan,
    number: String,
    opaque: Option<String>,
    phone: Option<String>,
    user_id: String,
    /// Held while a status is told, so that `read` waits for `delivered`.
    turn: Arc<Mutex<()>>,
}

impl Course {
    pub(crate) fn new(sent: &Sent, to: &Customer, plan: Plan) -> Self {
        Self {
            wamid: sent.wamid.clone(),
            plan,
            number: sent.number.clone(),
            opaque: sent.opaque().map(str::to_owned),
            phone: to.visible_phone().map(str::to_owned),
            user_id: to.user_id.clone(),
            turn: Arc::default(),
        }
    }

    pub(crate) fn reaches_phone(&self) -> bool {
        self.plan.failed.is_none()
    }

    async fn tell(&self, simulators: &Simulators, status: &str) {
        let webhook = envelope::wrap(simulators.settings(), &self.number, self.value(simulators, status));
        for _ in 0..self.plan.times {
            simulators.courier().deliver(&webhook).await;
        }
    }

    fn value(&self, simulators: &Simulators, status: &str) -> Value {
        let mut told = json!({
            "id": self.wamid,
            "status": status,
            "timestamp": simulators.now().timestamp().to_string(),
            "recipient_user_id": self.user_id,
        });
        if let Some(phone) = &self.phone {
            told["recipient_id"] = phone.as_str().into();
        }
        if let Some(opaque) = &self.opaque {
            told["biz_opaque_callback_data"] = opaque.as_str().into();
        }
        if let (Some(code), "failed") = (self.plan.failed, status) {
            told["errors"] = json!([{
                "code": code,
                "title": title(code),
                "message": title(code),
                "error_data": { "details": "Set by a fault of the simulators" },
            }]);
        } else {
            told["pricing"] = json!({
                "billable": true, "pricing_model": "PMP", "category": "service", "type": "regular",
            });
        }
        json!({ "statuses": [told] })
    }
}

/// Tells the first statuses from a task of their own; the receiver hears when the first one is out.
pub(crate) fn start(simulators: &Simulators, course: &Arc<Course>) -> oneshot::Receiver<()> {
    let (out, first_out) = oneshot::channel();
    let (simulators, course) = (simulators.clone(), course.clone());
    let turn = course.turn.clone().try_lock_owned();
    tokio::spawn(async move { run(&simulators, &course, turn.ok(), out).await });
    first_out
}

async fn run(
    simulators: &Simulators,
    course: &Course,
    turn: Option<OwnedMutexGuard<()>>,
    first_out: oneshot::Sender<()>,
) {
    tokio::time::sleep(course.plan.delay).await;
    let mut first_out = Some(first_out);
    for status in course.plan.first {
        if first_out.is_none() || !course.plan.before_response {
            tokio::time::sleep(PACE).await;
        }
        course.tell(simulators, status).await;
        if let Some(out) = first_out.take() {
            let _ = out.send(());
        }
    }
    drop(turn);
}

/// The customer looks at the chat: what was unread is read, and the business hears of it.
pub(crate) fn read(simulators: &Simulators, customer: &str) {
    let unread = simulators.whatsapp().chats.open(customer);
    if unread.is_empty() {
        return;
    }
    simulators.announce(Change::Roster);
    for course in unread.into_iter().filter(|course| !course.plan.is_silent()) {
        let simulators = simulators.clone();
        tokio::spawn(async move {
            if course.plan.in_order {
                drop(course.turn.lock().await);
            }
            course.tell(&simulators, "read").await;
        });
    }
}
