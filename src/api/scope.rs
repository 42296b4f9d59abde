//! What a token may do.

use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

/// A part of what programs can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reads everything that can be read.
    Read,
    /// Changes bookings, waiting lists and customers.
    Write,
    /// Changes the calendar and the catalog.
    Calendar,
    /// Changes payments, refunds, plans, prices, terms and settings.
    Money,
    /// Exports and erases what is known of a customer.
    Privacy,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Calendar, Self::Money, Self::Privacy];

    /// Its name in the database and in problems.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Calendar => "calendar",
            Self::Money => "money",
            Self::Privacy => "privacy",
        }
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|scope| scope.name() == name);
        known.ok_or_else(|| format!("choose of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// What a kind of request needs, as a type, so that no handler can forget it.
pub(super) trait Needs {
    /// The scope.
    const SCOPE: Scope;
}

/// Needs [`Scope::Read`].
#[derive(Debug)]
pub(super) struct Reading;
/// Needs [`Scope::Write`].
#[derive(Debug)]
pub(super) struct Bookings;
/// Needs [`Scope::Calendar`].
#[derive(Debug)]
pub(super) struct Calendar;
/// Needs [`Scope::Money`].
#[derive(Debug)]
pub(super) struct Money;
/// Needs [`Scope::Privacy`].
#[derive(Debug)]
pub(super) struct Privacy;

impl Needs for Reading {
    const SCOPE: Scope = Scope::Read;
}

impl Needs for Bookings {
    const SCOPE: Scope = Scope::Write;
}

impl Needs for Calendar {
    const SCOPE: Scope = Scope::Calendar;
}

impl Needs for Money {
    const SCOPE: Scope = Scope::Money;
}

impl Needs for Privacy {
    const SCOPE: Scope = Scope::Privacy;
}
