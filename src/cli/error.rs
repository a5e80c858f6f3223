//! Errors as a person reads them: what happened, where, the line itself.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use postferry::mapping::nearest;
use postferry::model::Mistake;
use postferry::reason;

/// Prints an error to standard error.
pub fn print(error: &anyhow::Error) {
    anstream::eprintln!("{}", text(error));
}

/// An error as a person reads it.
pub fn text(error: &anyhow::Error) -> String {
    let mistake = error.chain().find_map(|cause| cause.downcast_ref::<Mistake>());
    mistake.map_or_else(|| in_a_line(error), quote_line)
}

/// What a misspelt name was most likely meant for, as a part of a message.
pub fn meant(typed: &str, known: &[&str]) -> String {
    // of short names everything is near to everything: nobody misspells the first letter
    let near = nearest(typed, known.iter().copied()).filter(|name| name.chars().next() == typed.chars().next());
    near.map(|name| format!(" (did you mean {name}?)")).unwrap_or_default()
}

/// An error and its causes. Where an error already tells its cause, that is not said twice.
fn in_a_line(error: &anyhow::Error) -> String {
    let mut said = String::from("error");
    let told = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().map_or_else(|| cause.to_string(), reason)
    };
    for cause in error.chain().map(told) {
        if !said.ends_with(&cause) {
            said.push_str(": ");
            said.push_str(&cause);
        }
    }
    said
}

/// The message above the quoted line, the column marked.
fn quote_line(mistake: &Mistake) -> String {
    let Mistake { place, message, quote } = mistake;
    let start = quote.char_indices().nth(place.column.saturating_sub(1) as usize).map_or(quote.len(), |(at, _)| at);
    let end = quote[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let snippet = Snippet::source(quote)
        .line_start(place.line.max(1) as usize)
        .path(&*place.file)
        .annotation(AnnotationKind::Primary.span(start..end));
    let report = [Level::ERROR.primary_title(message).element(snippet)];
    Renderer::plain().render(&report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_cause_is_told_once() {
        let denied = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let told = anyhow::Error::from(denied()).context(format!("a.md cannot be read: {}", denied()));
        assert_eq!(in_a_line(&told), "error: a.md cannot be read: permission denied");
        let untold = Err::<(), _>(denied()).context("a.md").context("the blog cannot be read").unwrap_err();
        assert_eq!(in_a_line(&untold), "error: the blog cannot be read: a.md: permission denied");
    }
}
