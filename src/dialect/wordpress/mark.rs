//! Where a text begins and goes on: the mark of its beginning, and the pages that it was parted into.

use std::borrow::Cow;

/// `<!--more-->`, or with what the link to the rest says (wp-includes/post-template.php, `get_the_content`: the first
/// `<!--more(.*?)?-->`).
pub fn more(text: &str) -> Option<std::ops::Range<usize>> {
    const OPEN: &str = "<!--more";
    let mut from = 0;
    loop {
        let start = from + text[from..].find(OPEN)?;
        let inner = start + OPEN.len();
        let end = inner + text[inner..].find("-->")?;
        match text[inner..end].find('\n') {
            // what begins on the same line does not end on it either
            Some(line) => from = inner + line,
            None => return Some(start..end + 3),
        }
    }
}

/// The anchor that WordPress puts in the place of the mark.
pub fn anchor(post: &str) -> String {
    format!("<span id=\"more-{post}\"></span>")
}

/// The pages of a text (wp-includes/class-wp-query.php, `generate_postdata`).
pub fn pages(text: &str) -> Vec<Cow<'_, str>> {
    const BREAK: &str = "<!--nextpage-->";
    if !text.contains(BREAK) {
        return vec![Cow::Borrowed(text)];
    }
    let mut text = text.to_owned();
    for around in ["\n<!--nextpage-->\n", "\n<!--nextpage-->", "<!--nextpage-->\n"] {
        text = text.replace(around, BREAK);
    }
    // the block of the mark goes with it
    let text = text.replace("<!-- wp:nextpage --><!--nextpage--><!-- /wp:nextpage -->", BREAK);
    let text = text.strip_prefix(BREAK).unwrap_or(&text);
    text.split(BREAK).map(|page| Cow::Owned(page.to_owned())).collect()
}

/// Puts the mark that targets take before the anchor, on a line of its own: Zola takes the whole line for the mark. In text
/// as it is there is no line to be had.
pub fn marked(html: &str, post: &str) -> Option<String> {
    const MARK: &str = "<!--more-->";
    let anchor = anchor(post);
    let at = html.find(&anchor)?;
    let before = &html[..at];
    if before.matches("<pre").count() > before.matches("</pre").count() {
        return None;
    }
    // a paragraph that holds nothing else is the rest's
    let at = before.strip_suffix("<p>").map_or(at, str::len);
    let gap = if html[..at].ends_with('\n') || at == 0 { "" } else { "\n" };
    Some(format!("{}{gap}{MARK}\n{}", &html[..at], &html[at..]))
}
