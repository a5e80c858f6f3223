//! Results in JSON have the forms that are written down.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::{FIXTURES, fixture};

/// Fails where a value has not the form of a definition.
fn assert_form(definition: &str, value: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema.json");
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(file).expect("read")).expect("JSON");
    assert!(schema["$defs"].get(definition).is_some(), "{definition}");
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(wrong.is_empty(), "{definition}: {wrong:#?}");
}

fn postferry(arguments: &[&str], paths: &[&Path]) -> Vec<Value> {
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry")).args(arguments).args(paths).output().expect("ran");
    assert!(ran.status.code() < Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    let values = serde_json::Deserializer::from_slice(&ran.stdout).into_iter();
    values.collect::<Result<_, _>>().expect("JSON")
}

#[test]
fn every_result_has_its_form() {
    for name in FIXTURES {
        let around = tempfile::tempdir().expect("a folder");
        let (blog, out) = (fixture(name), around.path().join("out"));
        let report = around.path().join("report.json");
        let json = "--format=json";
        let to = [Path::new("-o"), &out, &blog];
        let pages = around.path().join("pages");
        postferry(&["convert", "--to=html", json], &[Path::new("-o"), &pages, &fixture("ferry")]);
        let one = |mut values: Vec<Value>| {
            assert_eq!(values.len(), 1);
            values.remove(0)
        };
        let told = one(postferry(&["convert", "--to=zola", json, "--report", &report.display().to_string()], &to));
        assert_form("convert", &told);
        assert_form("report", &serde_json::from_slice(&fs::read(&report).expect("read")).expect("JSON"));
        assert_form("inspect", &one(postferry(&["inspect", json, "--to=zola", "--unused"], &[&blog])));
        assert_form("status", &one(postferry(&["status", json], &[&out])));
        let document = told["ledger"][0]["file"].as_str().expect("a file");
        let documents = told["addresses"].as_array().expect("a list").iter();
        let document = documents
            .filter(|row| row["what"] == "document")
            .map(|row| row["source"].as_str())
            .next()
            .flatten()
            .unwrap_or(document);
        assert_form("explain", &one(postferry(&["explain", json, "--to=zola"], &[&blog, Path::new(document)])));
        assert_form("verify", &one(postferry(&["verify", json, "--source"], &[&blog, &pages])));
        let rows = postferry(&["batch", "--to=zola", json], &[Path::new("-o"), &around.path().join("batch"), &blog]);
        assert_eq!(rows.len(), 1);
        assert_form("batch", &rows[0]);
    }
}

#[test]
fn lines_of_streams_have_their_forms() {
    let around = tempfile::tempdir().expect("a folder");
    let (blog, index) = (fixture("ink"), around.path().join("index"));
    let ran =
        Command::new(env!("CARGO_BIN_EXE_postferry")).args(["index", "--to=hugo", "-o"]).args([&index, &blog]).output();
    assert!(ran.expect("ran").status.success());
    let text = fs::read_to_string(blog.join("source/wege.md")).expect("read");
    let lines = [json!({ "path": "source/wege.md", "text": text }), json!({ "path": "no", "base64": "" })];
    lines.iter().for_each(|line| assert_form("document", line));
    let input = around.path().join("lines");
    fs::write(&input, lines.map(|line| format!("{line}\n")).concat()).expect("written");
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["stream", "--index"])
        .arg(&index)
        .stdin(fs::File::open(&input).expect("opened"))
        .output()
        .expect("ran");
    let values: Vec<Value> =
        serde_json::Deserializer::from_slice(&ran.stdout).into_iter().collect::<Result<_, _>>().expect("JSON");
    assert!(values.len() > 2);
    values.iter().for_each(|value| assert_form("stream", value));
}
