//! Numbers in digits and in words, of both languages.

const ITALIAN: [&str; 21] = [
    "zero",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
    "venti",
];
const ENGLISH: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
const ITALIAN_TENS: [(&str, u32); 4] = [("venti", 20), ("trenta", 30), ("quaranta", 40), ("cinquanta", 50)];
const ENGLISH_TENS: [(&str, u32); 4] = [("twenty", 20), ("thirty", 30), ("forty", 40), ("fifty", 50)];
const ORDINALS: [(&str, &str, &str); 10] = [
    ("primo", "prima", "first"),
    ("secondo", "seconda", "second"),
    ("terzo", "terza", "third"),
    ("quarto", "quarta", "fourth"),
    ("quinto", "quinta", "fifth"),
    ("sesto", "sesta", "sixth"),
    ("settimo", "settima", "seventh"),
    ("ottavo", "ottava", "eighth"),
    ("nono", "nona", "ninth"),
    ("decimo", "decima", "tenth"),
];

/// A cardinal number at the start of `words` and how many words it takes: "19", "venti due".
pub(super) fn cardinal(words: &[&str]) -> Option<(u32, usize)> {
    let first = words.first()?;
    if let Ok(number) = first.parse() {
        return (first.len() <= 4).then_some((number, 1));
    }
    if let Some((_, tens)) = ENGLISH_TENS.iter().find(|(word, _)| word == first) {
        let dash = usize::from(words.get(1) == Some(&"-"));
        let unit = words.get(1 + dash).and_then(|word| english(word)).filter(|unit| (1..10).contains(unit));
        return Some(unit.map_or((*tens, 1), |unit| (tens + unit, 2 + dash)));
    }
    italian(first).or_else(|| english(first)).map(|number| (number, 1))
}

/// A number that counts: as [`cardinal`], and also "a week", "un giorno", "a couple of".
pub(super) fn count(words: &[&str]) -> Option<(u32, usize)> {
    match words {
        ["a", "couple", "of", ..] => Some((2, 3)),
        ["a", "couple", ..] | ["un", "paio", "di", ..] => Some((2, if words[0] == "a" { 2 } else { 3 })),
        ["a" | "an" | "un" | "una", ..] => Some((1, 1)),
        _ => cardinal(words),
    }
}

/// An ordinal at the start of `words`: "first", "seconda", "19th", "1°".
pub(super) fn ordinal(words: &[&str]) -> Option<(u32, usize)> {
    if let [number, "st" | "nd" | "rd" | "th" | "°", ..] = words {
        return number.parse().ok().map(|number| (number, 2));
    }
    if let Some((tens, len)) = cardinal(words).filter(|(tens, len)| *len == 1 && tens % 10 == 0 && *tens > 0) {
        let dash = usize::from(words.get(len) == Some(&"-"));
        let unit = words.get(len + dash).and_then(|word| ORDINALS.iter().position(|(_, _, english)| english == word));
        if let Some(unit) = unit {
            return Some((tens + u32::try_from(unit).ok()? + 1, len + dash + 1));
        }
    }
    let first = words.first()?;
    let at = ORDINALS.iter().position(|(he, she, english)| [he, she, english].contains(&first))?;
    Some((u32::try_from(at).ok()? + 1, 1))
}

fn italian(word: &str) -> Option<u32> {
    if let Some(at) = ITALIAN.iter().position(|known| *known == word) {
        return u32::try_from(at).ok();
    }
    // ventuno, ventotto and their like drop the vowel of the ten.
    let (ten, tens) = ITALIAN_TENS.iter().find(|(ten, _)| word.starts_with(&ten[..ten.len() - 1]))?;
    let unit = match &word[ten.len() - 1..] {
        rest if rest == &ten[ten.len() - 1..] => return Some(*tens),
        rest @ ("uno" | "otto") => rest,
        "un" => "uno",
        rest => rest.get(1..)?,
    };
    let unit = ITALIAN[1..10].iter().position(|known| *known == unit)?;
    Some(tens + u32::try_from(unit).ok()? + 1)
}

fn english(word: &str) -> Option<u32> {
    let at = ENGLISH.iter().position(|known| *known == word)?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cardinals_of_both_languages() {
        let cases = [
            (&["19"][..], Some((19, 1))),
            (&["diciannove"], Some((19, 1))),
            (&["ventuno"], Some((21, 1))),
            (&["ventidue"], Some((22, 1))),
            (&["ventotto"], Some((28, 1))),
            (&["quaranta"], Some((40, 1))),
            (&["quarantacinque"], Some((45, 1))),
            (&["twenty", "-", "five"], Some((25, 3))),
            (&["thirty", "pm"], Some((30, 1))),
            (&["seven"], Some((7, 1))),
            (&["vento"], None),
            (&["20261122"], None),
        ];
        for (words, number) in cases {
            assert_eq!(cardinal(words), number, "{words:?}");
        }
    }

    #[test]
    fn ordinals_and_counts() {
        assert_eq!(ordinal(&["22", "nd"]), Some((22, 2)));
        assert_eq!(ordinal(&["seconda"]), Some((2, 1)));
        assert_eq!(ordinal(&["twenty", "-", "second"]), Some((22, 3)));
        assert_eq!(ordinal(&["22"]), None);
        assert_eq!(count(&["un", "paio", "di", "giorni"]), Some((2, 3)));
        assert_eq!(count(&["a", "week"]), Some((1, 1)));
    }
}
