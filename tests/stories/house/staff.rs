//! Who works in the console.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{
    Language, TenantId,
    staff::{
        Account, Role,
        invite::{self, Accepted, NewInvite},
        manage, session,
    },
};

use super::Story;

/// Everybody's.
pub const PASSWORD: &str = "four wet stones behind a barn";

/// Somebody with an account, who is signed in.
pub struct Colleague {
    /// Who it is.
    pub account: Account,
    /// What the console's cookie `hf` holds.
    pub session: String,
}

impl Story {
    /// Who answers for the whole house, in English.
    pub async fn console_owner(&self) -> Colleague {
        self.staff(Role::Owner, None).await
    }

    /// Somebody of this role, in English; without a tenant: of the whole house.
    pub async fn staff(&self, role: Role, tenant: Option<TenantId>) -> Colleague {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let (email, name) = (format!("ada{n}@example.com"), format!("Ada {n}"));
        let (mut conn, now) = (self.judge.pool.acquire().await.unwrap(), self.clock.now());
        let new = NewInvite { email, name, role, tenant, by: None };
        let token = invite::create(&mut conn, &new, now).await.unwrap().expect("an invitation");
        let Accepted::Welcome(account) = invite::accept(&mut conn, &token, PASSWORD, now).await.unwrap() else {
            panic!("{role} was not let in")
        };
        manage::set_language(&mut conn, account.id, Language::En).await.unwrap();
        let session = session::open(&mut conn, &account, "127.0.0.1", "a story", now).await.unwrap();
        Colleague { account, session }
    }
}
