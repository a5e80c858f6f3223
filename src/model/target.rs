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

impl Target {
    /// The target of a writer's name.
    pub fn of(name: &str) -> Option<Target> {
        match name {
            "hugo" => Some(Target::Hugo),
            "zola" => Some(Target::Zola),
            "html" => Some(Target::Html),
            _ => None,
        }
    }
}
