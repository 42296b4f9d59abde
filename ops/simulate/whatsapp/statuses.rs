//! Status webhooks: how a message's course is told to the business.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::{customers::Customer, envelope, error::title, event::Event, log::Sent};
use crate::simulate::{
    Simulators,
    faults::{Kind, Target},
};

/// Between two statuses of one message, as on a good network.
const PACE: Duration = Duration::from_millis(150);

/// How far a sent message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Sent,
    Delivered,
    Read,
    Failed,
}

/// How the statuses of one message come, as the faults in force at its acceptance want it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The first status is told before the send is answered.
    pub(crate) before_response: bool,
    delay: Duration,
    /// How often each status is told.
    times: usize,
    /// What comes by itself; `read` waits for the customer.
    pub(crate) first: Vec<Status>,
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
        let times = 1 + usize::from(strike(Kind::StatusDuplicate).is_some());
        let first: &[Status] = match failed {
            _ if silent => &[],
            Some(_) => &[Status::Failed],
            None if in_order => &[Status::Sent, Status::Delivered],
            None => &[Status::Delivered, Status::Sent],
        };
        Self {
            before_response: strike(Kind::StatusBeforeResponse).is_some(),
            delay: Duration::from_millis(delay.unwrap_or_default()),
            first: first.iter().flat_map(|status| vec![*status; times]).collect(),
            times,
            in_order,
            failed,
        }
    }

    /// What comes once the customer has looked.
    pub(crate) fn read(&self) -> Vec<Status> {
        if self.first.is_empty() { Vec::new() } else { vec![Status::Read; self.times] }
    }
}

/// A sent message on its way through its statuses.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Course {
    pub(crate) wamid: String,
    pub(crate) plan: Plan,
    /// The recipient's key.
    pub(crate) customer: String,
    /// The business's number that sent it.
    pub(crate) number: String,
    opaque: Option<String>,
    phone: Option<String>,
    user_id: String,
    /// Held while a status is told, so that `read` waits for `delivered`.
    #[serde(skip)]
    turn: Arc<Mutex<()>>,
}

impl Course {
    pub(crate) fn new(sent: &Sent, number: &str, to: &Customer, plan: Plan) -> Self {
        Self {
            wamid: sent.wamid.clone(),
            plan,
            customer: to.key.clone(),
            number: number.to_owned(),
            opaque: sent.opaque().map(str::to_owned),
            phone: to.visible_phone().map(str::to_owned),
            user_id: to.user_id.clone(),
            turn: Arc::default(),
        }
    }

    pub(crate) fn reaches_phone(&self) -> bool {
        self.plan.failed.is_none()
    }

    /// False if the simulators stopped before it was heard.
    async fn tell(&self, simulators: &Simulators, status: Status) -> bool {
        let webhook = envelope::wrap(simulators.settings(), &self.number, self.value(simulators, status));
        let Some(attempts) = simulators.courier().deliver(&webhook).await else { return false };
        simulators.settle(attempts, Event::Told { wamid: self.wamid.clone(), status, attempts });
        true
    }

    fn value(&self, simulators: &Simulators, status: Status) -> Value {
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
        if let (Some(code), Status::Failed) = (self.plan.failed, status) {
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

/// Tells statuses from a task of their own; the receiver hears when the first one is out.
pub(crate) fn start(simulators: &Simulators, course: Course, statuses: Vec<Status>) -> oneshot::Receiver<()> {
    let (out, first_out) = oneshot::channel();
    let simulators = simulators.clone();
    let turn = course.turn.clone().try_lock_owned();
    tokio::spawn(async move { run(&simulators, &course, statuses, turn.ok(), out).await });
    first_out
}

async fn run(
    simulators: &Simulators,
    course: &Course,
    statuses: Vec<Status>,
    turn: Option<OwnedMutexGuard<()>>,
    first_out: oneshot::Sender<()>,
) {
    tokio::time::sleep(course.plan.delay).await;
    let mut first_out = Some(first_out);
    for status in statuses {
        if first_out.is_none() || !course.plan.before_response {
            tokio::time::sleep(PACE).await;
        }
        if !course.tell(simulators, status).await {
            break;
        }
        if let Some(out) = first_out.take() {
            let _ = out.send(());
        }
    }
    drop(turn);
}

/// The customer looks at the chat: what was unread is read, and the business hears of it.
pub(crate) fn read(simulators: &Simulators, customer: &str) {
    let mut whatsapp = simulators.whatsapp();
    let unread = whatsapp.chats.unread(customer);
    if unread.is_empty() {
        return;
    }
    let courses: Vec<_> = unread.iter().filter_map(|wamid| whatsapp.courses.get(wamid).cloned()).collect();
    let changes = whatsapp.record(Event::Opened { customer: customer.to_owned() });
    drop(whatsapp);
    simulators.announce(changes);
    for course in courses {
        let simulators = simulators.clone();
        tokio::spawn(async move {
            if course.plan.in_order {
                drop(course.turn.lock().await);
            }
            for status in course.plan.read() {
                course.tell(&simulators, status).await;
            }
        });
    }
}
