//! What somebody wrote wrong.

use super::Place;

/// A mistake in a file that somebody wrote for the program: a configuration, a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Mistake {
    /// The file as the user knows it, and where in it.
    pub place: Place,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The line itself.
    pub quote: String,
}
