//! The whole ledger for a person, a program or a browser.

use std::fmt::Write;

use super::Ledger;
use crate::escape::{escape_attribute, escape_text};

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

    /// An object with one list, `entries`, of objects with `code`, `severity`, `file`, `line`, `column`, `message`,
    /// `hint` and `quote`.
    pub fn to_json(&self) -> String {
        let entries: Vec<serde_json::Value> = self
            .entries()
            .iter()
            .map(|entry| {
                serde_json::json!({
                    "code": entry.code,
                    "severity": entry.code.severity(),
                    "file": entry.place.file,
                    "line": entry.place.line,
                    "column": entry.place.column,
                    "message": entry.message,
                    "hint": entry.code.hint(),
                    "quote": entry.quote,
                })
            })
            .collect();
        let mut text = serde_json::to_string_pretty(&serde_json::json!({ "entries": entries })).unwrap_or_default();
        text.push('\n');
        text
    }

    /// A page of its own.
    pub fn to_html(&self, title: &str) -> String {
        let mut rows = String::new();
        for entry in self.entries() {
            let mut cell = |text: &str| {
                rows.push_str("<td>");
                escape_text(text, &mut rows);
                rows.push_str("</td>");
            };
            cell(entry.code.name());
            cell(&entry.place.to_string());
            cell(&entry.message);
            cell(entry.quote.as_deref().unwrap_or(""));
            rows.push_str("</tr>\n<tr>");
        }
        let mut name = String::new();
        escape_attribute(title, &mut name);
        include_str!("../../templates/report.html")
            .replace("@TITLE@", &name)
            .replace("@ROWS@", rows.strip_suffix("<tr>").unwrap_or(&rows))
    }
}
