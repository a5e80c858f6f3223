//! Texts of WordPress that are HTML, where a name is wanted.

use std::sync::LazyLock;

use regex::Regex;

use crate::dialect::decode;

/// Elements that authors put into titles.
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)</?(?:a|abbr|b|br|cite|code|del|em|i|ins|mark|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>",
    )
    .ok()
});

/// A name without tags and with its references resolved; and whether there were tags.
pub fn plain(html: &str) -> (String, bool) {
    let bare = TAG.as_ref().map_or(html.into(), |tag| tag.replace_all(html, ""));
    let had_tags = bare.len() != html.len();
    (decode(&bare).trim().to_owned(), had_tags)
}

/// A slug as its author knows it: WordPress keeps what is not ASCII percent-encoded (wp-includes/formatting.php,
/// `sanitize_title_with_dashes`).
pub fn slug_of(typed: &str) -> String {
    percent_encoding::percent_decode_str(typed).decode_utf8_lossy().into_owned()
}

/// The slug that WordPress makes of a title (wp-includes/formatting.php, `sanitize_title_with_dashes`), letters kept.
pub fn slug_of_title(title: &str) -> String {
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_alphanumeric() || c == '_' {
            slug.push(c);
        } else if (c.is_whitespace() || matches!(c, '.' | '-' | '/' | '–' | '—')) && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(plain("A &amp; <em>B</em> &#8217; <3"), ("A & B ’ <3".to_owned(), true));
        assert_eq!(plain(" a "), ("a".to_owned(), false));
    }

    #[test]
    fn slugs_are_made_of_titles() {
        for (title, slug) in [("Hello, World!", "hello-world"), ("a — b/c", "a-b-c"), ("潮 и", "潮-и"), ("!", "")]
        {
            assert_eq!(slug_of_title(title), slug);
        }
    }
}
