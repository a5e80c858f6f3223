//! The ledger as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a repository.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Code, Entry, Ledger, Severity};

impl Ledger {
    /// Writes it as a log of one run.
    ///
    /// # Errors
    /// Where `out` takes no more.
    pub fn write_sarif(&self, mut out: impl std::io::Write) -> std::io::Result<()> {
        let codes: BTreeSet<Code> = self.entries.iter().map(|entry| entry.code).collect();
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "postferry",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
                } },
                "columnKind": "unicodeCodePoints",
                "results": self.entries.iter().map(result).collect::<Vec<_>>(),
            }],
        });
        serde_json::to_writer_pretty(&mut out, &log)?;
        out.write_all(b"\n")
    }
}

fn rule(code: Code) -> Value {
    let mut rule = json!({
        "id": code.name(),
        "shortDescription": { "text": code.describe().trim() },
        "defaultConfiguration": { "level": level(code.severity()) },
    });
    if !code.hint().is_empty() {
        rule["help"] = json!({ "text": code.hint() });
    }
    rule
}

fn result(entry: &Entry) -> Value {
    let Entry { code, place, message, quote } = entry;
    let mut location = json!({ "artifactLocation": { "uri": uri(&place.file), "uriBaseId": "%SRCROOT%" } });
    if place.line > 0 {
        let mut region = json!({ "startLine": place.line });
        if place.column > 0 {
            region["startColumn"] = json!(place.column);
        }
        if let Some(quote) = quote {
            region["snippet"] = json!({ "text": quote });
        }
        location["region"] = region;
    }
    json!({
        "ruleId": code.name(),
        "level": level(code.severity()),
        "message": { "text": &**message },
        "locations": [{ "physicalLocation": location }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning | Severity::Loss => "warning",
        Severity::Error => "error",
    }
}

/// A path as a relative address.
fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const PATH: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'%').add(b'[').add(b']');
    utf8_percent_encode(path, PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn an_entry_stands_at_its_line() {
        let mut ledger = Ledger::default();
        ledger.add_quoting(Code::LinkDead, Place::at("a b.md", 3, 5), "leads nowhere", "[x](/y)");
        ledger.add(Code::FileFailed, Place::file("c.md"), "it cannot be read");
        let mut log = Vec::new();
        ledger.write_sarif(&mut log).unwrap();
        let log: Value = serde_json::from_slice(&log).unwrap();
        let results = &log["runs"][0]["results"];
        let place = &results[0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.md");
        assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&json!(3), &json!(5)));
        assert_eq!((&results[1]["level"], &results[1]["ruleId"]), (&json!("error"), &json!("file-failed")));
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(2));
    }
}
