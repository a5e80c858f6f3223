//! Patches as git takes them: each case is applied by git itself where there is one.

use super::*;

fn patch(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> String {
    let sides = Sides { path, old: old.map(<[u8]>::to_vec), new: new.map(<[u8]>::to_vec) };
    String::from_utf8(git::patch(&sides, &Show::default())).expect("text")
}

/// `git.patch` is what git printed for these files (`git diff --full-index`).
#[test]
fn a_patch_reads_as_gits_own() {
    let old = b"one\ntwo\nthree\nfour\nfive\n";
    let new = b"one\ntwo\n3\nfour\nfive\nsix";
    let ours =
        [patch("a b.txt", Some(old), Some(new)), patch("文.md", None, Some(b"x\r\n")), patch("gone", Some(b""), None)];
    assert_eq!(ours.concat(), include_str!("git.patch"));
}

#[test]
fn what_is_too_long_to_compare_is_replaced_between_what_is_alike() {
    let text = |changed: &str| {
        let mut text: String = (0..15_000).map(|line| format!("{line}\n")).collect();
        text.push_str(changed);
        text.push_str("end\n");
        text
    };
    let shown = patch("a", Some(text("x\n").as_bytes()), Some(text("y\n").as_bytes()));
    assert!(shown.ends_with("@@ -14998,5 +14998,5 @@\n 14997\n 14998\n 14999\n-x\n+y\n end\n"), "{shown}");
}
