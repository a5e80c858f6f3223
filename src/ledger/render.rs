//! The whole ledger for a person or a program.

use std::fmt::Write;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Entry, Ledger};

/// The one form of an entry in every output for programs. All names are always there, so that a reader needs no rule
/// for those that are missing: a line or column that is not known is 0, a hint that says nothing is empty.
impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_struct("Entry", 8)?;
        entry.serialize_field("code", self.code.name())?;
        entry.serialize_field("severity", self.code.severity().name())?;
        entry.serialize_field("file", &*self.place.file)?;
        entry.serialize_field("line", &self.place.line)?;
        entry.serialize_field("column", &self.place.column)?;
        entry.serialize_field("message", &self.message)?;
        entry.serialize_field("hint", self.code.hint())?;
        entry.serialize_field("quote", &self.quote)?;
        entry.end()
    }
}

impl Serialize for Ledger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut ledger = serializer.serialize_struct("Ledger", 1)?;
        ledger.serialize_field("entries", &self.entries)?;
        ledger.end()
    }
}

impl Ledger {
    /// One line for each entry: place, code, message, and the source text below it.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for entry in self.entries() {
            let _ = writeln!(out, "{}: {}: {}", entry.place, entry.code.name(), entry.message);
            if let Some(quote) = &entry.quote {
                let _ = writeln!(out, "    {quote}");
            }
        }
        out
    }

    /// Writes an object with one list, `entries`, of objects with `code`, `severity`, `file`, `line`, `column`,
    /// `message`, `hint` and `quote`.
    ///
    /// # Errors
    /// Where `out` takes no more.
    pub fn write_json(&self, mut out: impl std::io::Write) -> std::io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Code;
    use crate::model::Place;
    use std::sync::Arc;

    /// Two entries, of which one is as hostile as a post can make it.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        let quote = "</td></tr><script>alert('x')</script> {{ title }} \"&amp;\"";
        ledger.add_quoting(Code::TagUnknown, Place::at("a<b>.md", 3, 1), "the tag `<i>` is unknown", quote);
        ledger.add(Code::DateMissing, Place::file("c.md"), "no date");
        ledger
    }

    #[test]
    fn every_entry_in_json_has_the_same_eight_names() {
        let mut json = Vec::new();
        ledger().write_json(&mut json).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let expected = serde_json::json!({
            "code": "date-missing", "severity": "warning", "file": "c.md", "line": 0, "column": 0,
            "message": "no date", "hint": "Add a date to the front matter.", "quote": null,
        });
        assert_eq!(json["entries"][1], expected);
        let names = |at: usize| json["entries"][at].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(0), names(1));
    }

    #[test]
    fn entries_of_one_file_share_its_name() {
        let mut ledger = Ledger::default();
        ledger.add(Code::DateMissing, Place::file("c.md"), "no date");
        ledger.add(Code::TagUnknown, Place::at("c.md", 1, 1), "no such tag");
        assert!(Arc::ptr_eq(&ledger.entries()[0].place.file, &ledger.entries()[1].place.file));
        assert!(size_of::<Entry>() <= 64, "{}", size_of::<Entry>());
    }
}
