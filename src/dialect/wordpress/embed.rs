//! Addresses that WordPress shows what is behind (wp-includes/class-wp-embed.php). Nobody is asked here: they become links.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shortcodes::replaced;
use super::split::in_tags;

const LINE_END_IN_TAG: &str = "<!-- wp-line-break -->";

/// A text with links for what was shown, and the addresses (`run_shortcode`, `autoembed`).
pub fn linked(text: &str) -> (Cow<'_, str>, Vec<String>) {
    let mut found = Vec::new();
    let named = replaced(
        text,
        |name| name == "embed",
        |shortcode| {
            let address = shortcode.content.map(str::trim).filter(|address| address.starts_with("http"))?;
            found.push(address.to_owned());
            Some(link(address))
        },
    );
    let bare = match bare(&named, &mut found) {
        Some(bare) => Cow::Owned(bare),
        None => named,
    };
    (bare, found)
}

/// Addresses on lines and in paragraphs of their own, but for those in code.
fn bare(text: &str, found: &mut Vec<String>) -> Option<String> {
    static IN_PARAGRAPH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)(<p(?: [^>]*)?>\s*)(https?://[^\s<>"]+)(\s*</p>)"#).expect("a valid pattern")
    });
    if !text.contains("://") {
        return None;
    }
    let joined = in_tags(text, '\n', LINE_END_IN_TAG);
    let mut out = String::with_capacity(text.len());
    let before = found.len();
    let mut verbatim = 0usize;
    for line in joined.split_inclusive('\n') {
        let address = line.trim();
        verbatim += line.matches("<pre").count();
        verbatim = verbatim.saturating_sub(line.matches("</pre").count());
        if verbatim == 0 && is_address(address) {
            let at = line.len() - line.trim_start().len();
            out.push_str(&line[..at]);
            out.push_str(&link(address));
            out.push_str(&line[at + address.len()..]);
            found.push(address.to_owned());
        } else {
            out.push_str(line);
        }
    }
    let within = IN_PARAGRAPH.replace_all(&out, |matched: &Captures<'_>| {
        found.push(matched[2].to_owned());
        format!("{}{}{}", &matched[1], link(&matched[2]), &matched[3])
    });
    let within = within.into_owned();
    (found.len() > before).then(|| within.replace(LINE_END_IN_TAG, "\n"))
}

fn is_address(text: &str) -> bool {
    let scheme = ["http://", "https://"]
        .iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme)));
    scheme.is_some_and(|scheme| text.len() > scheme.len())
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
}

/// An address may be typed with references in it, or without.
fn link(address: &str) -> String {
    format!("<a href=\"{}\">{address}</a>", address.replace('\'', "&#039;"))
}
