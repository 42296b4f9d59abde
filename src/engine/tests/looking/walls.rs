//! Walls between tenants: a job of another one is as if it did not exist.

use engine::{
    Sight,
    inspect::{self, Query},
};

use crate::kit::{find_of, house, stage};

#[tokio::test]
async fn one_tenant_sees_nothing_of_another() {
    let house = house().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let flow = stage(
        &house,
        &format!(
            "'flow', 'waiting', kind => 'journey', key => 'secret', trace => '{trace}', attempts => 1, error => 'boom'"
        ),
    )
    .await;
    let step = stage(
        &house,
        "'step', 'dead', parent => 'flow', lane => 'l', args => '{\"a\": 1}', attempts => 1, error => 'boom'",
    )
    .await;
    for state in ["ready", "scheduled", "held", "running", "completed", "cancelled"] {
        stage(&house, &format!("'{state}', '{state}'")).await;
    }
    let (other, own) = (Sight::of(2), Sight::of(1));
    for query in [
        String::new(),
        format!("id:{flow}"),
        format!("root:{flow}"),
        format!("parent:{flow}"),
        "key:secret".into(),
        "tenant:1".into(),
        format!("trace:{trace}"),
        "lane:l".into(),
        "error:boom".into(),
        "boom".into(),
        "journey".into(),
        "args.a:1".into(),
        "state:dead".into(),
        "state:ready,scheduled,held,running,waiting".into(),
        "-state:dead".into(),
        "attempt:>0".into(),
        "-tenant:2".into(),
        "kind:journey,note".into(),
    ] {
        assert_eq!(find_of(&house, other, &query, None).await.len(), 0, "{query}");
        assert_ne!(find_of(&house, own, &query, None).await.len(), 0, "{query}");
        let mut conn = house.pool.acquire().await.unwrap();
        let count = inspect::count(&mut conn, other, &Query::parse(&query).unwrap(), None, 100).await.unwrap();
        assert_eq!((count.n, count.more), (0, false), "{query}");
    }
    assert_eq!(find_of(&house, other, "phone:1", Some(&[flow])).await.len(), 0);
    let mut conn = house.pool.acquire().await.unwrap();
    for id in [flow, step] {
        assert!(inspect::job(&mut conn, other, id).await.unwrap().is_none());
        assert!(inspect::flow(&mut conn, other, id).await.unwrap().is_none());
        assert_eq!(
            inspect::family(&mut conn, other, id).await.unwrap(),
            inspect::Family { root: id, jobs: vec![], edges: vec![], more: false }
        );
        assert!(inspect::job(&mut conn, own, id).await.unwrap().is_some());
        assert_eq!(inspect::family(&mut conn, own, id).await.unwrap().jobs.len(), 2);
    }
    assert!(inspect::flow(&mut conn, own, flow).await.unwrap().is_some());
    for count in inspect::states(&mut conn, other).await.unwrap() {
        assert_eq!(count.n, 0, "{count:?}");
    }
}

/// A root of one tenant, with a job of another below it.
#[tokio::test]
async fn a_family_across_tenants_is_told_as_far_as_the_sight_goes() {
    let house = house().await;
    let flow = stage(&house, "'flow', 'waiting', kind => 'journey'").await;
    let step = stage(&house, "'step', 'dead', parent => 'flow', tenant => 2, attempts => 1, error => 'theirs'").await;
    let mut conn = house.pool.acquire().await.unwrap();
    let ids = |family: inspect::Family| family.jobs.iter().map(|node| node.id).collect::<Vec<_>>();
    assert_eq!(ids(inspect::family(&mut conn, Sight::of(1), flow).await.unwrap()), [flow]);
    assert_eq!(ids(inspect::family(&mut conn, Sight::of(2), step).await.unwrap()), [step]);
    assert_eq!(ids(inspect::family(&mut conn, Sight::HOUSE, step).await.unwrap()), [flow, step]);
    let told = inspect::flow(&mut conn, Sight::of(1), flow).await.unwrap().unwrap();
    assert!(!serde_json::to_string(&told).unwrap().contains("theirs"), "{told:?}");
    let page = inspect::job(&mut conn, Sight::of(2), step).await.unwrap().unwrap();
    assert_eq!((page.around.parent_kind, page.around.root_kind), (None, None));
}
