//! What the staff sees of a customer.

use serde_json::{Value, json};

use super::person::ADA;
use super::support::{now, with_house};
use crate::CustomerId;
use crate::customer::{self, Source};

#[tokio::test]
async fn a_profile_tells_how_somebody_stands() {
    with_house(async |house| {
        let ada = ADA.lives(&house).await;
        let mut tx = house.tx().await;
        let change = customer::Change {
            name: Some("  Ada Z. ".to_owned()),
            language: Some("en".to_owned()),
            preferences: Some(json!({ "mat": "own" })),
            blocked: Some(true),
        };
        let profile =
            customer::set_profile(&mut tx, ada.guest.customer, &change, now()).await.unwrap().unwrap().unwrap();
        assert_eq!((profile.name.as_deref(), profile.blocked_at), (Some("Ada Z."), Some(now())));
        assert_eq!((profile.bookings.len(), profile.waiting.len(), profile.entitlements.len()), (1, 1, 1));
        assert_eq!(profile.consent.source, Some(Source::Staff));
        let paid = profile.money[0].paid.minor;
        assert!(paid > 1500 && profile.money[0].returned.minor == 0, "{:?}", profile.money);
        assert_eq!((profile.record.bookings, profile.record.no_shows), (1, 0));
        let back = customer::Change {
            preferences: Some(json!({ "mat": Value::Null })),
            blocked: Some(false),
            ..customer::Change::default()
        };
        let profile = customer::set_profile(&mut tx, ada.guest.customer, &back, now()).await.unwrap().unwrap().unwrap();
        assert_eq!(
            (profile.preferences, profile.blocked_at, profile.name.as_deref()),
            (json!({}), None, Some("Ada Z."))
        );
        let wrong = customer::Change {
            name: Some("x".repeat(300)),
            language: Some("tlh".to_owned()),
            preferences: Some(json!(["mat"])),
            blocked: None,
        };
        let problems = customer::set_profile(&mut tx, ada.guest.customer, &wrong, now()).await.unwrap().unwrap_err();
        assert_eq!(
            problems.iter().map(|problem| problem.field).collect::<Vec<_>>(),
            ["name", "language", "preferences"]
        );
        let huge =
            customer::Change { preferences: Some(json!({ "a": "x".repeat(20_000) })), ..customer::Change::default() };
        assert_eq!(
            customer::set_profile(&mut tx, ada.guest.customer, &huge, now()).await.unwrap().unwrap_err()[0].field,
            "preferences"
        );
        assert_eq!(customer::profile(&mut tx, CustomerId(404), now()).await.unwrap(), None);
    })
    .await;
}
