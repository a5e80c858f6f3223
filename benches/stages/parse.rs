//! A body into its tree, by the rules of each dialect.

use divan::Bencher;
use divan::counter::BytesCount;

use postferry::dialect::{gomarkdown, kramdown, marked};
use postferry::model::MarkupSettings;
use postferry::tree::Node;

use crate::text::{self, Chance};

const BYTES: usize = 20_000;

fn parse(bencher: Bencher<'_, '_>, parser: fn(&str, &MarkupSettings) -> Node) {
    let mut chance = Chance::new(1);
    let source = text::prose(&mut chance, BYTES / 2) + &text::quirks(&mut chance, BYTES / 2);
    let settings = MarkupSettings { gfm: true, smart: true, heading_ids: true, ..MarkupSettings::default() };
    bencher.counter(BytesCount::of_str(&source)).bench(|| parser(&source, &settings));
}

#[divan::bench]
fn kramdown(bencher: Bencher<'_, '_>) {
    parse(bencher, kramdown::parse);
}

#[divan::bench]
fn marked(bencher: Bencher<'_, '_>) {
    parse(bencher, marked::parse);
}

#[divan::bench]
fn gomarkdown(bencher: Bencher<'_, '_>) {
    parse(bencher, gomarkdown::parse);
}
