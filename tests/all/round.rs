//! What was written is read again: a blog that went by Hugo or Zola shows what it shows by the direct way.

use std::path::Path;

use postferry::plan::apply;
use postferry::verify::{Built, Marks, verify};
use postferry::write::Theme;

use crate::{OVER, convert, fixture};

fn written(source: &Path, target: &str, out: &Path) {
    let converted = convert(source, target, Theme::Starter);
    apply(&converted.plan, source, out, OVER).expect("written");
}

fn site(folder: &Path) -> Built {
    Built::open(&folder.display().to_string(), None, &Marks::with_content(&[]).expect("marks")).expect("a site")
}

#[test]
fn a_blog_that_goes_by_another_generator_arrives_whole() {
    for blog in ["ferry", "hexo", "hugo", "ink", "jekyll", "zola"] {
        let around = tempfile::tempdir().expect("a folder");
        let direct = around.path().join("direct");
        written(&fixture(blog), "html", &direct);
        for by in ["hugo", "zola"] {
            let (half, whole) = (around.path().join(by), around.path().join(format!("{by}-html")));
            written(&fixture(blog), by, &half);
            written(&half, "html", &whole);
            let found = verify(&site(&direct), &site(&whole), &Marks::with_content(&[]).expect("marks"));
            assert!(found.differing.is_empty(), "{blog} by {by}: {:#?}", found.differing);
            assert!(found.documents > 2, "{blog}");
        }
    }
}
