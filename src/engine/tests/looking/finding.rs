//! Each qualifier finds what it should and nothing else, in whatever state.

use engine::{
    Sight,
    inspect::{self, Query, STATES},
};

use crate::kit::{find, find_of, house, run_sql, stage};

#[tokio::test]
async fn each_state_is_found_by_its_word() {
    let house = house().await;
    for state in STATES {
        stage(&house, &format!("'a {state}', '{state}', lane => case when '{state}' = 'blocked' then 'l' end")).await;
    }
    for state in STATES {
        assert_eq!(find(&house, &format!("state:{state}")).await, [format!("a {state}")]);
        let others = find(&house, &format!("-state:{state}")).await;
        assert_eq!(others.len(), STATES.len() - 1, "{others:?}");
        assert!(!others.contains(&format!("a {state}")));
        let told = find(&house, &format!("state:{state},completed kind:note")).await;
        assert_eq!(told.len(), if state == "completed" { 1 } else { 2 });
    }
    assert_eq!(find(&house, "").await.len(), STATES.len());
    assert_eq!(find(&house, "state:dead state:ready").await.len(), 0, "words must all hold");
    let mut conn = house.pool.acquire().await.unwrap();
    for counted in inspect::states(&mut conn, Sight::HOUSE).await.unwrap() {
        assert_eq!((counted.n, counted.more), (1, false), "{counted:?}");
    }
    let lines =
        inspect::find(&mut conn, Sight::HOUSE, &Query::default(), None, &inspect::Page::default()).await.unwrap();
    let told: Vec<_> = lines.jobs.iter().rev().map(|job| job.state.as_str()).collect();
    assert_eq!(told, STATES, "and a line says the same");
}

#[tokio::test]
async fn each_qualifier_finds_what_it_names_and_nothing_else() {
    let house = house().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let flow =
        stage(&house, &format!("'flow', 'waiting', kind => 'journey', trace => '{trace}', age => '3 days'")).await;
    let step = stage(&house, &format!("'step', 'dead', kind => 'act', parent => 'flow', trace => '{trace}', attempts => 2, error => 'Upstream timed out'")).await;
    let plain = stage(
        &house,
        "'plain', 'completed', tenant => 2, key => 'k:1', args => '{\"a\": {\"b\": 17}, \"c\": [\"x\"]}'",
    )
    .await;
    stage(&house, "'laned', 'blocked', lane => 'guest 7', key => 'k:2'").await;
    stage(&house, "'young', 'ready', age => '1 minute', attempts => 4, error => 'no room'").await;
    let (flow_first, none): (&[&str], &[&str]) = (&["step", "flow"], &[]);
    for (query, expected) in [
        (format!("id:{step}"), &["step"] as &[&str]),
        (format!("{step} {flow}"), none),
        (format!("id:{step},{flow},{plain}"), &["plain", "step", "flow"]),
        (format!("-id:{step} kind:act"), none),
        (format!("root:{flow}"), flow_first),
        (format!("-root:{flow}"), &["young", "laned", "plain"]),
        (format!("parent:{flow}"), &["step"]),
        (format!("-parent:{flow} kind:act,note"), &["young", "laned", "plain"]),
        ("kind:act".into(), &["step"]),
        ("kind:unheard_of".into(), none),
        ("-kind:note".into(), flow_first),
        ("tenant:2".into(), &["plain"]),
        ("-tenant:2 -kind:journey".into(), &["young", "laned", "step"]),
        ("trace:4bf92f3577b34da6a3ce929d0e0e4736".into(), flow_first),
        (format!("trace:{trace}"), flow_first),
        (format!("trace:{plain:032x}"), &["plain"]),
        ("-trace:4bf92f3577b34da6a3ce929d0e0e4736".into(), &["young", "laned", "plain"]),
        ("lane:\"guest 7\"".into(), &["laned"]),
        ("-lane:\"guest 7\" kind:note".into(), &["young", "plain"]),
        ("key:k:1,k:2".into(), &["laned", "plain"]),
        ("-key:k:1 kind:note".into(), &["young", "laned"]),
        ("error:\"timed OUT\"".into(), &["step"]),
        ("error:room,timed".into(), &["young", "step"]),
        ("-error:timed state:dead,ready".into(), &["young"]),
        ("error:%".into(), none),
        ("attempt:>3".into(), &["young"]),
        ("attempt:3".into(), &["step"]),
        ("attempt:>=1 attempt:<4".into(), &["plain", "step"]),
        ("age:>2d".into(), &["flow"]),
        ("age:<10m".into(), &["young"]),
        ("age:<2d age:>10m tenant:1".into(), &["laned", "step"]),
        ("since:2h -state:ready".into(), &["laned", "plain", "step"]),
        ("until:2d".into(), &["flow"]),
        ("since:2200-01-01".into(), none),
        ("args.a.b:17".into(), &["plain"]),
        ("args.c.0:x".into(), &["plain"]),
        ("args.a.b:18,19".into(), none),
        ("-args.a.b:17 tenant:2".into(), none),
        ("timed".into(), &["step"]),
        ("k:1".replace(':', "").as_str().into(), none),
        ("\"k:2\"".into(), &["laned"]),
        ("journ".into(), &["flow"]),
        ("-note -act".into(), &["flow"]),
        ("upstream act".into(), &["step"]),
    ] {
        assert_eq!(find(&house, &query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn subjects_are_the_jobs_that_the_caller_names_and_what_came_of_them() {
    let house = house().await;
    let flow = stage(&house, "'flow', 'waiting', kind => 'journey'").await;
    stage(&house, "'step', 'dead', parent => 'flow'").await;
    let other = stage(&house, "'other', 'ready'").await;
    let of = |query: &'static str, only: &'static [i64]| find_of(&house, Sight::HOUSE, query, Some(only));
    assert_eq!(find_of(&house, Sight::HOUSE, "phone:1", Some(&[flow])).await, ["step", "flow"]);
    assert_eq!(find_of(&house, Sight::HOUSE, "phone:1 state:ready", Some(&[flow, other])).await, ["other"]);
    assert_eq!(of("phone:1", &[]).await.len(), 0);
    assert_eq!(find(&house, "phone:1").await.len(), 0, "nobody said which jobs these are");
}

#[tokio::test]
async fn counts_end_at_their_cap() {
    let house = house().await;
    run_sql(
        &house,
        "select stage('j' || n, case when n % 2 = 0 then 'dead' else 'completed' end) from generate_series(1, 40) n",
    )
    .await;
    let mut conn = house.pool.acquire().await.unwrap();
    let (all, dead) = (Query::default(), Query::parse("state:dead").unwrap());
    let exact = inspect::count(&mut conn, Sight::HOUSE, &dead, None, 100).await.unwrap();
    assert_eq!((exact.n, exact.more), (20, false));
    let capped = inspect::count(&mut conn, Sight::HOUSE, &all, None, 10).await.unwrap();
    assert_eq!((capped.n, capped.more), (10, true));
    let brim = inspect::count(&mut conn, Sight::HOUSE, &all, None, 40).await.unwrap();
    assert_eq!((brim.n, brim.more), (40, false));
}
