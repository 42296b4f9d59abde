use chrono::TimeDelta;
use serde_json::json;

use super::policy::{Draft, From, Policy, PolicyError, To, share};

fn drafts(tiers: serde_json::Value) -> Vec<Draft> {
    serde_json::from_value(tiers).unwrap()
}

/// Percent and lateness after so much notice.
fn gives(notice: TimeDelta) -> (i64, bool) {
    let tier = Policy::standard().tier(notice);
    (tier.percent, tier.late)
}

#[test]
fn each_boundary_of_the_standard_terms_falls_where_it_is_written() {
    let second = TimeDelta::seconds(1);
    for (notice, gives_what) in [
        (TimeDelta::days(3), (100, false)),
        (TimeDelta::hours(24) + second, (100, false)),
        (TimeDelta::hours(24), (50, false)),
        (TimeDelta::hours(12) + second, (50, false)),
        (TimeDelta::hours(12), (0, false)),
        (TimeDelta::hours(2), (0, false)),
        (TimeDelta::hours(2) - second, (0, true)),
        (TimeDelta::zero(), (0, true)),
        (-second, (0, true)),
    ] {
        assert_eq!(gives(notice), gives_what, "{notice}");
    }
}

#[test]
fn a_policy_with_a_gap_is_refused() {
    // "Full above 24 h, half above 12 h, none below 2 h", as it is so often written.
    let written = drafts(json!([
        { "from": { "more_than_minutes": 1440 }, "percent": 100 },
        { "from": { "more_than_minutes": 720 }, "to": { "at_most_minutes": 1440 }, "percent": 50 },
        { "from": { "at_least_minutes": 0 }, "to": { "less_than_minutes": 120 }, "percent": 0 },
    ]));
    let error = Policy::new(&written).unwrap_err();
    let above = From::MoreThanMinutes(720);
    let to = Some(To::LessThanMinutes(120));
    assert_eq!(error, PolicyError::Apart { tier: 2, to, above, meets: To::AtMostMinutes(720) });
    assert!(error.to_string().contains("tiers[2].to"), "{error}");
}

#[test]
fn what_leaves_something_open_or_twofold_is_told_by_field() {
    let all = json!({ "from": { "at_least_minutes": 0 }, "percent": 100 });
    assert!(Policy::new(&drafts(json!([all]))).is_ok());
    for (tiers, field) in [
        (json!([]), "tiers:"),
        (json!([{ "from": { "at_least_minutes": 0 }, "percent": 101 }]), "tiers[0].percent"),
        (json!([{ "from": { "at_least_minutes": 0 }, "to": { "at_most_minutes": 60 }, "percent": 0 }]), "tiers[0].to"),
        (json!([{ "from": { "more_than_minutes": 60 }, "percent": 100 }]), "the last tier"),
        (json!([{ "from": { "at_least_minutes": 60 }, "percent": 100 }, all]), "tiers[1].to"),
        (
            json!([{ "from": { "at_least_minutes": 60 }, "percent": 100 },
                   { "from": { "at_least_minutes": 60 }, "to": { "less_than_minutes": 60 }, "percent": 50 }]),
            "tiers[1] is empty",
        ),
    ] {
        let error = Policy::new(&drafts(tiers)).unwrap_err().to_string();
        assert!(error.starts_with(field), "{error}");
    }
}

#[test]
fn the_standard_terms_are_total_and_survive_the_database() {
    let kept = serde_json::to_value(Policy::standard()).unwrap();
    assert_eq!(kept[3], json!({ "from": { "at_least_minutes": 0 }, "percent": 0, "late": true }));
    assert_eq!(serde_json::from_value::<Policy>(kept).unwrap(), Policy::standard());
}

#[test]
fn half_a_cent_goes_to_the_customer() {
    assert_eq!([share(1500, 100), share(1501, 50), share(1, 50), share(1500, 0)], [1500, 751, 1, 0]);
}
