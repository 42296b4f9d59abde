//! Enough of a person to recognise them, not enough to know them.

/// The initials: `A. R.`
pub(super) fn name(name: &str) -> String {
    let initials = name.split_whitespace().filter_map(|word| word.chars().next());
    initials.map(|initial| format!("{initial}.")).collect::<Vec<_>>().join(" ")
}

/// The last three digits: `···567`
pub(super) fn phone(phone: &str) -> String {
    let from = phone.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    format!("···{}", phone.get(from..).unwrap_or_default())
}

/// How long a text is, and nothing of what it says.
pub(super) fn text(text: &str) -> String {
    "•".repeat(text.chars().count().min(24))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_person_is_recognised_and_not_given_away() {
        assert_eq!(super::name("Ada  Rossi"), "A. R.");
        assert_eq!(super::name(" "), "");
        assert_eq!(super::phone("393331234567"), "···567");
        assert_eq!(super::phone("7"), "···7");
        assert_eq!(super::text("ciao è"), "••••••");
    }
}
