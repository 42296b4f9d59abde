use super::*;

/// The seconds since 1970 of the first ticks.
fn first(text: &str, ticks: usize) -> Vec<String> {
    let start = "2026-01-31T12:00:00Z".parse::<DateTime<Utc>>().unwrap();
    parse(text).unwrap().after(&start).take(ticks).map(|tick| tick.format("%a %F %T").to_string()).collect()
}

#[test]
fn five_fields_are_a_crontab() {
    assert_eq!(first("30 9 * * *", 1), ["Sun 2026-02-01 09:30:00"]);
    assert_eq!(first("0 9 * * 1", 1), ["Mon 2026-02-02 09:00:00"]);
    for sunday in ["0", "7", "SUN", "7-7", "sun"] {
        let ticks = ["Sun 2026-02-01 09:00:00", "Sun 2026-02-08 09:00:00"];
        assert_eq!(first(&format!("0 9 * * {sunday}"), 2), ticks, "{sunday}");
    }
    let weekend = ["Sun 2026-02-01 09:00:00", "Fri 2026-02-06 09:00:00", "Sat 2026-02-07 09:00:00"];
    assert_eq!(first("0 9 * * 5-7", 3), weekend);
    assert_eq!(first("0 9 * * 5,6,0", 3), weekend);
    assert_eq!(first("0 9 * * 0-7", 1), ["Sun 2026-02-01 09:00:00"]);
    assert_eq!(first("0 9 * * 1-5/2", 2), ["Mon 2026-02-02 09:00:00", "Wed 2026-02-04 09:00:00"]);
    assert_eq!(first("*/10 * * * *", 1), ["Sat 2026-01-31 12:10:00"]);
}

#[test]
fn six_fields_have_seconds_and_seven_years() {
    assert_eq!(first("5 0 9 * * MON", 1), ["Mon 2026-02-02 09:00:05"]);
    assert_eq!(first("0 0 9 * * 2", 1), ["Mon 2026-02-02 09:00:00"]);
    assert_eq!(first("0 0 9 1 1 ? 2030", 1), ["Tue 2030-01-01 09:00:00"]);
    assert_eq!(first("0 0 9 13 * FRI", 1), ["Fri 2026-02-13 09:00:00"]);
    assert_eq!(first("@daily", 1), ["Sun 2026-02-01 00:00:00"]);
    assert_eq!(first("0 0 9 1 APRIL *", 1), ["Wed 2026-04-01 09:00:00"]);
    assert_eq!(first("0 0 9 1 JUL *", 1), ["Wed 2026-07-01 09:00:00"]);
    assert_eq!(first("0 0 9 * * WED", 1), ["Wed 2026-02-04 09:00:00"]);
}

#[test]
fn what_is_wrong_is_told_with_its_field() {
    let problems = [
        ("", "it has 0 fields"),
        ("* * *", "it has 3 fields"),
        ("@reboot", "\"@reboot\" is not one of"),
        ("61 * * * *", "\"61\" is not within 0-59, upwards, as field minute asks"),
        ("0 24 * * *", "field hour"),
        ("0 0 0 * *", "field day of month"),
        ("0 9 * * 8", "\"8\" is not within 0-7, upwards, as field weekday asks"),
        ("0 0 9 * * 0", "\"0\" is not within 1-7"),
        ("0 9 * * 5-7/2", "field weekday"),
        ("0 9 5-1 * *", "\"5-1\" is not within 1-31, upwards"),
        ("*/0 * * * *", "field minute"),
        ("*/90 * * * *", "field minute"),
        ("** * * * *", "\"**\" is not something that field minute can hold"),
        ("? 9 * * *", "field minute"),
        ("0 9 ?/2 * *", "field day of month"),
        ("0 9 * * MON/2", "field weekday"),
        ("1,,2 * * * *", "\"\" is not something"),
        ("-1 * * * *", "\"-1\" is not something"),
        ("1-2-3 * * * *", "\"1-2-3\" is not something"),
        ("0 9 * * MONDAI", "'MONDAI' is not a valid day of the week"),
        ("MON 9 * * *", "'Minutes' field does not support using names"),
        ("0 0 9 1 FEB-JAN *", "Invalid named range for Months: FEB-JAN"),
        ("0 0 9 1 * MON-", "\"MON-\" is not something"),
        ("0 9 1 * MON", "read in two ways"),
        ("0 0 9 1 1 * 3000", "\"3000\" is not within 1970-2100"),
    ];
    for (text, told) in problems {
        let error = parse(text).expect_err(text).to_string();
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[test]
fn signs_of_other_programs_are_named() {
    for text in ["0 0 9 L * ?", "0 0 9 LW * ?", "0 0 9 15W * ?", "0 0 9 ? * 6L", "0 0 9 ? * 2#1", "0 9 L-3 * *"] {
        assert!(matches!(parse(text), Err(ExpressionError::Special { .. })), "{text}: {:?}", parse(text));
    }
}
