//! Commands that a page defines for its own formulas: MathJax and KaTeX know them from there on.

use std::collections::HashMap;

use memchr::memmem;

/// A formula grows no longer by them: commands that stand for two others each would double it with every one.
const LONGEST: usize = 16 << 10;

/// What MathJax knows and the library does not, by what comes nearest: for the sizes, nothing.
const ALSO: [(&str, usize, &str); 11] = [
    ("pmb", 1, "\\boldsymbol{#1}"),
    ("widetilde", 1, "\\tilde{#1}"),
    ("LaTeX", 0, "\\text{LaTeX}"),
    ("tiny", 0, ""),
    ("scriptsize", 0, ""),
    ("small", 0, ""),
    ("normalsize", 0, ""),
    ("large", 0, ""),
    ("Large", 0, ""),
    ("LARGE", 0, ""),
    ("huge", 0, ""),
];

/// What a page has defined so far.
pub struct Macros(HashMap<String, Macro>);

impl Default for Macros {
    fn default() -> Self {
        let known = |(name, arguments, body): (&str, usize, &str)| {
            (name.to_owned(), Macro { arguments, body: body.to_owned() })
        };
        Macros(ALSO.into_iter().map(known).collect())
    }
}

struct Macro {
    arguments: usize,
    body: String,
}

impl Macros {
    /// Takes the definitions out of a formula: `\def`, `\newcommand` and its kin, `\DeclareMathOperator` (MathJax's
    /// `newcommand` and `ams` packages).
    pub fn take(&mut self, tex: &str) -> String {
        let mut rest = String::with_capacity(tex.len());
        let mut done = 0;
        for start in memmem::find_iter(tex.as_bytes(), b"\\") {
            if start < done {
                continue;
            }
            let Some((name, defined, length)) = definition(&tex[start + 1..]) else { continue };
            rest.push_str(&tex[done..start]);
            done = start + 1 + length;
            // the last one is in force
            self.0.insert(name, defined);
        }
        rest.push_str(&tex[done..]);
        rest
    }

    /// A formula with all of them replaced by what they stand for; `None` where that has no end.
    pub fn expand(&self, tex: &str) -> Option<String> {
        const MOST_STEPS: usize = 2_000;
        if !self.0.keys().any(|name| memmem::find(tex.as_bytes(), name.as_bytes()).is_some()) {
            return Some(tex.to_owned());
        }
        let mut out = String::new();
        let mut rest = tex.to_owned();
        for _ in 0..MOST_STEPS {
            let Some(at) = rest.find('\\') else {
                out.push_str(&rest);
                return Some(out);
            };
            let mut reader = Reader { text: &rest, at: at + 1 };
            out.push_str(&rest[..at]);
            let word = reader.word();
            let shown = word.and_then(|word| self.0.get(word)).and_then(|known| {
                let arguments: Option<Vec<&str>> = (0..known.arguments).map(|_| reader.argument()).collect();
                Some(filled(&known.body, &arguments?))
            });
            rest = match shown {
                Some(shown) => {
                    let after = reader.rest();
                    // a command ends where letters end
                    let joins = shown.ends_with(|c: char| c.is_ascii_alphabetic())
                        && after.starts_with(|c: char| c.is_ascii_alphabetic());
                    format!("{shown}{}{after}", if joins { " " } else { "" })
                }
                None => {
                    // a word, or a mark of one character
                    let mark = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
                    let end = at + 1 + word.map_or(mark, str::len);
                    out.push_str(&rest[at..end]);
                    rest[end..].to_owned()
                }
            };
            if out.len() + rest.len() > LONGEST {
                return None;
            }
        }
        None
    }
}

/// A body with its `#1` and so on.
fn filled(body: &str, arguments: &[&str]) -> String {
    let mut filled = body.to_owned();
    for (at, argument) in arguments.iter().enumerate().rev() {
        filled = filled.replace(&format!("#{}", at + 1), argument);
        filled.truncate(filled.floor_char_boundary(LONGEST + 1));
    }
    filled
}

/// A definition at the start of a text: its name, what it stands for, and how long it is.
fn definition(text: &str) -> Option<(String, Macro, usize)> {
    let mut reader = Reader { text, at: 0 };
    let kind = reader.word()?;
    reader.eat("*");
    let braced = reader.eat("{");
    if !reader.eat("\\") {
        return None;
    }
    let name = reader.word()?.to_owned();
    if braced && !reader.eat("}") {
        return None;
    }
    let mut arguments = 0;
    let body = match kind {
        "def" => {
            while reader.eat("#") {
                reader.at += 1;
                arguments += 1;
            }
            reader.group()?.to_owned()
        }
        "newcommand" | "renewcommand" | "providecommand" => {
            if reader.eat("[") {
                let count = &reader.rest()[..memchr::memchr(b']', reader.rest().as_bytes())?];
                reader.at += count.len() + 1;
                arguments = count.trim().parse().ok().filter(|count| *count < 10)?;
            }
            reader.group()?.to_owned()
        }
        "DeclareMathOperator" => format!("\\operatorname{{{}}}", reader.group()?),
        _ => return None,
    };
    (arguments < 10).then_some((name, Macro { arguments, body }, reader.at))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn eat(&mut self, mark: &str) -> bool {
        let rest = self.rest();
        let space = rest.len() - rest.trim_start().len();
        let is_next = rest[space..].starts_with(mark);
        if is_next {
            self.at += space + mark.len();
        }
        is_next
    }

    fn word(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        self.at += length;
        Some(&rest[..length]).filter(|word| !word.is_empty())
    }

    fn group(&mut self) -> Option<&'t str> {
        if !self.eat("{") {
            return None;
        }
        let rest = self.rest();
        let length = super::end(rest, "", "}")?.end;
        self.at += length + 1;
        Some(&rest[..length])
    }

    /// A group, or else a single character or command.
    fn argument(&mut self) -> Option<&'t str> {
        if let Some(group) = self.group() {
            return Some(group);
        }
        self.eat("");
        let start = self.at;
        if self.eat("\\") && self.word().is_some() {
            return Some(&self.text[start..self.at]);
        }
        self.at = start + self.text.get(start..)?.chars().next()?.len_utf8();
        Some(&self.text[start..self.at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_taken_out_and_stand_for_what_they_say() {
        for (tex, expected) in [
            ("\\def\\a{b {c}} \\a x\\a", "b {c} xb {c}"),
            ("\\newcommand{\\E}[1]{\\mathbb{#1}} \\E{x} \\E y", "\\mathbb{x} \\mathbb{y}"),
            ("\\newcommand\\R{1}\\renewcommand{\\R}{\\pi} \\R x\\Rx", "\\pi x\\Rx"),
            ("\\DeclareMathOperator*{\\argmin}{arg\\,min} \\argmin_x", "\\operatorname{arg\\,min}_x"),
            ("\\def\\x#1#2{#2 #1} \\x ab", "b a"),
            ("\\frac{1}{2} \\def \\{ \\\\", "\\frac{1}{2} \\def \\{ \\\\"),
            ("\\def\\a{open", "\\def\\a{open"),
            ("{\\small\\pmb x}", "{\\boldsymbol{x}}"),
        ] {
            let mut macros = Macros::default();
            let rest = macros.take(tex);
            assert_eq!(macros.expand(rest.trim_start()).as_deref(), Some(expected), "{tex}");
        }
    }

    #[test]
    fn what_stands_for_itself_or_doubles_has_no_end() {
        let doubling: String = (b'b'..=b'z')
            .map(|at| (at as char, at as char, (at - 1) as char))
            .fold("\\def\\a{x}".to_owned(), |all, (name, _, before)| {
                all + &format!("\\def\\{name}{{\\{before}\\{before}}}")
            });
        for tex in
            [format!("{doubling}\\z"), "\\def\\a{\\a\\a}\\a".to_owned(), "\\def\\a{\\b}\\def\\b{\\a}\\a".to_owned()]
        {
            let mut macros = Macros::default();
            let rest = macros.take(&tex);
            assert_eq!(macros.expand(&rest), None, "{tex}");
        }
    }
}
