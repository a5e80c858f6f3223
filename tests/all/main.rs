//! One runner for everything that looks at postferry from outside: the command line, whole converted trees,
//! what the real Hugo and Zola make of them, and what must hold for every input.

// a test may panic, and say why it is skipped
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod again;
mod archives;
mod batch;
mod builds;
mod commands;
mod constructs;
mod crates;
mod crawl;
mod diffs;
mod door;
mod fields;
mod fuzz;
mod hostile;
mod included;
mod killed;
mod links;
mod lists;
mod look;
mod project;
mod properties;
mod round;
mod schema;
mod serve;
mod servers;
mod shapes;
mod smallest;
mod spread;
mod themes;
mod trees;
mod verify;
mod wordpress;

use std::path::{Path, PathBuf};

use postferry::address::HOSTS;
use postferry::convert::{Job, Outcome, plan};
use postferry::plan::{Assets, OnEdit, Options, Plan};
use postferry::write::{Theme, WRITERS};

/// The blogs written for the tests, one for each source generator.
const FIXTURES: [&str; 6] = ["hexo", "hugo", "ink", "jekyll", "wordpress", "zola"];

/// Those of them whose documents are files of text.
const OF_TEXTS: [&str; 5] = ["hexo", "hugo", "ink", "jekyll", "zola"];

/// Written whatever is there.
const OVER: Options = Options { force: true, on_edit: OnEdit::Overwrite, prune: true, assets: Assets::Copy };

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A conversion of which every content has been made.
struct Converted {
    plan: Plan<'static>,
    outcome: Outcome,
}

impl std::ops::Deref for Converted {
    type Target = Outcome;

    fn deref(&self) -> &Outcome {
        &self.outcome
    }
}

fn convert(source: &Path, target: &str, theme: Theme) -> Converted {
    carried(&job(source, target, theme))
}

fn carried(job: &Job) -> Converted {
    let conversion = plan(job).expect("the blog can be read");
    conversion.plan.for_each(|_, _| ());
    let plan = conversion.plan.clone();
    Converted { plan, outcome: conversion.outcome(&[]) }
}

fn job(source: &Path, target: &str, theme: Theme) -> Job {
    let writer = WRITERS.iter().copied().find(|writer| writer.name() == target).expect("a known target");
    let mut job = Job::new(source, writer);
    job.theme = theme;
    job.redirects = HOSTS.iter().collect();
    job
}
