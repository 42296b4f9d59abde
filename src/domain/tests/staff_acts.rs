//! What staff did, and the views that they keep.

use chrono::TimeDelta;
use serde_json::json;

use super::staff_sign_in::hire;
use super::support::{now, with_house};
use crate::staff::audit::{self, Entry, Filter};
use crate::staff::{Role, views};

fn entry(act: &'static str, target: &str, tenant: Option<i64>) -> Entry {
    Entry {
        who: None,
        who_name: "command line".to_owned(),
        session: None,
        tenant,
        act,
        target: target.to_owned(),
        reason: Some("the outage is over".to_owned()),
        detail: json!({ "attempt": 2 }),
        ip: Some("192.0.2.7".to_owned()),
        request_id: Some("r-1".to_owned()),
    }
}

#[tokio::test]
async fn what_was_done_is_found_again() {
    with_house(async |house| {
        let ada = hire(&house, "ada@house.example", Role::Ops, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let mine = Some(house.tenant.0);
        let by_ada = Entry { who: Some(ada.id), who_name: ada.name, ..entry("job.retry", "job 2", mine) };
        let mut ids = Vec::new();
        for (minute, entry) in [
            entry("job.retry", "job 1", mine),
            by_ada,
            entry("job.cancel", "job 1", None),
            entry("jobs.pause", "x", Some(77)),
        ]
        .into_iter()
        .enumerate()
        {
            let at = now() + TimeDelta::minutes(i64::try_from(minute).unwrap());
            ids.push(audit::note(&mut conn, &entry, at).await.unwrap());
        }
        let all = Filter::default();
        let act = |act: &str| Filter { act: Some(act.to_owned()), ..Filter::default() };
        let minute = |minute| Some(now() + TimeDelta::minutes(minute));
        for (within, filter, before, found) in [
            (None, all.clone(), None, vec![3, 2, 1, 0]),
            (None, all.clone(), Some(ids[2]), vec![1, 0]),
            (Some(house.tenant), all.clone(), None, vec![1, 0]),
            (Some(77.into()), all.clone(), None, vec![3]),
            (None, act("job"), None, vec![2, 1, 0]),
            (None, act("job.retry"), None, vec![1, 0]),
            (None, Filter { who: Some(ada.id), ..all.clone() }, None, vec![1]),
            (None, Filter { target: Some("job 1".to_owned()), ..all.clone() }, None, vec![2, 0]),
            (None, Filter { since: minute(1), until: minute(3), ..all.clone() }, None, vec![2, 1]),
        ] {
            let rows = audit::list(&mut conn, within, &filter, before, 50).await.unwrap();
            let expected: Vec<i64> = found.into_iter().map(|index: usize| ids[index]).collect();
            assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{filter:?} {within:?}");
        }
        let first = audit::list(&mut conn, None, &all, None, 2).await.unwrap();
        assert_eq!((first.len(), &first[0].detail), (2, &json!({ "attempt": 2 })));
    })
    .await;
}

#[tokio::test]
async fn an_act_that_is_undone_leaves_no_row() {
    with_house(async |house| {
        let mut tx = house.tx().await;
        audit::note(&mut tx, &entry("job.retry", "job 1", None), now()).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(house.count("select count(*) from audit").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_the_audit() {
    with_house(async |house| {
        let mut conn = house.pool.acquire().await.unwrap();
        audit::note(&mut conn, &entry("job.retry", "job 1", None), now()).await.unwrap();
        for sql in ["update audit set who_name = 'x'", "delete from audit", "truncate audit"] {
            let refused = sqlx::query(sql).execute(&mut *conn).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{sql}: {refused}");
            let refused = sqlx::query(sql).execute(&house.owner).await.unwrap_err().to_string();
            assert!(refused.contains("only ever added to"), "{sql}: {refused}");
        }
        assert_eq!(house.count("select count(*) from audit").await, 1);
    })
    .await;
}

#[tokio::test]
async fn accounts_stay_for_the_audit() {
    with_house(async |house| {
        hire(&house, "ada@house.example", Role::Owner, None).await;
        let refused = sqlx::query("delete from staff").execute(&house.pool).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn views_are_ones_own_or_shared_by_those_of_the_same_tenant() {
    with_house(async |house| {
        let ada = hire(&house, "ada@studio.example", Role::Manager, Some(house.tenant)).await;
        let bea = hire(&house, "bea@studio.example", Role::Agent, Some(house.tenant)).await;
        let cia = hire(&house, "cia@house.example", Role::Ops, None).await;
        let mut conn = house.pool.acquire().await.unwrap();
        let shared = views::save(&mut conn, &ada, "Failed", "state:failed", true).await.unwrap();
        views::save(&mut conn, &ada, "Mine", "queue:mail", false).await.unwrap();
        let again = views::save(&mut conn, &ada, " Failed ", "state:failed age:<24h", true).await.unwrap();
        assert_eq!(shared, again);
        let mut names = async |account| {
            let seen = views::list(&mut conn, account).await.unwrap();
            seen.into_iter().map(|view| (view.name, view.query, view.mine)).collect::<Vec<_>>()
        };
        let failed = |mine| ("Failed".to_owned(), "state:failed age:<24h".to_owned(), mine);
        assert_eq!(names(&ada).await, [failed(true), ("Mine".to_owned(), "queue:mail".to_owned(), true)]);
        assert_eq!(names(&bea).await, [failed(false)]);
        assert_eq!(names(&cia).await, []);
        assert!(!views::delete(&mut conn, &bea, shared).await.unwrap());
        assert!(views::delete(&mut conn, &ada, shared).await.unwrap());
        assert_eq!(views::list(&mut conn, &bea).await.unwrap(), []);
    })
    .await;
}
