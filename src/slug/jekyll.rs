//! Jekyll's slugs (`utils.rb`).

use unicode_normalization::char::is_combining_mark;

/// How much of a text a slug keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Letters, marks and digits.
    Default,
    /// These and the marks that an address may hold.
    Pretty,
    /// Everything but white space.
    Raw,
    /// Letters and digits of ASCII.
    Ascii,
}

/// Runs of what the mode does not keep become one `-`, none at the edges; lower case unless `cased`.
pub fn slugify(text: &str, mode: Mode, cased: bool) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        let letter = || c.is_alphanumeric() || is_combining_mark(c);
        let kept = match mode {
            Mode::Default => letter(),
            Mode::Pretty => letter() || "._~!$&'()+,;=@".contains(c),
            Mode::Raw => !matches!(c, ' ' | '\t'..='\r'),
            Mode::Ascii => c.is_ascii_alphanumeric(),
        };
        if kept {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // one dash at each edge is taken off
    let slug = slug.strip_prefix('-').unwrap_or(&slug);
    let slug = slug.strip_suffix('-').unwrap_or(slug);
    if cased { slug.to_owned() } else { slug.to_lowercase() }
}

/// `utils.rb`: the slug's parts, each with its first letter large and the rest small.
pub fn titleize(slug: &str) -> String {
    let capitalize = |part: &str| {
        let mut chars = part.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().chain(chars.as_str().to_lowercase().chars()).collect::<String>())
            .unwrap_or_default()
    };
    slug.split('-').filter(|part| !part.is_empty()).map(capitalize).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_jekylls() {
        let cases = [
            ("Hello World!", "hello-world", "hello-world!"),
            ("C++ & .NET", "c-net", "c++-&-.net"),
            ("niño y 海", "niño-y-海", "niño-y-海"),
        ];
        for (text, default, pretty) in cases {
            assert_eq!(slugify(text, Mode::Default, false), default, "{text}");
            assert_eq!(slugify(text, Mode::Pretty, false), pretty, "{text}");
        }
        assert_eq!(titleize("the-BIG-day"), "The Big Day");
    }
}
