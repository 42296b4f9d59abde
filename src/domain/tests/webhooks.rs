//! One person is taken out of raw webhooks, and nobody else is.

use serde_json::{Value, json};

use super::person::{ADA, Person};
use super::support::{House, now, with_house};
use crate::{demo, tenant, webhook};

const EVA: Person = Person { phone: "393335550199", bsuid: "IT.3333333333333", name: "Eva", words: "pilates", turn: 1 };
/// Another business's.
const OTHERS: &str = "900000000000009";

async fn store(house: &House, body: &[u8]) -> i64 {
    let mut tx = house.tx().await;
    let digest = [u8::try_from(house.count("select count(*) from webhook_event").await).unwrap(); 32];
    let webhook::Stored::New(id) = webhook::store(&mut tx, body, &digest, now()).await.unwrap() else {
        panic!("twice")
    };
    tx.commit().await.unwrap();
    id
}

async fn body(house: &House, id: i64) -> String {
    let bytes: Vec<u8> = sqlx::query_scalar("select body from webhook_event where id = $1")
        .bind(id)
        .fetch_one(&house.owner)
        .await
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

async fn erase(house: &House, tenant: i64, tokens: &[&str]) -> i32 {
    let mut tx = tenant::begin(&house.pool, tenant.into()).await.unwrap();
    let sql = "select erased from erase_webhooks($1, $2, $3, '-infinity', null, 100)";
    let erased = sqlx::query_scalar(sql).bind(tenant).bind(vec![ADA.phone, ADA.bsuid]).bind(tokens.to_vec());
    let erased = erased.fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    erased
}

async fn found(house: &House) -> i32 {
    let mut tx = house.tx().await;
    let sql = "select hits from find_in_webhooks($1, $2, $3, '-infinity', null, 100)";
    let found = sqlx::query_scalar(sql).bind(house.tenant).bind(vec![ADA.phone, ADA.bsuid]).bind(vec!["wamid.x/1"]);
    found.fetch_one(&mut *tx).await.unwrap()
}

async fn add_rival(house: &House) -> i64 {
    let sql = "with t as (insert into tenant (slug, name, zone, currency, language) values ('rival', 'Rival', 'Europe/Rome', 'EUR', 'it') returning id)
               insert into channel (phone_number_id, tenant_id, display_phone) select $1, id, '+39 02 555' from t returning tenant_id";
    sqlx::query_scalar(sql).bind(OTHERS).fetch_one(&house.owner).await.unwrap()
}

/// One body with the values of these webhooks.
fn together(bodies: &[Value]) -> Vec<u8> {
    let mut all = bodies[0].clone();
    let changes = bodies.iter().map(|body| body["entry"][0]["changes"][0].clone());
    all["entry"][0]["changes"] = changes.collect();
    all.to_string().into_bytes()
}

#[tokio::test]
async fn one_person_goes_and_the_other_stays_as_they_were() {
    with_house(async |house| {
        let mut shared = ADA.webhook(demo::PHONE_NUMBER_ID, "wamid.x/1", ADA.words);
        let value = &mut shared["entry"][0]["changes"][0]["value"];
        value["messages"].as_array_mut().unwrap().push(EVA.message("wamid.eva", "Ada ha il 393331234567"));
        value["contacts"].as_array_mut().unwrap().push(json!({ "profile": { "name": EVA.name }, "wa_id": EVA.phone }));
        let id = store(&house, &together(&[shared])).await;
        assert_eq!(found(&house).await, 1);
        assert_eq!(erase(&house, house.tenant.0, &[]).await, 1);
        let after: Value = serde_json::from_str(&body(&house, id).await).unwrap();
        let value = &after["entry"][0]["changes"][0]["value"];
        assert_eq!(value["contacts"][0]["profile"]["name"], "[erased]");
        assert_eq!(value["messages"][0]["text"]["body"], "[erased]");
        assert_eq!((&value["messages"][0]["type"], &value["messages"][0]["id"]), (&json!("text"), &json!("[erased]")));
        assert_eq!(
            (&value["contacts"][1]["profile"]["name"], &value["contacts"][1]["wa_id"]),
            (&json!(EVA.name), &json!(EVA.phone))
        );
        assert_eq!(
            (&value["messages"][1]["id"], &value["messages"][1]["text"]["body"]),
            (&json!("wamid.eva"), &json!("Ada ha il [erased]"))
        );
        assert_eq!(value["metadata"]["phone_number_id"], demo::PHONE_NUMBER_ID);
        assert_eq!((found(&house).await, erase(&house, house.tenant.0, &[]).await), (0, 0), "once");
    })
    .await;
}

#[tokio::test]
async fn what_came_for_another_business_is_theirs() {
    with_house(async |house| {
        let rival = add_rival(&house).await;
        let both = [demo::PHONE_NUMBER_ID, OTHERS].map(|number| ADA.webhook(number, "wamid.x/1", ADA.words));
        let (mixed, theirs) = (store(&house, &together(&both)).await, store(&house, &together(&both[1..])).await);
        assert_eq!((found(&house).await, erase(&house, house.tenant.0, &[]).await), (1, 1));
        let after = body(&house, mixed).await;
        assert_eq!((after.matches(ADA.words).count(), after.matches(ADA.name).count()), (1, 1), "{after}");
        assert!(body(&house, theirs).await.contains(ADA.words));
        assert_eq!(found(&house).await, 0);
        // And nobody acts for a business that is not the transaction's.
        let mut tx = house.tx().await;
        let sql = "select erased from erase_webhooks($1, $2, '{}', '-infinity', null, 100)";
        let erased: i32 = sqlx::query_scalar(sql).bind(rival).bind(vec![ADA.phone]).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(erased, 0);
        assert_eq!(erase(&house, rival, &[]).await, 2);
    })
    .await;
}

#[tokio::test]
async fn escapes_ids_and_what_cannot_be_read_are_seen_through() {
    with_house(async |house| {
        // The message is told by its id alone; who it is from, and so their contact, follows from that.
        let hidden =
            json!({ "from": "393330000000", "id": "wamid.x/1", "type": "location", "location": { "latitude": 45.4 } });
        let mut by_id = EVA.webhook(demo::PHONE_NUMBER_ID, "wamid.eva", "ciao");
        by_id["entry"][0]["changes"][0]["value"]["messages"] = json!([hidden]);
        by_id["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = json!("393330000000");
        let escaped = by_id.to_string().replace('/', "\\/");
        let (by_id, torn) = (
            store(&house, escaped.as_bytes()).await,
            store(&house, format!("{{\"{}\": \"{}", demo::PHONE_NUMBER_ID, ADA.phone).as_bytes()).await,
        );
        let foreign = store(&house, format!("no webhook: {}", ADA.phone).as_bytes()).await;
        let nul = store(&house, together(&[ADA.webhook(demo::PHONE_NUMBER_ID, "wamid.9", "a\0b")]).as_slice()).await;
        assert_eq!(erase(&house, house.tenant.0, &["wamid.x/1"]).await, 3);
        let after = body(&house, by_id).await;
        assert!(!after.contains("45.4") && !after.contains(EVA.name) && !after.contains("393330000000"), "{after}");
        assert_eq!(body(&house, torn).await, "[erased]");
        assert!(!body(&house, nul).await.contains(ADA.name));
        assert!(body(&house, foreign).await.contains(ADA.phone), "nobody here is meant");
    })
    .await;
}

#[tokio::test]
async fn the_application_cannot_read_bodies() {
    with_house(async |house| {
        store(&house, b"{}").await;
        let mut tx = house.tx().await;
        assert!(sqlx::query("select body from webhook_event").fetch_all(&mut *tx).await.is_err());
        let mut tx = house.tx().await;
        assert!(sqlx::query("update webhook_event set body = ''").execute(&mut *tx).await.is_err());
    })
    .await;
}
