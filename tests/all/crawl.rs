//! The built site as a visitor finds it: every old address, followed.

use std::path::Path;

use postferry::address::Answer;
use postferry::convert::Outcome;

use crate::builds::page;

/// Follows every old address of a blog in the built site.
pub fn follow(outcome: &Outcome, site: &Path, label: &str) {
    let mut dead = Vec::new();
    for row in outcome.book.rows() {
        let promised = matches!(row.answer, Answer::Same | Answer::Alias);
        if promised && page(site, &row.old).is_none() {
            dead.push(format!("{} ({:?} at {:?})", row.old, row.answer, row.new));
        }
    }
    assert!(dead.is_empty(), "old addresses that do not answer, {label}:\n{}", dead.join("\n"));
}
