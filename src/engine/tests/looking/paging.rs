//! Pages stay where they are while jobs come in.

use engine::{
    Sight,
    inspect::{self, Cursor, Found, Page, Query},
};
use sqlx::PgConnection;

use crate::kit::{house, run_sql};

async fn page(conn: &mut PgConnection, query: &str, cursor: Option<Cursor>) -> Found {
    let page = Page { cursor, size: 10 };
    inspect::find(conn, Sight::HOUSE, &Query::parse(query).unwrap(), None, &page).await.unwrap()
}

fn ids(found: &Found) -> Vec<i64> {
    found.jobs.iter().map(|job| job.id).collect()
}

async fn walks_there_and_back(query: &str) {
    let house = house().await;
    run_sql(&house, "select stage('j' || n, 'dead', key => 'k') from generate_series(1, 35) n").await;
    let mut conn = house.pool.acquire().await.unwrap();
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let found = page(&mut conn, query, cursor).await;
        run_sql(&house, "select stage('new', 'dead', key => 'k', age => '1 minute') from generate_series(1, 3) n")
            .await;
        assert!(found.complete);
        cursor = found.older;
        let last = found.older.is_none();
        pages.push(found);
        if last {
            break;
        }
    }
    let all: Vec<i64> = pages.iter().flat_map(ids).collect();
    assert!(all.is_sorted_by(|newer, older| newer > older), "each once, newest first");
    assert_eq!((pages.len(), all.len()), (4, 35));
    for at in (1..pages.len()).rev() {
        let back = page(&mut conn, query, pages[at].newer).await;
        assert_eq!(ids(&back), ids(&pages[at - 1]));
        assert_eq!(back.older, Some(Cursor::Before(*ids(&back).last().unwrap())));
    }
    let newer = page(&mut conn, query, Some(Cursor::After(all[0]))).await;
    assert_eq!(newer.jobs.len(), 10, "and before the first page are those that came meanwhile");
    let newest = page(&mut conn, query, newer.newer).await;
    assert_eq!((newest.jobs.len(), newest.newer), (2, None));
}

#[tokio::test]
async fn pages_of_the_history_are_stable() {
    walks_there_and_back("").await;
}

#[tokio::test]
async fn pages_of_a_state_are_stable() {
    walks_there_and_back("state:dead").await;
}

#[tokio::test]
async fn pages_of_an_index_are_stable() {
    walks_there_and_back("key:k").await;
}

#[test]
fn cursors_are_text_in_addresses() {
    for cursor in [Cursor::Before(17), Cursor::After(0)] {
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }
    for text in ["", "17", "before-", "before-x", "after--1", "beside-1"] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}
