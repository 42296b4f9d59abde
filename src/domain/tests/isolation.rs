//! No business sees or touches the rows of another.

use sqlx::Row;
use sqlx::postgres::PgPoolOptions;

use super::support::{House, with_house};
use crate::{TenantId, demo, tenant};

/// Tables read before the tenant is known, or by the owner only.
const GLOBAL: [&str; 16] = [
    "_sqlx_migrations",
    "api_family_token",
    "api_token",
    "api_token_family",
    "audit",
    "channel",
    "saved_view",
    "sign_in_attempt",
    "staff",
    "staff_invite",
    "staff_pending",
    "staff_recovery",
    "staff_session",
    "tenant",
    "webhook_event",
    "webhook_quarantine",
];

async fn rival(house: &House) -> TenantId {
    sqlx::query_scalar("insert into tenant (slug, name, zone, currency, language) values ('rival', 'Rival', 'Europe/Rome', 'EUR', 'it') returning id")
        .fetch_one(&house.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn every_tenant_table_is_guarded() {
    with_house(async |house| {
        let tables = sqlx::query(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity as guarded,
                    (select string_agg(p.qual, '') from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname) as policy
             from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
             where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all($1) order by 1",
        )
        .bind(GLOBAL)
        .fetch_all(&house.owner)
        .await
        .unwrap();
        assert!(tables.len() >= 13, "{}", tables.len());
        for table in tables {
            let name: String = table.get(0);
            assert!(table.get::<bool, _>(1), "{name} has no forced row security");
            let policy: Option<String> = table.get(2);
            assert!(policy.unwrap().contains("current_setting('holdfast.tenant'"), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn tables_without_a_tenant_are_few_and_known() {
    with_house(async |house| {
        let open: Vec<String> = sqlx::query_scalar(
            "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity order by 1",
        )
        .fetch_all(&house.owner)
        .await
        .unwrap();
        assert_eq!(open, GLOBAL);
    })
    .await;
}

#[tokio::test]
async fn without_a_tenant_there_is_nothing() {
    with_house(async |house| {
        let seen: i64 = sqlx::query_scalar("select count(*) from session").fetch_one(&house.pool).await.unwrap();
        assert_eq!(seen, 0);
        assert!(house.count("select count(*) from session").await > 0);
        let refused = sqlx::query("insert into location (name, address) values ('x', 'y')").execute(&house.pool).await;
        assert!(refused.unwrap_err().to_string().contains("row-level security"));
    })
    .await;
}

#[tokio::test]
async fn a_row_for_another_tenant_is_refused() {
    with_house(async |house| {
        let rival = rival(&house).await;
        let mut tx = house.tx().await;
        let insert = "insert into location (tenant_id, name, address) values ($1, 'x', 'y')";
        let refused = sqlx::query(insert).bind(rival).execute(&mut *tx).await.unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn what_one_tenant_has_another_cannot_reach() {
    with_house(async |house| {
        let rival = rival(&house).await;
        let yoga = house.yoga().await;
        let mut tx = tenant::begin(&house.pool, rival).await.unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from session").fetch_one(&mut *tx).await.unwrap();
        assert_eq!(seen, 0);
        let changed =
            sqlx::query("update session set capacity = 99 where id = $1").bind(yoga).execute(&mut *tx).await.unwrap();
        assert_eq!(changed.rows_affected(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_tenant_ends_with_its_transaction() {
    with_house(async |house| {
        let one = PgPoolOptions::new().max_connections(1);
        let pool = one.connect_with((*house.pool.connect_options()).clone()).await.unwrap();
        let mut tx = tenant::begin(&pool, house.tenant).await.unwrap();
        assert_eq!(tenant::current(&mut tx).await.unwrap().id, house.tenant);
        drop(tx);
        let read = sqlx::query_scalar("select current_setting('holdfast.tenant', true)");
        let setting: String = read.fetch_one(&pool).await.unwrap();
        assert_eq!(setting, "");
    })
    .await;
}

#[tokio::test]
async fn the_application_cannot_read_raw_bodies() {
    with_house(async |house| {
        let refused = sqlx::query("select body from webhook_event").execute(&house.pool).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_channel_is_found_without_a_tenant() {
    with_house(async |house| {
        let mut conn = house.pool.acquire().await.unwrap();
        let channel = crate::channel::find(&mut conn, demo::PHONE_NUMBER_ID).await.unwrap().unwrap();
        assert_eq!(channel.tenant, house.tenant);
        assert_eq!(crate::channel::find(&mut conn, "404").await.unwrap(), None);
        assert_eq!(crate::channel::all(&mut conn).await.unwrap().len(), 1);
    })
    .await;
}
