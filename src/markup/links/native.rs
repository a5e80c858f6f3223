//! Links to documents in the target's own form, by the file of the document.

use std::borrow::Cow;

use crate::address::readable;
use crate::markup::Crossing;
use crate::model::Target;

/// Where an address stands in the new page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// In Markdown, which the target renders.
    InMarkdown,
    /// In raw HTML.
    InHtml,
}

/// Stand for Hugo's shortcode until everything that only looks like one has been made harmless.
const OPEN: char = '\u{E0F0}';
const CLOSE: char = '\u{E0F1}';

/// The link to a document, with the query and fragment that follow; `None` where the target has no form for it.
pub fn link(crossing: &Crossing, document: usize, rest: &str, stands: Stands) -> Option<String> {
    let path = crossing.placed[document].path.strip_prefix("content/").filter(|_| crossing.native)?;
    // the first page is no page to Zola, and has no file of its own that Hugo would find by name
    if path == "_index.md" || rest.starts_with('?') {
        return None;
    }
    match (crossing.target, stands) {
        (Target::Hugo, _) => Some(format!("{OPEN}/{path}{rest}{CLOSE}")),
        // Zola (`markdown.rs`, `fix_link`) reads `@/` in Markdown alone
        (Target::Zola, Stands::InMarkdown) => Some(format!("@/{}{rest}", readable(path))),
        _ => None,
    }
}

/// Whether an address is one of these and must not be escaped as others are.
pub fn is_native(address: &str) -> bool {
    address.starts_with(OPEN)
}

/// Puts the shortcodes where their marks stand. Hugo (`embedded/templates/_shortcodes/relref.html`): the path from
/// `content`, and a fragment.
pub fn reveal(text: &str) -> Cow<'_, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let quoted = |path: &str| format!("{{{{< relref \"{path}\" >}}}}");
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split(OPEN);
    out.push_str(parts.next().unwrap_or(""));
    for part in parts {
        match part.split_once(CLOSE) {
            Some((path, after)) => {
                out.push_str(&quoted(path));
                out.push_str(after);
            }
            None => {
                out.push(OPEN);
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_come_where_their_marks_stand() {
        let text = format!("[a]({OPEN}/posts/b (1).md#c{CLOSE}), {OPEN} alone");
        assert_eq!(reveal(&text), format!("[a]({{{{< relref \"/posts/b (1).md#c\" >}}}}), {OPEN} alone"));
    }
}
