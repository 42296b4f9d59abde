//! From characters to words.

use super::{Field, QueryError, Term, value};

/// The characters of a query, and how far they are read.
struct Reader<'a> {
    text: &'a [char],
    at: usize,
}

/// The words, each with the number of characters before it.
pub(super) fn terms(text: &str) -> Result<Vec<(usize, Term)>, QueryError> {
    let text: Vec<char> = text.chars().collect();
    let mut reader = Reader { text: &text, at: 0 };
    let mut terms = Vec::new();
    loop {
        while reader.peek().is_some_and(char::is_whitespace) {
            reader.at += 1;
        }
        if reader.peek().is_none() {
            return Ok(terms);
        }
        let start = reader.at;
        terms.push((start, reader.term(start)?));
    }
}

/// Whether a value needs no quotes.
pub(super) fn is_plain(value: &str) -> bool {
    !value.is_empty() && !value.starts_with('"') && !value.contains(|c: char| c.is_whitespace() || c == ',')
}

/// Whether a bare word needs no quotes.
pub(super) fn is_bare(word: &str) -> bool {
    let number = word.bytes().all(|byte| byte.is_ascii_digit());
    !number && !word.starts_with(['"', '-']) && !word.contains(|c: char| c.is_whitespace() || c == ':')
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn term(&mut self, start: usize) -> Result<Term, QueryError> {
        let negated = self.peek() == Some('-') && self.text.get(start + 1).is_some_and(|next| !next.is_whitespace());
        if negated {
            self.at += 1;
        }
        if self.peek() == Some('"') {
            let text = self.quoted(start)?;
            self.insist_on_end(start, false)?;
            return self.checked(start, Term { negated, field: Field::Text, values: vec![text] });
        }
        let name = self.until(|c| c == ':');
        if self.peek() != Some(':') {
            let field = if name.bytes().all(|byte| byte.is_ascii_digit()) { Field::Id } else { Field::Text };
            return self.checked(start, Term { negated, field, values: vec![name] });
        }
        self.at += 1;
        let Some(field) = Field::named(&name) else {
            self.until(|_| false);
            let remedy = format!(
                "there is no qualifier `{name}:`; there are {}. To look for the text, put it in quotes",
                Field::all()
            );
            return Err(self.error(start, remedy));
        };
        let values = self.values(start)?;
        self.checked(start, Term { negated, field, values })
    }

    fn values(&mut self, start: usize) -> Result<Vec<String>, QueryError> {
        let mut values = Vec::new();
        loop {
            if self.peek() == Some('"') {
                values.push(self.quoted(start)?);
                self.insist_on_end(start, true)?;
            } else {
                let value = self.until(|c| c == ',');
                if value.is_empty() {
                    return Err(self.error(start, "a value is missing: write it after the colon, without a space"));
                }
                values.push(value);
            }
            if self.peek() != Some(',') {
                return Ok(values);
            }
            self.at += 1;
        }
    }

    /// Up to such a character, a space, or the end.
    fn until(&mut self, stop: impl Fn(char) -> bool) -> String {
        let from = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && !stop(c)) {
            self.at += 1;
        }
        self.text.get(from..self.at).unwrap_or_default().iter().collect()
    }

    fn quoted(&mut self, start: usize) -> Result<String, QueryError> {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match (c, self.peek()) {
                ('"', _) => return Ok(text),
                ('\\', Some(next @ ('"' | '\\'))) => {
                    text.push(next);
                    self.at += 1;
                }
                _ => text.push(c),
            }
        }
        Err(self.error(start, "the quotes are not closed: put another \" at the end"))
    }

    fn insist_on_end(&mut self, start: usize, comma: bool) -> Result<(), QueryError> {
        match self.peek() {
            Some(',') if comma => Ok(()),
            Some(c) if !c.is_whitespace() => {
                self.until(|_| false);
                Err(self.error(start, "something follows the closing quote: put a space between them, or \\\" for a quote within the text"))
            }
            _ => Ok(()),
        }
    }

    fn checked(&self, start: usize, term: Term) -> Result<Term, QueryError> {
        value::normal(term).map_err(|remedy| self.error(start, remedy))
    }

    /// About the word from `start` up to here.
    fn error(&self, start: usize, remedy: impl Into<String>) -> QueryError {
        let word: String = self.text.get(start..self.at).unwrap_or_default().iter().collect();
        QueryError::new(&word, start, remedy)
    }
}
