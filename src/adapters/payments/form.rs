//! The bodies of requests: forms, with paths in brackets (`metadata[tenant]`).

use reqwest::Url;

/// Names and values, in the order they are sent.
pub(super) type Form<'a> = Vec<(&'static str, std::borrow::Cow<'a, str>)>;

/// As `application/x-www-form-urlencoded`. `base` lends its encoder: a query string is the same notation.
pub(super) fn encode(base: &Url, form: &Form) -> String {
    let mut url = base.clone();
    url.query_pairs_mut().clear().extend_pairs(form);
    url.query().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_come_out_as_they_went_in() {
        let base = Url::parse("https://api.stripe.com/?left=over").unwrap();
        let form = vec![("line_items[0][name]", "Yoga & tè = 10 €+\n%".into()), ("empty", "".into())];
        let body = encode(&base, &form);
        assert!(body.is_ascii() && !body.contains([' ', '\n', '[']), "{body}");
        let read = Url::parse(&format!("http://x/?{body}")).unwrap();
        let pairs: Vec<_> = read.query_pairs().into_owned().collect();
        let expected = [("line_items[0][name]", "Yoga & tè = 10 €+\n%"), ("empty", "")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(encode(&base, &Vec::new()), "");
    }
}
