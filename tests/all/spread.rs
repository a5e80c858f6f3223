//! Conversions spread over many processes: the same bytes as by one.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{FIXTURES, fixture};

fn postferry(arguments: &[&str], paths: &[&Path], input: &str) -> String {
    let mut ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(arguments)
        .args(paths)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ran");
    let mut stdin = ran.stdin.take().expect("piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let ended = ran.wait_with_output().expect("ended");
    let _ = writer.join().expect("written");
    assert_eq!(ended.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("text")
}

/// The documents of a blog as lines, in an order of their own.
fn lines(blog: &Path, documents: &[String]) -> Vec<String> {
    let line = |path: &String| {
        let bytes = fs::read(blog.join(path)).expect("read");
        match String::from_utf8(bytes) {
            Ok(text) => json!({ "path": path, "text": text }).to_string(),
            Err(error) => {
                use base64::Engine;
                let packed = base64::prelude::BASE64_STANDARD.encode(error.as_bytes());
                json!({ "path": path, "base64": packed }).to_string()
            }
        }
    };
    let mut lines: Vec<String> = documents.iter().map(line).collect();
    lines.reverse();
    lines
}

/// Writes the files of a result, and gives back the entries of the ledger.
fn write(result: &str, out: &Path) -> Vec<Value> {
    let mut entries = Vec::new();
    for line in result.lines() {
        let mut row: Value = serde_json::from_str(line).expect("JSON");
        match row["kind"].as_str() {
            Some("file") => {
                let path = out.join(row["path"].as_str().expect("a path"));
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::write(path, row["text"].as_str().expect("text")).expect("written");
            }
            Some("entry") => {
                row.as_object_mut().expect("an object").remove("kind");
                entries.push(row);
            }
            other => panic!("{other:?}: {line}"),
        }
    }
    entries
}

fn alike(one: &Path, other: &Path) {
    let own = [postferry::plan::MANIFEST, postferry::plan::OWN];
    let compared = Command::new("diff").args(["-r", "-x", own[0], "-x", own[1]]).args([one, other]).output();
    let compared = compared.expect("diff is there");
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
}

#[test]
fn documents_that_are_piped_come_out_as_in_one_run() {
    // the documents of an export are no files of their own
    for name in FIXTURES.into_iter().filter(|name| *name != "wordpress") {
        for target in ["hugo", "zola", "html"] {
            let around = tempfile::tempdir().expect("a folder");
            let [whole, index, spread]: [PathBuf; 3] =
                ["whole", "index", "spread"].map(|name| around.path().join(name));
            let blog = fixture(name);
            let to = format!("--to={target}");
            // what forms the pages is in the index
            let form: &[&str] = match target {
                "html" => &["--search", "--relative"],
                "hugo" => &["--theme=papermod"],
                _ => &["--theme=none", "--max-file-size=1M", "--encoding=gbk"],
            };
            let said = postferry(&[&["convert", &to, "--format=json"], form, &["-o"]].concat(), &[&whole, &blog], "");
            let said: Value = serde_json::from_str(&said).expect("JSON");
            postferry(&[&["index", &to], form, &["--rest"]].concat(), &[&spread, Path::new("-o"), &index, &blog], "");
            // texts are where they are wanted
            let text = "Kräuter";
            let grep =
                Command::new("grep").args(["-rl", text]).arg(index.join("source")).output().expect("grep is there");
            assert!(grep.stdout.is_empty() || name == "jekyll", "{}", String::from_utf8_lossy(&grep.stdout));
            let inspected = postferry(&["inspect", "--format=json"], &[&blog], "");
            let inspected: Value = serde_json::from_str(&inspected).expect("JSON");
            let drafts_too = target != "html";
            let documents = inspected["documents"].as_array().expect("a list").iter();
            let documents = documents.filter(|document| drafts_too || document["draft"] == false);
            let documents: Vec<String> =
                documents.map(|document| document["source"].as_str().expect("a path").to_owned()).collect();
            let lines = lines(&blog, &documents);
            let (first, second) = lines.split_at(lines.len() / 2);
            let mut entries = Vec::new();
            for half in [first, second] {
                let result = postferry(&["stream", "--index"], &[&index], &format!("{}\n", half.join("\n")));
                entries.extend(write(&result, &spread));
            }
            alike(&whole, &spread);
            // what is said of each document is the same, but for links to parts of others
            let of_documents: Vec<&Value> = said["ledger"].as_array().expect("a list").iter().collect();
            let of_documents = of_documents.into_iter().filter(|entry| {
                let is_document = documents.iter().any(|document| entry["file"] == document.as_str());
                let is_part = entry["message"].as_str().is_some_and(|message| message.contains("part"));
                is_document && !is_part
            });
            for entry in of_documents {
                assert!(entries.contains(entry), "{name} → {target}: {entry}");
            }
        }
    }
}

#[test]
fn a_line_that_is_no_document_is_told_and_stops_nothing() {
    let around = tempfile::tempdir().expect("a folder");
    let index = around.path().join("index");
    let blog = fixture("ink");
    postferry(&["index", "--to=hugo", "-o"], &[&index, &blog], "");
    let text = fs::read_to_string(blog.join("source/wege.md")).expect("read");
    let lines = [
        "no document".to_owned(),
        json!({ "path": "nowhere.md", "text": "" }).to_string(),
        json!({ "path": "source/wege.md" }).to_string(),
        json!({ "path": "source/wege.md", "base64": "?" }).to_string(),
        String::new(),
        json!({ "path": "source/wege.md", "text": text }).to_string(),
    ];
    let mut ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["stream", "--index"])
        .arg(&index)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ran");
    ran.stdin.take().expect("piped").write_all(lines.join("\n").as_bytes()).expect("read");
    let ended = ran.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stdout).expect("text");
    let kinds: Vec<String> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["kind"].as_str().expect("a kind").to_owned())
        .collect();
    assert_eq!(kinds[..5], ["failed", "failed", "failed", "failed", "file"], "{said}");
}

#[test]
fn gnu_parallel_and_spark_pipe_documents() {
    let has = |program: &Path, arguments: &[&str]| {
        Command::new(program).args(arguments).stdin(Stdio::null()).output().is_ok_and(|ran| ran.status.success())
    };
    // what scripts/install-generators has fetched, or the machine has
    let bin = crate::builds::generators().join("bin");
    let parallel = Some(bin.join("parallel")).filter(|path| path.is_file()).unwrap_or("parallel".into());
    let python = bin.join("spark-python");
    let around = tempfile::tempdir().expect("a folder");
    let blog = fixture("jekyll");
    let [whole, index]: [PathBuf; 2] = ["whole", "index"].map(|name| around.path().join(name));
    postferry(&["convert", "-q", "--to=hugo", "-o"], &[&whole, &blog], "");
    if has(&parallel, &["--version"]) {
        let spread = around.path().join("parallel");
        postferry(&["index", "--to=hugo", "--rest"], &[&spread, Path::new("-o"), &index, &blog], "");
        let inspected: Value =
            serde_json::from_str(&postferry(&["inspect", "--format=json"], &[&blog], "")).expect("JSON");
        let documents = inspected["documents"].as_array().expect("a list").iter();
        let documents: Vec<String> =
            documents.map(|document| document["source"].as_str().expect("a path").to_owned()).collect();
        let mut ran = Command::new(&parallel)
            .args(["--pipe", "-N2", "--will-cite", env!("CARGO_BIN_EXE_postferry"), "stream", "-j1", "--index"])
            .arg(&index)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("ran");
        let input = format!("{}\n", lines(&blog, &documents).join("\n"));
        ran.stdin.take().expect("piped").write_all(input.as_bytes()).expect("read");
        let ended = ran.wait_with_output().expect("ended");
        write(&String::from_utf8(ended.stdout).expect("text"), &spread);
        alike(&whole, &spread);
    } else {
        eprintln!("skipped: GNU Parallel is not there");
    }
    if python.is_file() {
        let [spread, index]: [PathBuf; 2] = ["spark", "spark-index"].map(|name| around.path().join(name));
        postferry(&["index", "--to=hugo", "--rest"], &[&spread, Path::new("-o"), &index, &blog], "");
        let job = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/spark/convert.py");
        let ran = Command::new(&python)
            .arg(job)
            .args([&index, &blog, &spread])
            .env("POSTFERRY", env!("CARGO_BIN_EXE_postferry"))
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .output()
            .expect("ran");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        alike(&whole, &spread);
    } else {
        eprintln!("skipped: Spark is not there");
    }
}
