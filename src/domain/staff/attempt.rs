//! Tries that wait longer and longer: five are free for an account and twenty for where they come from; then one waits
//! 1, 2, 4 … seconds, 900 at most, until an hour went without a try.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::{account::email_form, secret::sha256};

/// A try to be somebody. An address without an account is counted in the same way.
pub(super) struct Attempt {
    account: Vec<u8>,
    address: Vec<u8>,
}

impl Attempt {
    /// A try to be who signs in with `email`, from `ip`.
    pub fn new(email: &str, ip: &str) -> Self {
        let network = ip.parse().map_or_else(|_| ip.to_owned(), network);
        let account = sha256(&format!("account {}", email_form(email)));
        Self { account, address: sha256(&format!("address {network}")) }
    }

    /// Counts the try before it is made. Some: it must not be made for so many seconds.
    pub async fn begin(&self, pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<Option<u32>> {
        let waits =
            sqlx::query_scalar!(r#"select sign_in_try($1, $2, $3) as "waits!""#, self.account, self.address, now);
        let waits = waits.fetch_one(pool).await?;
        Ok(u32::try_from(waits).ok().filter(|seconds| *seconds > 0))
    }

    /// It was right and is not counted; where the person is `signed_in`, the account's earlier tries are forgotten, too.
    pub async fn was_right(&self, pool: &PgPool, signed_in: bool, now: DateTime<Utc>) -> sqlx::Result<()> {
        sqlx::query!("select sign_in_right($1, $2, $3, $4)", self.account, self.address, signed_in, now)
            .execute(pool)
            .await?;
        Ok(())
    }
}

/// Whoever has one address of IPv6 has 2^64 of them.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one() {
        let of = |ip| Attempt::new("a@b", ip).address;
        assert_eq!(of("2001:db8::1"), of("2001:db8:0:0:ffff::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
