//! Customers who change their mind within a message.

/// Without what was taken back: "not tomorrow", "invece di yoga", and all before an "anzi".
pub(super) fn kept<T: Clone>(all: &[T], words: &[&str], at: impl Fn(&T) -> usize) -> Vec<T> {
    const CORRECTIONS: [&[&str]; 8] = [
        &["anzi"],
        &["actually"],
        &["no", "wait"],
        &["i", "mean"],
        &["volevo", "dire"],
        &["intendevo"],
        &["ma", "no"],
        &["cioe"],
    ];
    const NEGATIONS: [&[&str]; 12] = [
        &["non", "sia"],
        &["tranne"],
        &["except"],
        &["other", "than"],
        &["non"],
        &["not"],
        &["invece", "di"],
        &["invece", "del"],
        &["instead", "of"],
        &["rather", "than"],
        &["al", "posto", "di"],
        &["anziche"],
    ];
    let taken_back = |each: &T| NEGATIONS.iter().any(|no| words[..at(each)].ends_with(no));
    let corrected = (0..words.len()).rev().find(|from| CORRECTIONS.iter().any(|word| words[*from..].starts_with(word)));
    let left: Vec<T> = all.iter().filter(|each| !taken_back(each)).cloned().collect();
    match corrected {
        Some(from) if left.iter().any(|each| at(each) > from) => {
            left.into_iter().filter(|each| at(each) > from).collect()
        }
        _ => left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_back_is_gone() {
        let left = |message: &str| {
            let words: Vec<&str> = message.split(' ').collect();
            let all: Vec<usize> = (0..words.len()).filter(|at| words[*at].len() == 1).collect();
            kept(&all, &words, |at| *at).into_iter().map(|at| words[at]).collect::<String>()
        };
        assert_eq!(left("a oppure b"), "ab");
        assert_eq!(left("non a ma b"), "b");
        assert_eq!(left("a anzi b"), "b");
        assert_eq!(left("a instead of b"), "a");
        assert_eq!(left("anzi va bene a"), "a");
        assert_eq!(left("a va bene anzi ottimo"), "a");
    }
}
