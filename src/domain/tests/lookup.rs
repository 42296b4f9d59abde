//! From a phone, a booking or a message to jobs, and from a message back to what caused it.

use serde_json::json;

use super::support::{Guest, House, now, with_house};
use crate::{
    MessageId, TenantId,
    delivery::{self, Status},
    demo,
    lookup::{self, Asked, LinkKind, Subject, Trail},
    notices::{self, Ended, Kind},
    outbound::{self, Content},
    turn,
};

const PHONE: &str = "393331234567";

/// The id of a job that was put in now.
async fn turn_of_now(house: &House, number: i64) -> i64 {
    sqlx::query_scalar("select holdfast.id_at($1) + $2").bind(now()).bind(number).fetch_one(&house.owner).await.unwrap()
}

async fn says(house: &House, guest: Guest, turn: i64, text: &str) -> MessageId {
    let mut tx = house.tx().await;
    let planned = outbound::plan(&mut tx, guest.conversation, turn, 0, &Content::text(text), now()).await.unwrap();
    let wamid = format!("wamid.out.{turn}");
    outbound::accepted(&mut tx, planned.id, &wamid).await.unwrap();
    tx.commit().await.unwrap();
    planned.id
}

async fn is_told(house: &House, turn: i64, status: &str) {
    let mut tx = house.tx().await;
    let pricing = json!({ "pricing": { "billable": true, "category": "utility" } });
    let status = Status {
        phone_number_id: demo::PHONE_NUMBER_ID.to_owned(),
        wamid: format!("wamid.out.{turn}"),
        callback: None,
        status: status.to_owned(),
        at: now(),
        error_code: None,
        body: pricing,
    };
    assert_eq!(delivery::apply_all(&mut tx, &[&status]).await.unwrap(), Vec::<usize>::new());
    tx.commit().await.unwrap();
}

/// A turn that took up what this guest had said.
async fn answers(house: &House, guest: Guest, turn: i64) {
    let mut tx = house.tx().await;
    crate::burst::gather(&mut tx, guest.conversation, turn, now()).await.unwrap();
    let mut spent = turn::Spent::default();
    spent.add(900, 40, "small");
    spent.add(1100, 60, "small");
    turn::finish(&mut tx, turn, "answered", &json!([]), &spent, now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn rival(house: &House) -> TenantId {
    let sql = "insert into tenant (slug, name, zone, currency, language) values ('rival', 'Rival', 'Europe/Rome', 'EUR', 'it') returning id";
    sqlx::query_scalar(sql).fetch_one(&house.owner).await.unwrap()
}

async fn found(house: &House, within: Option<TenantId>, subject: &Subject) -> Vec<Trail> {
    lookup::find(&mut house.pool.acquire().await.unwrap(), within, subject).await.unwrap()
}

fn phone(written: &str) -> Subject {
    Subject::phone(written).unwrap()
}

#[tokio::test]
async fn a_phone_leads_to_its_turns_however_it_is_written() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        house.guest("393339999999").await;
        answers(&house, guest, 7).await;
        says(&house, guest, 7, "Ciao").await;
        for written in [PHONE, "+39 333 123-4567", "0039 333 1234567", "234567"] {
            let trails = found(&house, None, &phone(written)).await;
            let [trail] = &trails[..] else { panic!("{written}: {trails:?}") };
            assert_eq!((trail.tenant, trail.jobs.as_slice(), trail.label.as_str()), (house.tenant, &[7][..], "···567"));
            let turns = ("answer_message".to_owned(), format!("{}:{}", house.tenant, guest.conversation));
            assert!(trail.keys.contains(&turns), "{:?}", trail.keys);
            assert!(trail.keys.contains(&("erase_customer".to_owned(), guest.customer.to_string())));
        }
        assert_eq!(found(&house, None, &phone("391231234567")).await, []);
    })
    .await;
}

#[tokio::test]
async fn who_sees_one_business_finds_nothing_of_another() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        answers(&house, guest, 7).await;
        let said = says(&house, guest, 7, "Ciao").await;
        let rival = rival(&house).await;
        let subjects = [
            phone(PHONE),
            Subject::Customer(guest.customer),
            Subject::Conversation(guest.conversation),
            Subject::message("wamid.out.7").unwrap(),
            Subject::message(&said.to_string()).unwrap(),
        ];
        for subject in subjects {
            assert_eq!(found(&house, Some(house.tenant), &subject).await.len(), 1, "{subject:?}");
            assert_eq!(found(&house, None, &subject).await.len(), 1, "{subject:?}");
            assert_eq!(found(&house, Some(rival), &subject).await, [], "{subject:?}");
        }
        let mut tx = house.tx().await;
        assert_eq!(lookup::message(&mut tx, Some(rival), "wamid.out.7").await.unwrap(), None);
        let whose = lookup::message(&mut tx, None, "wamid.out.7").await.unwrap();
        assert_eq!(whose, Some((house.tenant, said)));
        let still: String =
            sqlx::query_scalar("select current_setting('holdfast.tenant')").fetch_one(&mut *tx).await.unwrap();
        assert_eq!(still, house.tenant.to_string(), "the transaction sees the rows it saw before");
    })
    .await;
}

#[tokio::test]
async fn a_booking_leads_to_its_turn_its_payment_and_its_notices() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        let proposal = house.proposal(guest, house.yoga().await, 31).await;
        house.accept(guest, proposal, now()).await;
        let seat = house.count("select id from seat").await;
        let mut tx = house.tx().await;
        let sql = "with p as (insert into payment (customer_id, seat_id, method, state, amount_minor, captured_minor, currency, intent, created_at)
                     select customer_id, id, 'card', 'captured', 1500, 1500, 'EUR', 'pi_1', now() from seat returning id)
                   insert into payment_event (event, body, received_at)
                     select 'evt_1', jsonb_build_object('payment', id), now() from p
                     union all select 'evt_2', '{\"payment\": null, \"kind\": {\"kind\": \"dispute_opened\", \"payment_intent\": \"pi_1\"}}', now()";
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        sqlx::query("insert into refund (id, payment_id, amount_minor, reason, created_at) select 77, id, 500, 'goodwill', now() from payment")
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query("insert into notice (id, customer_id, kind, subject, due_at) select 88, customer_id, 'reminder', 'seat:' || id || ':120:1', now() from seat")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let trails = found(&house, None, &Subject::Booking(seat.into())).await;
        let keys: Vec<_> = trails[0].keys.iter().map(|(kind, key)| (kind.as_str(), key.as_str())).collect();
        let seat = seat.to_string();
        let expected = [
            ("collect_payment", seat.as_str()),
            ("make_refund", "77"),
            ("settle_payment", "evt_1"),
            ("settle_payment", "evt_2"),
            ("tell_customer", "88"),
        ];
        assert_eq!((keys.as_slice(), trails[0].jobs.as_slice()), (&expected[..], &[31][..]));
    })
    .await;
}

#[tokio::test]
async fn a_reply_is_because_of_what_the_customer_wrote() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        answers(&house, guest, 7).await;
        let said = says(&house, guest, 7, "Ciao Ada").await;
        is_told(&house, 7, "delivered").await;
        let mut tx = house.tx().await;
        let asked = |reveal| Asked { message: said, root: Some(7), reveal };
        let why = lookup::why(&mut tx, asked(false)).await.unwrap().unwrap();
        assert_eq!((why.customer.id, why.customer.phone.as_deref()), (guest.customer, Some("···567")));
        assert_eq!((why.message.text.as_deref(), why.message.pricing.as_deref()), (Some("••••••••"), Some("utility")));
        let kinds: Vec<_> = why.causes.iter().map(|link| link.kind).collect();
        assert_eq!(kinds, [LinkKind::Status, LinkKind::Turn, LinkKind::Inbound]);
        assert_eq!((why.causes[1].job, why.causes[2].text.as_deref()), (Some(7), Some("••••")));
        assert!(why.causes[1].facts.contains(&("tokens_in", "2000".to_owned())), "{:?}", why.causes[1]);
        let open = lookup::why(&mut tx, asked(true)).await.unwrap().unwrap();
        assert_eq!(open.customer.phone.as_deref(), Some(PHONE));
        assert_eq!((open.message.text.as_deref(), open.causes[2].text.as_deref()), (Some("Ciao Ada"), Some("ciao")));
    })
    .await;
}

#[tokio::test]
async fn a_reminder_is_because_of_a_booking() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        let proposal = house.proposal(guest, house.yoga().await, 31).await;
        house.accept(guest, proposal, now()).await;
        let said = says(&house, guest, 99, "A domani").await;
        let mut tx = house.tx().await;
        let seat: i64 = sqlx::query_scalar("select id from seat").fetch_one(&mut *tx).await.unwrap();
        let plan = notices::Plan {
            customer: guest.customer,
            kind: Kind::Reminder,
            subject: format!("seat:{seat}:120:1"),
            facts: json!({}),
            due_at: now(),
            useful_until: None,
        };
        let notice = notices::plan(&mut tx, plan).await.unwrap().unwrap();
        notices::settle(&mut tx, notice, Ended::Sent, None, Some(said), now()).await.unwrap();
        let asked = Asked { message: said, root: None, reveal: false };
        let why = lookup::why(&mut tx, asked).await.unwrap().unwrap();
        let causes: Vec<_> = why.causes.iter().map(|link| (link.kind, link.id.clone())).collect();
        let session = house.yoga().await;
        let expected = [
            (LinkKind::Notice, notice.to_string()),
            (LinkKind::Booking, seat.to_string()),
            (LinkKind::Session, session.to_string()),
        ];
        assert_eq!(causes, expected);
    })
    .await;
}

#[tokio::test]
async fn what_today_costs_is_counted_from_its_beginning() {
    with_house(async |house| {
        let guest = house.guest(PHONE).await;
        let (old, new) = (turn_of_now(&house, -1_000_000_000).await, turn_of_now(&house, 5).await);
        answers(&house, guest, old).await;
        says(&house, guest, old, "Ieri").await;
        house.hear(PHONE, "wamid.again", "ancora").await;
        answers(&house, guest, new).await;
        says(&house, guest, new, "Oggi").await;
        let mut tx = house.tx().await;
        let untold = crate::spend::since(&mut tx, now()).await.unwrap();
        assert_eq!((untold.turns, untold.tokens_in, untold.tokens_out), (1, 2000, 100));
        assert_eq!(untold.by_model.iter().map(|of| of.model.as_str()).collect::<Vec<_>>(), ["small"]);
        let priced = |spend: &crate::spend::Spend| {
            spend.messages.iter().map(|of| (of.category.clone(), of.messages, of.billable)).collect::<Vec<_>>()
        };
        assert_eq!(priced(&untold), [("service".to_owned(), 1, 0)]);
        drop(tx);
        is_told(&house, new, "sent").await;
        let mut tx = house.tx().await;
        let told = crate::spend::since(&mut tx, now()).await.unwrap();
        assert_eq!(priced(&told), [("utility".to_owned(), 1, 1)]);
    })
    .await;
}

#[tokio::test]
async fn the_last_messages_to_a_phone_are_found_by_its_end_without_their_words() {
    with_house(async |house| {
        let (guest, other) = (house.guest(PHONE).await, house.guest("393339999999").await);
        let first = says(&house, guest, 5, "Ciao").await;
        says(&house, other, 6, "Altro").await;
        let last = says(&house, guest, 7, "Ci vediamo").await;
        let mut tx = house.tx().await;
        for digits in ["234567", PHONE] {
            let found = lookup::recent(&mut tx, digits, 10).await.unwrap();
            assert_eq!(found.iter().map(|row| row.message).collect::<Vec<_>>(), [last, first], "{digits}");
            assert!(
                found.iter().all(|row| row.to.phone.as_deref() == Some("···567") && row.kind == "text"),
                "{found:?}"
            );
        }
        assert_eq!(lookup::recent(&mut tx, "234567", 1).await.unwrap().len(), 1);
        assert_eq!(lookup::recent(&mut tx, "034567", 10).await.unwrap(), []);
    })
    .await;
}
