//! Where something stands in the source: what every message and every ledger entry points at.

use std::sync::Arc;

/// A file of the source, and a line and column in it where they are known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The path below the site's root, with `/` between its parts. Shared, for there are many places to a file.
    pub file: Arc<str>,
    /// The line, counted from 1; 0 where the whole file is meant.
    pub line: u32,
    /// The column in characters, counted from 1; 0 where the whole line is meant.
    pub column: u32,
}

impl Place {
    /// The whole of a file. Whoever has its name to share gives that.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Place::at(file, 0, 0)
    }

    /// Where a file begins: its front matter says, or does not say, what is spoken of.
    pub fn top(file: impl Into<Arc<str>>) -> Self {
        Place::at(file, 1, 1)
    }

    /// A line and a column of a file, both counted from 1.
    pub fn at(file: impl Into<Arc<str>>, line: u32, column: u32) -> Self {
        Place { file: file.into(), line, column }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}
