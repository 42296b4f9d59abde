//! Files: WhatsApp wants a file first, and then the message that shows it.

use bytes::Bytes;
use reqwest::multipart::{Form, Part};

use super::{Client, Permanent, SendError, answer};

/// A file for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With its ending.
    pub name: String,
    /// One of the types that WhatsApp takes: `application/pdf`, `text/plain` and a few more, but not
    /// `text/calendar`.
    pub mime_type: String,
    /// A document has 100 MB at most.
    pub bytes: Bytes,
}

impl Client {
    /// Uploads a file for one of our numbers. Returns its media id, good for messages for 30 days.
    ///
    /// Safe to repeat, whatever the error: a file that no message names is seen by nobody.
    pub async fn upload(&self, phone_number_id: &str, file: &File) -> Result<String, SendError> {
        // The length is told, so that the body goes out whole and not in chunks.
        let length = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        let part = Part::stream_with_length(file.bytes.clone(), length).file_name(file.name.clone());
        let part = part.mime_str(&file.mime_type).map_err(|_| not_a_type())?;
        let form =
            Form::new().text("messaging_product", "whatsapp").text("type", file.mime_type.clone()).part("file", part);
        let answer = self.ask(self.request(phone_number_id, "media").multipart(form)).await?;
        answer::uploaded(&answer)
    }
}

fn not_a_type() -> SendError {
    let title = "the file's MIME type is none; give one like application/pdf".to_owned();
    SendError::Rejected { code: 0, title, class: Permanent::Request }
}

#[cfg(test)]
#[path = "media_tests.rs"]
mod tests;
