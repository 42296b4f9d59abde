//! Passwords: how strong they must be, and how they are kept.

use std::{cmp::Reverse, sync::LazyLock, thread::available_parallelism};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use sqlx::PgConnection;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{SessionId, StaffId, secret, session};

/// The shortest, in characters.
pub const SHORTEST: usize = 12;
/// The longest, in characters.
pub const LONGEST: usize = 128;
/// How many characters must be left of one without the words that everybody tries.
const OWN: usize = 6;
/// Shorter words are part of too many others.
const WORD: usize = 3;
/// What everybody tries first: part of public lists of stolen passwords.
const COMMON: &str = include_str!("common.txt");
/// Compared with where nobody has the account: made like any other, of something that nobody knows.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aG9sZGZhc3Qtbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A hash takes 19 MiB and a processor: no more at one time than there are processors.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, Into::into)));

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It has fewer than [`SHORTEST`] characters.
    #[error("take at least 12 characters")]
    Short,
    /// It has more than [`LONGEST`] characters.
    #[error("take at most 128 characters")]
    Long,
    /// It is among those that are tried first, or little more than a name.
    #[error("this is too easy to guess; take a few words that do not belong together")]
    Guessable,
}

/// Whether `password` is strong enough for somebody of whom `words` (e-mail address, name) are known. Any characters
/// are good.
pub fn check_strength(password: &str, words: &[&str]) -> Result<(), Weak> {
    match password.chars().count() {
        ..SHORTEST => return Err(Weak::Short),
        SHORTEST..=LONGEST => {}
        _ => return Err(Weak::Long),
    }
    let mut left = password.to_lowercase();
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let parts = words.iter().flat_map(|word| word.split(|c: char| !c.is_alphanumeric()).chain([word.as_str()]));
    let mut known: Vec<&str> = COMMON.lines().chain(["holdfast"]).chain(parts).collect();
    known.sort_by_key(|word| Reverse(word.len()));
    for word in known.into_iter().filter(|word| word.chars().count() >= WORD) {
        left = left.replace(word, "");
    }
    let mut different: Vec<char> = left.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < OWN { Err(Weak::Guessable) } else { Ok(()) }
}

/// Gives somebody another password. Whoever else is signed in as them is out: all sessions end but `keep`. That they know
/// the old one is asked before, by [`super::check_password`].
pub async fn change(
    conn: &mut PgConnection,
    id: StaffId,
    new: &str,
    keep: Option<SessionId>,
) -> sqlx::Result<Result<(), Weak>> {
    let who = sqlx::query!("select email, name from staff where id = $1", id as StaffId).fetch_one(&mut *conn).await?;
    if let Err(weak) = check_strength(new, &[&who.email, &who.name]) {
        return Ok(Err(weak));
    }
    let hash = hash(new).await?;
    sqlx::query!("update staff set password = $2 where id = $1", id as StaffId, hash).execute(&mut *conn).await?;
    session::end_all(conn, id, keep).await?;
    Ok(Ok(()))
}

/// As it is kept: argon2id in PHC's form.
pub(super) async fn hash(password: &str) -> sqlx::Result<String> {
    let (password, salt) = (password.to_owned(), secret::random::<16>()?);
    let hashed = in_turn(move || algorithm()?.hash_password_with_salt(password.as_bytes(), &salt)).await?;
    hashed.map(|hash| hash.to_string()).map_err(failed)
}

/// Whether this is the password. Without a hash it is not, which takes as long.
pub(super) async fn matches(password: &str, hash: Option<String>) -> sqlx::Result<bool> {
    let password = password.to_owned();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    match in_turn(move || algorithm()?.verify_password(password.as_bytes(), hash.as_str())).await? {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// 19 MiB, twice, one lane.
fn algorithm() -> argon2::password_hash::Result<Argon2<'static>> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None)?))
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> sqlx::Result<T> {
    let _turn = TURNS.acquire().await.map_err(|_| sqlx::Error::WorkerCrashed)?;
    spawn_blocking(work).await.map_err(|_| sqlx::Error::WorkerCrashed)
}

fn failed(error: argon2::password_hash::Error) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_twelve_to_128_characters_of_any_kind() {
        let check = |password: &str| check_strength(password, &[]);
        assert_eq!(check("kvqzwmxrtbn"), Err(Weak::Short));
        assert_eq!(check("kvqzwmxrtbny"), Ok(()));
        assert_eq!(check("ドアの前に立つ猫が二匹いる"), Ok(()));
        assert_eq!(check(&"kvqzwmxr".repeat(16)), Ok(()));
        assert_eq!(check(&format!("{}k", "kvqzwmxr".repeat(16))), Err(Weak::Long));
        assert_eq!(check("correct horse battery staple"), Ok(()));
    }

    #[test]
    fn what_everybody_tries_is_refused() {
        let known = ["ada.zorzi@studio.example", "Ada Zorzi"];
        for password in [
            "password1234",
            "PasswordPassword1",
            "123456789012345",
            "aaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "Holdfast2026!",
            "qwertyuiop1234",
            "Ada.Zorzi.1990",
            "zorzistudio!!",
            "ada.zorzi@studio.example",
        ] {
            assert_eq!(check_strength(password, &known), Err(Weak::Guessable), "{password}");
        }
        assert_eq!(check_strength("zorzi lampada trenino", &known), Ok(()));
    }

    #[tokio::test]
    async fn a_hash_matches_its_password_only_and_nobody_matches_none() {
        let hash = hash("kvqzwmxrtbny").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(matches("kvqzwmxrtbny", Some(hash.clone())).await.unwrap());
        assert!(!matches("kvqzwmxrtbnY", Some(hash)).await.unwrap());
        assert!(!matches("kvqzwmxrtbny", None).await.unwrap());
    }
}
