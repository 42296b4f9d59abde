//! From a message to words: no case, no accents, no emoji but the few that speak.

/// One word, number or sign of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Lower case, without accents; corrected when it was a near miss of a known word.
    pub text: String,
    /// As the customer wrote it.
    pub raw: String,
    /// No space stood before it.
    pub glued: bool,
}

impl Token {
    /// Whether it is made of letters.
    pub fn is_word(&self) -> bool {
        self.text.starts_with(char::is_alphabetic)
    }

    /// Whether it is made of digits.
    pub fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether the customer wrote it with a capital.
    pub fn is_capitalised(&self) -> bool {
        self.raw.starts_with(char::is_uppercase)
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Letter,
    Digit,
    Sign,
    /// Separates words.
    Space,
    /// Separates words too, but leaves them glued: "l'una".
    Apostrophe,
    /// An accent that follows its letter.
    Combining,
}

/// Splits a message into words, numbers and single signs.
pub(super) fn tokens(message: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut last = Kind::Space;
    for character in message.chars() {
        let text = plain(character);
        let kind = kind(&text);
        if kind == Kind::Combining {
            continue;
        }
        match found.last_mut() {
            Some(open) if kind == last && matches!(kind, Kind::Letter | Kind::Digit) => {
                open.text.push_str(&text);
                open.raw.push(character);
            }
            _ if matches!(kind, Kind::Space | Kind::Apostrophe) => {}
            _ => found.push(Token { text, raw: character.to_string(), glued: last != Kind::Space }),
        }
        last = kind;
    }
    meridians(&found)
}

/// Writes "p.m.", "p m" and a glued "p" after an hour as "pm".
fn meridians(found: &[Token]) -> Vec<Token> {
    let mut settled: Vec<Token> = Vec::with_capacity(found.len());
    let mut rest = found;
    while let [token, after @ ..] = rest {
        rest = after;
        let half = matches!(token.text.as_str(), "a" | "p");
        let tail = match texts(after).as_slice() {
            _ if !half => 0,
            [".", "m", ".", ..] => 3,
            [".", "m", ..] => 2,
            ["m", ..] => 1,
            // "7p": but "le 2 a Padova" is no hour of the morning.
            _ if token.glued && settled.last().is_some_and(Token::is_number) => 0,
            _ => {
                settled.push(token.clone());
                continue;
            }
        };
        let text = if half { format!("{}m", token.text) } else { token.text.clone() };
        settled.push(Token { text, ..token.clone() });
        rest = &after[tail..];
    }
    settled
}

/// The words alone, for patterns.
pub(super) fn texts(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

fn kind(text: &str) -> Kind {
    match text.chars().next() {
        None => Kind::Combining,
        Some('\'') => Kind::Apostrophe,
        Some(c) if c.is_whitespace() => Kind::Space,
        Some(c) if c.is_ascii_digit() => Kind::Digit,
        Some(c) if c.is_alphabetic() => Kind::Letter,
        Some(_) => Kind::Sign,
    }
}

/// A character without case and accent; nothing at all for a combining accent.
fn plain(character: char) -> String {
    let lower = character.to_lowercase().next().unwrap_or(character);
    let base = match lower {
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        '’' | '‘' | '´' | '`' | 'ʼ' => '\'',
        '–' | '—' | '−' => '-',
        'º' | 'ª' => '°',
        '\u{300}'..='\u{36f}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' => return String::new(),
        '👍' | '👌' | '✅' | '🙏' | '❤' | '👎' | '👋' => lower,
        '"' | '“' | '”' | '«' | '»' | '*' | '_' | '~' => ' ',
        other if other.is_ascii_graphic() || other.is_alphanumeric() || other == '€' || other == '°' => other,
        _ => ' ',
    };
    base.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_case_accents_and_apostrophes() {
        let said = tokens("C’è  YOGA\u{1f9d8} lunedi\u{300}?");
        assert_eq!(texts(&said), ["c", "e", "yoga", "lunedi", "?"]);
        assert!(said[1].glued && !said[2].glued);
    }

    #[test]
    fn digits_part_from_letters() {
        let said = tokens("7pm 19:30 1º");
        assert_eq!(texts(&said), ["7", "pm", "19", ":", "30", "1", "°"]);
        assert!(said[1].glued && said[3].glued && said[4].glued);
    }

    #[test]
    fn a_thumb_speaks_and_a_cat_does_not() {
        assert_eq!(texts(&tokens("👍🏽🐈")), ["👍"]);
    }
}
