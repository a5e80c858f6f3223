//! Whether the templates in a text look at anything but the document that they stand in and the settings of the site.

/// What the templates of all generators call other documents and files by.
const OTHERS: [&str; 20] = [
    "site",
    "paginator",
    "next",
    "previous",
    "prev",
    "related_posts",
    "include",
    "include_relative",
    "include_cached",
    "include_code",
    "post_url",
    "link",
    "post_link",
    "post_path",
    "asset_img",
    "asset_link",
    "asset_path",
    "collection",
    "posts",
    "pages",
];

/// Whether a text has a template in which anything is named so. A name in a text that stays as it is (`raw`, a fence of
/// code) counts as well: whoever asks does more work, and nothing wrong.
pub fn looks_around(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut at = 0;
    while let Some(start) = next_pair(text, at, |pair| matches!(pair, b"{{" | b"{%")) {
        let end = next_pair(text, start + 2, |pair| matches!(pair, b"}}" | b"%}")).unwrap_or(text.len());
        if text[start + 2..end].split(|c| !is_word(c)).any(|word| OTHERS.contains(&word)) {
            return true;
        }
        at = end;
    }
    false
}

/// Where the next of some pairs of marks is; a text is read once from the front.
fn next_pair(text: &str, from: usize, is_one: impl Fn(&[u8]) -> bool) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    rest.windows(2).position(is_one).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_in_templates_alone() {
        for text in ["{{ site.posts }}", "a {% post_url x %}", "{{ page.title }}{{site[\"x\"]}}", "{%- include a.html"]
        {
            assert!(looks_around(text), "{text}");
        }
        for text in ["site.posts", "{{ page.title }} site", "{% highlight ruby %}site{% endhighlight %}", "{{"] {
            assert!(!looks_around(text), "{text}");
        }
    }
}
