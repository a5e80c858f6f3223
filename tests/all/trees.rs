//! Whole converted trees as snapshots: what a blogger finds in the new folder, file by file.

use postferry::write::Theme;

use crate::{FIXTURES, convert, fixture};

#[test]
fn converted_fixtures() {
    for name in FIXTURES {
        for target in ["hugo", "zola", "html"] {
            let outcome = convert(&fixture(name), target, Theme::None);
            let mut tree = String::new();
            for file in outcome.plan.files() {
                tree.push_str(&format!("======== {}\n", file.path));
                match String::from_utf8(file.content.bytes().expect("fixtures can be read")) {
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
