//! What bodies are translated for.

/// What bodies are translated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Hugo with goldmark.
    Hugo,
    /// Zola with pulldown-cmark.
    Zola,
    /// Plain HTML: nothing renders after us.
    Html,
}
