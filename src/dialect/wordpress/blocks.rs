//! Blocks (wp-includes/class-wp-block-parser.php, `next_token`; wp-includes/blocks.php, `do_blocks`): what stands between
//! the comments that name them is their HTML, and the comments go.

use memchr::memmem;

use super::autop::autop;

/// The comment that begins, ends or is a block.
#[derive(Debug, PartialEq, Eq)]
struct Comment<'a> {
    /// Its bytes in the text.
    start: usize,
    end: usize,
    /// Its name, `core/` left out.
    name: &'a str,
    /// Its attributes as they are written.
    attributes: &'a str,
    is_end: bool,
    /// It holds nothing.
    is_void: bool,
}

/// A text may name blocks that name blocks.
const DEEPEST: usize = 8;

/// What is needed of others, and what was found.
pub struct Found<'a> {
    /// The text of a block that others name, by its number.
    pub named: &'a dyn Fn(&str) -> Option<String>,
    /// Blocks of which the server made the HTML: the comment, and the name.
    pub made: Vec<(String, String)>,
}

/// Whether a text has blocks (wp-includes/blocks.php, `has_blocks`): no paragraphs are made in it then.
pub fn has_blocks(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"<!-- wp:").is_some()
}

/// The HTML of a text with blocks.
pub fn rendered(text: &str, found: &mut Found<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    render(text, found, 0, &mut out);
    out
}

fn render(text: &str, found: &mut Found<'_>, depth: usize, out: &mut String) {
    let mut at = 0;
    while let Some(comment) = next(text, at) {
        out.push_str(&text[at..comment.start]);
        at = comment.end;
        let own = &text[comment.start..comment.end];
        if comment.name == "block" && comment.is_void {
            // wp-includes/blocks/block.php
            let number = attribute(comment.attributes, "ref");
            let named = number.as_deref().filter(|_| depth < DEEPEST).and_then(|number| (found.named)(number));
            match named {
                Some(named) => render(&named, found, depth + 1, out),
                None => found.made.push((own.to_owned(), comment.name.to_owned())),
            }
        } else if comment.is_void && !comment.is_end {
            found.made.push((own.to_owned(), comment.name.to_owned()));
        } else if comment.name == "shortcode" && !comment.is_end {
            // wp-includes/blocks/shortcode.php
            let end = std::iter::successors(next(text, at), |one| next(text, one.end))
                .find(|one| one.is_end && one.name == "shortcode");
            let end = end.map_or(text.len(), |end| end.start);
            out.push_str(&autop(&text[at..end]));
            at = end;
        }
    }
    out.push_str(&text[at..]);
}

/// The next comment of a block from a place on.
fn next(text: &str, from: usize) -> Option<Comment<'_>> {
    let bytes = text.as_bytes();
    let mut at = from;
    // what no comment ends behind is none
    let last = memmem::rfind(&bytes[at..], b"-->").map_or(at, |last| at + last);
    while let Some(start) = memmem::find(&bytes[at..last], b"<!--").map(|found| at + found) {
        if let Some(comment) = comment(text, start) {
            return Some(comment);
        }
        at = (start + 4).min(last);
    }
    None
}

/// So long are the attributes of a block at most.
const LONGEST: usize = 256 << 10;

/// The beginning of a text.
fn within(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// `<!--\s+(/)?wp:(namespace/)?(name)\s+({…}\s+)?(/)?-->`
fn comment(text: &str, start: usize) -> Option<Comment<'_>> {
    let rest = &text[start + 4..];
    let inner = rest.trim_start_matches(is_space);
    if inner.len() == rest.len() {
        return None;
    }
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let inner = inner.strip_prefix("wp:")?;
    let length = inner
        .bytes()
        .take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'/'))
        .count();
    let (name, behind) = inner.split_at(length);
    let is_name = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
    if !name.split('/').all(is_name) || name.matches('/').count() > 1 {
        return None;
    }
    let behind = trimmed(behind)?;
    // the attributes end at a brace behind which the comment ends
    let end = behind.find("-->")?;
    let (attributes, behind) = match behind.starts_with('{') {
        false => ("", behind),
        true => {
            let ends = within(behind, LONGEST).match_indices('}').map(|(at, _)| at + 1);
            let mut whole = ends.filter(|at| {
                trimmed(&behind[*at..]).is_some_and(|rest| rest.starts_with("-->") || rest.starts_with("/-->"))
            });
            let at = whole.next()?;
            (&behind[..at], trimmed(&behind[at..])?)
        }
    };
    if attributes.is_empty() && !matches!(&behind[..end], "" | "/") {
        return None;
    }
    let (is_void, behind) = behind.strip_prefix('/').map_or((false, behind), |behind| (true, behind));
    let behind = behind.strip_prefix("-->")?;
    let name = name.strip_prefix("core/").unwrap_or(name);
    Some(Comment { start, end: text.len() - behind.len(), name, attributes, is_end, is_void })
}

/// A text behind white space, of which there must be some.
fn trimmed(text: &str) -> Option<&str> {
    let trimmed = text.trim_start_matches(is_space);
    (trimmed.len() < text.len()).then_some(trimmed)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// The value of an attribute of a block.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(attributes).ok()?;
    match json.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_blocks_are_told_from_others() {
        for (text, expected) in [
            ("<!-- wp:a -->", Some(("a", "", false, false))),
            ("<!-- /wp:a/b-c -->", Some(("a/b-c", "", true, false))),
            ("<!-- wp:core/more {\"a\":{\"b\":\"-->\"}} /-->", Some(("more", "{\"a\":{\"b\":\"-->\"}}", false, true))),
            ("<!--\n wp:a {\"b\":1}\n-->", Some(("a", "{\"b\":1}", false, false))),
            ("<!--wp:a -->", None),
            ("<!-- wp:A -->", None),
            ("<!-- wp:a-->", None),
            ("<!-- wp:a b -->", None),
            ("<!-- wp:a {\"b\":1} c -->", None),
            ("<!-- wp:a/b/c -->", None),
            ("<!-- wp: -->", None),
            ("<!-- wp:a", None),
        ] {
            let found = next(text, 0).map(|found| (found.name, found.attributes, found.is_end, found.is_void));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn blocks_that_name_themselves_end() {
        let named = |_: &str| Some("a<!-- wp:block {\"ref\":1} /-->b".to_owned());
        let mut found = Found { named: &named, made: Vec::new() };
        let out = rendered("<!-- wp:block {\"ref\":1} /-->", &mut found);
        assert_eq!((out.len(), found.made.len()), (2 * DEEPEST, 1));
    }
}
