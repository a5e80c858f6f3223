//! Exports of WordPress as single files: with their library, without it, and torn.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use postferry::archive::{Limits, unpack};
use postferry::convert::plan;
use postferry::write::Theme;

use crate::{fixture, job};

fn convert(source: &Path, out: &Path, more: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["convert", "--to", "zola", "--no-progress", "-o"])
        .args([out, source])
        .args(more)
        .output()
        .expect("it runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned()
}

#[test]
fn an_export_is_a_blog_and_its_library_may_lie_elsewhere() {
    let around = tempfile::tempdir().expect("a folder");
    let [plain, folder, single, alone] =
        ["plain", "folder", "single", "export.xml"].map(|name| around.path().join(name));
    fs::copy(fixture("wordpress").join("export.xml"), &alone).expect("copied");
    let media = fixture("wordpress").join("wp-content/uploads").display().to_string();
    convert(&fixture("wordpress"), &folder, &[]);
    convert(&alone, &single, &["--media", &media]);
    let compared = Command::new("diff").args(["-r", "-x", ".postferry*"]).args([&folder, &single]).output();
    let compared = compared.expect("diff is there");
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
    // without it pictures are those of the old site
    let told = convert(&alone, &plain, &[]);
    assert!(told.contains("media-missing"), "{told}");
    let post = fs::read_to_string(plain.join("content/posts/blocks.md")).expect("written");
    assert!(post.contains("src=\"https://harbour.example/blog/wp-content/uploads/2020/01/boat.png\""), "{post}");
    assert!(!plain.join("static/wp-content").exists());
}

#[test]
fn a_library_is_for_blogs_that_hold_no_files() {
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["convert", "--to=zola", "--media=.", "-o", "never"])
        .arg(fixture("ink"))
        .output()
        .expect("it runs");
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("--media: a blog of ink holds its files itself"));
}

/// No export panics, wherever it ends and whatever is in it.
#[test]
fn a_torn_export_is_read_as_far_as_it_goes() {
    let whole = fs::read(fixture("wordpress").join("export.xml")).expect("the fixture");
    let around = tempfile::tempdir().expect("a folder");
    let file = around.path().join("export.xml");
    let head = whole.windows(9).position(|bytes| bytes == b"<channel>").expect("a channel");
    let mut dice = 7_u64;
    let mut throw = |below: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % below
    };
    for round in 0..60 {
        let mut torn = whole.clone();
        match round % 3 {
            0 => torn.truncate(head + throw(whole.len() - head)),
            1 => {
                let (from, length) = (head + throw(whole.len() - head - 400), throw(400));
                torn.drain(from..from + length);
            }
            _ => {
                for _ in 0..20 {
                    let at = head + throw(whole.len() - head);
                    torn[at] = b"<>[]!-&\"'/\0\xff\r\n"[throw(14)];
                }
            }
        }
        fs::write(&file, &torn).expect("written");
        let unpacked = unpack(&file, Limits::default()).expect("unpacked");
        let mut job = job(&unpacked.folder, ["hugo", "zola", "html"][round % 3], Theme::None);
        job.unpacked = Some(Arc::new(unpacked));
        let conversion = plan(&job).expect("a blog");
        conversion.plan.for_each(|_, _| ());
        let _ = conversion.outcome(&[]);
    }
}
