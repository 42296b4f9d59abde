//! Texts that somebody outside wrote stay texts, wherever the console shows them.

use std::{collections::BTreeMap, fmt::Write as _};

use domain::staff::Role;
use ops::console::routes;
use reqwest::Method;

use super::{
    desk::{Business, Desk, Seat, quoted},
    page::{self, Page},
    places::addresses,
    strings::hostile,
};

/// What has to be sent back as it was cannot be shown in another way: no eye reads it, or it stands in a field of its own.
const KEPT: [(&str, &str); 3] = [("input", "value"), ("option", "value"), ("button", "value")];

/// Whether a character shows nothing by itself, but changes how others look.
fn is_sly(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Complains about anything in a page that only somebody outside can have wanted.
fn looked_over(page: &Page, complaints: &mut Vec<String>) {
    for (element, name, value) in &page.attributes {
        let is = |names: &[&str]| names.contains(&name.as_str());
        if name.starts_with("on") || is(&["style", "srcdoc", "ping"]) {
            complaints.push(format!("{element} has {name}"));
        }
        if is(&["href", "src", "action", "formaction"]) {
            let ours = (value.starts_with('/') && !value.starts_with("//"))
                || value.starts_with('#')
                || (element == "img" && value.starts_with("data:image/"));
            if !ours || value.contains('\\') {
                complaints.push(format!("{element} {name} leads to {value:?}"));
            }
        }
        let kept = KEPT.contains(&(element, name));
        if !kept && value.contains(is_sly) {
            complaints.push(format!(
                "{element} {name} hides {:?}",
                value.chars().filter(|c| is_sly(*c)).take(5).collect::<String>()
            ));
        }
    }
    for (inside, words) in &page.words {
        if words.contains(is_sly) {
            complaints
                .push(format!("{inside} shows {:?}", words.chars().filter(|c| is_sly(*c)).take(5).collect::<String>()));
        }
    }
}

/// The difference between two pages, in elements and the names of their attributes.
fn compared(here: &BTreeMap<String, usize>, there: &BTreeMap<String, usize>) -> String {
    let mut told = String::new();
    for name in here.keys().chain(there.keys().filter(|name| !here.contains_key(*name))) {
        let (n, m) = (here.get(name).copied().unwrap_or_default(), there.get(name).copied().unwrap_or_default());
        if n != m {
            let _ = write!(told, "{n} × <{name}> instead of {m}; ");
        }
    }
    told
}

/// All screens about a business, by the route, for its owner and for the house's.
async fn screens(of_business: &Seat<'_>, of_house: &Seat<'_>, business: &Business) -> Vec<(String, u16, String)> {
    let mut screens = Vec::new();
    for route in routes::all().iter().filter(|route| {
        route.method == Method::GET && !["/ops/live", "/ops/help", "/ops/sign-in"].contains(&route.path)
    }) {
        for (n, path) in addresses(route.path, business).into_iter().enumerate() {
            for (who, seat) in [("owner", of_business), ("house", of_house)] {
                // The house sees all businesses at once: the screens of one thing only, and those that no business has.
                let of_one = path != route.path;
                let is_own = !["/ops/webhooks", "/ops/schedules", "/ops/tenants", "/ops/limits"]
                    .iter()
                    .any(|of_house| path.starts_with(of_house));
                if (who == "owner") != is_own || (who == "house" && !of_one) {
                    continue;
                }
                let answer = seat.get(&path).await;
                screens.push((format!("{} {n}", route.path), answer.status, answer.text));
            }
        }
    }
    for path in [
        format!("/ops/jobs/{}", business.id("dead")),
        format!("/ops/jobs/{}", business.id("flow")),
        format!("/ops/why/{}", business.id("message")),
    ] {
        let said = of_business.post(&format!("{path}/reveal"), &[("reason", &business.mark)]).await;
        let answer = of_business.get(said.header("location")).await;
        let route = path.rsplit_once('/').unwrap().0;
        screens.push((
            format!("{route} revealed {}", path == format!("/ops/jobs/{}", business.id("dead"))),
            answer.status,
            answer.text,
        ));
    }
    let search = format!("/ops/jobs?q=phone%3A{}", business.phone());
    for path in [
        search,
        format!("/ops/why?phone={}", business.phone()),
        format!("/ops/effects?key=whatsapp%3A{}", business.id("message")),
    ] {
        let answer = of_business.get(&path).await;
        screens.push((path.split('?').next().unwrap().to_owned() + " search", answer.status, answer.text));
    }
    let said =
        of_house.post(&format!("/ops/webhooks/{}/reveal", business.id("webhook")), &[("reason", &business.mark)]).await;
    let answer = of_house.get(said.header("location")).await;
    screens.push(("/ops/webhooks revealed".to_owned(), answer.status, answer.text));
    screens
}

/// A text of the same length that is nothing but words.
fn harmless(text: &str) -> String {
    text.chars().enumerate().map(|(n, c)| if n > 0 && matches!(c, ' ' | '\n') { c } else { 'x' }).collect()
}

/// The screens of a business whose texts all say this.
async fn said_by(desk: &Desk, house: &Seat<'_>, text: &str) -> Vec<(String, u16, String)> {
    let business = desk.furnished(text).await;
    let owner = desk.seat(Role::Owner, Some(business.tenant)).await;
    screens(&owner, house, &business).await
}

/// Longer than any text that is cut where it is kept, but for those that are cut anyway.
const LENGTH: usize = 90;

/// All texts of one length look alike, so that one harmless text is enough for them.
fn filled(text: &str) -> String {
    let missing = LENGTH.saturating_sub(text.chars().count());
    format!("{text}{}", "x".repeat(missing))
}

async fn stay_texts(texts: Vec<String>) {
    let desk = Desk::open().await;
    let house = desk.seat(Role::Owner, None).await;
    let mut twins: BTreeMap<String, Vec<(String, u16, String)>> = BTreeMap::new();
    let mut complaints = Vec::new();
    for text in texts {
        let text = filled(&text);
        let twin = harmless(&text).replace(' ', if text.chars().count() == LENGTH { "x" } else { " " });
        if !twins.contains_key(&twin) {
            let screens = said_by(&desk, &house, &twin).await;
            twins.insert(twin.clone(), screens);
        }
        for ((name, status, shown), (_, expected, likewise)) in
            said_by(&desk, &house, &text).await.iter().zip(&twins[&twin])
        {
            let mut wrong = Vec::new();
            assert!(*expected == 200 || *expected == 303 || *expected == 404, "{name}: {expected}: {likewise}");
            if status != expected {
                wrong.push(format!("{status} instead of {expected}"));
            }
            let page = page::read(shown);
            looked_over(&page, &mut wrong);
            let differs = compared(&page.shape, &page::read(likewise).shape);
            wrong.extend((!differs.is_empty()).then_some(differs));
            wrong.dedup();
            complaints.extend(
                wrong
                    .into_iter()
                    .map(|wrong| format!("{name} of {:?}: {wrong}", text.chars().take(40).collect::<String>())),
            );
        }
    }
    assert!(complaints.is_empty(), "{}: {:#?}", complaints.len(), &complaints[..complaints.len().min(60)]);
}

#[test]
fn there_are_a_hundred_of_them() {
    let mut all = hostile();
    assert_eq!(all.len(), 100);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 100);
}

/// In four parts, which run side by side.
macro_rules! parts {
    ($($name:ident $part:literal)+) => {$(
        #[tokio::test]
        async fn $name() {
            let texts = hostile().into_iter().enumerate().filter(|(n, _)| n % 4 == $part);
            stay_texts(texts.map(|(_, text)| text).collect()).await;
        }
    )+};
}
parts! {
    whatever_is_written_stays_a_text_1 0
    whatever_is_written_stays_a_text_2 1
    whatever_is_written_stays_a_text_3 2
    whatever_is_written_stays_a_text_4 3
}

/// Addresses with words of whoever made the link in them.
fn links(text: &str) -> Vec<String> {
    let quoted = quoted(text);
    let places = [
        "/ops/jobs?q=",
        "/ops/jobs?at=",
        "/ops/dead?kind=",
        "/ops/effects?key=",
        "/ops/effects?state=",
        "/ops/effects?kind=",
        "/ops/effects?after=",
        "/ops/audit?who=",
        "/ops/audit?act=",
        "/ops/audit?target=",
        "/ops/audit?since=",
        "/ops/audit?before=",
        "/ops/why?message=",
        "/ops/why?phone=",
        "/ops/queues?q=",
        "/ops/queues/",
        "/ops/schedules/",
        "/ops/webhooks?quarantined=",
        "/ops/bulk?before=",
        "/ops/breakers?x=",
        "/ops/invite/",
        "/ops/jobs/1?reveal=",
        "/ops/jobs/",
        "/ops/bulk/",
        "/ops/",
    ];
    places.iter().map(|place| format!("{place}{quoted}")).collect()
}

#[tokio::test]
async fn whatever_is_asked_for_stays_a_text() {
    let desk = Desk::open().await;
    let house = desk.seat(Role::Owner, None).await;
    let mut complaints = Vec::new();
    let mut texts = hostile();
    texts.extend(
        [
            "\0",
            "a\0b",
            "%",
            "-1",
            "99999999999999999999999",
            "'",
            "\"",
            "state:\"",
            "key:\"\0\"",
            "phone:\u{202e}1",
            "args.\0:1",
            "booking:\u{202e}",
            "\u{202e}:x",
            "nope:\u{202e}x",
            "id:\u{200b}",
        ]
        .map(str::to_owned),
    );
    for text in texts.iter().filter(|text| text.len() < 2_000) {
        for path in links(text) {
            let answer = house.get(&path).await;
            let mut wrong = Vec::new();
            if !([200, 303, 400, 404, 410, 414, 422].contains(&answer.status)) {
                wrong.push(format!("{}", answer.status));
            }
            if answer.header("content-type").starts_with("text/html") {
                looked_over(&page::read(&answer.text), &mut wrong);
                let lower = answer.text.to_ascii_lowercase();
                wrong.extend(
                    ["<script>", "<img", "<iframe", "<turbo", "<base", "<style"]
                        .iter()
                        .filter(|tag| lower.contains(**tag))
                        .map(|tag| format!("{tag} is there")),
                );
            }
            complaints.extend(
                wrong.into_iter().map(|wrong| format!("{}: {wrong}", path.chars().take(80).collect::<String>())),
            );
        }
    }
    assert!(complaints.is_empty(), "{}: {:#?}", complaints.len(), &complaints[..complaints.len().min(60)]);
}

#[tokio::test]
async fn whatever_a_cookie_or_a_form_holds_stays_a_text() {
    let desk = Desk::open().await;
    let business = desk.furnished("plain").await;
    let house = desk.seat(Role::Owner, None).await;
    let token = house.token.clone().unwrap();
    let plain = page::read(&house.get("/ops/account").await.text);
    for text in hostile() {
        let told: String =
            text.chars().filter(|c| c.is_ascii() && !c.is_ascii_control() && *c != ';').take(200).collect();
        for told in [told.as_str(), "job-retried:<b>", "nothing-that-is-known", "jobs-done", "jobs-done:x:y", "no-"] {
            let cookies = format!("hf={token}; hf-told={told}; hf-theme={told}");
            let answer = desk.stranger().ask(Method::GET, "/ops/account", &[("cookie", &cookies)], None).await;
            assert_eq!(answer.status, 200, "{told}");
            let page = page::read(&answer.text);
            let differs = compared(&page.shape, &plain.shape).replace("1 × <p class role> instead of 0; ", "");
            assert!(differs.is_empty(), "{told:?}: {differs}");
        }
        let job = business.id("dead");
        let fields = [
            ("reason", text.as_str()),
            ("payload", text.as_str()),
            ("name", text.as_str()),
            ("query", text.as_str()),
            ("key", text.as_str()),
            ("email", text.as_str()),
            ("role", text.as_str()),
            ("number", text.as_str()),
            ("do", "retry"),
            ("verb", text.as_str()),
        ];
        for path in [
            format!("/ops/jobs/{job}/edit"),
            "/ops/views".to_owned(),
            "/ops/effects/settle".to_owned(),
            "/ops/staff/invite".to_owned(),
            "/ops/bulk".to_owned(),
            "/ops/webhooks/replay-aside".to_owned(),
            "/ops/sign-in".to_owned(),
        ] {
            let answer = house.post(&path, &fields).await;
            let mut wrong = Vec::new();
            looked_over(&page::read(&answer.text), &mut wrong);
            assert!(
                [200, 303, 404, 422].contains(&answer.status) && wrong.is_empty(),
                "{path} with {text:?}: {} {wrong:?}",
                answer.status
            );
        }
    }
    for path in [
        "/ops/views",
        "/ops/staff/invite",
        "/ops/bulk",
        "/ops/effects/settle",
        "/ops/sign-in",
        "/ops/jobs/1/edit",
        "/ops/pauses/set",
    ] {
        let nul = "a\0b";
        let fields = [
            ("reason", nul),
            ("payload", "{\"a\":\"\\u0000\"}"),
            ("name", nul),
            ("query", nul),
            ("key", nul),
            ("verdict", "failed"),
            ("email", nul),
            ("password", nul),
            ("role", "ops"),
            ("verb", "retry"),
            ("kind", nul),
        ];
        let answer = house.post(path, &fields).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
    }
}
