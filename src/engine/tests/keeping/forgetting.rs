//! P6: jobs that carry something of a person are found, open or ended, and forgotten.

use engine::erasure::{self, Look, Marks, Sought};

use crate::{
    helpers::{Note, note},
    house::{House, start},
};

const PHONE: &str = "393331234567";
const WAMID: &str = "wamid.HBgM/x+y=";

fn words() -> Vec<String> {
    vec![PHONE.to_owned()]
}

fn tokens() -> Vec<String> {
    vec![WAMID.to_owned()]
}

async fn house() -> House {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    house
}

async fn look(house: &House, tenant: i64) -> Look {
    let mut conn = house.pool.acquire().await.unwrap();
    let (words, tokens) = (words(), tokens());
    erasure::mentions(&mut conn, tenant, Marks { words: &words, tokens: &tokens }, 0, 100).await.unwrap()
}

#[tokio::test]
async fn p06_what_names_somebody_is_found_wherever_it_stands_and_erased_once() {
    let house = house().await;
    let named = house.put(&note(&format!("call {PHONE} now"))).await;
    let by_id = house.put(&note(WAMID)).await;
    house.put(&note(&format!("{WAMID}and another"))).await;
    let quiet = house.put(&note("nothing")).await;
    let running = start(house.engine().job::<Note>());
    house.until_ended(4).await;
    running.stop().await;
    let effect =
        "insert into holdfast.effect (key, job, state, reference, settled_at) values ('e', $1, 'confirmed', $2, now())";
    sqlx::query(effect).bind(quiet).bind(WAMID).execute(&house.pool).await.unwrap();

    let tenant: i64 =
        sqlx::query_scalar("select tenant from holdfast.job limit 1").fetch_one(&house.pool).await.unwrap();
    let found = look(&house, tenant).await;
    assert_eq!((found.searched, found.next), (4, None));
    let mut jobs = found.found.clone();
    jobs.sort_unstable();
    assert_eq!(jobs, [named, by_id, quiet], "an id is a whole word");
    assert_eq!(look(&house, tenant + 1).await.found, Vec::<i64>::new(), "another tenant's are not looked at");
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(erasure::kinds_of(&mut conn, &jobs).await.unwrap(), ["note"]);
    assert_eq!(erasure::erase(&mut conn, &jobs).await.unwrap(), 3);
    assert_eq!(erasure::erase(&mut conn, &jobs).await.unwrap(), 0, "what is gone is not counted again");
    assert_eq!(look(&house, tenant).await.found, Vec::<i64>::new());
}

#[tokio::test]
async fn p06_open_jobs_are_found_by_their_arguments() {
    let house = house().await;
    let by_name = house.put(&note("\"customer\": 12, and so on")).await;
    house.put(&note("customer 123")).await;
    let given = house.put(&note("nothing")).await;
    let ended: i64 = house.put(&note("\"customer\": 12")).await;
    sqlx::query("select holdfast.cancel(array[$1], 'not wanted')").bind(ended).execute(&house.pool).await.unwrap();
    let (words, tokens) = (words(), tokens());
    let tenant: i64 =
        sqlx::query_scalar("select tenant from holdfast.job limit 1").fetch_one(&house.pool).await.unwrap();
    let jobs = [given];
    let sought = |but_root| Sought {
        tenant,
        jobs: &jobs,
        marks: Marks { words: &words, tokens: &tokens },
        pattern: r#"customer\\?"\s*:\s*(12|0)\M"#,
        but_root,
    };
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(erasure::open_jobs(&mut conn, sought(0)).await.unwrap(), [by_name, given]);
    assert_eq!(erasure::open_jobs(&mut conn, sought(given)).await.unwrap(), [by_name]);
}

#[tokio::test]
async fn p06_keys_that_name_somebody_are_told() {
    let house = house().await;
    house.put(&Note { text: "x".to_owned(), key: format!("call {PHONE}") }).await;
    let tenant: i64 =
        sqlx::query_scalar("select tenant from holdfast.job limit 1").fetch_one(&house.pool).await.unwrap();
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(erasure::keys_with(&mut conn, tenant, &words()).await.unwrap(), 1);
}
