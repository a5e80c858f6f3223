//! Front matter into fields, by the rules of each generator.

use divan::Bencher;
use divan::counter::ItemsCount;

use postferry::frontmatter::{Flavor, Memo, split};
use postferry::ledger::Ledger;

use crate::text;

const FILES: usize = 50;

fn split_all(bencher: Bencher<'_, '_>, flavor: Flavor, opening: &str) {
    let files: Vec<String> = (0..FILES).map(|at| format!("{opening}{}---\nText.\n", text::front_matter(at))).collect();
    bencher.counter(ItemsCount::new(FILES)).bench(|| {
        let mut ledger = Ledger::default();
        files
            .iter()
            .map(|file| split(file, "post.md", flavor, &Memo::default(), &mut ledger).fields.len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn jekyll(bencher: Bencher<'_, '_>) {
    split_all(bencher, Flavor::Jekyll, "---\n");
}

#[divan::bench]
fn hexo(bencher: Bencher<'_, '_>) {
    split_all(bencher, Flavor::Hexo, "---\n");
}

#[divan::bench]
fn ink(bencher: Bencher<'_, '_>) {
    split_all(bencher, Flavor::Ink, "");
}
