//! How long each stage of a conversion takes: `cargo bench`, or one of them by `cargo bench -- links`.
//!
//! Under `cargo test` each runs once. The texts are made by a generator of our own (`text.rs`), so that they are the
//! same everywhere. `scripts/bench-ratio` compares whole builds of postferry.

mod carry;
mod front_matter;
mod parse;
mod text;
mod write;

use std::path::Path;

use postferry::convert::Job;
use postferry::write::{Theme, WRITERS};
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// A Jekyll blog of posts with these bodies.
fn blog(bodies: impl IntoIterator<Item = String>) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the blog");
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).expect("the blog is written");
    std::fs::create_dir(folder.path().join("_posts")).expect("a folder for the posts");
    write("_config.yml", "title: The Bench\nurl: https://bench.example\n");
    for (number, body) in bodies.into_iter().enumerate() {
        let front_matter = text::front_matter(number);
        write(&format!("_posts/{}-post-{number}.md", text::day(number)), &format!("---\n{front_matter}---\n{body}"));
    }
    folder
}

fn job(source: &Path, target: &str) -> Job {
    let writer = WRITERS.iter().copied().find(|writer| writer.name() == target).expect("a known target");
    let mut job = Job::new(source, writer);
    job.theme = Theme::None;
    job
}
