//! Whole converted trees as snapshots: what a blogger finds in the new folder, file by file.

use std::path::Path;
use std::time::{Duration, SystemTime};

use postferry::write::Theme;
use walkdir::WalkDir;

use crate::{FIXTURES, convert, fixture};

#[test]
fn converted_fixtures() {
    for name in FIXTURES {
        let copy = tempfile::tempdir().expect("a folder");
        dated_copy(&fixture(name), copy.path());
        for target in ["hugo", "zola", "html"] {
            let outcome = convert(copy.path(), target, Theme::None);
            let mut tree = String::new();
            for file in outcome.plan.files() {
                tree.push_str(&format!("======== {}\n", file.path));
                match String::from_utf8(outcome.plan.bytes(file).expect("fixtures can be read")) {
                    Ok(text) => tree.push_str(&text.replace('\r', "␍")),
                    Err(error) => tree.push_str(&format!("{} bytes\n", error.as_bytes().len())),
                }
            }
            tree.push_str("======== ledger\n");
            tree.push_str(&outcome.ledger.to_text());
            insta::assert_snapshot!(format!("{name}-to-{target}"), tree);
        }
    }
}

/// Drafts without a date are dated by their files: here all files are of one moment.
fn dated_copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.expect("readable");
        let target = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).expect("created");
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
            let file = std::fs::File::options().write(true).open(&target).expect("opened");
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000)).expect("dated");
        }
    }
}
