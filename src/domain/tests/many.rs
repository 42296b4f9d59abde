//! Messages of many webhooks, recorded together.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use tokio::task::JoinSet;

use super::support::{House, from, known, message, now, with_house};
use crate::customer::Identity;
use crate::inbound::{self, Arrived, Inbound, Work};
use crate::webhook::{self, Body, Stored};
use crate::{ConversationId, burst, demo, tenant};

/// Records all in one transaction; tells who waits for an answer.
async fn record(house: &House, messages: &[Inbound]) -> sqlx::Result<Vec<ConversationId>> {
    let mut conn = house.pool.acquire().await?;
    let mut tx = tenant::begin_many(&mut conn, house.tenant).await?;
    let arrived = |inbound| Arrived { phone_number_id: demo::PHONE_NUMBER_ID, at: now(), inbound };
    let arrived: Vec<_> = messages.iter().map(arrived).collect();
    let waiting = inbound::record_all(&mut tx, &arrived).await?;
    tx.commit().await?;
    Ok(waiting.into_iter().collect())
}

#[tokio::test]
async fn friends_and_strangers_are_recorded_in_their_order() {
    with_house(async |house| {
        let friend = house.guest("393331234567").await;
        let messages = [
            message("393330000002", "wamid.1", "ciao"),
            message("393331234567", "wamid.2", "yoga"),
            message("393330000002", "wamid.3", "domani"),
            message("393330000002", "wamid.1", "ciao"),
            message("393331234567", "wamid.hello.393331234567", "ciao"),
        ];
        assert_eq!(record(&house, &messages).await.unwrap().len(), 2);
        assert_eq!(record(&house, &messages).await.unwrap(), [], "nobody waits for an answer to a repetition");
        assert_eq!(house.count("select count(*) from message").await, 4);
        assert_eq!(house.count("select count(*) from customer").await, 2);
        let mut tx = house.tx().await;
        let heard = burst::gather(&mut tx, friend.conversation, 1, now()).await.unwrap().messages;
        assert_eq!(
            heard.iter().map(|heard| heard.wamid.as_str()).collect::<Vec<_>>(),
            ["wamid.hello.393331234567", "wamid.2"]
        );
        let stranger = house.count("select max(id) from conversation").await;
        let heard = burst::gather(&mut tx, ConversationId(stranger), 2, now()).await.unwrap().messages;
        assert_eq!(heard.iter().filter_map(|heard| heard.text.as_deref()).collect::<Vec<_>>(), ["ciao", "domani"]);
    })
    .await;
}

#[tokio::test]
async fn one_by_one_and_together_tell_the_same() {
    with_house(async |house| {
        let mut early = message("393330000001", "wamid.early", "nul\0");
        early.sent_at = now() + TimeDelta::days(300);
        let mut thumb = message("393330000002", "wamid.thumb", "👍");
        (thumb.kind, thumb.reply_to) = ("reaction".to_owned(), Some("wamid.other".to_owned()));
        let tap = Inbound { payload: Some("yes:1".to_owned()), ..message("393330000003", "wamid.tap", "Sì") };
        let messages = [early, thumb, tap];
        assert_eq!(record(&house, &messages).await.unwrap().len(), 2, "nobody waits for an answer to a reaction");
        let rows = "select hashtextextended(string_agg(format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', m.direction, m.kind, m.text, m.payload,
                      m.reply_to, m.body - 'id', m.answerable, m.sent_at, m.received_at, c.last_inbound_at), ';' order by m.wamid), 0)
                    from message m join conversation c on c.id = m.conversation_id where m.wamid like ";
        let together = sqlx::AssertSqlSafe(format!("{rows} 'wamid.%'"));
        let together: i64 = sqlx::query_scalar(together).fetch_one(&house.owner).await.unwrap();
        let mut tx = house.tx().await;
        for inbound in &messages {
            let phone = Identity::new(Some(&format!("IT.{}", inbound.wamid)), None, None).unwrap();
            let again = Inbound { wamid: format!("again.{}", inbound.wamid), identity: phone, ..inbound.clone() };
            inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &again, now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let alone = sqlx::AssertSqlSafe(format!("{rows} 'again.%'"));
        let alone: i64 = sqlx::query_scalar(alone).fetch_one(&house.owner).await.unwrap();
        assert_eq!(alone, together);
        // The same people, who are known by now, in one call.
        let once = |inbound: &Inbound| Inbound { wamid: inbound.wamid.replace("wamid", "once"), ..inbound.clone() };
        let taken = take_in(&house, &messages.iter().map(once).collect::<Vec<_>>(), 1).await.unwrap();
        assert_eq!(taken, Some(vec![true; 3]));
        let at_once = sqlx::AssertSqlSafe(format!("{rows} 'once.%'"));
        let at_once: i64 = sqlx::query_scalar(at_once).fetch_one(&house.owner).await.unwrap();
        assert_eq!(at_once, together);
    })
    .await;
}

/// Each message in a body of its own, in one call; `from` tells the bodies of two calls apart.
async fn take_in(house: &House, messages: &[Inbound], from: u8) -> sqlx::Result<Option<Vec<bool>>> {
    sqlx::query("select from holdfast.register_kinds(array['answer'])").execute(&house.owner).await?;
    let bodies: Vec<_> =
        (from..).zip(messages).map(|(n, _)| Body { bytes: b"{}", digest: [n; 32], at: now() }).collect();
    let arrived = |inbound| Arrived { phone_number_id: demo::PHONE_NUMBER_ID, at: now(), inbound };
    let arrived: Vec<_> = messages.iter().map(arrived).enumerate().collect();
    let work = Work {
        job: "answer",
        payload: r#"{"of":%s}"#.to_owned(),
        key: "key:%s".to_owned(),
        lane: Some("lane:%s".to_owned()),
        priority: 3,
        quiet: Duration::from_secs(5),
        quiet_at_most: Duration::from_secs(9),
    };
    let mut conn = house.pool.acquire().await?;
    inbound::take_in(&mut conn, house.tenant, &bodies, &arrived, &work).await
}

#[tokio::test]
async fn what_is_taken_in_at_once_is_answered_once_for_each_conversation() {
    with_house(async |house| {
        let guest = house.guest("393331234567").await;
        let mut thumb = message("393331234567", "wamid.thumb", "👍");
        "reaction".clone_into(&mut thumb.kind);
        let said = [message("393331234567", "wamid.1", "yoga"), message("393331234567", "wamid.2", "domani"), thumb];
        assert_eq!(take_in(&house, &said, 1).await.unwrap(), Some(vec![true; 3]));
        assert_eq!(take_in(&house, &said, 2).await.unwrap(), Some(vec![false, false, true]), "two bodies came before");
        assert_eq!(house.count("select count(*) from message where wamid like 'wamid._'").await, 2);
        let job =
            "select format('%s %s %s %s %s', j.payload, j.key, j.lane, j.priority, l.run_at > now() + interval '4 s')
                   from holdfast.job j join holdfast.later l on l.id = j.id";
        let job: Vec<String> = sqlx::query_scalar(job).fetch_all(&house.owner).await.unwrap();
        let id = guest.conversation;
        assert_eq!(job, [format!(r#"{{"of":{id}}} key:{id} lane:{id} 3 t"#)]);
    })
    .await;
}

#[tokio::test]
async fn of_whom_something_new_is_told_nothing_is_taken_in_at_once() {
    with_house(async |house| {
        let phone = "393331234567";
        house.guest(phone).await;
        let known = message(phone, "wamid.known", "ciao");
        for (n, told) in [
            Identity::new(None, Some("393330000009"), None),
            Identity::new(None, Some(phone), Some("Another Name")),
            Identity::new(Some("IT.1"), Some(phone), None),
        ]
        .into_iter()
        .enumerate()
        {
            let news = from(told.unwrap(), &format!("wamid.news.{n}"), "eccomi");
            assert_eq!(take_in(&house, &[known.clone(), news], 1).await.unwrap(), None);
        }
        assert_eq!(house.count("select count(*) from message where wamid ~ 'known|news'").await, 0);
        assert_eq!(house.count("select count(*) from webhook_event").await, 0);
    })
    .await;
}

#[tokio::test]
async fn who_proves_to_be_another_is_one_of_them() {
    with_house(async |house| {
        let (hidden, phone) = (Identity::new(Some("IT.1"), None, None).unwrap(), "393331234567");
        record(&house, &[from(hidden.clone(), "wamid.1", "eccomi"), message(phone, "wamid.2", "ciao")]).await.unwrap();
        assert_eq!(house.count("select count(*) from customer where merged_into is null").await, 2);
        let all = [message(phone, "wamid.3", "io"), from(known("IT.1", phone), "wamid.4", "sono"), from(hidden, "wamid.5", "uno")];
        assert_eq!(record(&house, &all).await.unwrap().len(), 1);
        assert_eq!(house.count("select count(*) from customer where merged_into is null").await, 1);
        let kept = "select count(*) from message m join conversation c on c.id = m.conversation_id where c.merged_into is null";
        assert_eq!(house.count(kept).await, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn strangers_who_come_by_many_doors_at_once_are_one_each() {
    with_house(async |house| {
        let mut doors = JoinSet::new();
        for door in 0..8 {
            let house = house.clone();
            doors.spawn(async move {
                let of = |n: usize| {
                    message(&format!("39333000{:04}", (n + door * 7) % 20), &format!("wamid.{door}.{n}"), "ciao")
                };
                record(&house, &(0..20).map(of).collect::<Vec<_>>()).await.unwrap().len()
            });
        }
        assert_eq!(doors.join_all().await, [20; 8]);
        assert_eq!(house.count("select count(*) from customer").await, 20);
        assert_eq!(house.count("select count(*) from conversation").await, 20);
        assert_eq!(house.count("select count(*) from message").await, 160);
    })
    .await;
}

#[tokio::test]
async fn what_one_row_does_not_take_none_keeps() {
    with_house(async |house| {
        let poison = Inbound { body: json!({ "text": "\0" }), ..message("393330000001", "wamid.1", "ciao") };
        let refused = record(&house, &[message("393330000002", "wamid.2", "ciao"), poison]).await;
        assert!(refused.is_err_and(|error| error.as_database_error().is_some()));
        assert_eq!(house.count("select count(*) from message").await, 0);
        assert_eq!(house.count("select count(*) from customer").await, 0);
    })
    .await;
}

#[tokio::test]
async fn of_equal_bodies_the_first_is_new() {
    with_house(async |house| {
        let body = |digest| Body { bytes: b"{}", digest: [digest; 32], at: now() };
        let mut conn = house.pool.acquire().await.unwrap();
        let stored = webhook::store_all(&mut conn, &[body(9), body(3), body(9)]).await.unwrap();
        assert!(matches!(stored[..], [Stored::New(a), Stored::New(b), Stored::AlreadySeen] if a != b), "{stored:?}");
        let stored = webhook::store_all(&mut conn, &[body(4), body(3)]).await.unwrap();
        assert!(matches!(stored[..], [Stored::New(_), Stored::AlreadySeen]), "{stored:?}");
    })
    .await;
}
