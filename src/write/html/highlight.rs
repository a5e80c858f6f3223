//! The words of code in classes, at build time: what is shown is coloured by the stylesheet, and what is copied is what was
//! typed.
//!
//! Comments, strings, numbers, keywords and what is called are told apart by what `templates/languages.toml` says of a
//! language, which is what colours are for; code is read once, from the front. (What whole grammars
//! cost, by `syntect`, is in ARCHITECTURE.md.)

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use html5gum::{Token, Tokenizer};
use serde::Deserialize;

use crate::escape::escape_text;
use crate::tree::tokens::bounded;

/// The classes are those that Pygments and Hugo write, so that one stylesheet does for all.
mod class {
    pub const COMMENT: &str = "c";
    pub const STRING: &str = "s";
    pub const NUMBER: &str = "m";
    pub const KEYWORD: &str = "k";
    pub const LITERAL: &str = "kc";
    pub const CALLED: &str = "nf";
    pub const KEY: &str = "na";
    pub const TAG: &str = "nt";
    pub const DIRECTIVE: &str = "cp";
    pub const INSERTED: &str = "gi";
    pub const DELETED: &str = "gd";
    pub const HUNK: &str = "gu";
}

/// What is known of a language; `templates/languages.toml` says what the fields mean.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Language {
    names: Vec<String>,
    line: Vec<String>,
    block: Vec<(String, String)>,
    strings: Vec<char>,
    long: Vec<(String, String)>,
    keywords: Words,
    literals: Words,
    ignore_case: bool,
    keys: bool,
    directive: Vec<String>,
    markup: bool,
    diff: bool,
}

/// Words, in the file with spaces between them.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "String")]
struct Words(HashSet<String>);

impl From<String> for Words {
    fn from(words: String) -> Self {
        Words(words.split_whitespace().map(str::to_owned).collect())
    }
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        language: Vec<Language>,
    }
    // the file is part of the program; a test reads it
    let file: Option<File> = toml::from_str(include_str!("../../../templates/languages.toml")).ok();
    file.map(|file| file.language).unwrap_or_default()
});

static NAMES: LazyLock<HashMap<&str, &Language>> = LazyLock::new(|| {
    let names = |language: &'static Language| language.names.iter().map(move |name| (name.as_str(), language));
    LANGUAGES.iter().flat_map(names).collect()
});

/// Puts the words of every block of code into classes whose language is named and known. Nothing else of the text changes;
/// `None` where nothing does.
pub fn highlight(text: &str) -> Option<String> {
    const OPEN: &str = "<pre><code class=\"language-";
    const CLOSE: &str = "</code></pre>";
    let mut out: Option<String> = None;
    let (mut done, mut from) = (0, 0);
    while let Some(open) = text[from..].find(OPEN).map(|at| from + at) {
        let named = open + OPEN.len();
        let Some(quote) = text[named..].find('"').map(|at| named + at) else { break };
        from = quote;
        let Some(start) = text[quote..].strip_prefix("\">").map(|_| quote + 2) else { continue };
        let Some(end) = text[start..].find(CLOSE).map(|at| start + at) else { break };
        from = end;
        if let Some(classed) = classed(&text[named..quote], &text[start..end]) {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len() * 2));
            // where the stylesheet looks for it
            out.push_str(&text[done..open]);
            out.push_str("<pre class=\"highlight\"><code class=\"language-");
            out.push_str(&text[named..start]);
            out.push_str(&classed);
            done = end;
        }
    }
    out.map(|mut out| {
        out.push_str(&text[done..]);
        out
    })
}

/// The same code with its words in classes; `None` where its language is not known, or it has marks of its own.
fn classed(language: &str, code: &str) -> Option<String> {
    let name = language.split([' ', ',', '{', ':']).next().unwrap_or("").to_lowercase();
    let language = NAMES.get(name.as_str())?;
    if code.contains('<') {
        return None;
    }
    let typed = text_of(code);
    let mut out = Out { text: String::with_capacity(code.len() * 2), plain: 0, code: &typed };
    match language {
        Language { diff: true, .. } => lines_of_diff(&mut out),
        Language { markup: true, .. } => Reader { language, at: 0, begins_line: true }.markup(&mut out),
        _ => Reader { language, at: 0, begins_line: true }.read(&mut out),
    }
    out.plain_until(typed.len());
    Some(out.text)
}

/// What the text of a block of code stands for.
fn text_of(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    for token in Tokenizer::new(&*bounded(code)).flatten() {
        if let Token::String(part) = token {
            text.push_str(&String::from_utf8_lossy(&part));
        }
    }
    text
}

/// Code as it is written down: words in their classes, and what is between them as it is.
struct Out<'c> {
    text: String,
    /// What has not been written down yet begins here.
    plain: usize,
    code: &'c str,
}

impl Out<'_> {
    fn plain_until(&mut self, at: usize) {
        escape_text(&self.code[self.plain..at], &mut self.text);
        self.plain = at;
    }

    fn word(&mut self, from: usize, to: usize, class: &str) {
        self.plain_until(from);
        self.text.push_str("<span class=\"");
        self.text.push_str(class);
        self.text.push_str("\">");
        escape_text(&self.code[from..to], &mut self.text);
        self.text.push_str("</span>");
        self.plain = to;
    }
}

fn lines_of_diff(out: &mut Out<'_>) {
    let mut at = 0;
    for line in out.code.split_inclusive('\n') {
        let end = at + line.trim_end_matches('\n').len();
        let class = match line.as_bytes().first() {
            Some(b'+') => Some(class::INSERTED),
            Some(b'-') => Some(class::DELETED),
            Some(b'@') => Some(class::HUNK),
            _ => None,
        };
        if let Some(class) = class {
            out.word(at, end, class);
        }
        at += line.len();
    }
}

/// A reader of code, from the front.
struct Reader {
    language: &'static Language,
    at: usize,
    /// Whether only space stands before it on its line.
    begins_line: bool,
}

/// A string that does not end within this is none: so much is looked through for every quotation mark.
const LONGEST_STRING: usize = 400;

impl Reader {
    fn read(&mut self, out: &mut Out<'_>) {
        let code = out.code;
        while let Some(first) = code[self.at..].chars().next() {
            let from = self.at;
            if let Some((to, class)) = self.longer(code) {
                out.word(from, to, class);
                self.at = to;
            } else if first.is_ascii_digit() {
                self.at += length(&code[from..], |c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
                out.word(from, self.at, class::NUMBER);
            } else if is_of_word(first) || matches!(first, '@' | '!') {
                let rest = &code[from + first.len_utf8()..];
                self.at += first.len_utf8()
                    + length(rest, |c| is_of_word(c) || matches!(c, '-' | '?' | '!' | '*') && self.has_odd_words());
                if let Some(class) = self.class_of(&code[from..self.at], &code[self.at..]) {
                    out.word(from, self.at, class);
                }
            } else {
                self.at += first.len_utf8();
            }
            let (before, line) =
                code[from..self.at].rsplit_once('\n').map_or((false, &code[from..self.at]), |(_, line)| (true, line));
            self.begins_line = (before || self.begins_line) && line.trim().is_empty();
        }
    }

    /// Words with dashes in them: of languages of whose keywords any has one, or that have keys.
    fn has_odd_words(&self) -> bool {
        self.language.keys || self.language.keywords.0.contains("use-package")
    }

    fn class_of(&self, word: &str, behind: &str) -> Option<&'static str> {
        let Language { keywords, literals, ignore_case, keys, .. } = self.language;
        let lower = ignore_case.then(|| word.to_lowercase());
        let word = lower.as_deref().unwrap_or(word);
        let next = behind.trim_start_matches([' ', '\t']).chars().next();
        match () {
            () if *keys && matches!(next, Some(':' | '=')) => Some(class::KEY),
            () if keywords.0.contains(word) => Some(class::KEYWORD),
            () if literals.0.contains(word) => Some(class::LITERAL),
            () if behind.starts_with('(') => Some(class::CALLED),
            () => None,
        }
    }

    /// A comment, a string or a line for the compiler: where it ends, and its class.
    fn longer(&self, code: &str) -> Option<(usize, &'static str)> {
        let (at, language) = (self.at, self.language);
        let rest = &code[at..];
        let line_end = || at + rest.find('\n').unwrap_or(rest.len());
        let between = |(open, close): &(String, String)| {
            let inner = rest.strip_prefix(open.as_str())?;
            // what is not closed goes on to the end
            Some(inner.find(close.as_str()).map_or(code.len(), |end| at + open.len() + end + close.len()))
        };
        if let Some(end) = language.block.iter().find_map(between) {
            return Some((end, class::COMMENT));
        }
        if let Some(end) = language.long.iter().find_map(between) {
            return Some((end, class::STRING));
        }
        // `$#`, `a#b`, `http://`
        let apart = code[..at]
            .chars()
            .next_back()
            .is_none_or(|before| before.is_whitespace() || matches!(before, ';' | '{' | '}' | ')' | ','));
        if apart && language.line.iter().any(|mark| rest.starts_with(mark.as_str())) {
            return Some((line_end(), class::COMMENT));
        }
        if self.begins_line && language.directive.iter().any(|mark| rest.starts_with(mark.as_str())) {
            return Some((line_end(), class::DIRECTIVE));
        }
        let quote = rest.chars().next().filter(|first| language.strings.contains(first))?;
        let end = at + closed(rest, quote)?;
        let is_key = language.keys && code[end..].trim_start_matches(' ').starts_with(':');
        Some((end, if is_key { class::KEY } else { class::STRING }))
    }

    /// Text with tags: comments, names of tags and attributes, and what stands between quotes.
    fn markup(&mut self, out: &mut Out<'_>) {
        let code = out.code;
        while let Some(open) = code[self.at..].find('<').map(|at| self.at + at) {
            self.at = open + 1;
            if code[open..].starts_with("<!--") {
                self.at = code[open..].find("-->").map_or(code.len(), |end| open + end + 3);
                out.word(open, self.at, class::COMMENT);
                continue;
            }
            let name = open + 1 + length(&code[open + 1..], |c| matches!(c, '/' | '?' | '!'));
            let end = name + length(&code[name..], |c| is_of_word(c) || matches!(c, '-' | ':' | '.'));
            if end > name {
                out.word(name, end, class::TAG);
                self.at = end;
                self.attributes(out);
            }
        }
    }

    fn attributes(&mut self, out: &mut Out<'_>) {
        let code = out.code;
        while let Some(first) = code[self.at..].chars().next().filter(|first| !matches!(first, '<' | '>')) {
            let from = self.at;
            if matches!(first, '"' | '\'') {
                let inner = &code[from + 1..];
                self.at = inner.find(first).map_or(code.len(), |end| from + 1 + end + 1);
                out.word(from, self.at, class::STRING);
            } else if is_of_word(first) || matches!(first, '@' | ':' | '#') {
                self.at += first.len_utf8();
                self.at += length(&code[self.at..], |c| is_of_word(c) || matches!(c, '-' | ':' | '.' | '@'));
                if code[self.at..].starts_with('=') {
                    out.word(from, self.at, class::KEY);
                }
            } else {
                self.at += first.len_utf8();
            }
        }
    }
}

/// How long a string is that a text begins with; `None` where it does not end.
fn closed(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).take(LONGEST_STRING);
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' => return None,
            '\\' if chars.next()?.1 == '\n' => return None,
            '\\' => {}
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// How many bytes of a text, from its beginning, are of a kind.
fn length(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !is(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(language: &str, code: &str) -> String {
        let mut escaped = String::new();
        escape_text(code, &mut escaped);
        format!("a<pre><code class=\"language-{language}\">{escaped}</code></pre>b")
    }

    /// Words with their classes behind them, as `word:class`.
    fn shown(language: &str, text: &str) -> String {
        let out = highlight(&code(language, text)).unwrap_or_default();
        let spans = out.split("<span class=\"").skip(1).filter_map(|span| span.split_once("</span>"));
        let word =
            |(span, _): (&str, &str)| span.split_once("\">").map(|(class, text)| format!("{}:{class}", text_of(text)));
        spans.filter_map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_told_apart() {
        for (language, text, expected) in [
            ("js", "// x < y\nconst a = f(\"&\", 'b\\'c', 1.5);", "// x < y:c const:k f:nf \"&\":s 'b\\'c':s 1.5:m"),
            ("js", "`a\nb` /* c\nd */ null", "`a\nb`:s /* c\nd */:c null:kc"),
            ("js", "don't http://a", ""),
            ("Python", "def f(x): # y\n    '''a\nb'''", "def:k f:nf # y:c '''a\nb''':s"),
            ("sh", "echo $# \"a\" # b", "echo:k \"a\":s # b:c"),
            ("c++", "#include <a>\nint x = 'c';", "#include <a>:cp int:k 'c':s"),
            ("rust", "fn f<'a>(x: &'a str) {}", "fn:k str:k"),
            ("SQL", "SELECT a FROM b -- c", "SELECT:k FROM:k -- c:c"),
            ("json", "{\"a\": [true, \"b\", 1]}", "\"a\":na true:kc \"b\":s 1:m"),
            ("yaml", "a-b: c # d\n", "a-b:na # d:c"),
            ("css", "a { font-size: 1px; }", "font-size:na 1px:m"),
            ("html", "<!-- a --><p class=\"b\">x</p>", "<!-- a -->:c p:nt class:na \"b\":s p:nt"),
            ("diff", "@@ 1\n+a\n-b\n c\n", "@@ 1:gu +a:gi -b:gd"),
            ("objc", "@interface A : B", "@interface:k"),
        ] {
            assert_eq!(shown(language, text), expected, "{language}: {text}");
        }
    }

    #[test]
    fn what_is_in_no_known_language_stays_as_it_is() {
        for language in ["text", "描述", "plaintext", ""] {
            assert_eq!(highlight(&code(language, "if a")), None, "{language}");
        }
        for text in
            ["<p>a</p>", "<pre><code class=\"language-js\">", "<pre><code class=\"language-js\"><b>if</b></code></pre>"]
        {
            assert_eq!(highlight(text), None, "{text}");
        }
    }

    #[test]
    fn no_name_stands_for_two_languages() {
        let mut seen = HashSet::new();
        assert!(LANGUAGES.len() > 30);
        for name in LANGUAGES.iter().flat_map(|language| &language.names) {
            assert!(seen.insert(name), "{name}");
        }
    }

    #[test]
    fn long_lines_of_one_mark_are_read_in_one_go() {
        for shape in ["#", "\"\\", "\\\"", "/*", "'", "`", "a(", "<", "<a ", "--", " #"] {
            let text = shape.repeat(40_000);
            for language in ["js", "c", "sh", "sql", "html", "php"] {
                assert!(highlight(&code(language, &text)).is_some(), "{shape}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn the_text_of_code_never_changes(text in "([ -~\n\t\u{4e00}-\u{4e05}]|/\\*|\\*/|\"\"\"|<!--|-->){0,60}", at in 0..LANGUAGES.len()) {
            let name = &LANGUAGES[at].names[0];
            let out = highlight(&code(name, &text)).unwrap();
            proptest::prop_assert_eq!(text_of(&out), format!("a{text}b"));
        }
    }
}
