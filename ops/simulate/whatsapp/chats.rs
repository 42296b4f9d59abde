//! Chats as the customer's phone keeps them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long "typing…" shows if no message follows.
const TYPING: TimeDelta = TimeDelta::seconds(25);

/// How far the customer's own message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Tick {
    /// With WhatsApp.
    Sent,
    /// With the business: its webhook said 200.
    Delivered,
    /// The business marked it as read.
    Read,
}

/// Who wrote a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Author {
    Customer(Tick),
    Business,
}

/// One message on the screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bubble {
    pub(crate) wamid: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) author: Author,
    /// The message object, as in the webhook or in the send request.
    pub(crate) body: Value,
    /// The emoji that the other side put on it.
    pub(crate) reaction: Option<String>,
}

impl Bubble {
    /// The message that this one answers.
    pub(crate) fn answers(&self) -> Option<&str> {
        let context = &self.body["context"];
        context["id"].as_str().or_else(|| context["message_id"].as_str())
    }
}

/// All messages between one customer and the business.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub(crate) bubbles: Vec<Bubble>,
    /// Counts changes, so that a page can tell what it missed.
    pub(crate) version: u64,
    /// Business messages that the customer has not seen.
    pub(crate) unread: usize,
    typing_until: Option<DateTime<Utc>>,
}

impl Chat {
    pub(crate) fn typing(&self, now: DateTime<Utc>) -> bool {
        self.typing_until.is_some_and(|until| until > now)
    }

    pub(crate) fn bubble(&self, wamid: &str) -> Option<&Bubble> {
        self.bubbles.iter().rev().find(|bubble| bubble.wamid == wamid)
    }

    fn bubble_mut(&mut self, wamid: &str) -> Option<&mut Bubble> {
        self.bubbles.iter_mut().rev().find(|bubble| bubble.wamid == wamid)
    }
}

/// The chats of all customers.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Chats {
    by_customer: HashMap<String, Chat>,
    /// Whose message a wamid of the customers is.
    writer: HashMap<String, String>,
}

impl Chats {
    pub(crate) fn get(&self, customer: &str) -> Option<&Chat> {
        self.by_customer.get(customer)
    }

    /// Who wrote this inbound message.
    pub(crate) fn writer(&self, wamid: &str) -> Option<&String> {
        self.writer.get(wamid)
    }

    /// Shows a message; a reaction is put on the message it is about.
    pub(crate) fn show(&mut self, customer: &str, bubble: Bubble) {
        let chat = self.by_customer.entry(customer.to_owned()).or_default();
        chat.version += 1;
        match bubble.author {
            Author::Customer(_) => {
                self.writer.insert(bubble.wamid.clone(), customer.to_owned());
            }
            Author::Business => chat.typing_until = None,
        }
        if let Some(about) = bubble.body["reaction"]["message_id"].as_str() {
            if let Some(target) = chat.bubble_mut(about) {
                let emoji = bubble.body["reaction"]["emoji"].as_str().filter(|e| !e.is_empty());
                target.reaction = emoji.map(str::to_owned);
            }
        } else {
            chat.unread += usize::from(matches!(bubble.author, Author::Business));
            chat.bubbles.push(bubble);
        }
    }

    /// The customer's message came further; never back.
    pub(crate) fn tick(&mut self, customer: &str, wamid: &str, to: Tick) {
        let Some(chat) = self.by_customer.get_mut(customer) else {
            return;
        };
        chat.version += 1;
        if let Some(Author::Customer(tick)) = chat.bubble_mut(wamid).map(|b| &mut b.author) {
            *tick = (*tick).max(to);
        }
    }

    /// The business read up to this message, and maybe starts to type; returns what it had not read.
    pub(crate) fn mark_read(&mut self, customer: &str, wamid: &str, typing: Option<DateTime<Utc>>) -> Vec<String> {
        let Some(chat) = self.by_customer.get_mut(customer) else {
            return Vec::new();
        };
        chat.version += 1;
        if let Some(now) = typing {
            chat.typing_until = Some(now + TYPING);
        }
        let upto = chat.bubbles.iter().position(|b| b.wamid == wamid).map_or(0, |at| at + 1);
        let mut read = Vec::new();
        for bubble in &mut chat.bubbles[..upto] {
            if let Author::Customer(tick @ (Tick::Sent | Tick::Delivered)) = &mut bubble.author {
                *tick = Tick::Read;
                read.push(bubble.wamid.clone());
            }
        }
        read
    }

    /// What the customer has not seen, oldest first.
    pub(crate) fn unread(&self, customer: &str) -> Vec<String> {
        let Some(chat) = self.by_customer.get(customer) else {
            return Vec::new();
        };
        let theirs = chat.bubbles.iter().rev().filter(|bubble| matches!(bubble.author, Author::Business));
        let mut unread: Vec<_> = theirs.take(chat.unread).map(|bubble| bubble.wamid.clone()).collect();
        unread.reverse();
        unread
    }

    /// The customer looks at the chat.
    pub(crate) fn open(&mut self, customer: &str) {
        if let Some(chat) = self.by_customer.get_mut(customer) {
            chat.unread = 0;
        }
    }
}
