//! Who works in the console: accounts, how they sign in, what they did.
//!
//! An account belongs to a tenant or, without one, to the whole house. Its tables are not hidden by row security, since
//! they are read to find out who somebody is: every function that one account calls about another takes `within`, the
//! tenant that the caller is limited to.

mod account;
mod attempt;
pub mod audit;
pub mod invite;
pub mod manage;
mod otp;
pub mod password;
mod role;
mod secret;
pub mod session;
mod sign_in;
pub mod totp;
pub mod views;

pub use account::{Account, SessionId, StaffId};
pub use role::{Role, UnknownRole};
pub use sign_in::{Pending, SignIn, check_password, sign_in, sign_in_code};
