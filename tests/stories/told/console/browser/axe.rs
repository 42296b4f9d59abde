//! Every page can be read by everybody, on any screen.

mod walk;

use serde_json::Value;

use crate::house::{Browser, Story, browser::Kind};

/// axe-core 4.14, of Deque Systems, under the Mozilla Public License 2.0.
const AXE: &str = include_str!("../../../../data/axe.min.js");

/// What is wrong with the page for those who do not see it, or not well.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const told = ({ id, nodes }) => `${id}: ${nodes.map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | ')}`;
    axe.run(document, { resultTypes: ['violations'] }).then(
      ({ violations, passes }) => done(passes.length ? violations.map(told) : ['axe has looked at nothing']),
      (error) => done([String(error)]));";

/// How far the page is wider than the screen, and what is.
const WIDER: &str = "
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return null;
    const out = [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.parentElement.closest('.scroll, pre, svg, .graph'));
    return `${wide} px too wide: ${out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(' | ')}`;";

/// Unfolds everything; whether there is anything to unfold.
const UNFOLD: &str = "
    const folded = [...document.querySelectorAll('details:not([open])')];
    folded.forEach((details) => (details.open = true));
    return folded.length > 0;";

async fn is_fit(kind: Kind, theme: &str) {
    let story = Story::begin().await;
    let owner = story.console_owner().await;
    let pages = walk::pages(&story, &owner).await;
    let browser = Browser::open(&story, kind).await;
    let mut faults = Vec::new();
    for (signed_in, pages) in [(false, &pages.outside), (true, &pages.inside)] {
        browser.goes("/ops/sign-in").await;
        if signed_in {
            browser.enters_as(&owner).await;
        }
        browser.keeps("/ops", "hf-theme", theme).await;
        for page in pages {
            browser.goes(page).await;
            faults.extend(look(&browser, theme).await.into_iter().map(|fault| format!("{page}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    browser.quits().await;
}

async fn look(browser: &Browser, theme: &str) -> Vec<String> {
    assert_eq!(browser.tells("return document.documentElement.dataset.theme").await, theme);
    let mut faults = Vec::new();
    if browser.said().await.contains("There is nothing here") {
        faults.push("there is nothing here".to_owned());
    }
    browser.tells(AXE).await;
    faults.extend(judge(browser).await);
    if browser.tells(UNFOLD).await == true {
        faults.extend(judge(browser).await.into_iter().map(|fault| format!("unfolded: {fault}")));
    }
    faults.extend(browser.complaints().await);
    faults
}

async fn judge(browser: &Browser) -> Vec<String> {
    let Value::Array(found) = browser.tells_later(RUN).await else { panic!("axe tells a list") };
    let mut faults: Vec<String> =
        found.into_iter().map(|fault| fault.as_str().unwrap_or_default().to_owned()).collect();
    faults.extend(browser.tells(WIDER).await.as_str().map(str::to_owned));
    faults
}

#[tokio::test]
async fn every_page_is_fit_for_everybody_on_a_desk_in_the_light() {
    is_fit(Kind::DESK, "light").await;
}

#[tokio::test]
async fn every_page_is_fit_for_everybody_on_a_desk_in_the_dark() {
    is_fit(Kind::DESK, "dark").await;
}

#[tokio::test]
async fn every_page_is_fit_for_everybody_on_a_phone_in_the_light() {
    is_fit(Kind::PHONE, "light").await;
}

#[tokio::test]
async fn every_page_is_fit_for_everybody_on_a_phone_in_the_dark() {
    is_fit(Kind::PHONE, "dark").await;
}
