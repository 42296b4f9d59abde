//! Fifty customers want the ten places of one class.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::house::{Customer, Story};

const CROWD: usize = 50;

fn crowd(story: &Story) -> Vec<Customer<'_>> {
    (0..CROWD).map(|n| story.customer(&format!("+4477009{:05}", 10_000 + n))).collect()
}

/// Everybody heard one answer to the offer: ten have a place, forty know that it is full.
async fn settles(story: Story, answers: Vec<String>) {
    let booked = answers.iter().filter(|text| text.contains("you are booked")).count();
    let full = answers.iter().filter(|text| text.contains("is full")).count();
    assert_eq!((booked, full), (10, 40), "{answers:#?}");
    let seats = "select count(*) from seat where state = 'booked'";
    assert_eq!(story.judge.number(seats).await, 10);
    let places = "select count(distinct session_id) from seat";
    assert_eq!(story.judge.number(places).await, 1);
    story.end().await;
}

#[tokio::test]
async fn ten_get_a_place_and_forty_hear_the_truth() {
    let story = Story::begin().await;
    let crowd = crowd(&story);
    join_all(crowd.iter().map(|customer| customer.says("yoga tomorrow at 7pm"))).await;
    join_all(crowd.iter().map(|customer| customer.expect_reply_containing("Yoga"))).await;
    join_all(crowd.iter().map(|customer| customer.taps("Yes"))).await;
    let answers = join_all(crowd.iter().map(Customer::expect_reply)).await;
    drop(crowd);
    settles(story, answers.into_iter().map(|sent| sent.text).collect()).await;
}

/// The same, but every body arrives three times, and each holds many messages in any order.
#[tokio::test]
async fn disorder_and_repetition_change_nothing() {
    let story = Story::begin().await;
    let crowd = crowd(&story);
    let wishes = crowd.iter().map(|customer| json!({ "from": customer.phone(), "text": "yoga tomorrow at 7pm" }));
    batches(&story, wishes.collect()).await;
    let offers = join_all(crowd.iter().map(|customer| customer.expect_reply_containing("Yoga"))).await;
    let yes = offers.iter().zip(&crowd).map(|(offer, customer)| {
        let button = &offer.buttons[0];
        json!({ "from": customer.phone(), "button": { "id": button.id, "title": button.title } })
    });
    batches(&story, yes.collect()).await;
    let answers = join_all(crowd.iter().map(Customer::expect_reply)).await;
    let told: BTreeSet<_> = answers.iter().map(|sent| &sent.to).collect();
    assert_eq!(told.len(), CROWD);
    drop(crowd);
    settles(story, answers.into_iter().map(|sent| sent.text).collect()).await;
}

async fn batches(story: &Story, messages: Vec<Value>) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let posts = messages.chunks(10).enumerate().map(|(seed, messages)| {
        let batch = json!({ "messages": messages, "shuffle": true, "seed": seed, "duplicate": 2 });
        client.post(format!("http://{}/_sim/whatsapp/batch", story.outside)).json(&batch).send()
    });
    for answer in join_all(posts).await {
        assert!(answer.unwrap().status().is_success());
    }
}
