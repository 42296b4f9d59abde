//! Settings of `holdfast tenant` and `holdfast token`.

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use domain::Language;

use super::Database;
use crate::api::Scope;

/// `holdfast tenant`
#[derive(Debug, Args)]
pub struct Tenant {
    /// What to do.
    #[command(subcommand)]
    pub action: TenantAction,
}

/// What can be done to tenants.
#[derive(Debug, Subcommand)]
pub enum TenantAction {
    /// Tells all businesses and their WhatsApp numbers.
    List(Database),
    /// Adds a business with its WhatsApp number.
    Add(TenantAdd),
}

/// A business to be.
#[derive(Debug, Args)]
pub struct TenantAdd {
    /// Its short name: a to z, 0 to 9 and -.
    #[arg(value_name = "SLUG")]
    pub slug: String,
    /// As customers read it.
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// Where its clock hangs: an IANA zone.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Rome")]
    pub zone: Tz,
    /// What it is paid in: an ISO 4217 code.
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    pub currency: String,
    /// What it speaks to those whose language nobody knows yet: it or en.
    #[arg(long, value_name = "CODE", default_value = "it")]
    pub language: Language,
    /// Meta's id of its WhatsApp number (not the number itself).
    #[arg(long, value_name = "ID")]
    pub phone_number_id: String,
    /// The number as people write it.
    #[arg(long, value_name = "NUMBER")]
    pub phone: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// `holdfast token`
#[derive(Debug, Args)]
pub struct Token {
    /// What to do.
    #[command(subcommand)]
    pub action: TokenAction,
}

/// What can be done to the tokens of programs.
#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Tells all tokens of a business, but not themselves.
    List(TokensOf),
    /// Makes a token and prints it: the only time that it can be read. One of the same label ends.
    Issue(TokenIssue),
    /// Ends a token.
    Revoke(TokenRevoke),
}

/// Whose tokens.
#[derive(Debug, Args)]
pub struct TokensOf {
    /// The short name of the business.
    #[arg(value_name = "SLUG")]
    pub tenant: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// A token to be made.
#[derive(Debug, Args)]
pub struct TokenIssue {
    /// The short name of the business.
    #[arg(value_name = "SLUG")]
    pub tenant: String,
    /// What it is for: the name of the program.
    #[arg(value_name = "LABEL")]
    pub label: String,
    /// What it may do: read, write, calendar, money, privacy.
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', required = true)]
    pub scopes: Vec<Scope>,
    /// After so many days it is of no use; without it, never. A pair ends after 90 days at the latest.
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u16>,
    /// Makes a pair instead: a token for an hour, and one that the program renews the pair with at /api/tokens/refresh.
    #[arg(long)]
    pub refreshable: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}

/// A token to end.
#[derive(Debug, Args)]
pub struct TokenRevoke {
    /// The short name of the business.
    #[arg(value_name = "SLUG")]
    pub tenant: String,
    /// What it was for.
    #[arg(value_name = "LABEL")]
    pub label: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own type says it")]
    pub database: Database,
}
