//! Bodies carried over to Hugo's Markdown: plain ones, and those that keep one stage of it busy more than the others.

use divan::Bencher;
use divan::counter::BytesCount;

use postferry::convert::plan;

use crate::text::{self, Chance};

const POSTS: usize = 20;
const BYTES: usize = 4_000;

fn carry(bencher: Bencher<'_, '_>, body: fn(&mut Chance) -> String) {
    let folder = crate::blog((0..POSTS).map(|number| body(&mut Chance::new(number))));
    let job = crate::job(folder.path(), "hugo");
    bencher
        .counter(BytesCount::new(POSTS * BYTES))
        .with_inputs(|| plan(&job).expect("the blog can be read").plan)
        .bench_refs(|plan| plan.for_each(|_, content| assert!(content.is_ok())));
}

#[divan::bench]
fn prose(bencher: Bencher<'_, '_>) {
    carry(bencher, |chance| text::prose(chance, BYTES));
}

#[divan::bench]
fn liquid(bencher: Bencher<'_, '_>) {
    carry(bencher, |chance| text::liquid(chance, BYTES));
}

#[divan::bench]
fn self_check(bencher: Bencher<'_, '_>) {
    carry(bencher, |chance| text::quirks(chance, BYTES));
}

#[divan::bench]
fn links(bencher: Bencher<'_, '_>) {
    carry(bencher, |chance| text::links(chance, BYTES, POSTS));
}
