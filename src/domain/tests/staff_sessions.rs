//! Sessions, invitations, and what one account does to another.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::staff_sign_in::{PASSWORD, hire};
use super::support::{House, now, with_house};
use crate::staff::invite::{self, Accepted, NewInvite, NotInvited};
use crate::staff::manage::{self, Changed};
use crate::staff::session::{self, Signed};
use crate::staff::{Account, Role, password};
use crate::{Language, TenantId};

async fn open(conn: &mut PgConnection, account: &Account) -> String {
    session::open(conn, account, "192.0.2.7", "a\u{7} browser", now()).await.unwrap()
}

async fn signed(conn: &mut PgConnection, token: &str, at: DateTime<Utc>) -> Option<Signed> {
    session::find(conn, token, at).await.unwrap()
}

async fn rival(house: &House) -> TenantId {
    sqlx::query_scalar("insert into tenant (slug, name, zone, currency, language) values ('rival', 'Rival', 'Europe/Rome', 'EUR', 'en') returning id")
        .fetch_one(&house.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_session_is_known_by_its_token_of_which_the_digest_is_kept() {
    with_house(async |house| {
        let account = hire(&house, "ada@house.example", Role::Owner, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let token = open(&mut conn, &account).await;
        assert_eq!(token.len(), 43);
        let found = signed(&mut conn, &token, now()).await.unwrap();
        assert_eq!((found.account, found.opened_at, found.password_at), (account.clone(), now(), now()));
        assert!(signed(&mut conn, "made up", now()).await.is_none());
        let kept: String =
            sqlx::query_scalar("select s::text from staff_session s").fetch_one(&house.owner).await.unwrap();
        assert!(!kept.contains(&token), "{kept}");
        let later = now() + TimeDelta::minutes(5);
        session::reauthenticated(&mut conn, found.session, later).await.unwrap();
        assert_eq!(signed(&mut conn, &token, later).await.unwrap().password_at, later);
        let listed = session::list(&mut conn, account.id, later).await.unwrap();
        assert_eq!((listed.len(), listed[0].agent.as_str(), listed[0].last_seen_at), (1, "a browser", later));
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_they_are_not_used_and_in_any_case() {
    with_house(async |house| {
        for (role, tenant, idle, whole) in [
            (Role::Owner, None, 30, 24),
            (Role::Ops, None, 30, 24),
            (Role::OpsRead, Some(house.tenant), 30, 24),
            (Role::Owner, Some(house.tenant), 12 * 60, 7 * 24),
            (Role::Manager, Some(house.tenant), 12 * 60, 7 * 24),
            (Role::Agent, Some(house.tenant), 12 * 60, 7 * 24),
        ] {
            let whose = if tenant.is_some() { "studio" } else { "house" };
            let account = hire(&house, &format!("{role}@{whose}.example"), role, tenant).await;
            let mut conn = house.pool.acquire().await.unwrap();
            let (idle, end) = (TimeDelta::minutes(idle), now() + TimeDelta::hours(whole));
            let token = open(&mut conn, &account).await;
            let nearly = now() + idle - TimeDelta::seconds(1);
            assert!(signed(&mut conn, &token, nearly).await.is_some(), "{role} {whose}");
            assert!(signed(&mut conn, &token, nearly + idle).await.is_none(), "{role} {whose}");
            assert!(session::list(&mut conn, account.id, nearly + idle).await.unwrap().is_empty());
            let mut at = nearly;
            while at < end {
                assert!(signed(&mut conn, &token, at).await.is_some(), "{role} {whose} {at}");
                at += idle / 2;
            }
            assert!(signed(&mut conn, &token, end).await.is_none(), "{role} {whose}");
        }
    })
    .await;
}

#[tokio::test]
async fn that_somebody_was_seen_is_written_down_once_a_minute() {
    with_house(async |house| {
        let account = hire(&house, "ada@house.example", Role::Owner, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let token = open(&mut conn, &account).await;
        for (second, seen) in [(59, 0), (60, 60), (119, 60), (120, 120)] {
            signed(&mut conn, &token, now() + TimeDelta::seconds(second)).await.unwrap();
            let listed = session::list(&mut conn, account.id, now()).await.unwrap();
            assert_eq!(listed[0].last_seen_at, now() + TimeDelta::seconds(seen), "{second}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_ends_sessions_of_ones_own_only() {
    with_house(async |house| {
        let ada = hire(&house, "ada@house.example", Role::Owner, None).await;
        let bea = hire(&house, "bea@house.example", Role::Owner, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let [one, two, three] = [open(&mut conn, &ada).await, open(&mut conn, &ada).await, open(&mut conn, &ada).await];
        let id = signed(&mut conn, &one, now()).await.unwrap().session;
        assert!(!session::end(&mut conn, bea.id, id).await.unwrap());
        assert!(session::end(&mut conn, ada.id, id).await.unwrap());
        assert!(signed(&mut conn, &one, now()).await.is_none());
        let keep = signed(&mut conn, &two, now()).await.unwrap().session;
        assert_eq!(session::end_all(&mut conn, ada.id, Some(keep)).await.unwrap(), 1);
        assert!(signed(&mut conn, &three, now()).await.is_none() && signed(&mut conn, &two, now()).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn another_role_another_password_and_a_disabled_account_end_sessions() {
    with_house(async |house| {
        hire(&house, "bea@house.example", Role::Owner, None).await;
        let ada = hire(&house, "ada@house.example", Role::Owner, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let token = open(&mut conn, &ada).await;
        manage::rename(&mut conn, ada.id, " Ada ", None).await.unwrap();
        manage::set_language(&mut conn, ada.id, Language::En).await.unwrap();
        let now_ada = signed(&mut conn, &token, now()).await.unwrap();
        assert_eq!((now_ada.account.name.as_str(), now_ada.account.language), ("Ada", Language::En));
        let other = open(&mut conn, &ada).await;
        password::change(&mut conn, ada.id, "un treno di carta blu", Some(now_ada.session)).await.unwrap().unwrap();
        assert!(signed(&mut conn, &token, now()).await.is_some() && signed(&mut conn, &other, now()).await.is_none());
        let changed = manage::set_role(&mut conn, ada.id, Role::Ops, None).await.unwrap();
        let Changed::Done { before, after } = changed else { panic!("{changed:?}") };
        assert_eq!((before.role, after.role), (Role::Owner, Role::Ops));
        assert!(signed(&mut conn, &token, now()).await.is_none());
        let token = open(&mut conn, &after).await;
        manage::disable(&mut conn, ada.id, None, now()).await.unwrap();
        assert!(signed(&mut conn, &token, now()).await.is_none());
        manage::enable(&mut conn, ada.id, None).await.unwrap();
        assert!(signed(&mut conn, &token, now()).await.is_none(), "it does not come back");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_limited_to_a_tenant_reaches_its_accounts_only() {
    with_house(async |house| {
        let rival = rival(&house).await;
        let mine = hire(&house, "ada@studio.example", Role::Owner, Some(house.tenant)).await;
        let others = [
            hire(&house, "bea@rival.example", Role::Manager, Some(rival)).await,
            hire(&house, "cia@house.example", Role::Ops, None).await,
        ];
        assert_eq!((mine.language, others[0].language), (Language::It, Language::En), "their business speaks it");
        let mut conn = house.pool.acquire().await.unwrap();
        let within = Some(house.tenant);
        assert_eq!(manage::list(&mut conn, within).await.unwrap(), [mine]);
        assert_eq!(manage::list(&mut conn, None).await.unwrap().len(), 3);
        for other in others {
            assert!(manage::find(&mut conn, other.id, within).await.unwrap().is_none());
            for changed in [
                manage::set_role(&mut conn, other.id, Role::Agent, within).await.unwrap(),
                manage::disable(&mut conn, other.id, within, now()).await.unwrap(),
                manage::enable(&mut conn, other.id, within).await.unwrap(),
                manage::rename(&mut conn, other.id, "x", within).await.unwrap(),
            ] {
                assert!(matches!(changed, Changed::Unknown), "{changed:?}");
            }
            assert_eq!(manage::find(&mut conn, other.id, None).await.unwrap(), Some(other));
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_stays_also_when_two_disable_each_other() {
    with_house(async |house| {
        let ada = hire(&house, "ada@house.example", Role::Owner, None).await;
        let bea = hire(&house, "bea@house.example", Role::Owner, None).await;
        hire(&house, "cia@studio.example", Role::Owner, Some(house.tenant)).await;
        let disable = async |id| {
            let mut conn = house.pool.acquire().await.unwrap();
            let mut tx = sqlx::Connection::begin(&mut *conn).await.unwrap();
            let changed = manage::disable(&mut tx, id, None, now()).await.unwrap();
            tx.commit().await.unwrap();
            changed
        };
        let (one, other) = tokio::join!(disable(ada.id), disable(bea.id));
        let last = [one, other].into_iter().filter(|changed| matches!(changed, Changed::LastOwner)).count();
        assert_eq!(last, 1);
        let mut conn = house.pool.acquire().await.unwrap();
        for account in manage::list(&mut conn, None).await.unwrap().into_iter().filter(|account| !account.disabled) {
            let demoted = manage::set_role(&mut conn, account.id, Role::Ops, None).await.unwrap();
            assert!(matches!(demoted, Changed::LastOwner), "{account:?} {demoted:?}");
        }
        let ops = hire(&house, "dea@house.example", Role::Ops, None).await;
        let manager = manage::set_role(&mut conn, ops.id, Role::Manager, None).await.unwrap();
        assert!(matches!(manager, Changed::OfTheHouse), "{manager:?}");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_good_once_and_for_a_day() {
    with_house(async |house| {
        let mut conn = house.pool.acquire().await.unwrap();
        let new = |email: &str, role, tenant| NewInvite {
            email: email.to_owned(),
            name: " Ada Zorzi ".to_owned(),
            role,
            tenant,
            by: None,
        };
        for (email, role, tenant, why) in [
            ("ada", Role::Owner, None, NotInvited::Email),
            ("a da@x", Role::Owner, None, NotInvited::Email),
            ("a@b@c", Role::Owner, None, NotInvited::Email),
            ("ada@x", Role::Manager, None, NotInvited::Tenant),
            ("ada@x", Role::Agent, None, NotInvited::Tenant),
        ] {
            let refused = invite::create(&mut conn, &new(email, role, tenant), now()).await.unwrap();
            assert_eq!(refused.unwrap_err(), why, "{email}");
        }
        let ada = new("Ada@studio.example", Role::Manager, Some(house.tenant));
        let old = invite::create(&mut conn, &ada, now()).await.unwrap().unwrap();
        let token = invite::create(&mut conn, &ada, now()).await.unwrap().unwrap();
        assert!(invite::find(&mut conn, &old, now()).await.unwrap().is_none(), "the newer one counts");
        assert!(invite::find(&mut conn, &token, now() + TimeDelta::hours(24)).await.unwrap().is_none());
        assert_eq!(invite::find(&mut conn, &token, now()).await.unwrap().unwrap().name, "Ada Zorzi");
        let mut answer = async |password| invite::accept(&mut conn, &token, password, now()).await.unwrap();
        assert!(matches!(answer("Ada Zorzi 1990").await, Accepted::Weak(password::Weak::Guessable)));
        assert!(matches!(answer(PASSWORD).await, Accepted::Welcome(account) if account.tenant == Some(house.tenant)));
        assert!(matches!(answer(PASSWORD).await, Accepted::Gone));
        let again = invite::create(&mut conn, &ada, now()).await.unwrap();
        assert_eq!(again.unwrap_err(), NotInvited::Taken);
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_gives_way_to_another_and_old_sessions_end() {
    with_house(async |house| {
        let ada = hire(&house, "ada@studio.example", Role::Manager, Some(house.tenant)).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let old = open(&mut conn, &ada).await;
        let token = invite::renew(&mut conn, &ada, None, now()).await.unwrap();
        assert!(invite::find(&mut conn, &token, now()).await.unwrap().unwrap().renews);
        assert!(signed(&mut conn, &old, now()).await.is_some(), "the old password is good until then");
        let answered = invite::accept(&mut conn, &token, "un altro molo più lungo", now()).await.unwrap();
        assert!(matches!(answered, Accepted::Welcome(account) if account == ada));
        assert!(signed(&mut conn, &old, now()).await.is_none());
        for (password, expected) in [(PASSWORD, false), ("un altro molo più lungo", true)] {
            let entered = crate::staff::sign_in(&house.pool, &ada.email, password, "192.0.2.7", now()).await.unwrap();
            assert_eq!(matches!(entered, crate::staff::SignIn::Granted(_)), expected, "{password}");
        }
        manage::disable(&mut conn, ada.id, None, now()).await.unwrap();
        let token = invite::renew(&mut conn, &ada, None, now()).await.unwrap();
        let answered = invite::accept(&mut conn, &token, PASSWORD, now()).await.unwrap();
        assert!(matches!(answered, Accepted::Gone), "who is disabled stays out");
    })
    .await;
}
