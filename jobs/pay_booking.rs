//! Looks what is to be paid for a booking, before a link is made.

use adapters::{World, llm::ToolSpec};
use domain::{
    Money, PaymentId, SeatId, booking,
    catalog::Asker,
    customer, notices,
    payments::{self, Payment},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use crate::{Cx, OnBehalf};

/// Looks what a customer owes for a booking of theirs.
#[derive(Debug, Serialize, Deserialize)]
pub struct PayBooking {
    /// For whom.
    pub asker: OnBehalf,
    /// Which one; that it is theirs is checked.
    pub booking_id: SeatId,
}

/// What there is to pay.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Owed {
    /// This much.
    Owes {
        /// In all.
        owes: Money,
        /// Where it is paid, in words, when there is a link already.
        #[serde(default)]
        link: Option<String>,
    },
    /// Nothing.
    NothingToPay,
    /// Something, but nobody here takes cards.
    NoCards,
    /// The customer has no such booking.
    UnknownBooking,
}

impl Job<World> for PayBooking {
    const NAME: &'static str = "pay_booking";
    const POLICY: Policy = crate::LOCAL;
    type Output = Owed;

    async fn run(self, cx: Cx) -> Outcome<Owed> {
        let (mut tx, asker) = self.asker.begin(&cx).await?;
        let customer = customer::current(&mut tx, asker.customer).await?;
        let payer = booking::payer(&mut tx, self.booking_id).await?;
        let Some((_, currency)) = payer.filter(|(payer, _)| *payer == customer) else {
            return cx.finish(tx, Owed::UnknownBooking).await;
        };
        let owed = match booking::owes(&mut tx, self.booking_id).await? {
            0 => Owed::NothingToPay,
            _ if !cx.world.settings.takes_cards => Owed::NoCards,
            minor => {
                let owes = Money::new(minor, currency);
                Owed::Owes { owes, link: self.link(&mut tx, &asker).await? }
            }
        };
        cx.finish(tx, owed).await
    }
}

impl PayBooking {
    async fn link(&self, conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<Option<String>> {
        let open: Option<PaymentId> =
            payments::of_seat(conn, self.booking_id).await?.iter().find(|payment| linked(payment)).map(|open| open.id);
        match open {
            Some(payment) => notices::where_to_pay(conn, asker, payment).await,
            None => Ok(None),
        }
    }
}

fn linked(payment: &Payment) -> bool {
    payment.is_open() && payment.link_url.is_some()
}

/// The tool as the model sees it.
pub(crate) fn tool() -> ToolSpec {
    crate::tool(
        "pay_booking",
        "Sends the customer a link to pay a booking of theirs by card, when they ask for it.",
        &json!({ "booking_id": { "type": "integer", "description": "From find_bookings" } }),
        &["booking_id"],
    )
}
