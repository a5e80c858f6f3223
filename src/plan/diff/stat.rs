//! How many lines change in which files.

use std::io::{self, Write};

use similar::DiffOp;

use super::hunks::{Style, changes, lines};
use super::{Show, Sides, git};

/// The differences of one file in numbers.
pub struct Row {
    path: String,
    change: Change,
}

enum Change {
    Lines { added: usize, removed: usize },
    Bytes { old: usize, new: usize },
}

/// The rows of all files that differ.
#[derive(Default)]
pub struct Stat(Vec<Row>);

/// What changes in a file.
pub fn row(sides: &Sides<'_>) -> Row {
    let (old, new) = (sides.old.as_deref().unwrap_or_default(), sides.new.as_deref().unwrap_or_default());
    let change = if git::is_text(old) && git::is_text(new) {
        let (mut added, mut removed) = (0, 0);
        for change in changes(&lines(old), &lines(new)) {
            if !matches!(change, DiffOp::Equal { .. }) {
                removed += change.old_range().len();
                added += change.new_range().len();
            }
        }
        Change::Lines { added, removed }
    } else {
        Change::Bytes { old: old.len(), new: new.len() }
    };
    Row { path: sides.path.to_owned(), change }
}

impl Stat {
    /// Adds a row, if there is one.
    pub fn extend(&mut self, row: Option<Row>) {
        self.0.extend(row);
    }

    /// Writes all of them, and their sum.
    pub fn write(&self, show: &Show, to: &mut dyn Write) -> io::Result<()> {
        /// So many marks stand for the most lines that change in a file.
        const WIDTH: usize = 40;
        let style = Style::of(show.coloured, show.to_read);
        let counted = self.0.iter().filter_map(|row| match row.change {
            Change::Lines { added, removed } => Some((added, removed)),
            Change::Bytes { .. } => None,
        });
        let most = counted.clone().map(|(added, removed)| added + removed).max().unwrap_or(0);
        let name = self.0.iter().map(|row| row.path.chars().count()).max().unwrap_or(0);
        let digits = most.to_string().len().max(3);
        let marks = |count: usize| if most <= WIDTH { count } else { (count * WIDTH).div_ceil(most) };
        for Row { path, change } in &self.0 {
            let pad = " ".repeat(name - path.chars().count());
            match change {
                Change::Lines { added, removed } => {
                    let (plus, minus) = ("+".repeat(marks(*added)), "-".repeat(marks(*removed)));
                    writeln!(to, " {path}{pad} | {:>digits$} {}", added + removed, style.marks(&plus, &minus))?;
                }
                Change::Bytes { old, new } => writeln!(to, " {path}{pad} | {:>digits$} {old} -> {new} bytes", "Bin")?,
            }
        }
        if !self.0.is_empty() {
            let (added, removed) = counted.fold((0, 0), |sum, (added, removed)| (sum.0 + added, sum.1 + removed));
            let files = plural(self.0.len(), "file changed", "files changed");
            let (added, removed) =
                (plural(added, "line added", "lines added"), plural(removed, "line removed", "lines removed"));
            writeln!(to, " {files}, {added}, {removed}")?;
        }
        Ok(())
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
