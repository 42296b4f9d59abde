//! Uploaded files, by their media ids.

use std::collections::HashMap;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Files up to this many bytes are kept for the next process: what a business sends is not lost with it.
const SMALL: usize = 1024 * 1024;

/// What Meta takes, in the order in which
/// [its refusal](https://github.com/fbsamples/whatsapp-api-examples/issues/10) names them.
const TYPES: [&str; 18] = [
    "audio/aac",
    "audio/mp4",
    "audio/mpeg",
    "audio/amr",
    "audio/ogg",
    "audio/opus",
    "application/vnd.ms-powerpoint",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/pdf",
    "text/plain",
    "application/vnd.ms-excel",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
];
/// Named last there, and written in two ways.
const MOBILE_VIDEO: [&str; 2] = ["video/3gpp", "video/3gp"];

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    /// As the upload names it.
    pub(crate) name: Option<String>,
    pub(crate) mime_type: String,
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")]
    pub(crate) bytes: Bytes,
}

impl File {
    /// Small files outlive the process, where there is a journal.
    pub(crate) fn is_small(&self) -> bool {
        self.bytes.len() <= SMALL
    }

    /// Whether Meta takes files of this type, parameters (`; codecs=opus`) aside.
    ///
    /// # Errors
    /// What Meta answers where it does not.
    pub(crate) fn check_type(&self) -> Result<(), String> {
        let essence = self.mime_type.split(';').next().unwrap_or_default().trim();
        if TYPES.iter().chain(&MOBILE_VIDEO).any(|known| known.eq_ignore_ascii_case(essence)) {
            return Ok(());
        }
        let types = TYPES.join(", ");
        Err(format!(
            "Param file must be a file with one of the following types: {types}, {}. Received file of type '{essence}'.",
            MOBILE_VIDEO[0]
        ))
    }
}

/// All files.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Files(#[serde(serialize_with = "small_ones")] HashMap<String, File>);

impl Files {
    pub(crate) fn get(&self, id: &str) -> Option<&File> {
        self.0.get(id)
    }

    pub(crate) fn put(&mut self, id: String, file: File) {
        self.0.insert(id, file);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }
}

fn small_ones<S: Serializer>(files: &HashMap<String, File>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(files.iter().filter(|(_, file)| file.is_small()))
}

fn to_hex<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(bytes))
}

fn from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex::decode(text).map(Bytes::from).map_err(D::Error::custom)
}
