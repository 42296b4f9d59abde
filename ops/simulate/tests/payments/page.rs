//! The checkout page, in a browser without scripts.

use std::time::Duration;

use adapters::payments::{EventKind, Link, NewLink};
use domain::Language;
use reqwest::Response;

use super::shop::Shop;

async fn page(shop: &Shop, link: &Link) -> String {
    let url = link.url.clone().unwrap();
    shop.http.get(url).send().await.unwrap().text().await.unwrap()
}

async fn press(shop: &Shop, link: &Link, outcome: &str) -> Response {
    let request = shop.http.post(link.url.clone().unwrap()).body(format!("outcome={outcome}"));
    request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
}

#[tokio::test]
async fn a_customer_pays_at_the_second_attempt_and_finds_the_way_back() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    let html = page(&shop, &link).await;
    for words in
        ["lang=\"it\"", "Yoga, 19:00 &amp; tè", "12,50 €", "Paga 12,50 €", "Carta rifiutata", "Puoi pagare fino al"]
    {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("è stata rifiutata"), "{html}");
    let declined = press(&shop, &link, "declined").await.text().await.unwrap();
    assert!(declined.contains("La carta è stata rifiutata") && declined.contains("Paga 12,50 €"), "{declined}");
    let answer = press(&shop, &link, "paid").await;
    assert_eq!((answer.status().as_u16(), answer.url().as_str()), (200, link.url.as_deref().unwrap()));
    let paid = answer.text().await.unwrap();
    assert!(paid.contains("Pagamento ricevuto") && paid.contains("href=\"https://wa.me/390495550100\""), "{paid}");
    assert!(!paid.contains("<form"), "{paid}");
    let kinds = shop.told(2).await;
    assert!(kinds.iter().any(|kind| matches!(kind, EventKind::LinkPaid { .. })), "{kinds:?}");
    // Once more changes nothing.
    let again = press(&shop, &link, "declined").await.text().await.unwrap();
    assert!(again.contains("Pagamento ricevuto"), "{again}");
    assert_eq!(shop.simulators.payments().events.len(), 2);
}

#[tokio::test]
async fn a_link_that_is_over_says_so_in_its_language() {
    let shop = Shop::open().await;
    let wanted = NewLink { language: Language::En, ..shop.wanted() };
    let link = shop.client.create_link("k", &wanted).await.unwrap();
    let html = page(&shop, &link).await;
    assert!(html.contains("lang=\"en\"") && html.contains("Pay €12.50"), "{html}");
    shop.simulators.advance(Duration::from_hours(1));
    for html in [page(&shop, &link).await, press(&shop, &link, "paid").await.text().await.unwrap()] {
        assert!(html.contains("has expired") && !html.contains("<form"), "{html}");
    }
    assert_eq!(shop.told(1).await, [EventKind::LinkExpired { link: link.id }]);
}

#[tokio::test]
async fn the_page_needs_no_script_and_allows_none() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    let answer = shop.http.get(link.url.clone().unwrap()).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = answer.text().await.unwrap();
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains(" onclick"), "{html}");
    let sheet = html.split('"').find(|part| part.ends_with("-pay.css")).unwrap();
    let sheet = shop.http.get(shop.url(sheet)).send().await.unwrap();
    assert_eq!(
        (sheet.status().as_u16(), &sheet.headers()["content-type"]),
        (200, &"text/css; charset=utf-8".parse().unwrap())
    );
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    assert_eq!(press(&shop, &link, "maybe").await.status(), 422);
    assert_eq!(shop.http.get(shop.url("/pay/cs_test_0")).send().await.unwrap().status(), 404);
    let unknown = Link { url: Some(shop.url("/pay/cs_test_0")), ..link };
    assert_eq!(press(&shop, &unknown, "paid").await.status(), 422);
    assert!(shop.simulators.payments().events.is_empty());
}
