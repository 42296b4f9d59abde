//! A long history is walked stretch by stretch, to its end.

use engine::{
    Sight,
    inspect::{self, Page, Query},
};

use crate::{
    house::House,
    kit::{house, run_sql, stage},
};

/// Looks on until the search is over; returns the ids and how many looks it took.
async fn all(house: &House, query: &str) -> (Vec<i64>, usize) {
    let mut conn = house.pool.acquire().await.unwrap();
    let (query, mut page) = (Query::parse(query).unwrap(), Page::default());
    let (mut ids, mut looks, mut reached) = (Vec::new(), 0, None);
    loop {
        let found = inspect::find(&mut conn, Sight::HOUSE, &query, None, &page).await.unwrap();
        looks += 1;
        ids.extend(found.jobs.iter().map(|job| job.id));
        if !found.complete {
            let to = found.looked_back_to.expect("an incomplete page says how far it looked");
            assert!(reached.is_none_or(|before| to <= before), "it comes further back each time");
            reached = Some(to);
            assert!(found.older.is_some(), "and goes on");
        }
        page.cursor = found.older;
        if page.cursor.is_none() {
            assert!(found.complete);
            return (ids, looks);
        }
    }
}

#[tokio::test]
async fn the_one_old_job_among_sixty_thousand_is_found() {
    let house = house().await;
    let old = stage(&house, "'old', 'completed', kind => 'rare', age => '30 days', args => '{\"booking\": 5}', lane => 'here', attempts => 6, error => 'odd'").await;
    run_sql(
        &house,
        "insert into holdfast.job (id, kind, tenant, root, payload)
           select i, 1, 1, i, '{\"name\": \"x\", \"booking\": 6}' from generate_series(1, 60000) n, lateral (select holdfast.id_at(now() - n * interval '30 s') as i) i;
         insert into holdfast.done (id, finished_at, started_at, outcome, attempts, kind, tenant)
           select j.id, j.created_at, j.created_at, 0, 1, j.kind, 1 from holdfast.job j where j.payload ->> 'name' = 'x';
         insert into holdfast.kind (name) values ('common');
         update holdfast.job set kind = (select id from holdfast.kind where name = 'common') where payload ->> 'name' = 'x';
         analyze",
    )
    .await;
    for query in [
        "kind:rare",
        "args.booking:5",
        "lane:here",
        "odd",
        "error:odd",
        "attempt:>3",
        "state:completed kind:rare",
        "-kind:common",
        "age:>25d",
        "rar",
    ] {
        let (ids, looks) = all(&house, query).await;
        assert_eq!(ids, [old], "{query}, {looks} looks");
    }
    let (ids, looks) = all(&house, "args.booking:7").await;
    assert_eq!(ids.len(), 0, "{looks} looks");
}
