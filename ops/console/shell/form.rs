//! What a form brought.

use axum::{
    Form,
    extract::{FromRequest, Request},
};

use super::super::{Console, failure::Failure};

/// The longest reason that is kept, in characters.
const REASON: usize = 500;

/// The fields of a form, in their order; a name may come again.
#[derive(Debug, Clone)]
pub(crate) struct Fields(Vec<(String, String)>);

impl FromRequest<Console> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Console) -> Result<Self, Failure> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Form(fields) = form.map_err(|refusal| Failure::Unfit(refusal.body_text()))?;
        // PostgreSQL keeps it in no text.
        if fields.iter().any(|(_, value)| value.contains('\0')) {
            return Err(Failure::Unfit("NUL".to_owned()));
        }
        Ok(Self(fields))
    }
}

impl Fields {
    /// A field, without spaces around it; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A field as it was written.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A field that must be there.
    pub fn needed(&self, name: &str) -> Result<&str, Failure> {
        let text = self.text(name);
        if text.is_empty() { Err(Failure::Unfit(format!("{name}: is missing"))) } else { Ok(text) }
    }

    /// A number, if the field holds one.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// All numbers of a name: the boxes that are ticked.
    pub fn numbers(&self, name: &str) -> Vec<i64> {
        self.0.iter().filter(|(known, _)| known == name).filter_map(|(_, value)| value.parse().ok()).collect()
    }

    /// Why somebody does something: it must be said, and is cut where it is too long.
    pub fn reason(&self) -> Result<String, Failure> {
        Ok(self.needed("reason")?.chars().filter(|c| !c.is_control()).take(REASON).collect())
    }

    /// The page to go back to.
    pub fn back<'a>(&'a self, otherwise: &'a str) -> &'a str {
        let back = self.text("back");
        if back.starts_with("/ops") { back } else { otherwise }
    }
}
