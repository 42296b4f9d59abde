//! How many come: "siamo in 3", "for two people", "io e mia moglie".

use std::ops::Range;

use super::numbers;

/// The most that one booking may have.
pub(super) const MOST: u32 = 10;
/// So many at most are counted by a bare "for 4"; more of them are rather an hour.
const FEW: u32 = 5;

/// What is counted, if it is people or their places.
const PEOPLE: &str = "\
    persone persona posti people persons spots places spaces seats adulti adults ragazze ragazzi amici amiche \
    friends tickets biglietti partecipanti participants";
/// Others who may come along.
const COMPANY: &str = "\
    moglie marito amica amico sorella fratello figlia figlio compagna compagno ragazza ragazzo fidanzata \
    fidanzato collega mamma madre papa padre cugina cugino nipote nonna nonno suocera cognata cognato wife husband \
    friend sister brother daughter son girlfriend boyfriend partner colleague mother mom mum father dad cousin \
    mate fiance fiancee";
/// What a bare number counts that is no people: "for two hours".
const THINGS: &str = "\
    ore ora h hours hour minuti minuto minutes minute min giorni giorno days day settimane settimana weeks week \
    mesi mese months month anni years volte times lezioni lezione classi classes class lessons lesson sessions \
    sedute corsi euro eur pm am o st nd rd th gennaio febbraio marzo aprile maggio giugno luglio agosto settembre \
    ottobre novembre dicembre january february march april may june july august september october november \
    december : / - ° % € or oppure e and to prossime prossimi next";

/// A number of people, and where it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    pub count: u32,
    pub at: Range<usize>,
}

/// How many come, if the message tells; the words that tell it are marked.
pub(super) fn party(words: &[&str], taken: &mut [bool]) -> Option<Party> {
    let found = counted(words).or_else(|| companion(words)).or_else(|| bare(words))?;
    taken[found.at.clone()].fill(true);
    Some(found)
}

/// "3 persone", "two of us", "siamo in 3", "a party of 4".
fn counted(words: &[&str]) -> Option<Party> {
    (0..words.len()).find_map(|at| {
        let couple = numbers::count(&words[at..]).filter(|(_, len)| *len > 1);
        let (count, len) = couple.or_else(|| numbers::cardinal(&words[at..]))?;
        let after = &words[at + len..];
        let of_people = after.first().is_some_and(|word| is_in(PEOPLE, word)) || after.starts_with(&["of", "us"]);
        let we_are = matches!(
            words[..at],
            [.., "siamo" | "saremmo" | "saremo" | "veniamo", "in"]
                | [.., "siamo" | "saremo"]
                | [.., "we", "are" | "re"]
                | [.., "party" | "group" | "gruppo", "of" | "di" | "da"]
        ) && !after.first().is_some_and(|word| is_in(THINGS, word));
        let here = (1..=99).contains(&count) && (of_people || we_are);
        here.then(|| Party { count, at: at..at + len + usize::from(of_people && after.first() != Some(&"of")) })
    })
}

/// "Io e mia moglie", "my wife and I", "con un'amica".
fn companion(words: &[&str]) -> Option<Party> {
    let me_and = |words: &[&str]| {
        matches!(words, ["me", "and" | "e", "my" | "a" | "mia" | "mio" | "un" | "una"] | ["io", "e" | "ed", _])
    };
    if let Some(at) = words.windows(3).position(me_and) {
        return Some(Party { count: 2, at: at..at + 3 });
    }
    let at = words.iter().position(|word| is_in(COMPANY, word))?;
    let from = at.saturating_sub(3);
    let along = words[from..at].iter().rposition(|word| matches!(*word, "e" | "ed" | "and" | "con" | "with" | "&"));
    let and_i = matches!(words[at + 1..], ["and", "i" | "me" | "myself", ..] | ["e" | "ed", "io" | "me", ..]);
    match along {
        Some(along) => Some(Party { count: 2, at: from + along..at + 1 }),
        None if and_i => Some(Party { count: 2, at: at..at + 3 }),
        None => None,
    }
}

/// "Per due", "for 3": nothing else is counted.
fn bare(words: &[&str]) -> Option<Party> {
    let timed = words.iter().any(|word| matches!(*word, "at" | "alle" | "ore" | "pm" | "am" | ":"));
    (1..words.len()).find_map(|at| {
        let (count, len) = numbers::cardinal(&words[at..]).filter(|_| matches!(words[at - 1], "per" | "for" | "x"))?;
        let after = words.get(at + len);
        let counts_else = after.is_some_and(|word| is_in(THINGS, word))
            || after == Some(&".")
                && words.get(at + len + 1).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let most = if timed { MOST } else { FEW };
        ((2..=most).contains(&count) && !counts_else).then(|| Party { count, at: at - 1..at + len })
    })
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(message: &str) -> Option<u32> {
        let words: Vec<&str> = message.split(' ').collect();
        party(&words, &mut vec![false; words.len()]).map(|party| party.count)
    }

    #[test]
    fn people_are_counted() {
        for (message, expected) in [
            ("yoga domani per 2 persone", 2),
            ("yoga tomorrow at 7 pm for two", 2),
            ("per due domani", 2),
            ("2 posti per yoga", 2),
            ("siamo in tre", 3),
            ("there are four of us", 4),
            ("a couple of spots please", 2),
            ("io e mia moglie", 2),
            ("me and my friend", 2),
            ("my wife and i", 2),
            ("mia moglie ed io", 2),
            ("vengo con un amica", 2),
            ("with my friend", 2),
            ("a party of 12", 12),
            ("yoga at 7 pm for 8", 8),
        ] {
            assert_eq!(count(message), Some(expected), "{message}");
        }
    }

    #[test]
    fn hours_days_and_one_alone_are_not() {
        for message in [
            "yoga for two hours",
            "per 2 giorni",
            "for 2 pm",
            "per 3 : 30",
            "for 2 . 30",
            "yoga for 7",
            "prenota per mia moglie",
            "per le 2",
            "yoga tra due ore",
            "book me for 6 tomorrow",
        ] {
            assert_eq!(count(message), None, "{message}");
        }
    }
}
