//! A whole small blog, from its folder to the new one.

use divan::Bencher;
use divan::counter::ItemsCount;

use postferry::convert::plan;
use postferry::plan::{Options, apply};

use crate::text::{self, Chance};

const POSTS: usize = 40;

#[divan::bench(args = ["hugo", "zola", "html"])]
fn convert(bencher: Bencher<'_, '_>, target: &str) {
    let body = |number: usize| {
        let mut chance = Chance::new(number);
        text::prose(&mut chance, 1_500) + &text::links(&mut chance, 500, POSTS) + &text::quirks(&mut chance, 500)
    };
    let folder = crate::blog((0..POSTS).map(body));
    let job = crate::job(folder.path(), target);
    bencher
        .counter(ItemsCount::new(POSTS))
        .with_inputs(|| tempfile::tempdir().expect("a folder for the new blog"))
        .bench_refs(|out| {
            let planned = plan(&job).expect("the blog can be read");
            apply(&planned.plan, folder.path(), out.path(), Options::default()).expect("the blog is written")
        });
}
