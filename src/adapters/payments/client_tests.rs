//! The client against a server that answers as told.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use chrono::DateTime;
use domain::Language;
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpListener};

use super::*;
use crate::payments::{Link, LinkState, NewLink, NewRefund, NotSent, Refund, RefundState, Refusal};

const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone, Default)]
struct Provider(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    /// Given one after the other.
    answers: VecDeque<(u16, Value)>,
    asked: Vec<Asked>,
}

/// A request as it arrived.
#[derive(Clone)]
struct Asked {
    method: Method,
    path: String,
    headers: HeaderMap,
    /// Of the body, or of the query.
    form: BTreeMap<String, String>,
}

impl Provider {
    async fn answering(answers: impl IntoIterator<Item = (u16, Value)>) -> (Self, Client) {
        let provider = Self::default();
        provider.0.lock().unwrap().answers.extend(answers);
        let router = Router::new().fallback(answer).with_state(provider.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (provider, client(&base))
    }

    fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().asked.clone()
    }
}

async fn answer(
    State(provider): State<Provider>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let written = std::str::from_utf8(&body).unwrap();
    let form = if written.is_empty() { uri.query().unwrap_or_default() } else { written };
    let form = Url::parse(&format!("http://x/?{form}")).unwrap().query_pairs().into_owned().collect();
    let mut book = provider.0.lock().unwrap();
    book.asked.push(Asked { method, path: uri.path().to_owned(), headers, form });
    let (status, body) = book.answers.pop_front().unwrap();
    (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response()
}

fn client(base: &str) -> Client {
    Client::new(base, "sk_test_1", PATIENCE).unwrap()
}

fn wanted() -> NewLink {
    NewLink {
        tenant: 7,
        payment: 42,
        title: "Yoga & tè, 19:00".to_owned(),
        amount_minor: 1250,
        currency: "EUR".to_owned(),
        expires_at: DateTime::from_timestamp(1_763_753_600, 0).unwrap(),
        success_url: "https://wa.me/390495550100".to_owned(),
        language: Language::It,
    }
}

fn session(status: &str, payment_status: &str) -> Value {
    json!({
        "id": "cs_1", "status": status, "payment_status": payment_status, "amount_total": 1250, "currency": "eur",
        "payment_intent": (payment_status == "paid").then_some("pi_1"),
        "url": (status == "open").then_some("https://checkout.stripe.com/c/pay/cs_1#fid"),
    })
}

fn link(state: LinkState, paid: bool) -> Link {
    Link {
        id: "cs_1".to_owned(),
        url: (state == LinkState::Open).then(|| "https://checkout.stripe.com/c/pay/cs_1#fid".to_owned()),
        state,
        paid,
        payment_intent: paid.then(|| "pi_1".to_owned()),
        amount_minor: 1250,
        currency: "EUR".to_owned(),
    }
}

fn refusal(code: &str) -> Value {
    json!({ "error": { "type": "invalid_request_error", "code": code, "message": "No such thing" } })
}

#[tokio::test]
async fn a_link_is_asked_for_as_stripe_wants_it() {
    let (provider, client) = Provider::answering([(200, session("open", "unpaid"))]).await;
    assert_eq!(client.create_link("payment-42", &wanted()).await, Ok(link(LinkState::Open, false)));
    let [asked] = &provider.asked()[..] else { panic!("asked more than once") };
    assert_eq!((&asked.method, asked.path.as_str()), (&Method::POST, "/v1/checkout/sessions"));
    let header = |name: &str| asked.headers[name].to_str().unwrap();
    assert_eq!(header("authorization"), "Bearer sk_test_1");
    assert_eq!(header("stripe-version"), VERSION);
    assert_eq!(header("idempotency-key"), "payment-42");
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    let expected = [
        ("client_reference_id", "7-42"),
        ("expires_at", "1763753600"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][product_data][name]", "Yoga & tè, 19:00"),
        ("line_items[0][price_data][unit_amount]", "1250"),
        ("line_items[0][quantity]", "1"),
        ("locale", "it"),
        ("metadata[payment]", "42"),
        ("metadata[tenant]", "7"),
        ("mode", "payment"),
        ("payment_intent_data[metadata][payment]", "42"),
        ("payment_intent_data[metadata][tenant]", "7"),
        ("payment_method_types[0]", "card"),
        ("success_url", "https://wa.me/390495550100"),
    ];
    assert_eq!(asked.form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anybody_is_asked() {
    let (provider, client) = Provider::answering([]).await;
    let cases = [
        ("amount", "k", NewLink { amount_minor: 0, ..wanted() }),
        ("currency", "k", NewLink { currency: "ISK".to_owned(), ..wanted() }),
        ("currency", "k", NewLink { currency: "mga".to_owned(), ..wanted() }),
        ("idempotency_key", "", wanted()),
        ("idempotency_key", &"k".repeat(256), wanted()),
        ("idempotency_key", "a\nb", wanted()),
    ];
    for (expected, key, wanted) in cases {
        let refused = client.create_link(key, &wanted).await.unwrap_err();
        assert_eq!(refused.code(), Some(expected), "{refused}");
    }
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn a_link_is_looked_up_and_may_be_missing() {
    let answers = [(200, session("complete", "paid")), (404, refusal("resource_missing")), (404, json!({}))];
    let (provider, client) = Provider::answering(answers).await;
    assert_eq!(client.link("cs_1").await, Ok(Some(link(LinkState::Complete, true))));
    assert_eq!(client.link("cs/../2?x").await, Ok(None));
    assert_eq!(provider.asked()[1].path, "/v1/checkout/sessions/cs%2F..%2F2%3Fx");
    // Something else answers at this address: that is not "there is no such link".
    let wrong = client.link("cs_1").await;
    assert!(matches!(wrong, Err(PayError::Rejected { class: Refusal::Configuration, .. })), "{wrong:?}");
}

#[tokio::test]
async fn ending_a_link_tells_when_it_was_paid_before() {
    let too_late = || (400, json!({ "error": { "type": "invalid_request_error" } }));
    let answers = [
        (200, session("expired", "unpaid")),
        too_late(),
        (200, session("complete", "paid")),
        too_late(),
        (200, session("expired", "unpaid")),
        too_late(),
        (200, session("open", "unpaid")),
        (404, refusal("resource_missing")),
        (404, refusal("resource_missing")),
        (503, json!({})),
    ];
    let (provider, client) = Provider::answering(answers).await;
    assert_eq!(client.expire_link("k", "cs_1").await, Ok(link(LinkState::Expired, false)));
    let asked = provider.asked().remove(0);
    assert_eq!(
        (asked.path.as_str(), &asked.headers["idempotency-key"]),
        ("/v1/checkout/sessions/cs_1/expire", &"k".parse().unwrap())
    );
    assert_eq!(client.expire_link("k", "cs_1").await, Ok(link(LinkState::Complete, true)));
    assert_eq!(client.expire_link("k", "cs_1").await, Ok(link(LinkState::Expired, false)));
    for code in ["invalid_request_error", "resource_missing"] {
        assert_eq!(client.expire_link("k", "cs_1").await.unwrap_err().code(), Some(code));
    }
    let unknown = client.expire_link("k", "cs_1").await;
    assert!(matches!(unknown, Err(PayError::Unknown { .. })), "{unknown:?}");
}

#[tokio::test]
async fn money_goes_back_and_carries_our_ids() {
    let made = json!({
        "id": "re_1", "amount": 500, "status": "pending", "payment_intent": "pi_1",
        "metadata": { "tenant": "7", "refund": "9" },
    });
    let (provider, client) = Provider::answering([(200, made), (400, refusal("charge_already_refunded"))]).await;
    let wanted = NewRefund { payment_intent: "pi_1".to_owned(), amount_minor: 500, tenant: 7, refund: 9 };
    let (id, payment_intent) = ("re_1".to_owned(), Some("pi_1".to_owned()));
    let (tenant, refund) = (Some(7), Some(9));
    let expected = Refund { id, state: RefundState::Pending, amount_minor: 500, payment_intent, tenant, refund };
    assert_eq!(client.refund("refund-9", &wanted).await, Ok(expected));
    let asked = provider.asked().remove(0);
    assert_eq!((asked.path.as_str(), &asked.headers["idempotency-key"]), ("/v1/refunds", &"refund-9".parse().unwrap()));
    let fields = [("amount", "500"), ("metadata[refund]", "9"), ("metadata[tenant]", "7"), ("payment_intent", "pi_1")];
    assert_eq!(asked.form, fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    assert_eq!(client.refund("refund-9", &wanted).await.unwrap_err().code(), Some("charge_already_refunded"));
}

#[tokio::test]
async fn every_page_of_refunds_is_read_or_none() {
    let refund = |id: u32| json!({ "id": format!("re_{id}"), "amount": id, "status": "succeeded" });
    let page = |ids: &[u32], more: bool| {
        (200, json!({ "data": ids.iter().map(|id| refund(*id)).collect::<Vec<_>>(), "has_more": more }))
    };
    let odd = (200, json!({ "data": [{ "id": "re_1" }], "has_more": false }));
    let (provider, client) = Provider::answering([page(&[3, 2], true), page(&[1], false), odd]).await;
    let ids: Vec<_> = client.refunds_of("pi_1").await.unwrap().into_iter().map(|refund| refund.id).collect();
    assert_eq!(ids, ["re_3", "re_2", "re_1"]);
    let [first, second] = &provider.asked()[..] else { panic!("not two pages") };
    assert_eq!(
        (first.method.clone(), first.path.as_str(), first.form.get("starting_after")),
        (Method::GET, "/v1/refunds", None)
    );
    assert_eq!(first.form["payment_intent"], "pi_1");
    assert_eq!(second.form["starting_after"], "re_2");
    let odd = client.refunds_of("pi_1").await;
    assert!(matches!(odd, Err(PayError::Unknown { .. })), "{odd:?}");
}

#[tokio::test]
async fn a_list_without_end_is_given_up() {
    let page = || (200, json!({ "data": [{ "id": "re_1", "amount": 1 }], "has_more": true }));
    let (_provider, client) = Provider::answering(std::iter::repeat_with(page).take(100)).await;
    assert_eq!(client.refunds_of("pi_1").await, Err(PayError::unknown("the list of refunds has no end")));
}

#[tokio::test]
async fn without_a_connection_nothing_was_done() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let expected = PayError::NotSent { reason: NotSent::Unreachable, wait: None };
    assert_eq!(client(&format!("http://{unused}")).create_link("k", &wanted()).await, Err(expected));
}

#[tokio::test]
async fn a_connection_that_breaks_or_stays_silent_leaves_it_open() {
    for silent in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 100]).await.unwrap();
            if silent {
                std::future::pending::<()>().await;
            }
        });
        let client = Client::new(&base, "sk_test_1", Duration::from_millis(300)).unwrap();
        let seen = client.create_link("k", &wanted()).await;
        assert!(matches!(seen, Err(PayError::Unknown { stored: false, .. })), "{silent}: {seen:?}");
    }
}

#[test]
fn a_link_survives_being_kept() {
    let link = link(LinkState::Open, false);
    assert_eq!(serde_json::from_str::<Link>(&serde_json::to_string(&link).unwrap()).unwrap(), link);
}

#[test]
fn settings_that_cannot_work_are_named() {
    for base in ["", "api.stripe.com", "ftp://api.stripe.com"] {
        assert!(matches!(Client::new(base, "sk", PATIENCE), Err(Misconfigured::BaseUrl(_))), "{base}");
    }
    for key in ["", "  ", "a\nb"] {
        assert!(matches!(Client::new("http://x", key, PATIENCE), Err(Misconfigured::Key)), "{key:?}");
    }
}

#[test]
fn the_key_stays_out_of_logs() {
    assert!(!format!("{:?}", client("http://localhost")).contains("sk_test_1"));
}
