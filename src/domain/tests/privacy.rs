//! A copy of all that is known of somebody; then they are forgotten, and the books still add up.

use chrono::TimeDelta;
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};

use super::person::{ADA, Person};
use super::support::{Guest, House, message, now, with_house};
use crate::customer;
use crate::privacy::{self, Proof};
use crate::{After, CustomerId, ErasureId, demo, inbound, ledger, outbound};

const BRUNO: Person =
    Person { phone: "393335550102", bsuid: "IT.2222222222222", name: "Bruno Feltrin", words: "boxe per due", turn: 61 };

/// All of an erasure but what the engine does.
async fn erase(house: &House, customer: CustomerId) -> (ErasureId, After) {
    let mut tx = house.tx().await;
    let erasure = privacy::begin(&mut tx, customer, "Carla", now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let mut tx = house.tx().await;
    let after = privacy::withdraw(&mut tx, erasure, now()).await.unwrap();
    tx.commit().await.unwrap();
    loop {
        let mut tx = house.tx().await;
        privacy::collect(&mut tx, erasure).await.unwrap();
        let thread = privacy::thread(&mut tx, erasure).await.unwrap();
        let more = privacy::scrub(&mut tx, &thread, 1).await.unwrap().more;
        tx.commit().await.unwrap();
        if !more {
            break;
        }
    }
    let mut after_event = None;
    loop {
        let mut tx = house.tx().await;
        let marks = privacy::marks(&mut tx, erasure).await.unwrap();
        after_event = privacy::scrub_webhooks(&mut tx, erasure, &marks, after_event, 1).await.unwrap();
        tx.commit().await.unwrap();
        if after_event.is_none() {
            return (erasure, after);
        }
    }
}

async fn proof(house: &House, erasure: ErasureId) -> Proof {
    let mut tx = house.tx().await;
    let thread = privacy::thread(&mut tx, erasure).await.unwrap();
    let mut proof = privacy::search(&mut tx, &thread).await.unwrap();
    let look = privacy::search_webhooks(&mut tx, &thread, None, 1000).await.unwrap();
    proof.note("webhooks", look.searched, "webhook_event.body", look.found);
    privacy::finish(&mut tx, erasure, &proof, now()).await.unwrap();
    tx.commit().await.unwrap();
    proof
}

/// Every text and document of every table, with its place.
async fn everything(house: &House) -> Vec<(String, String)> {
    let columns = sqlx::query(
        "select format('%I.%I', c.relname, a.attname), format('select convert_from(%s, ''UTF8'') from %I where %I is not null',
                case when a.atttypid = 'bytea'::regtype and a.attname = 'body' then a.attname else format('convert_to(%I::text, ''UTF8'')', a.attname) end,
                c.relname, a.attname)
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_sqlx_migrations'
           and a.atttypid in ('text'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'text[]'::regtype)",
    );
    let mut all = Vec::new();
    for column in columns.fetch_all(&house.owner).await.unwrap() {
        let (place, sql): (String, String) = (column.get(0), column.get(1));
        let texts: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&house.owner).await.unwrap();
        all.extend(texts.into_iter().map(|text| (place.clone(), text)));
    }
    all
}

async fn assert_gone(house: &House, person: Person) {
    let all = everything(house).await;
    for told in [person.phone, person.bsuid, person.name, person.words, "wamid.in.101", "wamid.out.101"] {
        let places: Vec<_> = all.iter().filter(|(_, text)| text.contains(told)).map(|(place, _)| place).collect();
        assert_eq!(places, Vec::<&String>::new(), "{told} is left");
    }
}

async fn rows(house: &House) -> Vec<i64> {
    let mut rows = Vec::new();
    for table in [
        "customer",
        "conversation",
        "message",
        "turn",
        "proposal",
        "seat",
        "payment",
        "entitlement",
        "waitlist_entry",
        "notice",
    ] {
        let count = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")));
        rows.push(count.fetch_one(&house.owner).await.unwrap());
    }
    rows
}

#[tokio::test]
async fn a_copy_has_everything_and_nothing_of_others() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        BRUNO.says(&house).await;
        let mut tx = house.tx().await;
        let kept = privacy::keep(&mut tx, ada.guest.customer, now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let mut tx = house.tx().await;
        let (whose, document) = privacy::kept(&mut tx, kept.id).await.unwrap().unwrap();
        assert_eq!(whose, ada.guest.customer);
        let text = document.to_string();
        for told in [ADA.phone, ADA.bsuid, ADA.name, ADA.words, "wamid.in.101", "wamid.out.101", "cs_101"] {
            assert!(text.contains(told), "{told} is missing in {text}");
        }
        assert!(!text.contains(BRUNO.words) && !text.contains(BRUNO.phone));
        assert_eq!(document["bookings"][0]["service"], json!({ "it": "Yoga", "en": "Yoga" }));
        assert_eq!(document["waitlist"][0]["log"][0]["event"], "joined");
        let told: Vec<_> = kept.counts.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        assert_eq!(
            told,
            [
                "consent 1",
                "conversation 1",
                "customer 1",
                "delivery_status 1",
                "entitlement 1",
                "entitlement_period 0",
                "entitlement_use 0",
                "message 2",
                "notice 1",
                "payment 2",
                "proposal 1",
                "quote 1",
                "refund 0",
                "seat 1",
                "turn 1",
                "waitlist_entry 1",
                "waitlist_log 1",
            ]
        );
        assert_eq!(privacy::exports(&mut tx, ada.guest.customer).await.unwrap(), std::slice::from_ref(&kept));
        assert_eq!(privacy::expire_exports(&mut tx, kept.expires_at).await.unwrap(), 1);
        assert_eq!(privacy::export(&mut tx, CustomerId(404)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_copy_and_an_erasure_know_every_table_of_customers_and_their_conversations() {
    with_house(async |house| {
        // What has no words of a customer's, or none that a copy would have to tell.
        let apart = ["privacy_export", "privacy_erasure", "customer"];
        let sql = "select distinct c.conrelid::regclass::text from pg_constraint c
                   where c.contype = 'f' and c.confrelid in ('public.customer'::regclass, 'public.conversation'::regclass) order by 1";
        let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&house.owner).await.unwrap();
        let mut tx = house.tx().await;
        let guest = house.guest(ADA.phone).await;
        let counts = privacy::export(&mut tx, guest.customer).await.unwrap().unwrap().counts;
        for table in tables.iter().filter(|table| !apart.contains(&table.as_str())) {
            assert!(counts.contains_key(table), "{table} is of a customer: add it to privacy/sections.rs, and to what is erased");
        }
    })
    .await;
}

#[tokio::test]
async fn the_forgotten_are_in_no_table_any_more_and_the_books_add_up() {
    with_house(async |house| {
        let (ada, bruno) = (ADA.lives(&house).await, BRUNO.says(&house).await);
        let mut tx = house.tx().await;
        privacy::keep(&mut tx, ada.guest.customer, now()).await.unwrap();
        // Bruno told of her.
        let told = format!("chiamate {} al {}", ADA.name, ADA.phone);
        inbound::record(&mut tx, demo::PHONE_NUMBER_ID, &message(BRUNO.phone, "wamid.bruno.2", &told), now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let before = rows(&house).await;
        let (erasure, after) = erase(&house, ada.guest.customer).await;
        let proof = proof(&house, erasure).await;
        assert_eq!(proof.places(), "");
        assert!(proof.searched["columns"] > 50 && proof.searched["webhooks"] == 2, "{proof:?}");
        assert_gone(&house, ADA).await;
        assert_eq!(rows(&house).await, before, "rows stay");
        assert_eq!(house.count("select count(*) from privacy_mark").await, 0, "we do not know ourselves any more");

        assert_eq!(after.refunds.len(), 1, "the booking of tomorrow evening was paid");
        assert_eq!(
            house.count("select count(*) from seat where state = 'cancelled' and cancelled_by = 'customer'").await,
            1
        );
        assert_eq!(house.count("select count(*) from waitlist_entry where state = 'left'").await, 1);
        assert_eq!(house.count("select count(*) from notice where state = 'skipped'").await, 1);
        let mut tx = house.tx().await;
        let balances = ledger::balances(&mut tx).await.unwrap();
        assert_eq!(balances.iter().map(|balance| balance.balance_minor).sum::<i64>(), 0);
        let done = privacy::erasure(&mut tx, erasure).await.unwrap().unwrap();
        assert_eq!((done.requested_by.as_str(), done.finished_at), ("Carla", Some(now())));
        let counted =
            ["customer", "message", "delivery_status", "turn", "proposal", "webhook_event", "message of others"];
        assert_eq!(counted.map(|table| done.counts[table]), [1, 2, 1, 1, 1, 1, 1]);
        // What others said stays theirs.
        let words: Vec<String> = sqlx::query_scalar("select text from message where conversation_id = $1 order by id")
            .bind(bruno.conversation)
            .fetch_all(&house.owner)
            .await
            .unwrap();
        assert_eq!(words.last().unwrap(), "chiamate [erased] al [erased]");
        assert!(words[0] == BRUNO.words, "{words:?}");
    })
    .await;
}

#[tokio::test]
async fn who_writes_again_is_somebody_new_and_nothing_is_said_to_who_they_were() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        erase(&house, ada.guest.customer).await;
        let mut tx = house.tx().await;
        let again = customer::identify(&mut tx, &ADA.identity()).await.unwrap();
        assert_ne!(again, ada.guest.customer);
        let content = outbound::Content::text("Ciao Ada");
        let said = outbound::plan(&mut tx, ada.guest.conversation, 900, 0, &content, now()).await.unwrap();
        assert!(said.erased && said.phone.is_none() && said.bsuid.is_none());
        let profile = customer::profile(&mut tx, ada.guest.customer, now()).await.unwrap().unwrap();
        assert!(profile.erased_at.is_some() && profile.bookings.is_empty());
        let change = customer::Change { name: Some("Ada".to_owned()), ..customer::Change::default() };
        assert_eq!(customer::set_profile(&mut tx, ada.guest.customer, &change, now()).await.unwrap(), Ok(None));
        tx.commit().await.unwrap();
        assert_eq!(house.count("select count(*) from message where text like '%Ada%'").await, 0, "not even planned");
    })
    .await;
}

#[tokio::test]
async fn an_erasure_may_be_done_again_and_finds_what_came_late() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        let (first, _) = erase(&house, ada.guest.customer).await;
        assert!(proof(&house, first).await.is_clean());
        let mut tx = house.tx().await;
        assert_eq!(privacy::late(&mut tx).await.unwrap(), []);
        // That our message was read is told by its id in our own words.
        let ours = house.count("select id from message where direction = 'out'").await.to_string();
        let read = crate::delivery::Status { callback: Some(ours), ..ADA.status("wamid.out.101", "read", now()) };
        crate::delivery::apply(&mut tx, &read).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = house.tx().await;
        assert_eq!(privacy::late(&mut tx).await.unwrap(), [ada.guest.customer]);
        drop(tx);
        let (second, after) = erase(&house, ada.guest.customer).await;
        assert_ne!(second, first);
        assert!(after.is_empty(), "{after:?}");
        assert!(proof(&house, second).await.is_clean());
        assert_gone(&house, ADA).await;
        let mut tx = house.tx().await;
        let all = privacy::erasures(&mut tx, ada.guest.customer).await.unwrap();
        assert_eq!(all.iter().map(|erasure| erasure.id).collect::<Vec<_>>(), [second, first]);
    })
    .await;
}

#[tokio::test]
async fn a_search_tells_where_something_is_left_and_not_what() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        let (erasure, _) = erase(&house, ada.guest.customer).await;
        let left = "update crew set bio = jsonb_build_object('it', $1::text) where name = (select min(name) from crew)";
        sqlx::query(left).bind(format!("chiama il {}", ADA.phone)).execute(&house.owner).await.unwrap();
        let proof = proof(&house, erasure).await;
        assert_eq!(proof.places(), "crew.bio (1)");
        let mut tx = house.tx().await;
        let open = privacy::erasure(&mut tx, erasure).await.unwrap().unwrap();
        assert_eq!((open.finished_at, open.proof), (None, Some(proof)));
        let same = privacy::begin(&mut tx, ada.guest.customer, "Dario", now()).await.unwrap();
        assert_eq!(same, Some(erasure), "it goes on where it was");
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_somebody_elses_by_now_stays_theirs() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        let heir = Person { bsuid: "IT.7777777777777", name: "Gino Salmaso", words: "sono nuovo qui", turn: 71, ..ADA };
        let gino = heir.says(&house).await;
        let (erasure, _) = erase(&house, ada.guest.customer).await;
        assert!(proof(&house, erasure).await.is_clean());
        let all = everything(&house).await;
        for told in [ADA.bsuid, ADA.name, ADA.words] {
            assert!(all.iter().all(|(_, text)| !text.contains(told)), "{told} is left");
        }
        let mut tx = house.tx().await;
        let profile = customer::profile(&mut tx, gino.customer, now()).await.unwrap().unwrap();
        assert_eq!((profile.phone.as_deref(), profile.name.as_deref()), (Some(ADA.phone), Some(heir.name)));
        let his = privacy::export(&mut tx, gino.customer).await.unwrap().unwrap().document.to_string();
        assert!(his.contains(heir.words) && his.contains(ADA.phone), "{his}");
    })
    .await;
}

#[tokio::test]
async fn words_are_forgotten_when_they_are_old_enough() {
    with_house(async |house| {
        ADA.lives(&house).await;
        let young = now() + TimeDelta::days(700);
        let late = Person { turn: 81, ..BRUNO };
        let guest: Guest = late.says(&house).await;
        sqlx::query("update message set sent_at = $1 where conversation_id = $2")
            .bind(young)
            .bind(guest.conversation)
            .execute(&house.owner)
            .await
            .unwrap();
        let then = now() + TimeDelta::days(731);
        let forget = async || {
            let (mut rows, mut jobs, mut after) = (0, 0, None);
            loop {
                let mut tx = house.tx().await;
                let forgotten = privacy::forget(&mut tx, then, after, 1).await.unwrap();
                tx.commit().await.unwrap();
                rows += forgotten.counts.get("message").copied().unwrap_or_default();
                jobs += forgotten.jobs.len();
                if forgotten.next.is_none() {
                    return (rows, jobs);
                }
                after = forgotten.next;
            }
        };
        assert_eq!(forget().await, (2, 2), "the message and its answer, of one turn");
        assert_eq!(forget().await, (0, 0));
        let mut tx = house.tx().await;
        let (blanked, next) = privacy::forget_webhooks(&mut tx, then, None, 10).await.unwrap();
        assert_eq!((blanked, next), (2, None));
        privacy::forgotten(&mut tx, then).await.unwrap();
        assert_eq!(privacy::forget_webhooks(&mut tx, then, None, 10).await.unwrap(), (0, None));
        tx.commit().await.unwrap();
        let all = everything(&house).await;
        let left = |words: &str| {
            all.iter().filter(|(_, text)| text.contains(words)).map(|(place, _)| place.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(left(ADA.words), Vec::<&str>::new());
        assert!(left(ADA.name).contains(&"customer.name"), "they are still customers");
        assert!(left(BRUNO.words).contains(&"message.text"), "what is young stays");
    })
    .await;
}
