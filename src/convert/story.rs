//! The whole story of one document: where each field went, each edit, each link, each address.

use std::io;
use std::sync::Arc;

use super::Conversion;
use crate::ledger::Entry;
use crate::model::{Place, Value};

/// What became of a document.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Story {
    /// Its file below the source's root.
    pub source: Arc<str>,
    /// Its file below the output folder.
    pub file: Arc<str>,
    /// Its fields, in the order of the front matter.
    pub fields: Vec<FieldStory>,
    /// Its old address, below the base path.
    pub old: Arc<str>,
    /// Where it is served now.
    pub new: Arc<str>,
    /// Other old addresses that lead to it.
    pub aliases: Vec<Arc<str>>,
    /// Its links and pictures within the blog, as typed.
    pub links: Vec<LinkStory>,
    /// What the ledger holds of it, in the order of the places.
    pub entries: Vec<Entry>,
    /// The body as typed.
    #[serde(skip)]
    pub body: String,
    /// The line of the source file on which the body begins.
    #[serde(skip)]
    pub body_line: u32,
    /// The new file, front matter and all.
    #[serde(skip)]
    pub text: String,
}

/// A field, and where it went.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FieldStory {
    /// Its name in the source.
    pub name: String,
    /// Its value there, as text.
    pub value: String,
    /// Where it stands.
    #[serde(serialize_with = "as_text")]
    pub place: Place,
    /// The file with the rule that it went by; `None` where no rule names it and it is custom data.
    pub rule: Option<String>,
}

/// A link, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LinkStory {
    /// As typed.
    pub typed: String,
    /// The old address that it led to; `None` where it led nowhere.
    pub old: Option<String>,
    /// How it is written now; `None` where it stands as typed.
    pub written: Option<String>,
}

fn as_text<S: serde::Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&place.to_string())
}

impl Conversion {
    /// The stories of the documents that are meant by `is_meant`, which gets the paths of source and output.
    ///
    /// # Errors
    /// Where the source cannot be read.
    pub fn stories(&self, is_meant: impl Fn(&str, &str) -> bool) -> io::Result<Vec<Story>> {
        let placed = self.carrier.placed();
        let meant = (0..placed.len()).filter(|at| is_meant(&placed[*at].post.source, &placed[*at].path));
        meant.map(|at| self.carrier.story(at)).collect()
    }
}

/// A value on one line.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::List(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::String(text) => format!("{text:?}"),
        value => value.to_text().unwrap_or_else(|| "nothing".to_owned()),
    }
}
