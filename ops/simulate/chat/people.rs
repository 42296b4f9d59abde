//! Whose phones there are: a few to begin with, and those that are made up.

use axum::{
    extract::{Form, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::simulate::{
    Simulators,
    fields::Problem,
    whatsapp::customers::{Address, Customer},
};

/// Those who are there from the start.
const FIRST: [(&str, &str); 3] =
    [("393335550101", "Chiara Bianchi"), ("393335550102", "Marco Verdi"), ("447700900103", "Emma Wilson")];
/// Numbers made up on the way begin here.
const MADE_UP: u64 = 393_335_550_110;

/// The holder of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) key: String,
    pub(crate) name: String,
    phone: Option<String>,
}

impl Person {
    /// The number as people write it, or the user id.
    pub(crate) fn address(&self) -> String {
        self.phone.as_deref().map_or_else(|| self.key.clone(), spaced)
    }
}

impl From<&Customer> for Person {
    fn from(customer: &Customer) -> Self {
        let phone = customer.phone.clone();
        let unnamed = phone.as_ref().filter(|phone| customer.name == format!("+{phone}"));
        Self {
            name: unnamed.map_or_else(|| customer.name.clone(), |_| "Unnamed".to_owned()),
            key: customer.key.clone(),
            phone,
        }
    }
}

/// Those who are there from the start, as far as nobody wrote under their numbers.
pub(crate) fn first(known: impl Fn(&str) -> bool) -> Vec<Person> {
    let first = FIRST.into_iter().filter(|(phone, _)| !known(phone));
    first
        .map(|(phone, name)| Person { key: phone.to_owned(), name: name.to_owned(), phone: Some(phone.to_owned()) })
        .collect()
}

/// The holder of this phone, who may be new.
pub(crate) fn find(simulators: &Simulators, address: &str) -> Option<Person> {
    let address = Address::parse(address).ok()?;
    let mut whatsapp = simulators.whatsapp();
    let mut customer = whatsapp.customers.behind(&address);
    let first = FIRST.iter().find(|(phone, _)| *phone == customer.key);
    if let Some((_, name)) = first.filter(|_| customer.name.starts_with('+')) {
        (*name).clone_into(&mut customer.name);
    }
    whatsapp.meet(&customer);
    Some(Person::from(&customer))
}

/// Whose phone lies open on the table.
pub(crate) fn default(simulators: &Simulators) -> Option<Person> {
    FIRST.first().and_then(|(phone, _)| find(simulators, phone))
}

#[derive(Deserialize)]
pub(crate) struct NewPerson {
    name: String,
    phone: String,
}

/// Makes up a customer; without a number, it gets a free one.
pub(crate) async fn add(
    State(simulators): State<Simulators>,
    Form(person): Form<NewPerson>,
) -> Result<Response, Problem> {
    let phone = if person.phone.trim().is_empty() { free(&simulators) } else { person.phone };
    let address = Address::parse(&phone).map_err(|why| Problem::new("phone", why))?;
    let mut whatsapp = simulators.whatsapp();
    let mut customer = whatsapp.customers.behind(&address);
    if !person.name.trim().is_empty() {
        person.name.trim().clone_into(&mut customer.name);
    }
    whatsapp.meet(&customer);
    drop(whatsapp);
    let to = format!("/?customer={}", customer.key);
    Ok(Redirect::to(&to).into_response())
}

fn free(simulators: &Simulators) -> String {
    let whatsapp = simulators.whatsapp();
    let mut numbers = (MADE_UP..).map(|number| number.to_string());
    numbers.find(|phone| whatsapp.customers.get(phone).is_none()).unwrap_or_default()
}

/// `+39 333 555 0101`: the last four, threes before them, and the rest as the country.
fn spaced(phone: &str) -> String {
    let split = |text: &str, back: usize| -> (String, String) {
        let (left, right) = text.split_at(text.len().saturating_sub(back));
        (left.to_owned(), right.to_owned())
    };
    let (rest, last) = split(phone, 4);
    let (rest, middle) = split(&rest, 3);
    let (country, area) = split(&rest, 3);
    let groups = [country, area, middle, last];
    let groups: Vec<_> = groups.into_iter().filter(|group| !group.is_empty()).collect();
    format!("+{}", groups.join(" "))
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn numbers_are_grouped_from_the_end() {
        assert_eq!(spaced("393335550101"), "+39 333 555 0101");
        assert_eq!(spaced("447700900103"), "+44 770 090 0103");
        assert_eq!(spaced("1234567"), "+123 4567");
    }
}
