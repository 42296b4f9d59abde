//! Accounts.

use std::fmt;

use sqlx::PgConnection;

use super::Role;
use crate::{Language, TenantId};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// An account.
    StaffId
    /// One sign-in of an account, on one browser.
    SessionId
}

/// Somebody who works in the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: StaffId,
    /// What they sign in with, in lower case.
    pub email: String,
    /// As others read it.
    pub name: String,
    /// What they are there for.
    pub role: Role,
    /// Whose rows they see; none: the whole house.
    pub tenant: Option<TenantId>,
    /// The console speaks it to them.
    pub language: Language,
    /// Whether signing in takes a code, too.
    pub has_totp: bool,
    /// Whether they cannot sign in any more.
    pub disabled: bool,
}

/// An account as it signs in.
pub(super) struct Known {
    pub account: Account,
    /// In PHC's form.
    pub password: String,
    /// The second factor.
    pub totp: Option<Vec<u8>>,
}

impl Account {
    /// The account, of whatever tenant.
    pub(super) async fn load(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<Option<Self>> {
        Ok(Known::by_id(conn, id).await?.map(|known| known.account))
    }
}

impl Known {
    pub async fn by_id(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<Option<Self>> {
        let email = sqlx::query_scalar!("select email from staff where id = $1", id as StaffId);
        match email.fetch_optional(&mut *conn).await? {
            Some(email) => Self::by_email(conn, &email).await,
            None => Ok(None),
        }
    }

    /// The account that signs in with this; upper and lower case are alike.
    pub async fn by_email(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"
            select id as "id: StaffId", email, name, role as "role: Role", tenant_id as "tenant: TenantId",
                   language as "language: Language", disabled_at, password, totp_secret
            from staff where email = $1
            "#,
            email_form(email),
        );
        Ok(row.fetch_optional(conn).await?.map(|row| Self {
            account: Account {
                id: row.id,
                email: row.email,
                name: row.name,
                role: row.role,
                tenant: row.tenant,
                language: row.language,
                has_totp: row.totp_secret.is_some(),
                disabled: row.disabled_at.is_some(),
            },
            password: row.password,
            totp: row.totp_secret,
        }))
    }
}

/// An e-mail address as it is kept.
pub(super) fn email_form(email: &str) -> String {
    email.trim().to_lowercase()
}
