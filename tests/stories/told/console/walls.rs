//! Walls: whoever belongs to one business sees and changes nothing of another, wherever they look.

use domain::staff::Role;
use ops::console::routes;
use reqwest::Method;

use super::{
    desk::{Business, Desk, quoted},
    digest::{Aside, changed, digest},
    places::{JOBS, addresses, borrowed, fields},
};

/// What would give the other business away, wherever it appears.
fn marks(ours: &Business) -> Vec<String> {
    let tenant = ours.tenant;
    let mut marks = vec![
        ours.mark.clone(),
        "ours-secret".to_owned(),
        ours.phone(),
        format!("wamid.out.{tenant}"),
        format!("wamid.in.{tenant}"),
        format!("studio{tenant}.example"),
    ];
    marks.extend(JOBS.map(|job| ours.id(job).to_string()));
    let others = [
        "in_lane",
        "tenant",
        "customer",
        "conversation",
        "message",
        "heard",
        "bulk_preview",
        "bulk_done",
        "owner",
        "session",
        "view",
    ];
    marks.extend(others.map(|what| ours.id(what).to_string()));
    marks
}

fn found<'a>(text: &str, marks: &'a [String], asked: &str) -> Vec<&'a String> {
    // What somebody asks for is told back to them; it is no news.
    marks
        .iter()
        .filter(|mark| text.contains(mark.as_str()) && !asked.contains(mark.as_str()) && !asked.contains(&quoted(mark)))
        .collect()
}

/// Two businesses that look alike, and who runs one of them.
async fn two(desk: &Desk) -> (Business, Business) {
    (desk.furnished("ours-secret-7f3a Ada").await, desk.furnished("theirs-2b Bob").await)
}

#[tokio::test]
async fn no_screen_shows_anything_of_another_business() {
    let desk = Desk::open().await;
    let (ours, theirs) = two(&desk).await;
    let marks = marks(&ours);
    for role in Role::ALL {
        let other = desk.seat(role, Some(theirs.tenant)).await;
        let mut shown = 0;
        for route in routes::all().iter().filter(|route| route.method == Method::GET && route.path != "/ops/live") {
            for path in addresses(route.path, &ours).into_iter().chain(addresses(route.path, &theirs)) {
                if path.starts_with("/ops/invite/") {
                    continue;
                }
                let answer = other.get(&path).await;
                assert!([200, 303, 403, 404].contains(&answer.status), "{path}: {}", answer.status);
                assert_eq!(
                    found(&answer.text, &marks, &path),
                    Vec::<&String>::new(),
                    "{} sees {path}: {}",
                    role.name(),
                    answer.text
                );
                shown += usize::from(answer.text.contains("theirs-2b"));
            }
        }
        assert!(shown >= 2 || role == Role::Agent, "{} sees little of their own: {shown}", role.name());
    }
    // The same marks are seen by who may: so they would have been found.
    let owner = desk.seat(Role::Owner, Some(ours.tenant)).await;
    let dead = format!("/ops/jobs/{}", ours.id("dead"));
    for path in [
        dead.as_str(),
        "/ops/jobs",
        "/ops/dead",
        "/ops/effects",
        "/ops/bulk",
        "/ops/audit",
        "/ops/staff",
        "/ops/views",
        "/ops/breakers",
    ] {
        let answer = owner.get(path).await;
        assert!(answer.text.contains("ours-secret"), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn what_another_business_has_is_told_like_what_nobody_has() {
    let desk = Desk::open().await;
    let (ours, theirs) = two(&desk).await;
    let owner = desk.seat(Role::Owner, Some(theirs.tenant)).await;
    let nothing = "4611686018427387904";
    for route in routes::all().iter().filter(|route| route.path.contains("{id}")) {
        for path in addresses(route.path, &ours) {
            let id = path.split('/').find(|part| part.parse::<i64>().is_ok()).expect("an id").to_owned();
            let unknown = path.replace(&id, nothing);
            let fields = fields(&ours);
            let mut answers = Vec::new();
            for path in [&path, &unknown] {
                let answer = match route.method {
                    Method::GET => owner.get(path).await,
                    _ => owner.post(path, &borrowed(&fields)).await,
                };
                answers.push((answer.status, answer.text.replace(&id, "#").replace(nothing, "#")));
            }
            assert_eq!(answers[0], answers[1], "{} {path}", route.method);
            assert!([403, 404].contains(&answers[0].0), "{} {path}: {}", route.method, answers[0].0);
        }
    }
}

/// Searches for what the other business has, and the same for what nobody has.
fn searches(ours: &Business) -> Vec<(&'static str, String, String)> {
    let (none, tenant) = ("4611686018427387904", ours.tenant.to_string());
    let mut all = vec![
        ("/ops/jobs?q=", format!("tenant:{tenant}"), "tenant:987654".to_owned()),
        ("/ops/jobs?q=", format!("key:\"{}dead\"", ours.mark), "key:\"nobody dead\"".to_owned()),
        ("/ops/jobs?q=", format!("error:\"{}\"", ours.mark), "error:\"nobody at all\"".to_owned()),
        ("/ops/jobs?q=", format!("lane:\"{}\"", ours.mark), "lane:\"nobody at all\"".to_owned()),
        ("/ops/jobs?q=", format!("args.text:\"{}\"", ours.mark), "args.text:\"nobody at all\"".to_owned()),
        ("/ops/jobs?q=", format!("phone:{}", ours.phone()), "phone:390000000000".to_owned()),
        ("/ops/jobs?q=", format!("message:wamid.out.{tenant}"), "message:wamid.out.nobody".to_owned()),
        ("/ops/jobs?q=", format!("message:wamid.in.{tenant}"), "message:wamid.in.nobody".to_owned()),
        ("/ops/jobs?q=", format!("conversation:{}", ours.id("conversation")), format!("conversation:{none}")),
        ("/ops/effects?key=", ours.effect("unknown"), "nobody:unknown".to_owned()),
        ("/ops/effects?key=", format!("whatsapp:{}", ours.id("message")), format!("whatsapp:{none}")),
        ("/ops/why?message=", format!("wamid.out.{tenant}"), "wamid.out.nobody".to_owned()),
        ("/ops/why?message=", ours.id("message").to_string(), none.to_owned()),
        ("/ops/why?phone=", ours.phone(), "390000000000".to_owned()),
        ("/ops/audit?target=", format!("job {}", ours.id("dead")), format!("job {none}")),
        ("/ops/audit?target=", ours.mark.clone(), "nobody".to_owned()),
        ("/ops/audit?who=", ours.id("owner").to_string(), none.to_owned()),
    ];
    for word in ["id", "root", "parent"] {
        all.push(("/ops/jobs?q=", format!("{word}:{}", ours.id("flow")), format!("{word}:{none}")));
        all.push(("/ops/jobs?q=", format!("{word}:{}", ours.id("dead")), format!("{word}:{none}")));
    }
    all
}

/// What is asked for, in each way in which a page tells it back: the longest first.
fn echoes(path: &str, asked: &str) -> Vec<String> {
    let value = asked.split_once(':').map_or(asked, |(_, value)| value).trim_matches('"');
    let ways = |text: &str| [quoted(&quoted(text)), quoted(text), text.replace('"', "&quot;"), text.to_owned()];
    let mut all = ways(asked).to_vec();
    if path.starts_with("/ops/jobs") {
        all.extend(ways(value));
    }
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
    all
}

#[tokio::test]
async fn a_search_finds_nothing_of_another_business() {
    let desk = Desk::open().await;
    let (ours, theirs) = two(&desk).await;
    let (marks, mut finds) = (marks(&ours), Vec::new());
    let owner = desk.seat(Role::Owner, Some(theirs.tenant)).await;
    let who_may = desk.seat(Role::Owner, Some(ours.tenant)).await;
    for (path, asked, nobody) in searches(&ours) {
        let mut answers = Vec::new();
        for (seat, asked) in [(&owner, &asked), (&owner, &nobody), (&who_may, &asked)] {
            let answer = seat.get(&format!("{path}{}", quoted(asked))).await;
            assert!([200, 303].contains(&answer.status), "{path}{asked}: {}", answer.text);
            let text = echoes(path, asked).iter().fold(answer.text, |text, echo| text.replace(echo.as_str(), "#"));
            answers.push((answer.status, text));
        }
        assert_eq!(answers[0], answers[1], "{path}{asked}");
        let main = |(_, text): &(u16, String)| text.split_once("<main").map(|(_, main)| main.to_owned());
        finds.extend((main(&answers[2]) != main(&answers[1])).then_some(asked));
    }
    assert!(finds.len() >= 15, "who may does not find much: {finds:#?}");
    let last = format!("unknown.{}.{}", ours.id("dead"), ours.effect("unknown"));
    let places = [
        ("/ops/effects?after=", last),
        ("/ops/bulk?before=", ours.id("bulk_done").to_string()),
        ("/ops/audit?before=", i64::MAX.to_string()),
    ];
    for (path, at) in places {
        let answer = owner.get(&format!("{path}{}", quoted(&at))).await;
        assert_eq!((answer.status, found(&answer.text, &marks, &at)), (200, Vec::new()), "{path}{at}");
    }
}

#[tokio::test]
async fn nothing_that_is_done_in_one_business_changes_another() {
    let desk = Desk::open().await;
    let (ours, theirs) = two(&desk).await;
    let aside = Aside { tenant: Some(theirs.tenant), ..Aside::default() };
    for role in Role::ALL {
        let mut other = desk.seat(role, Some(theirs.tenant)).await;
        let before = digest(&desk.judge.pool, Aside { staff: Some(other.staff()), ..aside }).await;
        let guest = format!("guest{0}@studio{0}.example", ours.tenant);
        for route in
            routes::all().iter().filter(|route| route.method == Method::POST && !route.path.starts_with("/ops/invite/"))
        {
            for path in addresses(route.path, &ours) {
                for skipped in ["", "kind", "job"] {
                    let mut fields: Vec<_> = fields(&ours).into_iter().filter(|(name, _)| *name != skipped).collect();
                    fields.retain(|(name, _)| *name != "query" && *name != "email");
                    fields.extend([("query", format!("tenant:{}", ours.tenant)), ("email", guest.clone())]);
                    other.post(&path, &borrowed(&fields)).await;
                    if other.get("/ops/help").await.status != 200 {
                        other.sign_in().await;
                    }
                }
            }
        }
        let after = digest(&desk.judge.pool, Aside { staff: Some(other.staff()), ..aside }).await;
        assert_eq!(changed(&before, &after), Vec::<String>::new(), "by {} of another business", role.name());
        let across = "select count(*) from holdfast.bulk_item i join holdfast.bulk b on b.id = i.bulk join holdfast.job j on j.id = i.job where j.tenant <> b.tenant";
        assert_eq!(desk.judge.number(across).await, 0, "by {}", role.name());
    }
}
