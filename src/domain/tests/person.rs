//! Somebody of whom every table has something.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::support::{Guest, House, from, now};
use crate::booking::Accepted;
use crate::customer::{Identity, Source};
use crate::delivery::Status;
use crate::inbound::{self, Recorded};
use crate::notices::{self, Kind, Plan};
use crate::outbound::{self, Content};
use crate::payments::{Method, Thing};
use crate::{
    Money, SeatId, SessionId, burst, customer, delivery, demo, entitlements, payments, turn, waitlist, webhook,
};

/// How somebody writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub phone: &'static str,
    pub bsuid: &'static str,
    pub name: &'static str,
    /// Words that nobody else would write.
    pub words: &'static str,
    /// Of their turn.
    pub turn: i64,
}

pub(super) const ADA: Person = Person {
    phone: "393331234567",
    bsuid: "IT.13491208655302741918",
    name: "Ada Zanellato",
    words: "vorrei un tappetino turchese",
    turn: 101,
};

/// What somebody has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    pub guest: Guest,
    /// A booking of Sunday's yoga, paid by card.
    pub seat: SeatId,
    /// Full: they wait for a place.
    pub waits_for: SessionId,
}

impl Person {
    pub fn identity(self) -> Identity {
        Identity::new(Some(self.bsuid), Some(self.phone), Some(self.name)).unwrap()
    }

    /// A webhook as WhatsApp posts it.
    pub fn webhook(self, number: &str, wamid: &str, words: &str) -> Value {
        json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": "200000000000001", "changes": [{ "field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": { "display_phone_number": "390495550100", "phone_number_id": number },
                "contacts": [{ "profile": { "name": self.name }, "wa_id": self.phone, "user_id": self.bsuid }],
                "messages": [self.message(wamid, words)],
            }}]}],
        })
    }

    pub fn message(self, wamid: &str, words: &str) -> Value {
        json!({ "from": self.phone, "from_user_id": self.bsuid, "id": wamid, "timestamp": "1763715600", "type": "text",
                "text": { "body": words } })
    }

    pub fn status(self, wamid: &str, word: &str, at: DateTime<Utc>) -> Status {
        Status {
            phone_number_id: demo::PHONE_NUMBER_ID.to_owned(),
            wamid: wamid.to_owned(),
            callback: None,
            status: word.to_owned(),
            at,
            error_code: None,
            body: json!({ "id": wamid, "status": word, "recipient_id": self.phone, "recipient_user_id": self.bsuid }),
        }
    }

    /// Everything that can happen to a customer happens.
    pub async fn lives(self, house: &House) -> Life {
        let guest = self.says(house).await;
        let seat = self.books(house, guest).await;
        self.pays(house, guest, seat).await;
        let waits_for = self.waits(house, guest).await;
        let mut tx = house.tx().await;
        customer::consent(&mut tx, guest.customer, true, Source::Staff, None, now()).await.unwrap();
        let notice = Plan {
            customer: guest.customer,
            kind: Kind::Reminder,
            subject: format!("seat:{seat}:1440:0"),
            facts: json!({ "seat": seat }),
            due_at: now() + TimeDelta::hours(2),
            useful_until: None,
        };
        notices::plan(&mut tx, notice).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        Life { guest, seat, waits_for }
    }

    /// A message, a turn that answers it, and what became of the answer.
    pub async fn says(self, house: &House) -> Guest {
        let (heard, said) = (format!("wamid.in.{}", self.turn), format!("wamid.out.{}", self.turn));
        let mut inbound = from(self.identity(), &heard, self.words);
        inbound.body = self.message(&heard, self.words);
        let mut tx = house.tx().await;
        let body = self.webhook(demo::PHONE_NUMBER_ID, &heard, self.words).to_string();
        let digest = [u8::try_from(self.turn).unwrap(); 32];
        webhook::store(&mut tx, body.as_bytes(), &digest, now()).await.unwrap();
        let recorded = inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &inbound, now()).await.unwrap();
        let Recorded::New { conversation, customer, .. } = recorded else { panic!("said before") };
        burst::gather(&mut tx, conversation, self.turn, now()).await.unwrap();
        let answer = Content::text(format!("Ciao {}: {}?", self.name, self.words));
        let planned = outbound::plan(&mut tx, conversation, self.turn, 0, &answer, now()).await.unwrap();
        outbound::accepted(&mut tx, planned.id, &said).await.unwrap();
        delivery::apply(&mut tx, &self.status(&said, "sent", now())).await.unwrap();
        let transcript = json!([{ "role": "user", "text": self.words }]);
        turn::finish(&mut tx, self.turn, "answered", &transcript, &turn::Spent::default(), now()).await.unwrap();
        tx.commit().await.unwrap();
        Guest { conversation, customer }
    }

    async fn books(self, house: &House, guest: Guest) -> SeatId {
        let proposal = house.proposal(guest, house.yoga().await, self.turn + 1).await;
        match house.accept(guest, proposal, now()).await {
            Accepted::Booked(booking) => booking.booking_id,
            other => panic!("{other:?}"),
        }
    }

    /// The booking by card, and ten credits in cash.
    async fn pays(self, house: &House, guest: Guest, seat: SeatId) {
        let mut tx = house.tx().await;
        let price = Money::new(1500, "EUR");
        let payment =
            payments::ask(&mut tx, Thing::Seat(seat), guest.customer, Method::Card, &price, now()).await.unwrap();
        let (link, url) = (format!("cs_{}", self.turn), format!("https://pay.example/cs_{}", self.turn));
        payments::linked(&mut tx, payment, &link, &url, now()).await.unwrap();
        let event = json!({ "payment": payment, "kind": { "kind": "link_paid", "link": link } });
        payments::keep(&mut tx, &format!("evt_{}", self.turn), &event, now()).await.unwrap();
        payments::capture(&mut tx, payment, Some(&format!("pi_{}", self.turn)), 1500, now()).await.unwrap();
        payments::settle(&mut tx, &format!("evt_{}", self.turn), "paid", now()).await.unwrap();
        let plans = entitlements::plans(&mut tx).await.unwrap();
        let plan = plans.iter().find(|plan| plan.credits.is_some()).expect("credits are sold");
        let bought = entitlements::buy(&mut tx, guest.customer, plan, Method::Cash, now()).await.unwrap();
        entitlements::activate(&mut tx, bought.entitlement, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// For a place in a class without any.
    async fn waits(self, house: &House, guest: Guest) -> SessionId {
        let session = house.session("hiit", "2026-11-22T12:00:00Z").await;
        let full = sqlx::query("update session set capacity = booked where id = $1").bind(session);
        full.execute(&house.owner).await.unwrap();
        let mut tx = house.tx().await;
        waitlist::join(&mut tx, session, guest.customer, 1, None, now()).await.unwrap();
        tx.commit().await.unwrap();
        session
    }
}
