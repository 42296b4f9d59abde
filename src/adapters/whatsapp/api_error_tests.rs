//! Every code of Meta's table, and what it means.

use serde_json::json;

use super::{Meaning as M, Permanent as P, *};

const TABLE: &[(M, &[i64])] = &[
    (M::CallLimit, &[4, 80_007]),
    (M::Throughput, &[130_429]),
    (M::Pair, &[131_056]),
    (M::Maintenance, &[131_016, 131_057, 133_004, 134_101, 2_494_100]),
    (M::Unknown, &[1, 2, 131_000]),
    (M::WindowClosed, &[131_047, 470]),
    (M::Permanent(P::Token), &[0, 190]),
    (
        M::Permanent(P::Configuration),
        &[
            3, 10, 200, 230, 299, 131_005, 131_037, 131_045, 131_055, 131_063, 133_000, 133_005, 133_006, 133_008,
            133_009, 133_010, 133_015, 133_016, 134_100, 134_102, 136_024,
        ],
    ),
    (M::Permanent(P::Billing), &[131_042, 131_044, 134_011]),
    (M::Permanent(P::Restricted), &[368, 131_031, 131_048, 131_064]),
    (M::Permanent(P::Recipient), &[130_403, 130_497, 131_021, 131_026, 131_030, 131_062, 137_000]),
    (M::Permanent(P::Marketing), &[130_472, 131_049, 131_050]),
    (
        M::Permanent(P::Template),
        &[132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_018, 132_068, 132_069],
    ),
    (M::Permanent(P::Request), &[33, 100, 131_008, 131_009, 131_051, 131_052, 131_053, 135_000, 2_388_019, 2_388_293]),
];

fn error(code: i64) -> ApiError {
    ApiError { code, ..ApiError::default() }
}

#[test]
fn every_code_of_the_table_means_what_the_table_says() {
    for (meaning, codes) in TABLE {
        for code in *codes {
            assert_eq!(error(*code).meaning(false), *meaning, "{code}");
        }
    }
}

#[test]
fn the_http_status_changes_nothing_about_a_known_code() {
    let known = TABLE.iter().flat_map(|(meaning, codes)| codes.iter().map(move |code| (meaning, code)));
    for (meaning, code) in known.filter(|(_, code)| **code < 2_000_000) {
        assert_eq!(error(*code).meaning(true), *meaning, "{code}");
    }
}

#[test]
fn an_unknown_code_is_uncertain_only_when_meta_or_the_status_says_so() {
    let unknown = error(999_999);
    assert_eq!(unknown.meaning(false), M::Permanent(P::Request));
    assert_eq!(unknown.meaning(true), M::Unknown);
    assert_eq!(ApiError { transient: true, ..unknown }.meaning(false), M::Unknown);
}

#[test]
fn a_closed_window_hides_behind_bad_request() {
    let read = |value| ApiError::read(&value);
    let hidden = read(
        json!({"code": 100, "message": "(#100) Invalid parameter", "error_data": {"details": "A non-template message cannot be sent outside the 24-hour window"}}),
    );
    assert_eq!(hidden.meaning(false), M::WindowClosed);
    let plain =
        read(json!({"code": 100, "message": "(#100) Invalid parameter", "error_data": "Param text is too long"}));
    assert_eq!(plain.meaning(false), M::Permanent(P::Request));
    assert_eq!(plain.details, "Param text is too long");
}

#[test]
fn errors_are_read_in_every_shape() {
    let cases = [
        (json!({"code": "130429", "title": "Rate limit hit"}), 130_429, "Rate limit hit", ""),
        (json!({"code": 1, "title": "t", "message": "m", "details": "old"}), 1, "t", "old"),
        (json!({"message": "m", "code": 2, "error_user_msg": "u"}), 2, "m", "u"),
        (json!({}), 0, "", ""),
    ];
    for (value, code, title, details) in cases {
        let error = ApiError::read(&value);
        assert_eq!((error.code, &*error.title, &*error.details), (code, title, details), "{value}");
    }
}

#[test]
fn a_refusal_that_concerns_the_whole_number_is_told_from_one_person() {
    let stops = |code| error(code).permanent().is_some_and(P::stops_the_channel);
    assert!([190, 10, 131_042, 131_031].into_iter().all(stops));
    assert!(![131_026, 131_050, 132_001, 100, 131_047, 131_056].into_iter().any(stops));
}
