//! Who comes in where: every route, walked by everybody.

use domain::staff::Role;
use ops::console::{
    Needs, Permission,
    routes::{self, Route},
};
use reqwest::Method;

use super::{
    desk::{Answer, Desk, Seat, form},
    digest::{Aside, changed, digest},
    places::{address, addresses, besides, borrowed, fields},
};

/// Whether the matrix lets this person in.
fn may(route: &Route, role: Role, in_house: bool) -> bool {
    let is_of = |permission: Permission| permission.is_of(role, in_house);
    match route.needs {
        Needs::Nobody | Needs::SignedIn => true,
        Needs::May(permission) => is_of(permission) && besides(route.path).is_none_or(is_of),
    }
}

/// Every role, of the whole house and of one business.
fn people() -> impl Iterator<Item = (Role, bool)> {
    let all = Role::ALL.into_iter().flat_map(|role| [(role, true), (role, false)]);
    all.filter(|(role, in_house)| role.of_the_house() || !in_house)
}

/// What is wrong with an answer; nothing: it is as it should be.
fn complaint(route: &Route, may: bool, answer: &Answer) -> Option<String> {
    let fits = match (may, &route.method) {
        (false, _) => answer.status == 403,
        (true, &Method::GET) => [200, 303, 404, 410].contains(&answer.status),
        (true, _) => ![401, 403].contains(&answer.status) && answer.status < 500,
    };
    (!fits).then(|| format!("{} {}: {}", route.method, route.path, answer.status))
}

#[tokio::test]
async fn every_route_opens_to_those_whom_the_matrix_names_and_to_nobody_else() {
    let desk = Desk::open().await;
    let mut complaints = Vec::new();
    for (role, in_house) in people() {
        let business = desk.furnished("walked").await;
        let mut seat = desk.seat(role, (!in_house).then_some(business.tenant)).await;
        let mut shown = 0;
        for route in routes::all() {
            let path = address(&route, &business);
            let answer = if route.method == Method::GET { seat.get(&path).await } else { seat.post(&path, &[]).await };
            shown += usize::from(route.method == Method::GET && answer.status == 200);
            let complaint = complaint(&route, may(&route, role, in_house), &answer);
            complaints.extend(complaint.map(|what| format!("{} of the house: {in_house}: {what}", role.name())));
            if route.method == Method::POST {
                // Some of them end the session.
                seat.sign_in().await;
            }
        }
        assert!(shown >= 5, "{} of the house: {in_house} is shown {shown} screens", role.name());
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[tokio::test]
async fn who_has_not_signed_in_is_sent_to_the_door() {
    let desk = Desk::open().await;
    let business = desk.furnished("walked").await;
    let stranger = desk.stranger();
    for route in routes::all() {
        let path = address(&route, &business);
        let (read, needs) = (route.method == Method::GET, route.needs);
        let answer = if read { stranger.get(&path).await } else { stranger.post(&path, &[]).await };
        match (needs, read) {
            (Needs::Nobody, _) => {
                assert!(![401, 403].contains(&answer.status) && answer.status < 500, "{path}: {}", answer.status);
            }
            (_, true) => {
                assert_eq!(answer.status, 303, "{path}");
                assert!(
                    answer.header("location").starts_with("/ops/sign-in?next=%2Fops"),
                    "{path}: {}",
                    answer.header("location")
                );
            }
            (_, false) => assert_eq!(answer.status, 401, "{path}"),
        }
    }
    for path in ["/ops/nowhere", "/ops/jobs/1/nothing", "/ops/jobs/abc"] {
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
    }
}

/// Tries of anything else than what a browser sends from a page of ours.
const FOREIGN: [&[(&str, &str)]; 7] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "none")],
    &[("sec-fetch-site", "same-origin, cross-site")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[],
];

#[tokio::test]
async fn no_page_of_somebody_else_changes_anything() {
    let desk = Desk::open().await;
    let business = desk.furnished("walked").await;
    let owner = desk.seat(Role::Owner, None).await;
    let body = form(&borrowed(&fields(&business)));
    let before = digest(&desk.judge.pool, Aside::default()).await;
    for route in routes::all().iter().filter(|route| route.method == Method::POST) {
        for headers in FOREIGN {
            let answer = owner.ask(Method::POST, &address(route, &business), headers, Some(body.clone())).await;
            assert_eq!(answer.status, 403, "{} with {headers:?}", route.path);
            assert!(answer.cookies().is_empty(), "{} with {headers:?}: {:?}", route.path, answer.cookies());
        }
    }
    let after = digest(&desk.judge.pool, Aside::default()).await;
    assert_eq!(changed(&before, &after), Vec::<String>::new());
}

/// Sends every form of every route about everything there is; tells which ones changed something.
async fn sends_everything(
    seat: &mut Seat<'_>,
    all: &[(&'static str, String)],
    business: &super::desk::Business,
    aside: Aside,
) -> Vec<&'static str> {
    let pool = &seat.desk.judge.pool;
    let mut before = digest(pool, aside).await;
    let mut effective = Vec::new();
    for route in routes::all().iter().filter(|route| route.method == Method::POST) {
        for path in addresses(route.path, business) {
            for skipped in ["", "kind", "job"] {
                let fields: Vec<_> = all.iter().filter(|(name, _)| *name != skipped).cloned().collect();
                seat.post(&path, &borrowed(&fields)).await;
                if seat.get("/ops/help").await.status != 200 {
                    seat.sign_in().await;
                }
            }
        }
        let after = digest(pool, aside).await;
        if !changed(&before, &after).is_empty() {
            effective.push(route.path);
        }
        before = after;
    }
    effective
}

#[tokio::test]
async fn who_only_reads_changes_nothing_by_any_request() {
    let desk = Desk::open().await;
    let business = desk.furnished("walked").await;
    let all = fields(&business);
    for tenant in [None, Some(business.tenant)] {
        let mut reader = desk.seat(Role::OpsRead, tenant).await;
        // Their own language, views and sessions are theirs.
        let aside = Aside { staff: Some(reader.staff()), tenant: None };
        let effective = sends_everything(&mut reader, &all, &business, aside).await;
        // Inviting links are for whoever has them.
        assert_eq!(effective, ["/ops/invite/{token}"].into_iter().filter(|_| tenant.is_none()).collect::<Vec<_>>());
        let lines: Vec<String> = sqlx::query_scalar("select distinct act from audit where staff_id = $1 order by 1")
            .bind(reader.staff())
            .fetch_all(&desk.judge.pool)
            .await
            .unwrap();
        let own = lines.iter().all(|act| act.starts_with("account.") || act.starts_with("session."));
        assert!(own, "{lines:?}");
    }
    let mut owner = desk.seat(Role::Owner, None).await;
    let aside = Aside { staff: Some(owner.staff()), tenant: None };
    let effective = sends_everything(&mut owner, &all, &business, aside).await;
    assert!(effective.len() >= 20, "the same requests of an owner change little: {effective:?}");
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let desk = Desk::open().await;
    let owner = desk.seat(Role::Owner, None).await;
    let page = owner.get("/ops/account").await;
    let assets: Vec<&str> = page.text.split('"').filter(|part| part.starts_with("/ops/assets/")).collect();
    assert!(assets.len() >= 4, "{assets:?}");
    // `ask` itself looks at the headers.
    for asset in assets {
        assert_eq!(owner.get(asset).await.status, 200, "{asset}");
    }
    for (method, path, status) in [
        (Method::GET, "/", 303),
        (Method::GET, "/ops/", 303),
        (Method::GET, "/ops/nowhere", 404),
        (Method::GET, "/ops/assets/../Cargo.toml", 404),
        (Method::GET, "/ops/assets/nothing.js", 404),
        (Method::GET, "/ops/jobs/99", 404),
        (Method::PUT, "/ops/jobs", 405),
        (Method::DELETE, "/ops/jobs/1", 405),
    ] {
        let answer = owner.ask(method.clone(), path, &[("sec-fetch-site", "same-origin")], None).await;
        assert_eq!(answer.status, status, "{method} {path}");
    }
    let long = "a".repeat(5 * 1024 * 1024);
    let answer = owner.ask(Method::POST, "/ops/views", &[("sec-fetch-site", "same-origin")], Some(long)).await;
    assert!([413, 422].contains(&answer.status), "{}", answer.status);
}
