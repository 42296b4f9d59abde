//! The door: signing in and out, one's own account, and the staff.

mod account;
mod code;
mod invite;
mod password;
mod sign_in;
mod staff;

use super::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let parts =
        [sign_in::routes(), invite::routes(), account::routes(), password::routes(), code::routes(), staff::routes()];
    parts.into_iter().flatten().collect()
}
