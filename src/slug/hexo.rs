//! Hexo's slugs (`hexo-util/slugize`).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Which case a slug is put in (`filename_case`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// As written.
    #[default]
    Keep,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
}

/// Hexo: diacritics off Latin letters, control characters dropped, runs of special characters become one `-`,
/// none at the edges. Letters of other scripts stay.
pub fn slugize(text: &str, case: Case) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c < ' ' {
            // tabs and line ends are control characters before they are white space
            continue;
        }
        if is_special(c) {
            if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        } else {
            push_without_diacritic(c, &mut slug);
        }
    }
    let slug = slug.trim_end_matches('-');
    match case {
        Case::Keep => slug.to_owned(),
        Case::Lower => slug.to_lowercase(),
        Case::Upper => slug.to_uppercase(),
    }
}

fn is_special(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}' || "~`!@#$%^&*()-_+=[]{}|\\;:\"'<>,.?/".contains(c)
}

/// The diacritics map covers Latin letters only: `é` is `e`, `й` stays.
fn push_without_diacritic(c: char, out: &mut String) {
    let latin = ('\u{c0}'..='\u{24f}').contains(&c) || ('\u{1e00}'..='\u{1eff}').contains(&c);
    if !latin {
        out.push(c);
        return;
    }
    match c {
        'Æ' => out.push_str("AE"),
        'æ' => out.push_str("ae"),
        'Œ' => out.push_str("OE"),
        'œ' => out.push_str("oe"),
        'Ø' => out.push('O'),
        'ø' => out.push('o'),
        'ß' => out.push('s'),
        'Đ' | 'Ð' => out.push('D'),
        'đ' => out.push('d'),
        'Ł' => out.push('L'),
        'ł' => out.push('l'),
        'ı' => out.push('i'),
        c => out.extend(c.nfd().filter(|c| !is_combining_mark(*c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_hexos() {
        let cases = [
            ("Hello World", "Hello-World"),
            ("  a -- b  ", "a-b"),
            ("C++ & C#", "C-C"),
            ("第一 篇：文章", "第一-篇：文章"),
            ("Ångström café", "Angstrom-cafe"),
            ("sub/2020-01-01-x", "sub-2020-01-01-x"),
            ("a\tb", "ab"),
        ];
        for (text, expected) in cases {
            assert_eq!(slugize(text, Case::Keep), expected, "{text}");
        }
        assert_eq!(slugize("Ab Cd", Case::Lower), "ab-cd");
    }
}
