//! What a customer does and hears.

use std::time::Duration;

use ops::simulate::{Button, Delivery, Inbound, Receipt, Sent};
use serde_json::{Value, json};

use super::{Story, wait::within};

/// Somebody with a phone.
pub struct Customer<'story> {
    story: &'story Story,
    phone: String,
}

impl<'story> Customer<'story> {
    pub(super) fn new(story: &'story Story, phone: &str) -> Self {
        story.heard.lock().unwrap().entry(phone.to_owned()).or_default();
        Self { story, phone: phone.to_owned() }
    }

    /// As the story named it.
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// Writes.
    pub async fn says(&self, text: &str) -> Receipt {
        self.sends(json!({ "text": text })).await
    }

    /// Taps the button or row of the last message that has one of this title, or of this start of it.
    pub async fn taps(&self, title: &str) -> Receipt {
        let said = self.all();
        let offered = said.iter().rev().find_map(|sent| {
            let button = sent.buttons.iter().find(|button| button.title.starts_with(title))?;
            Some((sent.request["interactive"]["type"] == "list", button.clone()))
        });
        let Some((listed, Button { id, title })) = offered else {
            panic!("{} was offered no “{title}…” in {said:#?}", self.phone)
        };
        let kind = if listed { "list" } else { "button" };
        self.sends(json!({ kind: { "id": id, "title": title } })).await
    }

    /// Sends what the simulators' inbound JSON can tell. The house takes it at the first attempt,
    /// unless it is besieged.
    pub async fn sends(&self, mut message: Value) -> Receipt {
        message["from"] = self.phone.clone().into();
        let receipt = self.story.simulators.inbound(Inbound::from_json(message).expect("a message")).await;
        let taken = receipt.delivery == Delivery::Delivered || self.story.besieged;
        assert!(taken, "{}: {:?}", self.phone, receipt.delivery);
        receipt
    }

    /// The next message, in its words, with these among them (capitals aside).
    pub async fn expect_reply_containing(&self, words: &str) -> Sent {
        let sent = self.expect_reply().await;
        let found = sent.text.to_lowercase().contains(&words.to_lowercase());
        assert!(found, "{} heard {:?}, which lacks {words:?}", self.phone, sent.text);
        sent
    }

    /// The next message that this customer has not heard yet.
    pub async fn expect_reply(&self) -> Sent {
        let next = self.story.heard.lock().unwrap()[&self.phone];
        // A siege may last longer than any process lives; what waits for a quiet moment waits for its end.
        let patience = Duration::from_mins(if self.story.besieged { 3 } else { 1 });
        let sent = within(patience, async || {
            let count = self.all().len();
            let sent = self.all().into_iter().nth(next);
            sent.ok_or_else(|| format!("{} waits for answer {}, and heard {count}", self.phone, next + 1))
        })
        .await;
        self.story.heard.lock().unwrap().insert(self.phone.clone(), next + 1);
        sent
    }

    /// Books tomorrow's yoga at seven.
    pub async fn books(&self) {
        self.says("I want yoga tomorrow at 7pm").await;
        self.expect_reply_containing("shall I book it").await;
        self.taps("Yes").await;
        self.expect_reply_containing("you are booked").await;
    }

    /// All that this customer has not heard yet.
    pub fn hears_the_rest(&self) -> Vec<Sent> {
        let all = self.all();
        let heard = self.story.heard.lock().unwrap().insert(self.phone.clone(), all.len()).unwrap_or_default();
        all.into_iter().skip(heard).collect()
    }

    /// Everything said to this customer, oldest first.
    pub fn all(&self) -> Vec<Sent> {
        self.story.simulators.messages(Some(&self.phone))
    }
}
