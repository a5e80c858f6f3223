//! Finding shortcodes, as Hugo and Zola do before they read Markdown: in code too.

use std::collections::HashMap;
use std::ops::Range;

use super::Form;

/// A shortcode, or the end of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: MarkKind,
}

/// What a mark is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkKind {
    /// A shortcode.
    Open {
        /// Its name.
        name: String,
        /// Its arguments: `value`, or `key=value`.
        args: Vec<Argument>,
        /// Its output is read as Markdown (Hugo's `{{% %}}`).
        is_markdown: bool,
        /// It can have a body.
        may_have_body: bool,
    },
    /// The end of the last one of the name; in Zola of any.
    Close(String),
    /// A shortcode that is to be shown as text: what is shown.
    Shown(String),
}

/// An argument of a shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its key, where it has one.
    pub key: Option<String>,
    /// Its value without quotes.
    pub value: String,
}

/// Every mark of a text, in order.
pub fn marks(text: &str, form: Form) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        let mark = match form {
            Form::Hugo => hugo(&text[start..]),
            Form::Zola => zola(&text[start..]),
        };
        at = match mark {
            Some((kind, length)) => {
                marks.push(Mark { range: start..start + length, kind });
                start + length
            }
            None => start + 1,
        };
    }
    marks
}

/// For each mark that opens a body, the one that closes it.
pub fn pairs(marks: &[Mark]) -> HashMap<usize, usize> {
    let mut pairs = HashMap::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (at, mark) in marks.iter().enumerate() {
        match &mark.kind {
            MarkKind::Open { name, may_have_body: true, .. } => {
                open.push((at, name));
                *counts.entry(name).or_default() += 1;
            }
            // what stands between has no end of its own
            MarkKind::Close(name) => {
                if !name.is_empty() && counts.get(name.as_str()).is_none_or(|count| *count == 0) {
                    continue;
                }
                while let Some((opened, other)) = open.pop() {
                    *counts.entry(other).or_default() -= 1;
                    if name.is_empty() || other == name {
                        pairs.insert(opened, at);
                        break;
                    }
                }
            }
            MarkKind::Open { .. } | MarkKind::Shown(_) => {}
        }
    }
    pairs
}

/// Hugo (`pageparser/pagelexer_shortcode.go`): `{{< name args >}}`, `{{% name args %}}`, `{{< /name >}}`, `{{< name />}}`; with
/// a comment in it, `{{</* name */>}}`, it is shown.
fn hugo(text: &str) -> Option<(MarkKind, usize)> {
    let (closer, is_markdown) = match text.get(..3)? {
        "{{<" => (">}}", false),
        "{{%" => ("%}}", true),
        _ => return None,
    };
    let rest = &text[3..];
    let mut reader = Reader { text: rest, at: 0 };
    if reader.takes("/*") {
        return shown(&reader, &text[..3], closer);
    }
    reader.blanks();
    let closes = reader.takes("/");
    reader.blanks();
    let name = reader.word(|c| !c.is_whitespace() && !matches!(c, '<' | '>' | '%' | '"' | '`' | '{' | '}' | '='))?;
    let name = name.strip_suffix('/').map_or((name, false), |name| (name, true));
    let (name, mut closed_at_once) = name;
    let mut args = Vec::new();
    loop {
        reader.blanks();
        if reader.takes("/") && reader.text[reader.at..].starts_with(closer) {
            closed_at_once = true;
        }
        if reader.takes(closer) {
            break;
        }
        // another one begins: this one has no end
        if reader.rest().starts_with("{{<") || reader.rest().starts_with("{{%") {
            return None;
        }
        args.push(reader.argument(closer)?);
    }
    let kind = if closes {
        MarkKind::Close(name.to_owned())
    } else {
        MarkKind::Open { name: name.to_owned(), args, is_markdown, may_have_body: !closed_at_once }
    };
    Some((kind, 3 + reader.at))
}

/// Zola (`shortcode/parser.rs`): `{{ name(key=value) }}`, `{% name(key=value) %}` with a body up to `{% end %}`; with a comment in
/// it, `{{/* name() */}}`, it is shown.
fn zola(text: &str) -> Option<(MarkKind, usize)> {
    let (closer, may_have_body) = match text.get(..2)? {
        "{{" => ("}}", false),
        "{%" => ("%}", true),
        _ => return None,
    };
    let rest = &text[2..];
    let mut reader = Reader { text: rest, at: 0 };
    if reader.takes("/*") {
        return shown(&reader, &text[..2], closer);
    }
    reader.takes("-");
    reader.blanks();
    let name = reader.word(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))?.to_owned();
    reader.blanks();
    let ends = |reader: &mut Reader<'_>| {
        reader.blanks();
        reader.takes("-");
        reader.takes(closer)
    };
    if may_have_body && name == "end" && ends(&mut reader) {
        return Some((MarkKind::Close(String::new()), 2 + reader.at));
    }
    if !reader.takes("(") {
        return None;
    }
    let mut args = Vec::new();
    loop {
        reader.blanks();
        if reader.takes(")") {
            break;
        }
        let key = reader.word(|c| c.is_alphanumeric() || c == '_')?.to_owned();
        reader.blanks();
        if !reader.takes("=") {
            return None;
        }
        reader.blanks();
        let value = reader.literal()?;
        args.push(Argument { key: Some(key), value });
        reader.blanks();
        reader.takes(",");
    }
    ends(&mut reader).then(|| (MarkKind::Open { name, args, is_markdown: false, may_have_body }, 2 + reader.at))
}

/// A shortcode in a comment, which `reader` has entered: it is shown without the comment's marks.
fn shown(reader: &Reader<'_>, opener: &str, closer: &str) -> Option<(MarkKind, usize)> {
    let (inside, _) = reader.rest().split_once(&format!("*/{closer}"))?;
    let length = opener.len() + "/*".len() + inside.len() + "*/".len() + closer.len();
    Some((MarkKind::Shown(format!("{opener}{inside}{closer}")), length))
}

/// A text that is read from the front. No shortcode is longer than this, so that the work is bounded.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// So many bytes are looked at for the end of a shortcode.
const LONGEST: usize = 4 << 10;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        let end = self.text.floor_char_boundary(LONGEST.min(self.text.len()));
        self.text.get(self.at..end).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, mark: &str) -> bool {
        let is_there = self.rest().starts_with(mark);
        self.at += if is_there { mark.len() } else { 0 };
        is_there
    }

    fn word(&mut self, fits: impl Fn(char) -> bool) -> Option<&'a str> {
        let rest = self.rest();
        let word = &rest[..rest.find(|c| !fits(c)).unwrap_or(rest.len())];
        self.at += word.len();
        (!word.is_empty()).then_some(word)
    }

    /// What stands in quotes.
    fn quoted(&mut self) -> Option<String> {
        let rest = self.rest();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let mut value = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.at += at + 1;
                return Some(value);
            }
            match c {
                '\\' if quote == '"' => match chars.next() {
                    Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                    Some((_, other)) => value.extend(['\\', other]),
                    None => return None,
                },
                c => value.push(c),
            }
        }
        None
    }

    /// `value`, `"value"`, `key=value` or `key="value"` (Hugo).
    fn argument(&mut self, closer: &str) -> Option<Argument> {
        if let Some(value) = self.quoted() {
            return Some(Argument { key: None, value });
        }
        let end = closer.chars().next()?;
        let plain = |c: char| !c.is_whitespace() && c != '"' && c != '`' && c != '=';
        let mut word = self.word(|c| plain(c) && c != end)?.to_owned();
        if self.takes("=") {
            self.blanks();
            let value = match self.quoted() {
                Some(value) => value,
                None => self.word(|c| !c.is_whitespace() && c != end)?.to_owned(),
            };
            return Some(Argument { key: Some(word), value });
        }
        // a mark of the end that does not end it is part of the value
        while self.rest().starts_with(end) && !self.rest().starts_with(closer) {
            self.at += end.len_utf8();
            word.push(end);
            word.push_str(self.word(|c| plain(c) && c != end).unwrap_or_default());
        }
        Some(Argument { key: None, value: word })
    }

    /// A string, number, truth or list of such (Zola).
    fn literal(&mut self) -> Option<String> {
        if let Some(value) = self.quoted() {
            return Some(value);
        }
        if self.takes("[") {
            let mut items = Vec::new();
            loop {
                self.blanks();
                if self.takes("]") {
                    return serde_json::to_string(&items).ok();
                }
                items.push(self.literal()?);
                self.blanks();
                self.takes(",");
            }
        }
        self.word(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+')).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, form: Form) -> Vec<String> {
        let tell = |mark: Mark| match mark.kind {
            MarkKind::Open { name, args, .. } => {
                let args = args.iter().map(|arg| match &arg.key {
                    Some(key) => format!("{key}={}", arg.value),
                    None => arg.value.clone(),
                });
                std::iter::once(name).chain(args).collect::<Vec<_>>().join("|")
            }
            MarkKind::Close(name) => format!("/{name}"),
            MarkKind::Shown(shown) => shown,
        };
        marks(text, form).into_iter().map(tell).collect()
    }

    #[test]
    fn shortcodes_of_hugo_are_found() {
        for (text, expected) in [
            ("a {{< figure src=\"a b.png\" alt=x >}} b", vec!["figure|src=a b.png|alt=x"]),
            ("{{% note %}}b{{% /note %}}", vec!["note", "/note"]),
            ("{{<youtube w7Ft2ymGmfc>}}", vec!["youtube|w7Ft2ymGmfc"]),
            ("{{< x `raw \"q\"` \"a \\\" b\" />}}", vec!["x|raw \"q\"|a \" b"]),
            ("{{</* x 1 */>}}", vec!["{{< x 1 >}}"]),
            ("{{ x }} {{< }} {{<", vec![]),
            ("{{< gist a b.go >}}", vec!["gist|a|b.go"]),
            ("{{< ref \"/posts/a.md#x\" >}}", vec!["ref|/posts/a.md#x"]),
            ("{{< br / >}}", vec![]),
        ] {
            assert_eq!(told(text, Form::Hugo), expected, "{text}");
        }
    }

    #[test]
    fn shortcodes_of_zola_are_found() {
        for (text, expected) in [
            ("{{ youtube(id=\"x\", autoplay=true) }}", vec!["youtube|id=x|autoplay=true"]),
            ("{% quote(author='a') %}b{% end %}", vec!["quote|author=a", "/"]),
            ("{{ x() }}{{ y }}{{ 1 + 1 }}", vec!["x"]),
            ("{{/* x() */}}", vec!["{{ x() }}"]),
            ("{{ x(a=[1, \"b\"]) }}", vec!["x|a=[\"1\",\"b\"]"]),
        ] {
            assert_eq!(told(text, Form::Zola), expected, "{text}");
        }
    }

    #[test]
    fn bodies_are_found() {
        let marks = marks("{{< a >}}{{< b >}}{{< a >}}x{{< /a >}}{{< /a >}}{{< /c >}}", Form::Hugo);
        let mut pairs: Vec<(usize, usize)> = pairs(&marks).into_iter().collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(0, 4), (2, 3)]);
    }
}
