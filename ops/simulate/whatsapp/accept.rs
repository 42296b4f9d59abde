//! The moment a message is accepted: from here on it counts, whatever the sender hears of it.

use std::time::Duration;

use chrono::{SubsecRound, TimeDelta};
use serde_json::{Value, json};

use super::{
    Whatsapp,
    customers::Customer,
    error::GraphError,
    event::Event,
    log::{Sent, buttons, filename, media_id, words},
    outbound::Outbound,
    statuses::{self, Course, Plan},
};
use crate::simulate::Simulators;

const WINDOW: TimeDelta = TimeDelta::hours(24);
/// How long an answer waits at most for a status that was told to come first.
const STATUS_FIRST: Duration = Duration::from_secs(2);

/// A message that is in the log now.
pub(crate) struct Accepted {
    /// The element of `contacts` in the answer.
    pub(crate) contact: Value,
    pub(crate) course: Course,
}

/// Checks the window, logs the message and shows it on the customer's phone.
pub(crate) fn accept(simulators: &Simulators, number: &str, message: Outbound) -> Result<Accepted, GraphError> {
    let plan = Plan::draw(simulators, &message.to);
    let (now, wamid) = (simulators.now(), simulators.wamid());
    let mut whatsapp = simulators.whatsapp();
    let customer = whatsapp.customers.behind(&message.address);
    check(simulators, &whatsapp, number, &customer, &message)?;
    let sent = Sent {
        wamid,
        to: message.to.clone(),
        kind: message.kind,
        text: words(&message.request),
        buttons: buttons(&message.request),
        filename: filename(&message.request).map(str::to_owned),
        media_id: media_id(&message.request).map(str::to_owned),
        // As precise as the log tells it.
        at: now.trunc_subsecs(3),
        request: message.request,
    };
    let course = Course::new(&sent, number, &customer, plan);
    whatsapp.meet(&customer);
    let changes = whatsapp.record(Event::Accepted { sent: Box::new(sent), course: Box::new(course.clone()) });
    drop(whatsapp);
    simulators.announce(changes);
    let mut contact = json!({ "input": message.to, "user_id": customer.user_id });
    if let Some(phone) = customer.visible_phone() {
        contact["wa_id"] = phone.into();
    }
    Ok(Accepted { contact, course })
}

/// Whether this number may write this to the customer now.
fn check(
    simulators: &Simulators,
    whatsapp: &Whatsapp,
    number: &str,
    customer: &Customer,
    message: &Outbound,
) -> Result<(), GraphError> {
    if customer.phone.as_ref() == Some(&simulators.settings().display_digits()) {
        return Err(GraphError::new(131_021, "Recipient cannot be sender"));
    }
    if let Some(id) = media_id(&message.request).filter(|id| whatsapp.files.get(id).is_none()) {
        let details = format!("There is no media with ID '{id}': upload the file again, and send it with its new ID.");
        return Err(GraphError::new(131_053, details));
    }
    // A customer who wrote to the ingress by another way than this one is taken to have written now.
    let heard = whatsapp.heard.get(number).and_then(|heard| heard.get(&customer.key));
    if message.needs_window() && heard.is_some_and(|heard| simulators.now() - *heard > WINDOW) {
        return Err(GraphError::new(
            131_047,
            "Message failed to send because more than 24 hours have passed since the customer \
             last replied to this number.",
        ));
    }
    Ok(())
}

/// Lets the statuses run; returns at once, unless a fault wants the first one before the answer.
pub(crate) async fn begin_statuses(simulators: &Simulators, accepted: &Accepted) {
    let course = accepted.course.clone();
    let statuses = course.plan.first.clone();
    let first_out = statuses::start(simulators, course, statuses);
    if accepted.course.plan.before_response {
        let _ = tokio::time::timeout(STATUS_FIRST, first_out).await;
    }
}
