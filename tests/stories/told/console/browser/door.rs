//! Coming in and going out.

use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

use crate::house::{Browser, Colleague, PASSWORD, Story, browser::Kind};

/// What an authenticator shows `later` half minutes from now (RFC 6238).
fn code(story: &Story, secret: &str, later: i64) -> String {
    let bits =
        secret.bytes().map(|c| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == c).unwrap());
    let mut key = Vec::new();
    let (mut held, mut count) = (0, 0);
    for five in bits {
        (held, count) = (held << 5 | five, count + 5);
        if count >= 8 {
            count -= 8;
            key.push(u8::try_from(held >> count).unwrap());
            held &= (1 << count) - 1;
        }
    }
    let step = story.clock.now().timestamp() / 30 + later;
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step.to_be_bytes());
    let start = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[start..start + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn gives_password(browser: &Browser, who: &Colleague) {
    browser.writes("[name=email]", &who.account.email).await;
    browser.writes("[name=password]", PASSWORD).await;
    browser.presses("Sign in").await;
}

#[tokio::test]
async fn who_is_sent_to_the_door_comes_to_where_they_wanted_to_be() {
    let story = Story::closed().await;
    let owner = story.console_owner().await;
    let browser = Browser::open(&story, Kind::DESK).await;
    browser.goes("/ops/jobs?q=state%3Adead").await;
    browser.arrives("/ops/sign-in").await;
    browser.writes("[name=email]", &owner.account.email).await;
    browser.writes("[name=password]", "not my password at all").await;
    browser.presses("Sign in").await;
    browser.sees("Address or password are not right.").await;
    gives_password(&browser, &owner).await;
    browser.arrives("/ops/jobs?q=state%3Adead").await;
    browser.clicks("#me > summary").await;
    browser.presses("Sign out").await;
    browser.arrives("/ops/sign-in").await;
    browser.goes("/ops/jobs").await;
    browser.arrives("/ops/sign-in").await;
    browser.quits().await;
}

#[tokio::test]
async fn a_second_step_asks_for_a_code_that_works_once() {
    let story = Story::closed().await;
    let owner = story.console_owner().await;
    let browser = Browser::of(&story, &owner).await;
    browser.goes("/ops/account/second-step").await;
    browser.writes("[name=now]", PASSWORD).await;
    browser.presses("Set up an app").await;
    browser.sees("Or type this key:").await;
    let secret = browser.finds("main code").await.text().await.unwrap();
    browser.writes("[name=code]", &code(&story, &secret, 0)).await;
    browser.presses("Confirm").await;
    browser.sees("Recovery codes").await;
    let recovery = browser.finds("main pre").await.text().await.unwrap();
    browser.clicks("#me > summary").await;
    browser.presses("Sign out").await;
    browser.arrives("/ops/sign-in").await;

    gives_password(&browser, &owner).await;
    browser.sees("The six digits of your app").await;
    browser.writes("[name=code]", "000000").await;
    browser.presses("Sign in").await;
    browser.sees("Address or password are not right.").await;
    // The code of this half minute was used up when the app was set up; the next one is good already.
    browser.writes("[name=code]", &code(&story, &secret, 1)).await;
    browser.presses("Sign in").await;
    browser.finds("#me").await;

    let again = Browser::open(&story, Kind::DESK).await;
    again.goes("/ops/sign-in").await;
    gives_password(&again, &owner).await;
    again.writes("[name=code]", recovery.lines().next().unwrap()).await;
    again.presses("Sign in").await;
    again.finds("#me").await;
    again.goes("/ops/account").await;
    again.sees("9 recovery codes are left.").await;
    again.quits().await;
    browser.quits().await;
}
