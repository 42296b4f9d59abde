//! What came of what.

use engine::{
    Sight,
    inspect::{self, Edge, Link},
};

use crate::kit::{house, run_sql, stage};

#[tokio::test]
async fn a_family_is_a_graph_of_steps_causes_and_forks() {
    let house = house().await;
    let flow = stage(&house, "'flow', 'dead', kind => 'journey', age => '3 hours'").await;
    let step = stage(&house, "'step', 'dead', parent => 'flow', age => '2 hours'").await;
    let caused = stage(&house, "'caused', 'ready'").await;
    let fork = stage(&house, "'fork', 'completed', kind => 'journey', age => '1 minute'").await;
    let stranger = stage(&house, "'stranger', 'ready'").await;
    run_sql(&house, &format!("update holdfast.job set root = {flow} where id = {caused}; update holdfast.job set forked_from = {flow} where id = {fork}")).await;
    let mut conn = house.pool.acquire().await.unwrap();
    for asked in [flow, step, caused] {
        let family = inspect::family(&mut conn, Sight::HOUSE, asked).await.unwrap();
        let ids: Vec<_> = family.jobs.iter().map(|node| node.id).collect();
        assert_eq!((family.root, ids, family.more), (flow, vec![flow, step, caused, fork], false));
        let edge = |to, link| Edge { from: flow, to, link };
        assert_eq!(
            family.edges,
            [edge(step, Link::Step("step".into())), edge(caused, Link::Caused), edge(fork, Link::Forked)]
        );
    }
    let of_fork = inspect::family(&mut conn, Sight::HOUSE, fork).await.unwrap();
    assert_eq!(of_fork.jobs.iter().map(|node| node.id).collect::<Vec<_>>(), [flow, fork]);
    assert_eq!(inspect::family(&mut conn, Sight::HOUSE, stranger).await.unwrap().edges, []);
}

#[tokio::test]
async fn a_large_family_is_cut_and_keeps_the_one_that_was_asked_for() {
    let house = house().await;
    let flow = stage(&house, "'flow', 'waiting', kind => 'journey', age => '3 hours'").await;
    run_sql(&house, "select stage('s' || n, 'completed', parent => 'flow') from generate_series(1, 450) n").await;
    let last: i64 = house.number("select max(id) from holdfast.job").await;
    let mut conn = house.pool.acquire().await.unwrap();
    for asked in [flow, last] {
        let family = inspect::family(&mut conn, Sight::HOUSE, asked).await.unwrap();
        assert_eq!((family.jobs.len(), family.more), (400, true));
        assert!(family.jobs.iter().any(|node| node.id == asked));
    }
}
