//! Who is signed in, where, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Account, Role, SessionId, StaffId, secret};
use crate::{Language, TenantId};

/// That somebody was seen is written down no more often than this.
const NOTED: TimeDelta = TimeDelta::minutes(1);
/// The longest note about a browser, in characters.
const AGENT: usize = 200;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Signed {
    /// This sign-in.
    pub session: SessionId,
    /// Who it is, as they are now.
    pub account: Account,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// When they last gave their password.
    pub password_at: DateTime<Utc>,
}

/// One sign-in of somebody, for them to know it again.
#[derive(Debug, Clone)]
pub struct Open {
    /// Its id.
    pub id: SessionId,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// From where.
    pub ip: String,
    /// What the browser says that it is.
    pub agent: String,
}

/// Until when a session lasts: who sees everything, or acts on jobs, is asked again sooner.
#[derive(Debug, Clone, Copy)]
struct Lasts {
    unused: TimeDelta,
    altogether: TimeDelta,
}

impl Lasts {
    const SHORT: Self = Self { unused: TimeDelta::minutes(30), altogether: TimeDelta::hours(24) };
    const LONG: Self = Self { unused: TimeDelta::hours(12), altogether: TimeDelta::days(7) };

    const fn of(role: Role, tenant: Option<TenantId>) -> Self {
        match (role, tenant) {
            (Role::Ops | Role::OpsRead, _) | (_, None) => Self::SHORT,
            (Role::Owner | Role::Manager | Role::Agent, Some(_)) => Self::LONG,
        }
    }

    fn still(self, opened_at: DateTime<Utc>, last_seen_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now < last_seen_at + self.unused && now < opened_at + self.altogether
    }
}

/// Signs somebody in: a token of 256 bits for their browser, of which the digest is kept.
pub async fn open(
    conn: &mut PgConnection,
    account: &Account,
    ip: &str,
    agent: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let token = secret::token()?;
    let old = now - Lasts::LONG.altogether;
    sqlx::query!("delete from staff_session where staff_id = $1 and opened_at <= $2", account.id as StaffId, old)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into staff_session (staff_id, sha256, opened_at, last_seen_at, password_at, ip, agent)
         values ($1, $2, $3, $3, $3, $4, $5)",
        account.id as StaffId,
        secret::sha256(&token),
        now,
        ip,
        agent.chars().filter(|c| !c.is_control()).take(AGENT).collect::<String>(),
    )
    .execute(conn)
    .await?;
    Ok(token)
}

/// Who has this token, if they are still signed in; that they were seen is noted.
pub async fn find(conn: &mut PgConnection, token: &str, now: DateTime<Utc>) -> sqlx::Result<Option<Signed>> {
    let Some((signed, last_seen_at)) = look(conn, token, now).await? else { return Ok(None) };
    if last_seen_at <= now - NOTED {
        note(conn, signed.session, now).await?;
    }
    Ok(Some(signed))
}

/// The same for what a browser asks by itself, which is no sign of a person.
pub async fn peek(conn: &mut PgConnection, token: &str, now: DateTime<Utc>) -> sqlx::Result<Option<Signed>> {
    Ok(look(conn, token, now).await?.map(|(signed, _)| signed))
}

async fn look(
    conn: &mut PgConnection,
    token: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(Signed, DateTime<Utc>)>> {
    let row = sqlx::query!(
        r#"
        select s.id as "session: SessionId", s.opened_at, s.last_seen_at, s.password_at, a.id as "id: StaffId", a.email,
               a.name, a.role as "role: Role", a.tenant_id as "tenant: TenantId", a.language as "language: Language",
               a.totp_secret is not null as "has_totp!"
        from staff_session s join staff a on a.id = s.staff_id
        where s.sha256 = $1 and a.disabled_at is null
        "#,
        secret::sha256(token),
    );
    let Some(row) = row.fetch_optional(&mut *conn).await? else { return Ok(None) };
    if !Lasts::of(row.role, row.tenant).still(row.opened_at, row.last_seen_at, now) {
        return Ok(None);
    }
    let account = Account {
        id: row.id,
        email: row.email,
        name: row.name,
        role: row.role,
        tenant: row.tenant,
        language: row.language,
        has_totp: row.has_totp,
        disabled: false,
    };
    let signed = Signed { session: row.session, account, opened_at: row.opened_at, password_at: row.password_at };
    Ok(Some((signed, row.last_seen_at)))
}

/// Which of these sessions go on.
pub async fn alive(
    conn: &mut PgConnection,
    sessions: &[SessionId],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<SessionId>> {
    let ids: Vec<i64> = sessions.iter().map(|session| session.0).collect();
    let rows = sqlx::query!(
        r#"
        select s.id as "session: SessionId", s.opened_at, s.last_seen_at, a.role as "role: Role", a.tenant_id as "tenant: TenantId"
        from staff_session s join staff a on a.id = s.staff_id where s.id = any($1) and a.disabled_at is null
        "#,
        &ids,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    let open = rows.filter(|row| Lasts::of(row.role, row.tenant).still(row.opened_at, row.last_seen_at, now));
    Ok(open.map(|row| row.session).collect())
}

/// Of many requests at one time one writes it down, and the others do not wait.
async fn note(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update staff_session set last_seen_at = $2 where id = (select id from staff_session
           where id = $1 and last_seen_at <= $3 for update skip locked)",
        id as SessionId,
        now,
        now - NOTED,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where somebody is signed in, the last used first.
pub async fn list(conn: &mut PgConnection, id: StaffId, now: DateTime<Utc>) -> sqlx::Result<Vec<Open>> {
    let rows = sqlx::query!(
        r#"
        select s.id as "id: SessionId", s.opened_at, s.last_seen_at, s.ip, s.agent, a.role as "role: Role",
               a.tenant_id as "tenant: TenantId"
        from staff_session s join staff a on a.id = s.staff_id where a.id = $1 order by s.last_seen_at desc, s.id desc
        "#,
        id as StaffId,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    let open = rows.filter(|row| Lasts::of(row.role, row.tenant).still(row.opened_at, row.last_seen_at, now));
    Ok(open
        .map(|row| Open {
            id: row.id,
            opened_at: row.opened_at,
            last_seen_at: row.last_seen_at,
            ip: row.ip,
            agent: row.agent,
        })
        .collect())
}

/// Ends one of somebody's sessions. False: they have no such session.
pub async fn end(conn: &mut PgConnection, id: StaffId, session: SessionId) -> sqlx::Result<bool> {
    let ended =
        sqlx::query!("delete from staff_session where staff_id = $1 and id = $2", id as StaffId, session as SessionId,);
    Ok(ended.execute(conn).await?.rows_affected() > 0)
}

/// Ends all sessions of somebody but `except`, and the sign-ins that wait for a code. Tells how many sessions there were.
pub async fn end_all(conn: &mut PgConnection, id: StaffId, except: Option<SessionId>) -> sqlx::Result<u64> {
    sqlx::query!("delete from staff_pending where staff_id = $1", id as StaffId).execute(&mut *conn).await?;
    let ended = sqlx::query!(
        "delete from staff_session where staff_id = $1 and id is distinct from $2",
        id as StaffId,
        except as Option<SessionId>,
    );
    Ok(ended.execute(conn).await?.rows_affected())
}

/// Notes that somebody gave their password again.
pub async fn reauthenticated(conn: &mut PgConnection, session: SessionId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update staff_session set password_at = $2 where id = $1", session as SessionId, now)
        .execute(conn)
        .await?;
    Ok(())
}
