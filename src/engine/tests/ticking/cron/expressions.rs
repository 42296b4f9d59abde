//! C8 and C9: what is refused when a line is added, and what is not.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::{Europe::Rome, Tz};
use engine::schedule::Timing;

use super::{Tock, engine};
use crate::house::House;

fn days(expression: &str) -> Vec<String> {
    let start: DateTime<Utc> = "2026-01-15T00:00:00Z".parse().unwrap();
    let timing = Timing::parse(expression, Rome).unwrap();
    timing.ticks(start).take(4).map(|tick| tick.format("%F").to_string()).collect()
}

/// What the engine says when somebody adds this line.
fn refusal(house: &House, expression: &str) -> String {
    let refused = house.engine().job::<Tock>().schedule("month_end", expression, Tz::UTC, |tick| Tock { tick });
    refused.err().map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn c08_days_that_not_every_month_or_year_has_run_when_they_are_there() {
    assert_eq!(days("0 9 31 * *"), ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]);
    assert_eq!(days("0 9 29 2 *"), ["2028-02-29", "2032-02-29", "2036-02-29", "2040-02-29"]);
    assert_eq!(days("0 0 9 29 2 MON"), ["2044-02-29", "2072-02-29", "2112-02-29", "2140-02-29"][..2]);
}

#[tokio::test]
async fn c08_what_never_runs_is_refused_with_its_line_and_the_reason() {
    let house = House::new().await;
    for never in ["0 0 30 2 *", "0 0 0 30 2 *", "0 0 31 2,4,6,9,11 *"] {
        let told = refusal(&house, never);
        assert!(told.contains("month_end") && told.contains(never) && told.contains("never run"), "{told}");
    }
    for special in ["0 0 9 LW * ?", "0 0 9 ? * 6L"] {
        let told = refusal(&house, special);
        assert!(told.contains("month_end") && told.contains("no L, W or #"), "{told}");
    }
    let twice = engine(&house, []).schedule("beat", "* * * * *", Tz::UTC, |tick| Tock { tick });
    assert!(twice.err().unwrap().to_string().contains("beat is there twice"));
}

#[tokio::test]
async fn c09_a_malicious_range_is_refused_before_it_is_expanded() {
    let house = House::new().await;
    let huge = "1,".repeat(1 << 20);
    let digits = "9".repeat(200);
    let malicious = [
        "1-100000000 * * * *".to_owned(),
        "* * * * 1-100000000".to_owned(),
        "0-4294967295/1 * * * *".to_owned(),
        "*/4294967295 * * * *".to_owned(),
        "0 0 0 1 1 * 1970-99999999".to_owned(),
        format!("{digits} * * * *"),
        format!("{huge}1 * * * *"),
    ];
    for expression in malicious {
        let told = refusal(&house, &expression);
        assert!(told.contains("month_end") && told.len() < 500, "{told}");
    }
    let longest = format!("{}1 * * * *", "1,".repeat(120));
    let start: DateTime<Utc> = "2026-01-15T00:00:00Z".parse().unwrap();
    assert_eq!(Timing::parse(&longest, Rome).unwrap().next(start).unwrap().day(), 15);
}
