//! `:smile:` and the like, as Hugo (`enableEmoji`) and Zola (`render_emoji`) show them: GitHub's names.

/// A text with its names of emoji as emoji.
pub fn shown(text: String) -> String {
    if !text.contains(':') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
        let end = behind.find(|c| !is_of_name(c)).filter(|end| behind[*end..].starts_with(':'));
        match end.and_then(|end| Some((end, emojis::get_by_shortcode(&behind[..end])?))) {
            Some((end, emoji)) => {
                out.push_str(emoji.as_str());
                rest = &behind[end + 1..];
            }
            None => {
                out.push(':');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_are_shown() {
        for (text, expected) in [
            ("a :smile: b", "a 😄 b"),
            ("10:20:30", "10:20:30"),
            (":+1::no:", "👍:no:"),
            ("::", "::"),
            (":nosuch:", ":nosuch:"),
        ] {
            assert_eq!(shown(text.to_owned()), expected, "{text}");
        }
    }
}
