//! Finding things by the names that customers give them: any case, with or without accents,
//! cut short, or with one letter wrong.

/// How well a name fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Begins,
    Within,
    Nearly,
}

/// Indices of the candidates that fit `asked` best; each candidate has several names.
/// Only the best kind of fit counts: who asks for "yoga" does not mean "yoga flow" when there is "yoga".
pub(super) fn best<'a, N>(asked: &str, candidates: impl Iterator<Item = N>) -> Vec<usize>
where
    N: IntoIterator<Item = &'a str>,
{
    let asked = words(asked);
    if asked.is_empty() {
        return Vec::new();
    }
    let fits: Vec<(usize, Fit)> = candidates
        .enumerate()
        .filter_map(|(at, names)| Some((at, names.into_iter().filter_map(|name| fit(&asked, &words(name))).min()?)))
        .collect();
    let best = fits.iter().map(|(_, fit)| *fit).min();
    fits.into_iter().filter(|(_, fit)| Some(*fit) == best).map(|(at, _)| at).collect()
}

fn fit(asked: &[String], name: &[String]) -> Option<Fit> {
    if name.is_empty() {
        return None;
    }
    let each_in = |these: &[String], those: &[String], same: fn(&str, &str) -> bool| {
        these.iter().all(|this| those.iter().any(|that| same(this, that)))
    };
    if asked == name || asked.concat() == name.concat() {
        Some(Fit::Same)
    } else if each_in(asked, name, |asked, name| name.starts_with(asked)) {
        Some(Fit::Begins)
    } else if each_in(name, asked, |name, asked| name == asked || stem(name, asked)) {
        Some(Fit::Within)
    } else if each_in(name, asked, nearly) || each_in(asked, name, nearly) {
        Some(Fit::Nearly)
    } else {
        None
    }
}

/// Whether two words differ in their ending only: "meditazione", "meditazioni".
fn stem(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    common >= 5 && a.chars().count().abs_diff(b.chars().count()) <= 2 && common + 2 >= a.chars().count()
}

/// Whether one letter more, less, different or swapped makes one word of the other.
fn nearly(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 {
        return a == b;
    }
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let swapped = a.len() >= 2 && b.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..];
    let skip = |of: &[char]| of.get(1..).unwrap_or_default().to_vec();
    swapped || skip(a) == skip(b) || skip(a) == *b || *a == skip(b)
}

/// The words of a name, folded: lower case, no accents, letters and digits only.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(char::to_lowercase).map(fold).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A letter without its accent.
pub(crate) const fn fold(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICES: [&[&str]; 5] = [
        &["Yoga", "vinyasa"],
        &["Boxe", "Boxing", "pugilato"],
        &["Meditazione", "Meditation", "mindfulness"],
        &["Yoga in volo", "Aerial yoga"],
        &["HIIT", "functional training", "allenamento funzionale"],
    ];

    fn found(asked: &str) -> Vec<usize> {
        best(asked, SERVICES.iter().map(|names| names.iter().copied()))
    }

    #[test]
    fn names_are_found_as_customers_write_them() {
        for (asked, expected) in [
            ("yoga", vec![0]),
            ("YÒGA", vec![0]),
            ("lezione di yoga", vec![0]),
            ("medit", vec![2]),
            ("meditazioni", vec![2]),
            ("meditatoin", vec![2]),
            ("box", vec![1]),
            ("boxing class", vec![1]),
            ("aerial", vec![3]),
            ("h.i.i.t.", vec![4]),
            ("funzionale", vec![4]),
            ("zumba", vec![]),
            ("", vec![]),
            ("?!", vec![]),
        ] {
            assert_eq!(found(asked), expected, "{asked}");
        }
    }
}
