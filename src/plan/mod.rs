//! The plan: every file of the new site before any of it is written.
//! Dry run, diff, report and apply all look at the same plan.

use std::path::PathBuf;

/// One file of the new site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path below the output folder, with `/` between its parts.
    pub path: String,
    /// What goes into it.
    pub content: Content,
    /// The source file it comes from, below the site's root, if from one.
    pub source: Option<String>,
}

/// The content of a planned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file of the source, copied as it is.
    Copy(PathBuf),
}
