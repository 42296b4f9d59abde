//! Sessions: how they begin, what keeps them, and that they end.

use adapters::Clock;
use chrono::TimeDelta;
use domain::staff::{
    Role,
    invite::{self, NewInvite},
};

use super::desk::{Answer, Desk};

const PASSWORD: &str = "seven wet umbrellas 19";

/// Somebody who has chosen a password; tells the session's token and the answer that brought it.
async fn joins(desk: &Desk, email: &str, role: Role) -> (String, Answer) {
    let new = NewInvite { email: email.to_owned(), name: "Zoe".to_owned(), role, tenant: None, by: None };
    let mut conn = desk.pool.acquire().await.unwrap();
    let token = invite::create(&mut conn, &new, desk.clock.now()).await.unwrap().expect("an invitation");
    drop(conn);
    let answer = desk.stranger().post(&format!("/ops/invite/{token}"), &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    (answer.token(desk.cookie()).expect("a session"), answer)
}

async fn signs_in(desk: &Desk, email: &str, password: &str, next: &str) -> Answer {
    desk.stranger().post("/ops/sign-in", &[("email", email), ("password", password), ("next", next)]).await
}

async fn is_in(desk: &Desk, token: &str) -> bool {
    let seat = desk.bearer(token);
    let (once, again) = (seat.get("/ops/help").await.status, seat.get_again("/ops/help").await.status);
    assert_eq!(once, again, "a page that looks again by itself sees the same");
    once == 200
}

#[tokio::test]
async fn a_session_begins_with_a_token_of_its_own_and_ends_with_it() {
    let desk = Desk::open().await;
    let (first, answer) = joins(&desk, "zoe@desk.example", Role::Owner).await;
    assert_eq!(answer.cookies(), [format!("hf={first}; Path=/; HttpOnly; SameSite=Lax")]);
    let answer = signs_in(&desk, "Zoe@desk.example", PASSWORD, "").await;
    let second = answer.token("hf").expect("a session");
    assert!(first.len() >= 43 && second.len() >= 43 && first != second);
    let kept: Vec<String> = sqlx::query_scalar("select encode(sha256, 'escape') from staff_session")
        .fetch_all(&desk.judge.pool)
        .await
        .unwrap();
    assert!(
        kept.len() == 2 && !kept.iter().any(|kept| kept.contains(&first) || kept.contains(&second)),
        "tokens are kept as digests"
    );
    assert!(is_in(&desk, &first).await && is_in(&desk, &second).await);
    let answer = desk.bearer(&second).post("/ops/sign-out", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/ops/sign-in"));
    assert!(
        answer.cookies()[0].starts_with("hf=; ") && answer.cookies()[0].contains("Max-Age=0"),
        "{:?}",
        answer.cookies()
    );
    assert!(answer.header("clear-site-data").contains("cache"));
    assert!(is_in(&desk, &first).await && !is_in(&desk, &second).await);
}

#[tokio::test]
async fn over_tls_cookies_are_of_this_host_and_never_without_tls() {
    let desk = Desk::of(Clock::system(), true).await;
    let (token, answer) = joins(&desk, "zoe@desk.example", Role::Owner).await;
    assert_eq!(answer.cookies(), [format!("__Host-hf={token}; Path=/; HttpOnly; SameSite=Lax; Secure")]);
    assert!(is_in(&desk, &token).await);
    // The same token under the other name is none: a page without TLS could have set it.
    let answer =
        desk.stranger().ask(reqwest::Method::GET, "/ops/help", &[("cookie", &format!("hf={token}"))], None).await;
    assert_eq!(answer.status, 303);
    let seat = desk.bearer(&token);
    for answer in [
        seat.post("/ops/theme", &[("theme", "dark")]).await,
        seat.post("/ops/account/language", &[("language", "it")]).await,
    ] {
        assert!(!answer.cookies().is_empty());
        for cookie in answer.cookies() {
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        }
    }
}

#[tokio::test]
async fn a_cookie_from_before_signing_in_is_never_adopted() {
    let desk = Desk::open().await;
    joins(&desk, "zoe@desk.example", Role::Owner).await;
    let planted = "planted-by-somebody-else-planted-by-somebody-else";
    let answer =
        desk.bearer(planted).post("/ops/sign-in", &[("email", "zoe@desk.example"), ("password", PASSWORD)]).await;
    let token = answer.token("hf").expect("a session");
    assert_ne!(token, planted);
    assert!(is_in(&desk, &token).await && !is_in(&desk, planted).await);
}

#[tokio::test]
async fn who_is_shut_out_is_out_at_once() {
    let desk = Desk::open().await;
    let owner = desk.seat(Role::Owner, None).await;
    for act in ["sign-out", "disable", "role"] {
        let other = desk.seat(Role::Ops, None).await;
        let token = other.token.clone().unwrap();
        assert!(is_in(&desk, &token).await);
        let path = format!("/ops/staff/{}/{act}", other.staff());
        assert_eq!(owner.post(&path, &[("role", "ops-read")]).await.status, 303);
        assert!(!is_in(&desk, &token).await, "after {act}");
    }
    let mut seat = desk.seat(Role::Ops, None).await;
    let first = seat.token.clone().unwrap();
    seat.sign_in().await;
    let second = seat.token.clone().unwrap();
    assert_eq!(seat.post("/ops/account/sessions/end-others", &[]).await.status, 303);
    assert!(is_in(&desk, &second).await && !is_in(&desk, &first).await);
    let mut third = desk.seat(Role::Ops, None).await;
    let ended = third.token.clone().unwrap();
    third.sign_in().await;
    let id: i64 = sqlx::query_scalar("select min(id) from staff_session where staff_id = $1")
        .bind(third.staff())
        .fetch_one(&desk.judge.pool)
        .await
        .unwrap();
    assert_eq!(seat.post(&format!("/ops/account/sessions/{id}/end"), &[]).await.status, 404, "somebody else's");
    assert!(is_in(&desk, &ended).await);
    assert_eq!(third.post(&format!("/ops/account/sessions/{id}/end"), &[]).await.status, 303);
    assert!(!is_in(&desk, &ended).await);
}

#[tokio::test]
async fn another_password_ends_all_other_sessions() {
    let desk = Desk::open().await;
    let (first, _) = joins(&desk, "zoe@desk.example", Role::Owner).await;
    let second = signs_in(&desk, "zoe@desk.example", PASSWORD, "").await.token("hf").expect("a session");
    let fields = [("now", PASSWORD), ("new", "nine dry raincoats 27")];
    assert_eq!(desk.bearer(&second).post("/ops/account/password", &fields).await.status, 303);
    assert!(is_in(&desk, &second).await && !is_in(&desk, &first).await);
    assert_eq!(signs_in(&desk, "zoe@desk.example", PASSWORD, "").await.status, 422);
}

#[tokio::test]
async fn sessions_end_by_themselves() {
    let desk = Desk::of(Clock::manual(Clock::system().now()), false).await;
    let seat = desk.seat(Role::Owner, None).await;
    let token = seat.token.clone().unwrap();
    desk.clock.advance(TimeDelta::minutes(29));
    assert!(is_in(&desk, &token).await);
    desk.clock.advance(TimeDelta::minutes(31));
    assert_eq!(desk.bearer(&token).get("/ops/help").await.status, 303, "unused for half an hour");
    let token = desk.seat(Role::Owner, None).await.token.unwrap();
    for _ in 0..49 {
        desk.clock.advance(TimeDelta::minutes(29));
        assert_eq!(desk.bearer(&token).get("/ops/help").await.status, 200);
    }
    desk.clock.advance(TimeDelta::minutes(29));
    assert_eq!(desk.bearer(&token).get("/ops/help").await.status, 303, "after a day, however busy");
}

#[tokio::test]
async fn wrong_passwords_wait_longer_and_longer_and_tell_nothing() {
    let desk = Desk::of(Clock::manual(Clock::system().now()), false).await;
    joins(&desk, "zoe@desk.example", Role::Owner).await;
    let mut waits = Vec::new();
    for n in 0..8 {
        let mut texts = Vec::new();
        for email in ["zoe@desk.example", "joe@desk.example"] {
            let answer = signs_in(&desk, email, "something else 33", "").await;
            assert_eq!((answer.status, answer.cookies().len()), (422, 0));
            texts.push(answer.text.replace(email, "#"));
        }
        assert_eq!(texts[0], texts[1], "who has an account is answered like who has none, at try {n}");
        if n >= 5 {
            // Not even the right one is tried before its time.
            let refused = signs_in(&desk, "zoe@desk.example", PASSWORD, "").await;
            assert_eq!((refused.status, refused.cookies().len()), (422, 0));
        }
        let free: i64 = sqlx::query_scalar(
            "select ceil(extract(epoch from free_at - $1) * 1000)::bigint from sign_in_attempt where sha256 = sha256('account zoe@desk.example')",
        )
        .bind(desk.clock.now())
        .fetch_one(&desk.judge.pool)
        .await
        .unwrap();
        waits.push(free);
        desk.clock.advance(TimeDelta::milliseconds(free.max(0) + 1));
    }
    assert!(
        waits[3] <= 0 && waits[5] > 0 && 2 * waits[7] > 3 * waits[6] && 2 * waits[6] > 3 * waits[5],
        "{waits:?} ms"
    );
    assert_eq!(signs_in(&desk, "zoe@desk.example", PASSWORD, "").await.status, 303, "after its time");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let desk = Desk::open().await;
    joins(&desk, "zoe@desk.example", Role::Owner).await;
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1",
        "/ops\r\nx: y",
        "http:evil",
    ] {
        let answer = signs_in(&desk, "zoe@desk.example", PASSWORD, next).await;
        let to = answer.header("location");
        assert!(
            answer.status == 303 && to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'),
            "{next:?} leads to {to:?}"
        );
        assert_eq!(answer.cookies().len(), 1);
        assert!(answer.header("x").is_empty());
    }
    let owner = desk.seat(Role::Owner, None).await;
    let business = desk.furnished("led").await;
    for back in ["https://evil.example", "//evil.example", "/ops\\..\\..", "/ops\r\nx: y", "/opsevil", "javascript:1"] {
        let answer = owner.post(&format!("/ops/jobs/{}/retry", business.id("dead")), &[("back", back)]).await;
        let to = answer.header("location");
        assert!(answer.status == 303 && to.starts_with("/ops") && !to.contains('\\'), "{back:?} leads to {to:?}");
    }
}

#[tokio::test]
async fn looks_that_are_shared_show_nothing_of_anybody_elses() {
    let desk = Desk::open().await;
    let (one, other) = (desk.seat(Role::Owner, None).await, desk.seat(Role::Owner, None).await);
    one.post("/ops/views", &[("name", "Mine alone"), ("query", "state:dead")]).await;
    for path in ["/ops/account", "/ops/views", "/ops/jobs", "/ops"] {
        one.get_again(path).await;
        let seen = other.get_again(path).await;
        for word in [one.account.as_ref().unwrap().email.as_str(), "Mine alone"] {
            assert!(!seen.text.contains(word), "{path} shows {word} to somebody else");
        }
    }
    let business = desk.furnished("said to one").await;
    let job = business.id("dead");
    let revealed = one.post(&format!("/ops/jobs/{job}/reveal"), &[("reason", "asked")]).await;
    let to = revealed.header("location").to_owned();
    assert!(one.get_again(&to).await.text.contains("said to one"));
    let lines = |text: &str| text.matches("&quot;text&quot;: &quot;said to one&quot;").count();
    assert!(lines(&one.get_again(&to).await.text) > 0);
    assert_eq!(lines(&other.get_again(&to).await.text), 0, "who has not said why reads it");
}
