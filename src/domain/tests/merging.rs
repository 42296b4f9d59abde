//! Two contacts of one person become one, and nothing is lost.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::person::{ADA, Life, Person};
use super::support::{Guest, House, now, with_house};
use crate::customer::{self, FOLLOWERS, Identity, Merged, Source};
use crate::waitlist::{self, Joined};
use crate::{CustomerId, EntryId, SessionId, catalog, demo, privacy};

/// Ada again, before WhatsApp told her number.
const HIDDEN: Person = Person {
    phone: "393339999999",
    bsuid: "IT.999999999999",
    name: "Ada Z.",
    words: "eccomi di nuovo, senza numero",
    turn: 51,
};

async fn merge(house: &House, from: CustomerId, into: CustomerId) -> Merged {
    let mut tx = house.tx().await;
    let merged = customer::merge(&mut tx, from, into).await.unwrap();
    tx.commit().await.unwrap();
    merged
}

/// Columns that name a customer, by the constraints of the database.
async fn naming_customers(house: &House) -> Vec<(String, String)> {
    let sql = "select c.conrelid::regclass::text, a.attname::text from pg_constraint c
               join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]
               where c.contype = 'f' and c.confrelid = 'public.customer'::regclass order by 1, 2";
    sqlx::query_as(sql).fetch_all(&house.owner).await.unwrap()
}

/// Rows of each of those tables that belong to one of these.
async fn belongings(house: &House, customers: &[CustomerId]) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for (table, column) in naming_customers(house).await {
        let count = format!("select count(*) from {table} where {column} = any($1)");
        let count = sqlx::query_scalar(AssertSqlSafe(count)).bind(customers).fetch_one(&house.owner).await.unwrap();
        all.insert(format!("{table}.{column}"), count);
    }
    all
}

#[tokio::test]
async fn whatever_names_a_customer_is_known_to_the_merge() {
    with_house(async |house| {
        // Conversations bring proposals along; seats and places in waiting lists have rules of their own. An erasure is
        // of nobody any more.
        let with_rules = ["conversation", "proposal", "seat", "waitlist_entry", "customer", "privacy_erasure"];
        for (table, column) in naming_customers(&house).await {
            let known = FOLLOWERS.contains(&table.as_str()) || with_rules.contains(&table.as_str());
            assert!(
                known,
                "{table}.{column} names a customer: say in customer/merge.rs what becomes of it, and in privacy, too"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_lost_and_history_follows() {
    with_house(async |house| {
        let (ada, hidden) = (ADA.lives(&house).await, HIDDEN.says(&house).await);
        let both = [ada.guest.customer, hidden.customer];
        let before = belongings(&house, &both).await;
        assert!(before.values().filter(|rows| **rows > 0).count() >= 9, "{before:?}");
        assert_eq!(merge(&house, ada.guest.customer, hidden.customer).await, Merged::Done);
        let mut after = belongings(&house, &[hidden.customer]).await;
        assert_eq!(after.insert("customer.merged_into".to_owned(), 0), Some(1));
        assert_eq!(after, before, "everything is the survivor's");
        assert_eq!(merge(&house, ada.guest.customer, hidden.customer).await, Merged::Nothing);
        assert_eq!(merge(&house, hidden.customer, hidden.customer).await, Merged::Nothing);

        let mut tx = house.tx().await;
        let asker = hidden.asker(&mut tx, now()).await;
        let found = catalog::find_bookings(&mut tx, &asker).await.unwrap();
        assert_eq!((found.bookings[0].booking_id, found.waiting.len()), (ada.seat, 1));
        let document = privacy::export(&mut tx, ada.guest.customer).await.unwrap().unwrap().document;
        let words: Vec<_> =
            [ADA.words, HIDDEN.words].into_iter().filter(|w| !document.to_string().contains(w)).collect();
        assert_eq!(words, Vec::<&str>::new(), "one history");
    })
    .await;
}

#[tokio::test]
async fn a_stop_of_either_counts_and_wishes_are_joined() {
    with_house(async |house| {
        let (old, new) = (house.guest("393331111111").await, house.guest("393332222222").await);
        let mut tx = house.tx().await;
        customer::consent(&mut tx, old.customer, false, Source::Message, None, now()).await.unwrap();
        customer::consent(&mut tx, new.customer, true, Source::Staff, None, now()).await.unwrap();
        for (guest, wishes) in [(old, json!({ "mat": "own", "side": "left" })), (new, json!({ "mat": "ours" }))] {
            let change = customer::Change { preferences: Some(wishes), ..customer::Change::default() };
            customer::set_profile(&mut tx, guest.customer, &change, now()).await.unwrap().unwrap();
        }
        tx.commit().await.unwrap();
        merge(&house, old.customer, new.customer).await;
        let mut tx = house.tx().await;
        assert!(customer::addressee(&mut tx, new.customer).await.unwrap().opted_out);
        let profile = customer::profile(&mut tx, old.customer, now()).await.unwrap().unwrap();
        assert_eq!(profile.preferences, json!({ "mat": "ours", "side": "left" }));
        assert_eq!(house.count("select count(distinct customer_id) from consent").await, 1);
    })
    .await;
}

/// Puts both at the end of a full class's list, the first one first.
async fn both_wait(house: &House, first: Guest, second: Guest) -> (SessionId, EntryId, EntryId) {
    let session = house.session("hiit", "2026-11-22T12:00:00Z").await;
    sqlx::query("update session set capacity = 0 where id = $1").bind(session).execute(&house.owner).await.unwrap();
    let mut tx = house.tx().await;
    let mut entries = Vec::new();
    for guest in [first, second] {
        match waitlist::join(&mut tx, session, guest.customer, 1, None, now()).await.unwrap() {
            Joined::Waiting(position) => entries.push(position.entry),
            other => panic!("{other:?}"),
        }
    }
    tx.commit().await.unwrap();
    (session, entries[0], entries[1])
}

async fn states(house: &House) -> Vec<String> {
    let sql = "select e.state || coalesce(': ' || l.reason, '') from waitlist_entry e
               left join waitlist_log l on l.entry_id = e.id and l.event = 'closed' order by e.id";
    sqlx::query_scalar(sql).fetch_all(&house.owner).await.unwrap()
}

#[tokio::test]
async fn of_two_places_in_one_list_the_older_one_stays() {
    with_house(async |house| {
        let (old, new) = (house.guest("393331111111").await, house.guest("393332222222").await);
        both_wait(&house, old, new).await;
        merge(&house, old.customer, new.customer).await;
        assert_eq!(states(&house).await, ["waiting", "closed: waits twice: the older place stays"]);
    })
    .await;
}

#[tokio::test]
async fn an_offer_to_the_younger_place_is_not_lost() {
    with_house(async |house| {
        let (old, new) = (house.guest("393331111111").await, house.guest("393332222222").await);
        let (session, older, younger) = both_wait(&house, old, new).await;
        let seat: i64 = sqlx::query_scalar(
            "with place as (update session set capacity = 1 where id = $1), held as (
               insert into seat (tenant_id, session_id, customer_id, state, price_minor, currency, created_at, hold_expires_at, via)
               values ($2, $1, $3, 'held', 1500, 'EUR', $4, $5, 'waitlist') returning id)
             update waitlist_entry set state = 'offered', seat_id = held.id, offer_expires_at = $5 from held where waitlist_entry.id = $6
             returning seat_id",
        )
        .bind(session)
        .bind(house.tenant)
        .bind(new.customer)
        .bind(now())
        .bind(now() + TimeDelta::minutes(30))
        .bind(younger)
        .fetch_one(&house.owner)
        .await
        .unwrap();
        merge(&house, new.customer, old.customer).await;
        assert_eq!(states(&house).await, ["offered", "closed: waits twice: the older place stays"]);
        let mut tx = house.tx().await;
        let claimed = waitlist::claim(&mut tx, older, old.customer, now()).await.unwrap();
        let waitlist::Claimed::Taken { place, .. } = claimed else { panic!("{claimed:?}") };
        assert_eq!(place.seat.0, seat);
    })
    .await;
}

#[tokio::test]
async fn who_has_a_place_does_not_wait_for_one_and_what_was_spent_twice_comes_back() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        let other = house.guest("393332222222").await;
        let Life { waits_for, .. } = ada;
        let held = "insert into seat (tenant_id, session_id, customer_id, state, price_minor, currency, created_at, hold_expires_at)
                    select $1, s, $2, 'held', 1500, 'EUR', $3, $3 + interval '1 hour' from unnest($4::bigint[]) s";
        let yoga = house.yoga().await;
        sqlx::query("update session set capacity = capacity + 1 where id = $1").bind(waits_for).execute(&house.owner).await.unwrap();
        let sessions = [yoga.0, waits_for.0];
        let rows = sqlx::query(held).bind(house.tenant).bind(other.customer).bind(now()).bind(sessions.as_slice());
        rows.execute(&house.owner).await.unwrap();

        merge(&house, ada.guest.customer, other.customer).await;
        assert_eq!(states(&house).await, ["closed: has a place"]);
        assert_eq!(house.count("select count(*) from seat where state = 'cancelled' and cancelled_by = 'move'").await, 1);
        assert_eq!(house.count("select count(*) from seat where state = 'held'").await, 2);
        let called = "select count(*) from conversation where needs_person_reason like 'refund of booking%'";
        assert_eq!(house.count(called).await, 1, "it was paid by card");
    })
    .await;
}

#[tokio::test]
async fn a_number_with_a_new_owner_tells_nothing_of_the_former_one() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        let mut tx = house.tx().await;
        let stranger = Identity::new(Some("IT.5550000000001"), Some(ADA.phone), Some("Bruno")).unwrap();
        let bruno = customer::identify(&mut tx, &stranger).await.unwrap();
        assert_ne!(bruno, ada.guest.customer);
        let conversation = crate::conversation::of(&mut tx, bruno, demo::PHONE_NUMBER_ID).await.unwrap();
        assert_ne!(conversation, ada.guest.conversation);
        let asker = Guest { conversation, customer: bruno }.asker(&mut tx, now()).await;
        let found = catalog::find_bookings(&mut tx, &asker).await.unwrap();
        assert_eq!((found.bookings.len(), found.waiting.len()), (0, 0), "no bookings of hers");
        let profile = customer::profile(&mut tx, bruno, now()).await.unwrap().unwrap();
        assert_eq!((profile.name.as_deref(), profile.entitlements.len(), profile.money.len()), (Some("Bruno"), 0, 0));
        assert_eq!(crate::turn::history(&mut tx, conversation, 8).await.unwrap(), Vec::<Value>::new());
        let told = privacy::export(&mut tx, bruno).await.unwrap().unwrap().document.to_string();
        assert!(!told.contains(ADA.words) && !told.contains(ADA.name), "{told}");
        // She is known by her id still.
        let hers = Identity::new(Some(ADA.bsuid), None, None).unwrap();
        assert_eq!(customer::identify(&mut tx, &hers).await.unwrap(), ada.guest.customer);
    })
    .await;
}
