//! What a plan would change in a folder, as a unified diff.

use std::path::Path;

use similar::TextDiff;

use super::apply::{Action, Step};
use super::{Manifest, Plan};

/// A unified diff from what is in `out` to the plan; files that are no text are named only. Empty where nothing
/// would change.
pub fn unified(plan: &Plan<'_>, steps: &[Step], out: &Path) -> String {
    let mut diff = String::new();
    for step in steps {
        let planned =
            plan.files().binary_search_by(|file| file.path.as_str().cmp(&step.path)).ok().map(|at| &plan.files()[at]);
        let old = std::fs::read(out.join(&step.path)).unwrap_or_default();
        let new = match (step.action, planned) {
            (Action::Create | Action::Update, Some(file)) => file.content.bytes().unwrap_or_default(),
            (Action::Remove, _) => Vec::new(),
            _ => continue,
        };
        let (from, to) = match step.action {
            Action::Create => ("/dev/null".to_owned(), format!("b/{}", step.path)),
            Action::Remove => (format!("a/{}", step.path), "/dev/null".to_owned()),
            _ => (format!("a/{}", step.path), format!("b/{}", step.path)),
        };
        match (std::str::from_utf8(&old), std::str::from_utf8(&new)) {
            (Ok(old), Ok(new)) if !new.contains('\0') => {
                let lines = TextDiff::from_lines(old, new);
                let shown = lines.unified_diff().context_radius(3).header(&from, &to).to_string();
                if shown.is_empty() {
                    diff.push_str(&format!("--- {from}\n+++ {to}\n"));
                } else {
                    diff.push_str(&shown);
                }
            }
            _ => diff.push_str(&format!("Binary files {from} and {to} differ ({})\n", &Manifest::hash(&new)[..12])),
        }
    }
    diff
}
