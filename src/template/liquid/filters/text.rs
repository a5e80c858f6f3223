//! Filters that make a text of a text.

use std::sync::LazyLock;

use regex::Regex;

use super::address::{form_decode, form_encode, normalize_component};
use crate::escape::escape_attribute;
use crate::slug::jekyll::{self, Mode};
use crate::template::liquid::expression::is_space;
use crate::template::liquid::number::to_integer;
use crate::template::liquid::value::LiquidValue;

pub fn apply<'v>(name: &str, input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> Option<LiquidValue<'v>> {
    let text = || input.to_text();
    let argument = |at: usize| arguments.get(at).map(LiquidValue::to_text).unwrap_or_default();
    if matches!(input, LiquidValue::Nil) && keeps_nil(name) {
        return Some(LiquidValue::Nil);
    }
    Some(LiquidValue::from(match name {
        "upcase" => text().to_uppercase(),
        "downcase" => text().to_lowercase(),
        "capitalize" => capitalize(&text()),
        "strip" => text().trim_start_matches(is_space).trim_end_matches(is_blank).to_owned(),
        "lstrip" => text().trim_start_matches(is_space).to_owned(),
        "rstrip" => text().trim_end_matches(is_blank).to_owned(),
        "strip_newlines" => text().replace("\r\n", "").replace('\n', ""),
        "newline_to_br" => text().replace('\n', "<br />\n"),
        "strip_html" => strip_html(&text()),
        "escape" | "h" => escape(&text()),
        "escape_once" => escape_once(&text()),
        "append" => text() + &argument(0),
        "prepend" => argument(0) + &text(),
        "replace" => replace(&text(), &argument(0), &argument(1), usize::MAX),
        "replace_first" => replace(&text(), &argument(0), &argument(1), 1),
        "remove" => text().replace(&argument(0), ""),
        "remove_first" => text().replacen(&argument(0), "", 1),
        "truncate" => truncate(&text(), arguments),
        "truncatewords" => return Some(truncate_words(input, arguments)),
        "url_encode" | "cgi_escape" => form_encode(&text()),
        "url_decode" => form_decode(&text()),
        "uri_escape" => normalize_component(&text(), ":/?#[]@!$&'()*+,;=-._~"),
        "xml_escape" => xml_escape(&text()),
        "slugify" => slugify(&text(), &argument(0)),
        "normalize_whitespace" => text().split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        "jsonify" => json(input),
        "inspect" => xml_escape(&input.inspect()),
        "split" => return Some(split(&text(), &argument(0))),
        "number_of_words" => return Some(LiquidValue::Int(words(&text(), &argument(0)) as i64)),
        _ => return None,
    }))
}

/// Filters that answer nothing to nothing, where others see an empty text.
fn keeps_nil(name: &str) -> bool {
    matches!(name, "escape" | "h" | "url_encode" | "url_decode" | "truncate" | "truncatewords" | "slugify")
}

/// Ruby strips null characters from the end as well.
fn is_blank(c: char) -> bool {
    is_space(c) || c == '\0'
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &chars.as_str().to_lowercase()
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    escape_attribute(text, &mut out);
    out.replace('\'', "&#39;")
}

/// Liquid (`HTML_ESCAPE_ONCE_REGEXP`): `&` is left where a name or a number and `;` follow.
fn escape_once(text: &str) -> String {
    static ENTITY: LazyLock<Regex> = LazyLock::new(|| Regex::new("^&([a-zA-Z]+|#[0-9]+);").expect("a valid pattern"));
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '&' if ENTITY.is_match(&text[at..]) => out.push('&'),
            c => out.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}

/// Ruby's `encode(xml: :attr)` without the quotes around it.
fn xml_escape(text: &str) -> String {
    let mut out = String::new();
    escape_attribute(text, &mut out);
    out
}

fn strip_html(text: &str) -> String {
    // scripts, styles and comments go with their content
    static BLOCKS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)<script.*?</script>|<!--.*?-->|<style.*?</style>").expect("a valid pattern"));
    static TAGS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<.*?>").expect("a valid pattern"));
    TAGS.replace_all(&BLOCKS.replace_all(text, ""), "").into_owned()
}

/// Ruby's `gsub` with texts: a backslash in the replacement has a meaning.
fn replace(text: &str, wanted: &str, by: &str, most: usize) -> String {
    if !by.contains('\\') {
        return text.replacen(wanted, by, most);
    }
    let mut out = String::new();
    let mut rest = 0;
    for (at, found) in text.match_indices(wanted).take(most) {
        out.push_str(&text[rest..at]);
        rest = at + found.len();
        let mut chars = by.chars();
        while let Some(c) = chars.next() {
            match (c, if c == '\\' { chars.clone().next() } else { None }) {
                ('\\', Some(next @ ('0'..='9' | '&' | '`' | '\'' | '\\'))) => {
                    chars.next();
                    out.push_str(match next {
                        '0' | '&' => found,
                        '`' => &text[..at],
                        '\'' => &text[rest..],
                        '\\' => "\\",
                        // there are no groups
                        _ => "",
                    });
                }
                (c, _) => out.push(c),
            }
        }
    }
    out + &text[rest..]
}

fn truncate(text: &str, arguments: &[LiquidValue<'_>]) -> String {
    let length = usize::try_from(arguments.first().map_or(50, to_integer)).unwrap_or(0);
    let ellipsis = arguments.get(1).map_or("...".to_owned(), LiquidValue::to_text);
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length.saturating_sub(ellipsis.chars().count())).collect();
    kept + &ellipsis
}

/// Liquid 4: a text of just as many words gets its dots as well.
fn truncate_words<'v>(input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> LiquidValue<'v> {
    let most = usize::try_from(arguments.first().map_or(15, to_integer)).unwrap_or(0).max(1);
    let ellipsis = arguments.get(1).map_or("...".to_owned(), LiquidValue::to_text);
    let text = input.to_text();
    let words: Vec<&str> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
    if words.len() < most { input.clone() } else { (words[..most].join(" ") + &ellipsis).into() }
}

/// Ruby's `split`: a space takes all white space, and empty parts at the end are left out.
fn split<'v>(text: &str, at: &str) -> LiquidValue<'v> {
    let parts: Vec<&str> = match at {
        " " => text.split(is_blank).filter(|word| !word.is_empty()).collect(),
        "" => text.split("").skip(1).collect(),
        at => text.split(at).collect(),
    };
    let end = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
    parts[..end].iter().map(|part| (*part).to_owned().into()).collect::<Vec<LiquidValue<'v>>>().into()
}

/// Jekyll (`utils.rb`): the modes, and lower case alone where it does not know the mode.
fn slugify(text: &str, mode: &str) -> String {
    let slugged = |text: &str, mode| jekyll::slugify(text, mode, false);
    match mode {
        "" | "default" => slugged(text, Mode::Default),
        "pretty" => slugged(text, Mode::Pretty),
        "raw" => slugged(text, Mode::Raw),
        "ascii" => slugged(text, Mode::Ascii),
        "latin" => slugged(&latin(text), Mode::Default),
        _ => text.to_lowercase(),
    }
}

/// I18n's `transliterate`: letters without their marks, and `?` for what is no Latin letter.
fn latin(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii() => out.push(c),
            'ß' => out.push_str("ss"),
            'Æ' => out.push_str("AE"),
            'æ' => out.push_str("ae"),
            'Œ' => out.push_str("OE"),
            'œ' => out.push_str("oe"),
            'Ø' => out.push('O'),
            'ø' => out.push('o'),
            'Đ' | 'Ð' => out.push('D'),
            'đ' | 'ð' => out.push('d'),
            'Ħ' => out.push('H'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ĸ' => out.push('k'),
            'Ŀ' | 'Ł' => out.push('L'),
            'ŀ' | 'ł' => out.push('l'),
            'Ŋ' => out.push_str("NG"),
            'ŋ' => out.push_str("ng"),
            'Þ' => out.push_str("Th"),
            'þ' => out.push_str("th"),
            'Ŧ' => out.push('T'),
            'ŧ' => out.push('t'),
            '×' => out.push('x'),
            // the table ends with these letters
            '\u{c0}'..='\u{17e}' => out.extend(std::iter::once(c).nfd().filter(char::is_ascii)),
            _ => out.push('?'),
        }
    }
    out
}

/// Jekyll (`number_of_words`): words by white space; with `cjk` and `auto` each Chinese, Japanese and Korean character
/// is one.
fn words(text: &str, mode: &str) -> usize {
    static CJK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{Han}\p{Katakana}\p{Hiragana}\p{Hangul}]").expect("a valid pattern"));
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[^\p{Han}\p{Katakana}\p{Hiragana}\p{Hangul} \t\r\n\x0B\x0C]+").expect("a valid pattern")
    });
    let by_space = || text.split(is_blank).filter(|word| !word.is_empty()).count();
    match mode {
        "cjk" => CJK.find_iter(text).count() + OTHERS.find_iter(text).count(),
        "auto" => match CJK.find_iter(text).count() {
            0 => by_space(),
            cjk => cjk + OTHERS.find_iter(text).count(),
        },
        _ => by_space(),
    }
}

fn json(value: &LiquidValue<'_>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        LiquidValue::Nil => "null".to_owned(),
        LiquidValue::Text(text) => quoted(text),
        LiquidValue::List(items) => format!("[{}]", items.iter().map(|item| json(&item)).collect::<Vec<_>>().join(",")),
        LiquidValue::Map(map) => {
            let pairs = map.entries().into_iter().map(|(key, value)| format!("{}:{}", quoted(&key), json(&value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
        LiquidValue::Bool(_) | LiquidValue::Int(_) | LiquidValue::Float(_) => value.to_text(),
        other => quoted(&other.to_text()),
    }
}
