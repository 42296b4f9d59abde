//! The payment provider at its worst: late, twice, in another order, without an answer; and customers who do not pay.

use adapters::payments::signature::{HEADER, Secrets};
use ops::simulate::{Fault, Kind, Target, payments::PaymentDelivery};
use serde_json::json;

use crate::house::{Customer, Story, eventually};

/// Yoga must be paid before it is booked, and is held for so many seconds.
async fn prepaid(story: &Story, seconds: i32) {
    for sql in [
        "update service set prepaid = true where slug = 'yoga'".to_owned(),
        format!(
            "create function hold_briefly() returns trigger language plpgsql as $$ begin
               if new.hold_expires_at is not null then new.hold_expires_at := now() + interval '{seconds} s'; end if; return new; end $$"
        ),
        "create trigger hold_briefly before insert on seat for each row execute function hold_briefly()".to_owned(),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&story.judge.pool).await.expect("a change of the terms");
    }
}

/// Asks for yoga, says yes, and gets the link: the id of the checkout session.
async fn holds(customer: &Customer<'_>) -> String {
    customer.says("I want yoga tomorrow at 7pm").await;
    customer.expect_reply_containing("send you a link").await;
    customer.taps("Yes").await;
    customer.expect_reply_containing("I hold your place").await;
    let link = customer.expect_reply_containing("Here you pay").await;
    link.text.split("/pay/").nth(1).expect("a link").split_whitespace().next().expect("an id").to_owned()
}

/// The words and the receipt, in whatever order.
async fn is_thanked(customer: &Customer<'_>) {
    let told = [customer.expect_reply().await, customer.expect_reply().await];
    assert!(told.iter().any(|sent| sent.text.contains("Your place is booked")), "{told:?}");
    assert!(told.iter().any(|sent| sent.filename.is_some()), "{told:?}");
}

#[tokio::test]
async fn edge_33_events_that_come_thrice_and_backwards_are_one_payment() {
    let story = Story::begin().await;
    prepaid(&story, 600).await;
    story.simulators.deliver_payments(PaymentDelivery { copies: 3, reverse: true, ..PaymentDelivery::default() });
    let anna = story.customer("+447700900101");
    let session = holds(&anna).await;
    story.simulators.decline(&session).expect("a declined card");
    story.simulators.pay(&session).expect("a payment");
    is_thanked(&anna).await;
    assert_eq!(story.judge.texts("select state || ' ' || captured_minor from payment").await, ["captured 1500"]);
    assert_eq!(story.judge.number("select count(*) from ledger_entry").await, 1);
    story.end().await;
}

#[tokio::test]
async fn what_was_paid_counts_although_its_event_never_came() {
    let story = Story::begin().await;
    prepaid(&story, 4).await;
    story.simulators.deliver_payments(PaymentDelivery { hold: true, ..PaymentDelivery::default() });
    let anna = story.customer("+447700900101");
    let session = holds(&anna).await;
    story.simulators.pay(&session).expect("a payment");
    // When the hold ends the provider is asked before the place is given up.
    is_thanked(&anna).await;
    assert_eq!(story.judge.texts("select state from seat").await, ["booked"]);
    // The event that comes in the end changes nothing.
    story.simulators.deliver_payments(PaymentDelivery::default());
    eventually(async || match story.judge.number("select count(*) from payment_event where outcome = 'paid'").await {
        1 => Ok(()),
        count => Err(format!("{count} events applied")),
    })
    .await;
    story.end().await;
}

#[tokio::test]
async fn a_place_that_nobody_pays_for_is_given_up_and_its_link_closed() {
    let story = Story::begin().await;
    prepaid(&story, 2).await;
    let anna = story.customer("+447700900101");
    let session = holds(&anna).await;
    anna.expect_reply_containing("could not hold your place").await;
    assert!(story.simulators.pay(&session).is_err(), "the link is closed");
    assert_eq!(story.judge.texts("select state || ' ' || cancelled_by from seat").await, ["cancelled expiry"]);
    assert_eq!(story.judge.texts("select state from payment").await, ["expired"]);
    story.end().await;
}

#[tokio::test]
async fn edge_37_a_refund_whose_answer_is_lost_is_made_once() {
    let story = Story::begin().await;
    prepaid(&story, 600).await;
    let anna = story.customer("+447700900101");
    let session = holds(&anna).await;
    story.simulators.pay(&session).expect("a payment");
    is_thanked(&anna).await;
    // However near the session is, all of it is to come back.
    sqlx::query("update refund_policy set tiers = '[{\"from\": {\"at_least_minutes\": 0}, \"percent\": 100}]'")
        .execute(&story.judge.pool)
        .await
        .expect("other terms");
    story.simulators.fault(Fault { times: Some(1), ..Fault::new(Target::Payments, Kind::DropResponseAfterAccept) });
    anna.says("cancel my yoga booking").await;
    anna.expect_reply_containing("You would get €15.00 back").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("You get €15.00 back").await;
    anna.expect_reply_containing("We sent €15.00 back").await;
    assert_eq!(story.simulators.payments().refunds.len(), 1);
    assert_eq!(story.judge.texts("select state from refund").await, ["succeeded"]);
    story.end().await;
}

#[tokio::test]
async fn edge_32_an_event_that_comes_before_what_it_is_about_waits_for_it() {
    let story = Story::begin().await;
    let now = story.clock.now();
    let event = json!({
        "id": "evt_early", "type": "checkout.session.completed", "created": now.timestamp(),
        "data": { "object": {
            "id": "cs_early", "object": "checkout.session", "payment_status": "paid", "status": "complete",
            "payment_intent": "pi_early", "amount_total": 1500, "currency": "eur",
            "metadata": { "tenant": story.tenant.to_string(), "payment": "1" },
        } },
    });
    let body = event.to_string();
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let post = async |signature: String| {
        let request = client.post(format!("{}/webhooks/payments", story.url)).header(HEADER, signature);
        request.body(body.clone()).send().await.expect("an answer").status().as_u16()
    };
    let secrets = Secrets::new(&["demo-payment-secret"]).expect("a secret");
    assert_eq!(post(secrets.sign(b"something else", now)).await, 401);
    assert_eq!(post(secrets.sign(body.as_bytes(), now)).await, 200);
    assert_eq!(post(secrets.sign(body.as_bytes(), now)).await, 200);
    assert_eq!(story.judge.number("select count(*) from payment_event where applied_at is null").await, 1);
    let anna = story.customer("+447700900101");
    anna.says("I want yoga tomorrow at 7pm").await;
    anna.expect_reply_containing("shall I book it").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are booked").await;
    anna.taps("Pay by card").await;
    anna.expect_reply_containing("sending you the link").await;
    anna.expect_reply_containing("Here you pay").await;
    is_thanked(&anna).await;
    story.end().await;
}
