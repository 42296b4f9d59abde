//! The moment a message is accepted: from here on it counts, whatever the sender hears of it.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    Whatsapp,
    chats::{Author, Bubble},
    customers::Customer,
    error::GraphError,
    log::{Sent, buttons, words},
    outbound::Outbound,
    statuses::{self, Course, Plan},
};
use crate::simulate::{Simulators, chat::Change};

const WINDOW: TimeDelta = TimeDelta::hours(24);
/// How long an answer waits at most for a status that was told to come first.
const STATUS_FIRST: Duration = Duration::from_secs(2);

/// A message that is in the log now.
pub(crate) struct Accepted {
    /// The element of `contacts` in the answer.
    pub(crate) contact: Value,
    pub(crate) course: Arc<Course>,
}

/// Checks the window, logs the message and shows it on the customer's phone.
pub(crate) fn accept(simulators: &Simulators, number: &str, message: Outbound) -> Result<Accepted, GraphError> {
    let plan = Plan::draw(simulators, &message.to);
    let (now, wamid) = (simulators.now(), simulators.wamid());
    let mut whatsapp = simulators.whatsapp();
    let customer = whatsapp.customers.meet(&message.address).clone();
    check(simulators, &whatsapp, number, &customer, &message)?;
    let sent = Sent {
        wamid: wamid.clone(),
        to: message.to.clone(),
        kind: message.kind,
        text: words(&message.request),
        buttons: buttons(&message.request),
        at: now,
        request: message.request.clone(),
        customer: customer.key.clone(),
        number: number.to_owned(),
    };
    let course = Arc::new(Course::new(&sent, &customer, plan));
    whatsapp.counts.accepted += 1;
    whatsapp.counts.without_plus += u64::from(sent.to.starts_with(|c: char| c.is_ascii_digit()));
    whatsapp.log.push(sent);
    if course.reaches_phone() {
        let author = Author::Business(course.clone());
        let bubble = Bubble { wamid, at: now, author, body: message.request, reaction: None };
        whatsapp.chats.show(&customer.key, bubble);
    }
    drop(whatsapp);
    simulators.announce(Change::message(&customer.key, &course.wamid));
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
    // A customer who wrote to the ingress by another way than this one is taken to have written now.
    let heard = whatsapp.heard.get(&(number.to_owned(), customer.key.clone()));
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
    let first_out = statuses::start(simulators, &accepted.course);
    if accepted.course.plan.before_response {
        let _ = tokio::time::timeout(STATUS_FIRST, first_out).await;
    }
}
