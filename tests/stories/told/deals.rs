//! Waiting, coming with others, moving, paying and buying ahead, all by words, in both languages.

use serde_json::json;

use crate::house::{Customer, Story, eventually};

/// Pays what the link asks for, and hears so twice: in words, and in a receipt.
async fn pays(story: &Story, customer: &Customer<'_>, link: &str, thanks: &str) {
    let session = link.split("/pay/").nth(1).expect("a link").split_whitespace().next().expect("an id");
    story.simulators.pay(session).expect("a payment");
    let told = [customer.expect_reply().await, customer.expect_reply().await];
    assert!(told.iter().any(|sent| sent.text.contains(thanks)), "{told:?}");
    assert!(told.iter().any(|sent| sent.filename.is_some()), "{told:?}");
}

#[tokio::test]
async fn a_full_class_is_waited_for_in_both_languages() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    let carla = story.customer("+393335550103");
    story.leaves_places(1).await;
    anna.books().await;
    bruno.says("I want yoga tomorrow at 7pm").await;
    let asked = bruno.expect_reply_containing("Shall I put you on the waiting list? You would be the first.").await;
    assert_eq!(asked.buttons.len(), 2, "{asked:#?}");
    bruno.says("yes please").await;
    bruno.expect_reply_containing("you are next").await;
    // Who asks for it in so many words is not asked again.
    carla.says("Mettimi in lista d'attesa per yoga domani alle 19").await;
    carla.expect_reply_containing("sei il numero 2").await;
    carla.says("a che posto sono in lista?").await;
    carla.expect_reply_containing("sei il numero 2").await;
    assert_eq!(story.judge.texts("select state from waitlist_entry order by id").await, ["waiting", "waiting"]);
    story.end().await;
}

#[tokio::test]
async fn who_leaves_the_list_passes_on_what_was_held_for_them() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    let carla = story.customer("+393335550103");
    story.leaves_places(1).await;
    anna.books().await;
    bruno.says("put me on the waiting list for yoga tomorrow at 7pm").await;
    bruno.expect_reply_containing("you are next").await;
    carla.says("mettimi in lista d'attesa per yoga domani alle 19").await;
    carla.expect_reply_containing("sei il numero 2").await;
    anna.says("cancel my yoga booking").await;
    anna.expect_reply_containing("Shall I cancel it?").await;
    anna.says("yes").await;
    anna.expect_reply_containing("is cancelled").await;
    bruno.expect_reply_containing("A place is free").await;
    bruno.says("take me off the waiting list").await;
    bruno.expect_reply_containing("you are off the waiting list for Yoga").await;
    carla.expect_reply_containing("Si è liberato un posto").await;
    carla.says("toglimi dalla lista d'attesa").await;
    carla.expect_reply_containing("ti ho tolto dalla lista d'attesa").await;
    carla.says("sono in lista d'attesa?").await;
    carla.expect_reply_containing("Non sei in nessuna lista").await;
    assert_eq!(story.judge.texts("select state from waitlist_entry order by id").await, ["left", "left"]);
    assert_eq!(story.judge.number("select count(*) from seat where state <> 'cancelled'").await, 0);
    story.end().await;
}

#[tokio::test]
async fn a_party_of_two_takes_two_places() {
    let story = Story::begin().await;
    let (anna, carla) = (story.customer("+447700900101"), story.customer("+393335550103"));
    story.leaves_places(3).await;
    anna.says("yoga tomorrow at 7pm for two").await;
    anna.expect_reply_containing("For 2 people").await;
    anna.says("yes please").await;
    anna.expect_reply_containing("you are booked").await;
    assert_eq!(story.judge.texts("select places || ' ' || state from seat").await, ["2 booked"]);
    // One place is left, and they are two.
    carla.says("Yoga domani alle 19, io e mia moglie").await;
    carla.expect_reply_containing("lista d'attesa").await;
    carla.says("no grazie").await;
    carla.expect_reply().await;
    carla.says("yoga domani alle 19 per 12 persone").await;
    carla.expect_reply_containing("fino a 10 posti").await;
    assert_eq!(story.judge.number("select sum(booked)::bigint from session").await, 2);
    story.end().await;
}

#[tokio::test]
async fn a_booking_is_moved_by_words() {
    let story = Story::begin().await;
    let (anna, carla) = (story.customer("+447700900101"), story.customer("+393335550103"));
    anna.says("yoga the day after tomorrow at 7pm").await;
    anna.expect_reply_containing("shall I book it").await;
    anna.says("yes").await;
    anna.expect_reply_containing("you are booked").await;
    anna.says("move my yoga to tomorrow at 7pm").await;
    anna.expect_reply_containing("Shall I move you to").await;
    anna.says("yes").await;
    anna.expect_reply_containing("I moved you").await;
    carla.says("vorrei yoga dopodomani alle 19").await;
    carla.expect_reply_containing("Prenoto?").await;
    carla.says("sì").await;
    carla.expect_reply_containing("il posto è tuo").await;
    carla.says("vorrei spostare yoga").await;
    carla.expect_reply_containing("A quale giorno e ora ti sposto?").await;
    carla.says("domani alle 19").await;
    carla.expect_reply_containing("Ti sposto a").await;
    carla.taps("Sì").await;
    carla.expect_reply_containing("ti ho spostato").await;
    let tomorrow = "select count(*) from seat x join session s on s.tenant_id = x.tenant_id and s.id = x.session_id
        where x.state = 'booked' and (s.starts_at at time zone 'Europe/Rome')::date = (now() at time zone 'Europe/Rome')::date + 1";
    assert_eq!(story.judge.number(tomorrow).await, 2);
    assert_eq!(story.judge.number("select count(*) from seat where state = 'booked'").await, 2);
    story.end().await;
}

#[tokio::test]
async fn a_booking_is_paid_by_words() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.says("can I pay by card?").await;
    anna.expect_reply_containing("You pay at the studio or by card").await;
    anna.books().await;
    anna.says("how do I pay?").await;
    anna.expect_reply_containing("sending you the link").await;
    let link = anna.expect_reply_containing("Here you pay €15.00 for Yoga").await.text;
    // Asked again, the link is there at once.
    anna.says("send me the payment link please").await;
    assert_eq!(anna.expect_reply().await.text, link);
    pays(&story, &anna, &link, "I received €15.00").await;
    anna.says("pay").await;
    anna.expect_reply_containing("nothing left to pay").await;
    anna.says("could I have a receipt?").await;
    let told = [anna.expect_reply().await, anna.expect_reply().await];
    assert!(told.iter().any(|sent| sent.text.contains("I'm sending you the receipt")), "{told:?}");
    assert!(told.iter().any(|sent| sent.filename.as_deref().is_some_and(|name| name.contains(".pdf"))), "{told:?}");
    anna.says("what do I get back if I cancel?").await;
    anna.expect_reply_containing("Shall I cancel it?").await;
    anna.says("no").await;
    anna.expect_reply_containing("left everything as it is").await;
    assert_eq!(story.judge.texts("select state from payment").await, ["captured"]);
    story.end().await;
}

#[tokio::test]
async fn a_pack_of_visits_is_bought_and_spent() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.says("what memberships do you have?").await;
    anna.expect_reply_containing("1. *Ten visits*: €120.00, 10 visits").await;
    anna.says("I want the ten-visit pack").await;
    let asked = anna.expect_reply_containing("Shall I send you the link").await;
    assert_eq!(asked.buttons.len(), 2, "{asked:#?}");
    assert_eq!(story.judge.number("select count(*) from entitlement").await, 0, "nothing is ordered before the yes");
    anna.says("yes please").await;
    anna.expect_reply_containing("sending you the link").await;
    let link = anna.expect_reply_containing("Here you pay €120.00 for Ten visits").await.text;
    // The button of the question is still there: it is the same order.
    anna.taps("Yes").await;
    assert_eq!(anna.expect_reply().await.text, link);
    pays(&story, &anna, &link, "“Ten visits” is yours").await;
    anna.says("how many visits do I have left?").await;
    anna.expect_reply_containing("*Ten visits*: 10 visits left").await;
    anna.says("yoga tomorrow at 7pm").await;
    anna.expect_reply_containing("I'll use one of your credits").await;
    anna.says("yes").await;
    anna.expect_reply_containing("you are booked").await;
    anna.says("quanti ingressi mi restano?").await;
    anna.expect_reply_containing("ti restano 9 ingressi").await;
    assert_eq!(story.judge.texts("select state || ' ' || credits_left from entitlement").await, ["active 9"]);
    story.end().await;
}

#[tokio::test]
async fn a_no_to_a_plan_orders_nothing_and_a_booking_that_was_asked_about_is_not_meant() {
    let story = Story::begin().await;
    let carla = story.customer("+393335550103");
    carla.says("yoga domani alle 19").await;
    carla.expect_reply_containing("Prenoto?").await;
    carla.says("anzi, vorrei l'abbonamento").await;
    carla.expect_reply_containing("Ti mando il link").await;
    carla.says("no grazie").await;
    carla.expect_reply_containing("ho lasciato tutto com'era").await;
    carla.says("vorrei l'abbonamento due volte a settimana").await;
    carla.expect_reply_containing("2 ingressi a settimana").await;
    carla.says("sì").await;
    carla.expect_reply_containing("Ti mando il link").await;
    carla.expect_reply_containing("Qui paghi 69,00 €").await;
    eventually(async || {
        let ordered = story.judge.texts("select state from entitlement").await;
        if ordered == ["pending"] { Ok(()) } else { Err(format!("{ordered:?}")) }
    })
    .await;
    assert_eq!(story.judge.number("select count(*) from seat").await, 0);
    story.end().await;
}

#[tokio::test]
async fn a_model_may_ask_for_it_all_and_the_house_says_it() {
    let story = Story::scripted().await;
    let (anna, mallory) = (story.customer("+447700900101"), story.customer("+447700900102"));
    let plan = story.judge.number("select id from plan where kind = 'credits'").await;
    let yoga = story
        .judge
        .number(
            "select s.id from session s join service v on v.tenant_id = s.tenant_id and v.id = s.service_id where v.slug = 'yoga'
             and s.starts_at at time zone 'Europe/Rome' = (now() at time zone 'Europe/Rome')::date + 1 + time '19:00'",
        )
        .await;
    let call =
        |tool: &str, arguments: serde_json::Value| json!({ "tool_calls": [{ "name": tool, "arguments": arguments }] });
    story.simulators.script(json!([call("create_booking", json!({ "session_id": yoga, "places": 2 }))])).unwrap();
    anna.says("yoga for us two").await;
    anna.expect_reply_containing("For 2 people: €30.00").await;
    anna.says("yes").await;
    anna.expect_reply_containing("you are booked").await;
    let seat = story.judge.number("select id from seat").await;
    // Nobody pays, reads a receipt of, or waits for what is another's.
    let of_anna = json!({ "booking_id": seat });
    let errands = json!([
        { "tool_calls": [
            { "name": "pay_booking", "arguments": of_anna }, { "name": "send_receipt", "arguments": of_anna },
            { "name": "leave_waitlist", "arguments": { "session_id": yoga } } ] },
        { "text": "I could not do that." },
    ]);
    story.simulators.script(errands).unwrap();
    mallory.says("pay for it").await;
    mallory.expect_reply_containing("I could not do that.").await;
    let results = story.simulators.llm_requests().last().unwrap().to_string();
    for told in ["unknown_booking", "nothing_paid", "not_waiting"] {
        assert!(results.contains(told), "{told}: {results}");
    }
    story.simulators.script(json!([call("pay_booking", of_anna.clone())])).unwrap();
    anna.says("I'd like to pay").await;
    anna.expect_reply_containing("sending you the link").await;
    anna.expect_reply_containing("Here you pay €30.00").await;
    story.simulators.script(json!([call("buy_plan", json!({ "plan_id": plan }))])).unwrap();
    anna.says("and ten visits").await;
    anna.expect_reply_containing("Shall I send you the link").await;
    assert_eq!(story.judge.number("select count(*) from entitlement").await, 0, "a model buys nothing");
    story.end().await;
}
