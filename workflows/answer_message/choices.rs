//! Sessions to tap, beside the words that tell of them.

use adapters::llm::{Message, Part};
use domain::{
    Language, SessionView,
    outbound::{Content, List, Row},
    replies,
};

/// Rows that WhatsApp takes.
const MOST: usize = 10;
/// Characters that WhatsApp takes.
const LONGEST: usize = 4096;

/// The words; with a list to tap when the last tools found several sessions: those with room first, then the full ones,
/// which can be waited for.
pub(super) fn with_choices(words: &str, said: &[Message], language: Language) -> Content {
    let results = said.iter().rev().skip(1).take(1).flat_map(|message| &message.parts);
    let found: Vec<SessionView> = results.flat_map(sessions).filter(|session| !session.already_booked).collect();
    let (free, full): (Vec<_>, Vec<_>) = found.iter().partition(|session| session.spots_left > 0);
    let rows: Vec<Row> = free.iter().chain(&full).map(|session| row(session, language)).take(MOST).collect();
    let mut content = Content::text(words);
    if rows.len() > 1 && !free.is_empty() {
        content.list = Some(List { button: replies::list_button(language), rows });
    }
    // What WhatsApp would not take as a list, or as one message, still goes out in words.
    if content.check().is_err() { Content::text(words.chars().take(LONGEST).collect::<String>()) } else { content }
}

fn sessions(result: &Part) -> Vec<SessionView> {
    match result {
        Part::ToolResult { name, content, .. } if name == "find_sessions" || name == "list_sessions" => {
            serde_json::from_value(content["sessions"].clone()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn row(session: &SessionView, language: Language) -> Row {
    let row = replies::option_row(language, &session.line());
    Row { id: format!("session:{}", session.session_id), title: row.title, description: row.description }
}
