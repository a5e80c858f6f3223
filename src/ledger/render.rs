//! The whole ledger for a person, a program or a browser.

use std::fmt::Write;
use std::sync::Arc;

use minijinja::{Environment, Value, context};
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

    /// Writes a page of its own.
    ///
    /// # Errors
    /// Where `out` takes no more.
    pub fn write_html(&self, title: &str, out: impl std::io::Write) -> std::io::Result<()> {
        const NAME: &str = "report.html";
        let mut templates = Environment::new();
        templates.add_template(NAME, include_str!("../../templates/report.html")).map_err(std::io::Error::other)?;
        let template = templates.get_template(NAME).map_err(std::io::Error::other)?;
        // a value for the template is made of an entry when its row is written, and forgotten after it
        let entries: Arc<[Entry]> = self.entries.as_slice().into();
        let rows = Value::make_iterable(move || {
            let entries = Arc::clone(&entries);
            (0..entries.len()).map(move |at| {
                let Entry { code, place, message, quote } = &entries[at];
                let quote = quote.as_deref();
                context! { code => code.name(), place => place.to_string(), message => &**message, quote }
            })
        });
        template.render_captured_to(context! { title, rows }, out).map(drop).map_err(std::io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Code;
    use crate::model::Place;

    fn page(title: &str, ledger: &Ledger) -> String {
        let mut page = Vec::new();
        ledger.write_html(title, &mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    /// Two entries, of which one is as hostile as a post can make it.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        let quote = "</td></tr><script>alert('x')</script> {{ title }} \"&amp;\"";
        ledger.add_quoting(Code::TagUnknown, Place::at("a<b>.md", 3, 1), "the tag `<i>` is unknown", quote);
        ledger.add(Code::DateMissing, Place::file("c.md"), "no date");
        ledger
    }

    #[test]
    fn a_title_is_only_a_title_whatever_it_says() {
        for title in ["@ROWS@", "@TITLE@", "{{ rows }}", "{% for row in rows %}"] {
            let page = page(title, &ledger());
            assert!(page.contains(&format!("<h1>{title}</h1>")), "{page}");
            assert_eq!(page.matches("<tr>").count(), 3, "{page}");
        }
        assert!(page("</title><script>", &ledger()).contains("<h1>&lt;&#x2f;title&gt;&lt;script&gt;</h1>"));
    }

    #[test]
    fn a_hostile_quote_stays_text_in_its_cell() {
        let page = page("Blog", &ledger());
        let template = include_str!("../../templates/report.html");
        assert_eq!(page.matches("<script>").count(), template.matches("<script>").count());
        assert_eq!(page.matches("</td>").count(), 8);
        assert!(page.contains("{{ title }} &quot;&amp;amp;&quot;</td>"), "{page}");
        assert!(page.contains("<td>date-missing</td><td>c.md</td><td>no date</td><td></td></tr>"), "{page}");
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
