//! What the tools answer about the business.

use serde::Deserialize;

/// The answer of `find_crew`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Crew {
    #[serde(rename = "crew")]
    pub list: Vec<Person>,
}

/// Somebody of the house.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Person {
    pub name: String,
    pub bio: String,
    pub activities: Vec<String>,
}

/// The answer of `business_info`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Business {
    pub name: String,
    pub about: String,
    pub phone: String,
    pub website: String,
    pub opening: String,
    pub cancellation: String,
}

/// The answer of `list_locations`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Locations {
    #[serde(rename = "locations")]
    pub list: Vec<Place>,
}

/// A place of the house.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Place {
    pub name: String,
    pub address: String,
    pub directions: String,
}
