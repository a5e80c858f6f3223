//! The command line, as a user types it and reads it. The README's transcript is one of the cases.

use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

use crate::fixture;

#[test]
fn commands() {
    // the cases write below `target/cmd`, and show what happens in a fresh folder
    let _ = std::fs::remove_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/target/cmd"));
    // a draft without a date is as old as its file: an evening in UTC is the next day in the zone of the blog
    let draft = std::fs::File::options().write(true).open(fixture("hexo").join("source/_drafts/unfinished.md"));
    draft.unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(1_600_027_200)).expect("dated");
    trycmd::TestCases::new().case("tests/cmd/*.md").case("README.md");
}

#[test]
fn a_report_and_a_result_show_entries_in_one_form() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["convert", "--to", "html", "--dry-run", "--format", "json", "-o"])
        .arg(folder.path().join("out"))
        .arg("--report")
        .arg(&report)
        .arg(fixture("hexo"))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let result: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert!(result["ledger"].as_array().is_some_and(|entries| entries.len() > 10));
    assert_eq!(result["ledger"], report["entries"]);
}
