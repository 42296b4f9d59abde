//! A page as browsers read it: its elements, their attributes, and its words.

use std::collections::BTreeMap;

/// What stands in one page.
#[derive(Debug, Default)]
pub struct Page {
    /// How often each element is there, with the names of its attributes.
    pub shape: BTreeMap<String, usize>,
    /// All attributes, with the element they are of.
    pub attributes: Vec<(String, String, String)>,
    /// Words between the elements, each with the element that was opened last.
    pub words: Vec<(String, String)>,
}

/// Reads a page. What browsers would have to guess is refused.
pub fn read(text: &str) -> Page {
    let (mut page, mut rest) = (Page::default(), text);
    let mut inside = String::new();
    while !rest.is_empty() {
        // In these, nothing but their own end is an element.
        let raw = matches!(inside.as_str(), "script" | "style" | "textarea" | "title").then(|| format!("</{inside}"));
        let next = raw.as_deref().map_or_else(|| rest.find('<'), |end| rest.to_ascii_lowercase().find(end));
        let at = next.unwrap_or(rest.len());
        if at > 0 {
            page.words.push((inside.clone(), decoded(&rest[..at])));
        }
        rest = &rest[at..];
        if let Some(tag) = rest.strip_prefix('<') {
            rest = element(tag, &mut inside, &mut page);
        }
    }
    page
}

fn element<'a>(tag: &'a str, inside: &mut String, page: &mut Page) -> &'a str {
    if let Some(end) = tag.strip_prefix('/') {
        inside.clear();
        return end.split_once('>').expect("an end tag that ends").1;
    }
    if let Some(doctype) = tag.strip_prefix('!') {
        assert!(
            doctype.starts_with("DOCTYPE html>"),
            "neither comments nor declarations are written by us: {:?}",
            head(doctype)
        );
        return doctype.split_once('>').expect("an end").1;
    }
    let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    assert!(!name.is_empty(), "a lone <: {:?}", head(tag));
    let mut rest = &tag[name.len()..];
    let mut names = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            rest = after;
            break;
        }
        let attribute: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
        assert!(!attribute.is_empty(), "a strange attribute of {name}: {:?}", head(rest));
        rest = &rest[attribute.len()..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix('=') {
            let quoted = quoted.strip_prefix('"').expect("attributes are quoted");
            let (text, after) = quoted.split_once('"').expect("a closing quote");
            (value, rest) = (decoded(text), after);
        }
        names.push(attribute.clone());
        page.attributes.push((name.clone(), attribute, value));
    }
    names.sort_unstable();
    *page.shape.entry(format!("{name} {}", names.join(" "))).or_default() += 1;
    inside.clone_from(&name);
    rest
}

fn head(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Without the entities that are written for us; any other one would be somebody else's.
fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn a_page_is_read_as_browsers_do() {
    let page = read("<!DOCTYPE html><a href=\"/x\" hidden>1 &lt; 2</a><textarea><b></textarea><br>");
    assert_eq!(page.shape.keys().collect::<Vec<_>>(), ["a hidden href", "br ", "textarea "]);
    assert_eq!(page.words[0], ("a".to_owned(), "1 < 2".to_owned()));
    assert!(page.words.contains(&("textarea".to_owned(), "<b>".to_owned())));
}
