//! Who gets in: passwords, codes, and how long one waits after wrong ones.

use chrono::{DateTime, TimeDelta, Utc};

use super::support::{House, now, with_house};
use crate::TenantId;
use crate::staff::invite::{self, Accepted, NewInvite};
use crate::staff::{self, Account, Role, SignIn, StaffId, manage, password, totp};

/// The password of everybody here.
pub(super) const PASSWORD: &str = "lampada verde sul molo";
const IP: &str = "192.0.2.7";

/// Somebody who was invited and chose [`PASSWORD`].
pub(super) async fn hire(house: &House, email: &str, role: Role, tenant: Option<TenantId>) -> Account {
    let mut conn = house.pool.acquire().await.unwrap();
    let new = NewInvite { email: email.to_owned(), name: "Somebody".to_owned(), role, tenant, by: None };
    let token = invite::create(&mut conn, &new, now()).await.unwrap().unwrap();
    match invite::accept(&mut conn, &token, PASSWORD, now()).await.unwrap() {
        Accepted::Welcome(account) => account,
        other => panic!("{other:?}"),
    }
}

async fn enters(house: &House, email: &str, password: &str, ip: &str, at: DateTime<Utc>) -> String {
    match staff::sign_in(&house.pool, email, password, ip, at).await.unwrap() {
        SignIn::Granted(_) => "granted".to_owned(),
        SignIn::NeedsCode(_) => "code".to_owned(),
        SignIn::Wrong => "wrong".to_owned(),
        SignIn::Wait { seconds } => format!("wait {seconds}"),
    }
}

fn seconds(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

/// The secret that an authenticator was told.
async fn key(house: &House, id: StaffId) -> Vec<u8> {
    let key = "select coalesce(totp_next, totp_secret) from staff where id = $1";
    sqlx::query_scalar(key).bind(id).fetch_one(&house.owner).await.unwrap()
}

async fn with_codes(house: &House, id: StaffId) -> Vec<String> {
    let mut conn = house.pool.acquire().await.unwrap();
    totp::begin(&mut conn, id).await.unwrap();
    let code = totp::code(&key(house, id).await, now());
    totp::confirm(&mut conn, id, &code, now()).await.unwrap().unwrap()
}

async fn pending(house: &House, email: &str, at: DateTime<Utc>) -> String {
    match staff::sign_in(&house.pool, email, PASSWORD, IP, at).await.unwrap() {
        SignIn::NeedsCode(pending) => pending.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn gives(house: &House, pending: &str, code: &str, at: DateTime<Utc>) -> SignIn {
    staff::sign_in_code(&house.pool, pending, code, IP, at).await.unwrap()
}

#[tokio::test]
async fn there_is_nobody_before_somebody_is_invited() {
    with_house(async |house| {
        assert_eq!(house.count("select count(*) from staff").await, 0);
        assert!(!manage::house_has_owner(&mut house.pool.acquire().await.unwrap()).await.unwrap());
        hire(&house, "owner@house.example", Role::Owner, None).await;
        assert!(manage::house_has_owner(&mut house.pool.acquire().await.unwrap()).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn the_right_password_of_an_account_signs_in_and_nothing_else() {
    with_house(async |house| {
        let account = hire(&house, "Ada@House.example", Role::Owner, None).await;
        assert_eq!(account.email, "ada@house.example");
        assert_eq!(enters(&house, " ADA@house.example ", PASSWORD, IP, now()).await, "granted");
        assert_eq!(enters(&house, "ada@house.example", "Lampada verde sul molo", IP, now()).await, "wrong");
        assert_eq!(enters(&house, "eve@house.example", PASSWORD, IP, now()).await, "wrong");
        hire(&house, "bea@house.example", Role::Owner, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        manage::disable(&mut conn, account.id, None, now()).await.unwrap();
        assert_eq!(enters(&house, "ada@house.example", PASSWORD, IP, now()).await, "wrong");
        manage::enable(&mut conn, account.id, None).await.unwrap();
        assert_eq!(enters(&house, "ada@house.example", PASSWORD, IP, now()).await, "granted");
        let kept: String =
            sqlx::query_scalar("select password from staff limit 1").fetch_one(&house.owner).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    })
    .await;
}

#[tokio::test]
async fn after_five_wrong_tries_one_waits_longer_and_longer_also_with_the_right_password() {
    with_house(async |house| {
        hire(&house, "ada@house.example", Role::Owner, None).await;
        for email in ["ada@house.example", "nobody@house.example"] {
            let ip = email;
            for _ in 0..5 {
                assert_eq!(enters(&house, email, "wrong", ip, now()).await, "wrong");
            }
            let mut at = 0;
            for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
                assert_eq!(enters(&house, email, PASSWORD, ip, seconds(at)).await, format!("wait {wait}"), "{email}");
                at += wait;
                assert_eq!(enters(&house, email, "wrong", ip, seconds(at)).await, "wrong", "{email} {wait}");
            }
            let waits = enters(&house, email, PASSWORD, "198.51.100.1", seconds(at + 899)).await;
            assert_eq!(waits, "wait 1", "from elsewhere, too");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_signs_in_starts_again_and_an_hour_forgets() {
    with_house(async |house| {
        hire(&house, "ada@house.example", Role::Owner, None).await;
        for _ in 0..3 {
            for _ in 0..4 {
                assert_eq!(enters(&house, "ada@house.example", "wrong", IP, now()).await, "wrong");
            }
            assert_eq!(enters(&house, "ada@house.example", PASSWORD, IP, now()).await, "granted");
        }
        for _ in 0..7 {
            enters(&house, "bea@house.example", "wrong", "198.51.100.1", now()).await;
        }
        assert_eq!(enters(&house, "bea@house.example", "wrong", "198.51.100.1", now()).await, "wait 1");
        for _ in 0..5 {
            assert_eq!(enters(&house, "bea@house.example", "wrong", "198.51.100.1", seconds(3600)).await, "wrong");
        }
        assert_eq!(enters(&house, "bea@house.example", "wrong", "198.51.100.1", seconds(3600)).await, "wait 1");
        enters(&house, "cia@house.example", "wrong", "198.51.100.2", seconds(9000)).await;
        assert_eq!(house.count("select count(*) from sign_in_attempt").await, 2, "what is old goes");
    })
    .await;
}

#[tokio::test]
async fn one_place_that_tries_many_accounts_waits_too() {
    with_house(async |house| {
        for number in 0..20 {
            assert_eq!(enters(&house, &format!("a{number}@house.example"), "wrong", IP, now()).await, "wrong");
        }
        assert_eq!(enters(&house, "a21@house.example", "wrong", IP, now()).await, "wait 1");
        assert_eq!(enters(&house, "a21@house.example", "wrong", "192.0.2.8", now()).await, "wrong");
        let seen = house.count("select tries::bigint from sign_in_attempt order by tries desc limit 1").await;
        assert_eq!(seen, 20, "a try that was not made is not counted");
    })
    .await;
}

#[tokio::test]
async fn many_tries_at_one_moment_count_like_tries_in_a_row() {
    with_house(async |house| {
        hire(&house, "ada@house.example", Role::Owner, None).await;
        let tries = (0..30).map(|_| {
            let house = house.clone();
            tokio::spawn(async move { enters(&house, "ada@house.example", "wrong", IP, now()).await })
        });
        let mut wrong = 0;
        for one in tries.collect::<Vec<_>>() {
            wrong += i32::from(one.await.unwrap() == "wrong");
        }
        assert_eq!(wrong, 5);
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_counts_once_it_is_confirmed_and_each_code_once() {
    with_house(async |house| {
        let id = hire(&house, "ada@house.example", Role::Ops, None).await.id;
        let mut conn = house.pool.acquire().await.unwrap();
        let setup = totp::begin(&mut conn, id).await.unwrap();
        assert_eq!(setup.secret_base32.len(), 32);
        assert!(setup.otpauth_url.starts_with("otpauth://totp/Holdfast:ada%40house.example?secret="));
        assert!(!format!("{setup:?}").contains(&setup.secret_base32));
        assert_eq!(enters(&house, "ada@house.example", PASSWORD, IP, now()).await, "granted");
        assert_eq!(totp::confirm(&mut conn, id, "000000", now()).await.unwrap(), None);
        let codes = with_codes(&house, id).await;
        assert_eq!((codes.len(), totp::recovery_left(&mut conn, id).await.unwrap()), (10, 10));
        let secret = key(&house, id).await;
        let waiting = pending(&house, "ada@house.example", now()).await;
        let used = totp::code(&secret, now());
        assert!(matches!(gives(&house, &waiting, &used, now()).await, SignIn::Wrong), "it confirmed the factor");
        let next = totp::code(&secret, seconds(30));
        assert!(matches!(gives(&house, &waiting, &next, seconds(30)).await, SignIn::Granted(a) if a.has_totp));
        assert!(matches!(gives(&house, &waiting, &codes[0], seconds(30)).await, SignIn::Wrong), "good for one sign-in");
        let waiting = pending(&house, "ada@house.example", seconds(31)).await;
        assert!(matches!(gives(&house, &waiting, &next, seconds(31)).await, SignIn::Wrong), "each code once");
        totp::remove(&mut conn, id).await.unwrap();
        assert_eq!(enters(&house, "ada@house.example", PASSWORD, IP, seconds(40)).await, "granted");
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_a_pending_sign_in_for_five_minutes() {
    with_house(async |house| {
        let id = hire(&house, "ada@house.example", Role::Ops, None).await.id;
        let codes = with_codes(&house, id).await;
        let waiting = pending(&house, "ada@house.example", now()).await;
        assert!(matches!(gives(&house, &waiting, &codes[0], seconds(300)).await, SignIn::Wrong), "too late");
        let typed = codes[0].to_lowercase().replace('-', " ");
        assert!(matches!(gives(&house, &waiting, &typed, seconds(299)).await, SignIn::Granted(_)));
        let waiting = pending(&house, "ada@house.example", seconds(300)).await;
        assert!(matches!(gives(&house, &waiting, &codes[0], seconds(300)).await, SignIn::Wrong));
        assert!(matches!(gives(&house, "made up", &codes[1], seconds(300)).await, SignIn::Wrong));
        assert!(matches!(gives(&house, &waiting, &codes[1], seconds(300)).await, SignIn::Granted(_)));
        let mut conn = house.pool.acquire().await.unwrap();
        assert_eq!(totp::recovery_left(&mut conn, id).await.unwrap(), 8);
    })
    .await;
}

#[tokio::test]
async fn codes_cannot_be_guessed_by_giving_the_password_again() {
    with_house(async |house| {
        let id = hire(&house, "ada@house.example", Role::Ops, None).await.id;
        with_codes(&house, id).await;
        for _ in 0..5 {
            let waiting = pending(&house, "ada@house.example", now()).await;
            assert!(matches!(gives(&house, &waiting, "123456", now()).await, SignIn::Wrong));
        }
        assert_eq!(enters(&house, "ada@house.example", PASSWORD, IP, now()).await, "wait 1");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_give_one_code_at_one_moment_one_gets_in() {
    with_house(async |house| {
        let id = hire(&house, "ada@house.example", Role::Ops, None).await.id;
        with_codes(&house, id).await;
        let code = totp::code(&key(&house, id).await, seconds(60));
        let both =
            [pending(&house, "ada@house.example", now()).await, pending(&house, "ada@house.example", now()).await];
        let (one, other) =
            tokio::join!(gives(&house, &both[0], &code, seconds(60)), gives(&house, &both[1], &code, seconds(60)));
        let granted = [one, other].into_iter().filter(|end| matches!(end, SignIn::Granted(_))).count();
        assert_eq!(granted, 1);
    })
    .await;
}

#[tokio::test]
async fn a_password_is_asked_again_and_changed() {
    with_house(async |house| {
        let id = hire(&house, "ada@house.example", Role::Ops, None).await.id;
        let check = async |password: &str| staff::check_password(&house.pool, id, password, IP, now()).await.unwrap();
        assert!(matches!(check("wrong").await, SignIn::Wrong));
        assert!(matches!(check(PASSWORD).await, SignIn::Granted(_)));
        let mut conn = house.pool.acquire().await.unwrap();
        let weak = password::change(&mut conn, id, "ada@house.example", None).await.unwrap();
        assert_eq!(weak, Err(password::Weak::Guessable));
        password::change(&mut conn, id, "un treno di carta blu", None).await.unwrap().unwrap();
        assert!(matches!(check(PASSWORD).await, SignIn::Wrong));
        assert!(matches!(check("un treno di carta blu").await, SignIn::Granted(_)));
    })
    .await;
}
