//! Why the calendar stays as it is.

use domain::{
    booking::Refusal,
    calendar::{Clash, FreeTime, No, Resource, TooSmall},
};

use crate::api::{
    kind::Kind,
    problem::{Choice, Problem},
};

impl From<No> for Problem {
    fn from(no: No) -> Self {
        match no {
            No::Unknown { field } => {
                Self::field(field, "you have none with this id; look at the list for those that you have")
            }
            No::Invalid { field, remedy } => Self::field(field, remedy),
            No::CalledOff => Refusal::SessionCancelled.into(),
            No::Started => Refusal::Started.into(),
            No::Past => Self::new(Kind::Past, "write a time that is still to come"),
            No::CannotLead => Self::field("crew", "they do not lead this service; name somebody who does"),
            No::RoomElsewhere => Self::field("room", "it is at another location; name one that is there"),
            No::Ended { on } => Self::new(Kind::RuleEnded, format_args!("its last day is {on}; add a new rule")),
            No::SameRule { rule } => Self::new(Kind::SameRule, format_args!("it is rule {rule}; change that one")),
            No::Taken(clash) => taken(&clash),
            No::TooSmall(small) => too_small(&small),
        }
    }
}

fn taken(clash: &Clash) -> Problem {
    let (what, remedy) = match clash.resource {
        Resource::Crew => ("who leads it is", "name somebody else, or another time"),
        Resource::Room => ("the room is", "name another room, or another time"),
        Resource::Slot => ("the rule has a session", "change that one"),
    };
    let by = clash.by.iter().map(|by| Choice::of_clash(by.session, by.during.clone())).collect();
    let detail = format!("{what} taken at {}; {remedy}", clash.during.start.to_rfc3339());
    Problem::new(Kind::Taken, detail).choices(by)
}

fn too_small(small: &TooSmall) -> Problem {
    let latest = small.latest.iter().map(|one| Choice::of_booking(one.seat, one.customer, one.places)).collect();
    let detail = format!(
        "{} places of session {} are held or booked; write {} or more, or cancel some of these bookings first",
        small.booked, small.session, small.booked
    );
    Problem::new(Kind::TooSmall, detail).choices(latest)
}

/// The time of an appointment cannot be had, and these can.
pub(super) fn not_free(nearest: &[FreeTime]) -> Problem {
    let detail = "it is taken, or nobody works then; choose another time";
    let choices = nearest.iter().map(|free| Choice::of_time(free.crew, free.location, free.during.start)).collect();
    Problem::new(Kind::NotFree, detail).choices(choices)
}
