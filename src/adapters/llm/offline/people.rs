//! Whom a message names, and where: "con Giulia", "with Marco", "presso Studio Centro".

use super::names::{Names, plain};
use super::stopwords::is_stopword;
use super::token::Token;

/// Who can come along without being of the house: "con mia sorella", "with a friend".
const COMPANIONS: &str = "\
    mia mio mie miei te voi noi lui lei loro un una uno me my you us him her them a an the our some friend \
    friends amico amica amici amiche marito moglie figlio figlia sorella fratello calma piacere urgenza \
    anticipo questo questa quello quella il la lo i gli le carta contanti card cash chi who whom what cui che \
    qualcuno someone anyone whoever chiunque istruttore instructor prenotazione it this that";

/// Who is asked for.
pub(super) fn crew(tokens: &[Token], names: &Names, taken: &mut [bool]) -> Option<String> {
    known_crew(tokens, names, taken).or_else(|| announced_crew(tokens, taken))
}

/// Where it is asked for.
pub(super) fn location(tokens: &[Token], names: &Names, taken: &mut [bool]) -> Option<String> {
    for name in &names.locations {
        let words = plain(name);
        let whole = run_of(tokens, &words, taken);
        // "in centro" is enough for "Studio Centro", when one word tells it apart.
        let last = words.last().filter(|last| {
            last.len() >= 4 && names.locations.iter().filter(|other| plain(other).contains(last)).count() == 1
        });
        let found =
            whole.map(|at| (at, words.len())).or_else(|| run_of(tokens, &[last?.clone()], taken).map(|at| (at, 1)));
        if let Some((at, len)) = found {
            taken[at..at + len].fill(true);
            return Some(name.clone());
        }
    }
    announced_location(tokens, taken)
}

fn known_crew(tokens: &[Token], names: &Names, taken: &mut [bool]) -> Option<String> {
    for name in &names.crew {
        let words = plain(name);
        let first = words.first()?;
        let alone = names.crew.iter().filter(|other| plain(other).first() == Some(first)).count() == 1;
        let found = run_of(tokens, &words, taken).map(|at| (at, words.len()));
        let found = found.or_else(|| {
            if alone { run_of(tokens, std::slice::from_ref(first), taken).map(|at| (at, 1)) } else { None }
        });
        if let Some((at, len)) = found {
            taken[at..at + len].fill(true);
            return Some(name.clone());
        }
    }
    None
}

fn announced_crew(tokens: &[Token], taken: &mut [bool]) -> Option<String> {
    for at in 0..tokens.len() {
        let title = usize::from(tokens.get(at + 2).is_some_and(|_| {
            matches!(
                tokens[at + 1].text.as_str(),
                "dott"
                    | "dottor"
                    | "dr"
                    | "doc"
                    | "signora"
                    | "istruttore"
                    | "istruttrice"
                    | "maestro"
                    | "maestra"
                    | "coach"
                    | "teacher"
                    | "l"
            )
        }));
        let start = at + 1 + title;
        let Some(first) = tokens.get(start).filter(|token| token.is_word() && !taken[start]) else { continue };
        let is_name = match tokens[at].text.as_str() {
            "con" | "with" => {
                first.text.len() >= 3
                    && !COMPANIONS.split_ascii_whitespace().any(|word| word == first.text)
                    && (first.is_capitalised() || !is_stopword(&first.text))
            }
            "da" | "by" => first.is_capitalised() && !is_stopword(&first.text),
            _ => false,
        };
        if is_name {
            let len = capitalised(tokens, start, taken).max(1);
            taken[at..start + len].fill(true);
            return Some(raw(&tokens[start..start + len]));
        }
    }
    None
}

fn announced_location(tokens: &[Token], taken: &mut [bool]) -> Option<String> {
    for at in 0..tokens.len() {
        let skip = match tokens[at].text.as_str() {
            "presso" | "sede" => {
                1 + tokens.get(at + 1).map_or(0, |token| {
                    usize::from(matches!(token.text.as_str(), "di" | "in" | "del" | "lo" | "la" | "a"))
                })
            }
            "in" if tokens.get(at + 1).is_some_and(|token| token.text == "centro") => 1,
            "at" if tokens.get(at + 1).is_some_and(Token::is_capitalised) => 1,
            "at" if tokens.get(at + 1).is_some_and(|token| token.text == "the")
                && tokens.get(at + 2).is_some_and(Token::is_capitalised) =>
            {
                2
            }
            _ => continue,
        };
        let start = at + skip;
        let len = capitalised(tokens, start, taken).max(usize::from(skip == 1 && tokens[at].text == "in"));
        if len > 0 {
            taken[at..start + len].fill(true);
            return Some(raw(&tokens[start..start + len]));
        }
    }
    None
}

/// How many free capitalised words stand from `start` on, three at most.
fn capitalised(tokens: &[Token], start: usize, taken: &[bool]) -> usize {
    (start..tokens.len().min(start + 3))
        .take_while(|at| tokens[*at].is_word() && tokens[*at].is_capitalised() && !taken[*at])
        .count()
}

fn raw(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
}

fn run_of(tokens: &[Token], words: &[String], taken: &[bool]) -> Option<usize> {
    if words.is_empty() {
        return None;
    }
    let here = |at: &usize| {
        let end = at + words.len();
        tokens[*at..end].iter().zip(words).all(|(token, word)| token.text == *word) && !taken[*at..end].contains(&true)
    };
    (0..(tokens.len() + 1).saturating_sub(words.len())).find(here)
}
