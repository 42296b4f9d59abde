//! Typing errors.

/// Whether two words differ by one letter added, left out, changed, or swapped with its
/// neighbour (Damerau's distance of at most one).
pub(super) fn within_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    match (a, b) {
        ([], []) => true,
        ([_, _], [_, _]) => a[0] == b[1] && a[1] == b[0],
        _ => a.len() <= 1 && b.len() <= 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        for typo in ["pilates", "pilate", "pillates", "pilatos", "piltaes"] {
            assert!(within_one_edit(typo, "pilates"), "{typo}");
        }
        for other in ["pirates!", "plate", "tilapes", ""] {
            assert!(!within_one_edit(other, "pilates"), "{other}");
        }
    }
}
