use super::*;

const BODY: &[u8] = "{\"id\":\"evt_1\",\"name\":\"tè 🧘\"}".as_bytes();

fn secrets(secrets: &[&str]) -> Secrets {
    Secrets::new(secrets).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_750_000 + seconds, 0).unwrap()
}

/// Computed with Python's `hmac`, over `1763750000.{"id":"evt_1"}`.
#[test]
fn a_code_that_another_program_computed_verifies() {
    let header = b"t=1763750000,v1=925744173f9fe9a35eb29ab54a1d6b33138071d470b6c91b2219423fd12ead99";
    assert_eq!(secrets(&["whsec_test"]).verify(header, br#"{"id":"evt_1"}"#, at(0)), Ok(()));
}

#[test]
fn both_active_secrets_verify_and_a_third_does_not() {
    let rotating = secrets(&["new", "old"]);
    for (secret, expected) in [("new", Ok(())), ("old", Ok(())), ("older", Err(Unverified::Forged))] {
        let header = secrets(&[secret]).sign(BODY, at(0));
        assert_eq!(rotating.verify(header.as_bytes(), BODY, at(0)), expected, "{secret}");
    }
}

#[test]
fn one_code_of_several_is_enough_and_other_schemes_do_not_count() {
    let ours = secrets(&["new"]);
    let (header, other) = (ours.sign(BODY, at(0)), secrets(&["old"]).sign(BODY, at(0)));
    let code = header.split_once("v1=").unwrap().1;
    let stranger = other.split_once("v1=").unwrap().1;
    let both = format!("t=1763750000, v1={stranger}, v0=abc, v1={code}");
    assert_eq!(ours.verify(both.as_bytes(), BODY, at(0)), Ok(()));
    let test_scheme = format!("t=1763750000,v1={stranger},v0={code}");
    assert_eq!(ours.verify(test_scheme.as_bytes(), BODY, at(0)), Err(Unverified::Forged));
    let buried = format!("t=1763750000{},v1={code}", format!(",v1={stranger}").repeat(MOST_CODES));
    assert_eq!(ours.verify(buried.as_bytes(), BODY, at(0)), Err(Unverified::Forged));
}

#[test]
fn a_signature_is_good_for_five_minutes_either_way() {
    let secrets = secrets(&["whsec"]);
    let header = secrets.sign(BODY, at(0));
    for (seconds, expected) in
        [(300, Ok(())), (-300, Ok(())), (301, Err(Unverified::Late)), (-301, Err(Unverified::Late))]
    {
        assert_eq!(secrets.verify(header.as_bytes(), BODY, at(seconds)), expected, "{seconds}");
    }
    // A time that was put in later is not what was signed.
    let fresh = header.replace("1763750000", "1763750400");
    assert_eq!(secrets.verify(fresh.as_bytes(), BODY, at(400)), Err(Unverified::Forged));
}

#[test]
fn any_bit_flipped_in_body_or_header_is_noticed() {
    let secrets = secrets(&["whsec"]);
    let header = secrets.sign(BODY, at(0)).into_bytes();
    for (position, bit) in (0..BODY.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut body = BODY.to_vec();
        body[position] ^= 1 << bit;
        assert_eq!(secrets.verify(&header, &body, at(0)), Err(Unverified::Forged), "body byte {position}, bit {bit}");
    }
    for (position, bit) in (0..header.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut flipped = header.clone();
        flipped[position] ^= 1 << bit;
        // Hex has two cases of the same digit.
        let code = header.len() - 64;
        let same = flipped[..code] == header[..code] && flipped[code..].to_ascii_lowercase() == header[code..];
        assert_eq!(secrets.verify(&flipped, BODY, at(0)).is_ok(), same, "header byte {position}, bit {bit}");
    }
}

#[test]
fn what_is_no_signature_is_unreadable() {
    let secrets = secrets(&["whsec"]);
    let good = secrets.sign(BODY, at(0));
    let code = good.split_once("v1=").unwrap().1;
    let cases = ["", "t=1763750000", "v1=", &format!("v1={code}"), &format!("t=,v1={code}"), "t=1,v1=zz", "t=1,v1"];
    for header in cases {
        assert_eq!(secrets.verify(header.as_bytes(), BODY, at(0)), Err(Unverified::Unreadable), "{header}");
    }
    assert_eq!(secrets.verify(b"\xff\xfe", BODY, at(0)), Err(Unverified::Unreadable));
    let negative = format!("t=-1,v1={code}");
    assert_eq!(secrets.verify(negative.as_bytes(), BODY, at(0)), Err(Unverified::Unreadable));
    for header in [&good[..good.len() - 2], &format!("{good}00"), &format!("t=99999999999999999999,v1={code}")] {
        assert_eq!(secrets.verify(header.as_bytes(), BODY, at(0)), Err(Unverified::Forged), "{header}");
    }
    let endless = "9".repeat(30);
    let header = format!("t={endless},v1={}", hex::encode(hmac::sign(&secrets.current, &signed(&endless, BODY))));
    assert_eq!(secrets.verify(header.as_bytes(), BODY, at(0)), Err(Unverified::Late));
}

#[test]
fn secrets_are_one_or_two_and_not_empty() {
    assert_eq!(Secrets::new(&[""]).err(), Some(SecretsError::Empty));
    assert_eq!(Secrets::new(&["new", ""]).err(), Some(SecretsError::Empty));
    assert_eq!(Secrets::new(&[]).err(), Some(SecretsError::Count(0)));
    assert_eq!(Secrets::new(&["a", "b", "c"]).err(), Some(SecretsError::Count(3)));
}
