//! What comes in: read field by field, so that whatever is wrong has a name.

mod body;
mod fields;
mod lines;
mod numbers;
mod path;
mod query;
mod text;
mod times;
mod told;

pub(super) use body::{Bare, Body, Nothing};
pub(super) use lines::{Digits, Label, Name, Phone, Slug};
pub(super) use numbers::{Id, Whole};
pub(super) use path::{At, ById};
pub(super) use query::{Ask, Paged};
pub(super) use times::{Clock, Day, Instant, Weekdays, instant};
pub(super) use told::{Told, object, only_objects, present};
