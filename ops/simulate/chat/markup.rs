//! WhatsApp's formatting: `*bold*`, `_italic_`, `~struck~`, ``` ```mono``` ```, and links.

use maud::{Markup, Render, html};

/// The words of a message as WhatsApp formats them.
pub(crate) fn format(text: &str) -> Markup {
    html! { @for piece in pieces(text) { (piece) } }
}

/// The words without their formatting.
pub(crate) fn plain(text: &str) -> String {
    pieces(text).iter().map(Piece::plain).collect()
}

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Link(&'a str),
    Mono(&'a str),
    Styled(char, Vec<Piece<'a>>),
}

impl Piece<'_> {
    fn plain(&self) -> String {
        match self {
            Self::Plain(text) | Self::Link(text) | Self::Mono(text) => (*text).to_owned(),
            Self::Styled(_, inner) => inner.iter().map(Piece::plain).collect(),
        }
    }
}

impl Render for Piece<'_> {
    fn render(&self) -> Markup {
        match self {
            Self::Plain(text) => html! { (text) },
            Self::Link(url) => html! {
                a href=(url) target="_blank" rel="noopener noreferrer" { (url) }
            },
            Self::Mono(text) => html! { code { (text) } },
            Self::Styled('*', inner) => html! { strong { @for piece in inner { (piece) } } },
            Self::Styled('_', inner) => html! { em { @for piece in inner { (piece) } } },
            Self::Styled(_, inner) => html! { s { @for piece in inner { (piece) } } },
        }
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(char) = text[at..].chars().next() {
        let starts_word = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        match special(&text[at..]).filter(|_| starts_word) {
            Some((piece, length)) => {
                pieces.extend((plain < at).then(|| Piece::Plain(&text[plain..at])));
                pieces.push(piece);
                at += length;
                plain = at;
            }
            None => at += char.len_utf8(),
        }
    }
    pieces.extend((plain < at).then(|| Piece::Plain(&text[plain..at])));
    pieces
}

/// The formatted piece that `text` begins with, and its length.
fn special(text: &str) -> Option<(Piece<'_>, usize)> {
    mono(text).or_else(|| link(text)).or_else(|| styled(text))
}

fn mono(text: &str) -> Option<(Piece<'_>, usize)> {
    let (inner, _) = text.strip_prefix("```")?.split_once("```")?;
    (!inner.trim().is_empty()).then_some((Piece::Mono(inner), inner.len() + 6))
}

fn link(text: &str) -> Option<(Piece<'_>, usize)> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return None;
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '*', '_', '~']);
    Some((Piece::Link(url), url.len()))
}

/// A marker counts if its inside touches it on both sides and stays on one line.
fn styled(text: &str) -> Option<(Piece<'_>, usize)> {
    let marker = text.chars().next().filter(|c| matches!(c, '*' | '_' | '~'))?;
    let line = text[1..].lines().next()?;
    let ends = line.match_indices(marker).map(|(end, _)| end);
    let end = ends.into_iter().find(|end| {
        let after = line[end + 1..].chars().next();
        !line[..*end].ends_with(char::is_whitespace) && !after.is_some_and(char::is_alphanumeric)
    })?;
    let inner = &line[..end];
    (!inner.is_empty() && !inner.starts_with(char::is_whitespace))
        .then(|| (Piece::Styled(marker, pieces(inner)), end + 2))
}

#[cfg(test)]
mod tests {
    use super::{format, plain};

    #[test]
    fn formats_as_whatsapp_does() {
        let cases = [
            ("*Yoga* at _7pm_", "<strong>Yoga</strong> at <em>7pm</em>"),
            ("*bold _both_*", "<strong>bold <em>both</em></strong>"),
            ("2*3*4 and a_b_c", "2*3*4 and a_b_c"),
            ("* a * b", "* a * b"),
            ("~old~ ```x*y*z```", "<s>old</s> <code>x*y*z</code>"),
            ("<b>&", "&lt;b&gt;&amp;"),
            ("perché *è* così 🧘", "perché <strong>è</strong> così 🧘"),
        ];
        for (text, html) in cases {
            assert_eq!(format(text).into_string(), html);
        }
    }

    #[test]
    fn plain_words_lose_their_markers_only() {
        assert_eq!(plain("*Yoga _now_* 2*3 https://a.b/c_d"), "Yoga now 2*3 https://a.b/c_d");
    }

    #[test]
    fn links_end_before_punctuation() {
        let html = format("See https://example.com/a?b=1.").into_string();
        assert!(html.contains(r#"href="https://example.com/a?b=1""#), "{html}");
        assert!(html.ends_with("</a>."), "{html}");
    }
}
