//! Formulas of plain HTML, set at build time: nothing is asked for when the page is read.
//!
//! The TeX stays where it stood, as the text of its element: for those who search, copy or read by programs, for browsers
//! that know nothing better, and for whoever sets it anew in thirty years. What browsers show in its place is MathML in a
//! declarative shadow tree (HTML, `template` with `shadowrootmode`).

mod macros;

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use html5gum::{DefaultEmitter, Token, Tokenizer};
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use memchr::memmem;

use self::macros::Macros;
use crate::model::Formulas;
use crate::tree::tokens::bounded;

/// A formula that could not be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unset {
    /// The formula, as TeX.
    pub tex: String,
    /// What about it is not understood.
    pub why: String,
}

/// Sets the formulas of a page that are marked as `formulas` says; those that are marked by their element always are. The
/// text of the page stays the same; what cannot be set stays as it is.
pub fn set<'h>(html: &'h str, formulas: Formulas, unset: &mut Vec<Unset>) -> Cow<'h, str> {
    let may_hold = |mark: &str| memmem::find(html.as_bytes(), mark.as_bytes()).is_some();
    let is_candidate = may_hold("class=\"math")
        || (formulas != Formulas::Marked && ["\\(", "\\[", "$$", "\\begin{"].into_iter().any(may_hold))
        || (formulas == Formulas::Dollars && may_hold("$"));
    if !is_candidate {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() * 2);
    let mut done = 0;
    let mut setter = Setter::default();
    for run in runs(html) {
        let text = &html[run.span.clone()];
        let scan = Scan { text, at: 0, formulas: if run.is_marked { Formulas::Delimited } else { formulas } };
        for formula in scan {
            let typed = &text[formula.span.clone()];
            let tex = plain(&text[formula.inner.clone()]);
            if tex.trim().is_empty() {
                continue;
            }
            match setter.mathml(&tex, formula.display) {
                Ok(mathml) => {
                    let span = run.span.start + formula.span.start..run.span.start + formula.span.end;
                    out.push_str(&html[done..span.start]);
                    // an element that holds nothing else is the formula's already
                    let is_whole = run.is_marked && text.trim() == typed;
                    let class = if formula.display { "display" } else { "inline" };
                    if !is_whole {
                        out.push_str(&format!("<span class=\"math {class}\">"));
                    }
                    out.push_str(OPEN);
                    out.push_str(&mathml);
                    out.push_str(CLOSE);
                    out.push_str(typed);
                    if !is_whole {
                        out.push_str("</span>");
                    }
                    done = span.end;
                }
                Err(why) => unset.push(Unset { tex: tex.trim().to_owned(), why }),
            }
        }
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

const OPEN: &str = "<template shadowrootmode=\"open\">";
const CLOSE: &str = "</template>";

/// A page without what [`set`] added to it.
pub fn as_typed(html: &str) -> Cow<'_, str> {
    let mut parts = html.split(OPEN);
    let first = parts.next().unwrap_or("");
    if first.len() == html.len() {
        return Cow::Borrowed(html);
    }
    let rest = parts.map(|part| part.split_once(CLOSE).map_or(part, |(_, rest)| rest));
    Cow::Owned(std::iter::once(first).chain(rest).collect())
}

/// A piece of a page between two tags, line breaks aside.
struct Run {
    span: Range<usize>,
    /// Its element says that it is a formula.
    is_marked: bool,
}

/// What MathJax never looks into (`skipHtmlTags`), and where HTML has no elements.
const SKIPPED: [&[u8]; 12] = [
    b"script",
    b"noscript",
    b"style",
    b"textarea",
    b"pre",
    b"code",
    b"annotation",
    b"annotation-xml",
    b"math",
    b"svg",
    b"template",
    b"title",
];

fn runs(html: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut is_marked = false;
    // the element that is skipped, and how many of its name are open
    let mut skipped: Option<(Vec<u8>, usize)> = None;
    for token in Tokenizer::new_with_emitter(&*bounded(html), DefaultEmitter::<usize>::new_with_span()).flatten() {
        let (span, opens) = match token {
            Token::StartTag(tag) if **tag.name == *b"br" => continue,
            Token::StartTag(tag) => {
                let class = tag.attributes.get(&b"class"[..]).map(|class| class.value.0.starts_with(b"math"));
                (tag.span, Some((tag.name.0, class == Some(true), tag.self_closing)))
            }
            Token::EndTag(tag) => {
                if let Some((name, depth)) = &mut skipped {
                    *depth -= usize::from(*name == tag.name.0);
                }
                (tag.span, None)
            }
            Token::Comment(comment) => (comment.span, None),
            _ => continue,
        };
        let ends = skipped.as_ref().is_none_or(|(_, depth)| *depth == 0);
        if ends && skipped.take().is_none() && start < span.start {
            runs.push(Run { span: start..span.start, is_marked });
        }
        (start, is_marked) = (span.end, false);
        let Some((name, marked, closed)) = opens else { continue };
        is_marked = marked;
        match &mut skipped {
            Some((open, depth)) => *depth += usize::from(*open == name && !closed),
            None if SKIPPED.contains(&&*name) && !closed => skipped = Some((name, 1)),
            None => {}
        }
    }
    if skipped.is_none() && start < html.len() {
        runs.push(Run { span: start..html.len(), is_marked });
    }
    runs
}

/// A formula within a run.
struct Formula {
    /// With its marks.
    span: Range<usize>,
    /// Without them.
    inner: Range<usize>,
    display: bool,
}

/// MathJax's `FindTeX`: `\(…\)`, `\[…\]`, `$$…$$` and environments; `$…$` where it is told to, and then `\$` is none.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    formulas: Formulas,
}

impl Iterator for Scan<'_> {
    type Item = Formula;

    fn next(&mut self) -> Option<Formula> {
        if self.formulas == Formulas::Marked {
            return None;
        }
        let bytes = self.text.as_bytes();
        while let Some(found) = memchr::memchr2(b'\\', b'$', &bytes[self.at..]) {
            let start = self.at + found;
            let rest = &self.text[start..];
            let marks = match () {
                () if rest.starts_with("\\(") => Some(("\\(", "\\)", false)),
                () if rest.starts_with("\\[") => Some(("\\[", "\\]", true)),
                () if rest.starts_with("$$") => Some(("$$", "$$", true)),
                () if rest.starts_with('$') && self.formulas == Formulas::Dollars => Some(("$", "$", false)),
                () => None,
            };
            let found = match marks {
                Some((open, close, display)) => end(rest, open, close).map(|inner| Formula {
                    span: start..start + inner.end + close.len(),
                    inner: start + inner.start..start + inner.end,
                    display,
                }),
                None => environment(rest).map(|length| Formula {
                    span: start..start + length,
                    inner: start..start + length,
                    display: true,
                }),
            };
            if let Some(formula) = found {
                self.at = formula.span.end;
                return Some(formula);
            }
            // what is escaped marks nothing
            let is_escape = rest.starts_with("\\$") || rest.starts_with("\\\\") || rest.starts_with("$$");
            self.at = start + if is_escape { 2 } else { 1 };
        }
        None
    }
}

/// A formula is no longer than this: a mark that nothing closes must not let every other one search to the end.
const LONGEST: usize = 4_000;

/// What stands between two marks: the second one counts where no brace is open (`FindTeX.findEnd`).
fn end(text: &str, open: &str, close: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let most = bytes.len().min(LONGEST);
    let (mut at, mut braces) = (open.len(), 0i32);
    while at < most {
        if braces == 0 && bytes[at..].starts_with(close.as_bytes()) {
            return Some(open.len()..at);
        }
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => braces += 1,
            b'}' => braces = (braces - 1).max(0),
            _ => {}
        }
        at += 1;
    }
    None
}

/// `\begin{x}…\end{x}`: its length.
fn environment(text: &str) -> Option<usize> {
    let name = text.strip_prefix("\\begin{")?;
    let name = &name[..name.as_bytes().iter().take(40).position(|byte| *byte == b'}')?];
    if !name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'*') {
        return None;
    }
    let close = format!("\\end{{{name}}}");
    let within = &text.as_bytes()[..text.len().min(LONGEST)];
    memmem::find(within, close.as_bytes()).map(|at| at + close.len())
}

/// The text of a piece of HTML that holds none but line breaks.
fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::String(text) => plain.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(_) => plain.push('\n'),
            _ => {}
        }
    }
    plain
}

/// Sets the formulas of a page, with the commands that it defined and the numbers that it gave so far.
#[derive(Default)]
struct Setter {
    macros: Macros,
    library: Option<LatexToMathML>,
}

impl Setter {
    /// A formula that does nothing but define commands shows nothing.
    fn mathml(&mut self, tex: &str, display: bool) -> Result<String, String> {
        let rest = self.macros.take(tex);
        let mut shown = self.macros.expand(&rest).ok_or("the commands that the page defines for it have no end")?;
        if shown.trim().is_empty() {
            return Ok(String::new());
        }
        // TeX: a backslash before the end of a line is a space
        shown = shown.replace("\\\n", "\\ \n");
        // MathJax numbers what says so, within an environment or not
        if display && shown.contains("\\tag") && !shown.contains("\\begin{") {
            shown = format!("\\begin{{equation}}{shown}\\end{{equation}}");
        }
        if self.library.is_none() {
            self.library = LatexToMathML::new(MathCoreConfig::default()).ok();
        }
        let library = self.library.as_mut().ok_or_else(String::new)?;
        let display = if display { MathDisplay::Block } else { MathDisplay::Inline };
        guarded(&shown, || {
            let set = library.convert_with_global_state(&shown, display);
            set.map(|set| set.mathml).map_err(|error| error.to_string())
        })
    }
}

thread_local! {
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is setting a formula. What the library panics over is an entry in the ledger, and no message.
pub fn is_setting_a_formula() -> bool {
    AT_WORK.get()
}

/// Asks the library, which goes one call deeper for all that is within something else (a formula of which that could be much
/// has a stack of its own), and gives up on some formulas by a panic.
fn guarded(tex: &str, set: impl FnOnce() -> Result<String, String> + Send) -> Result<String, String> {
    const HARMLESS: usize = 60;
    const STACK: usize = 512 << 20;
    let set = || {
        AT_WORK.set(true);
        let set = catch_unwind(AssertUnwindSafe(set));
        AT_WORK.set(false);
        set.unwrap_or_else(|_| Err("the library that sets formulas gave up".to_owned()))
    };
    let deepest = tex.bytes().filter(|byte| matches!(byte, b'{' | b'\\' | b'^' | b'_' | b'(' | b'[')).count();
    if deepest <= HARMLESS {
        return set();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, set);
        thread.map_err(|error| error.to_string())?.join().unwrap_or_else(|_| Err(String::new()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str, formulas: Formulas) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for run in runs(html) {
            let text = &html[run.span.clone()];
            let limits = if run.is_marked { Formulas::Delimited } else { formulas };
            found.extend(
                Scan { text, at: 0, formulas: limits }
                    .map(|formula| (plain(&text[formula.inner]).trim().to_owned(), formula.display)),
            );
        }
        found
    }

    #[test]
    fn formulas_are_found_where_mathjax_finds_them() {
        for (html, formulas, expected) in [
            ("<p>\\(a\\) \\[b\\] $$c$$ $d$</p>", Formulas::Delimited, vec![("a", false), ("b", true), ("c", true)]),
            ("<p>$a &lt; b$, \\$5 and $c$</p>", Formulas::Dollars, vec![("a < b", false), ("c", false)]),
            ("<p>$$a<br>\nb$$</p>", Formulas::Delimited, vec![("a\n\nb", true)]),
            ("<p>$$a<em>b</em>c$$</p>", Formulas::Delimited, vec![]),
            ("<pre>$$a$$</pre><p><code>\\(b\\)</code>$$c$$</p>", Formulas::Delimited, vec![("c", true)]),
            ("<p>$$a</p><p>b$$</p>", Formulas::Delimited, vec![]),
            ("<p>$a {$b$} c$</p>", Formulas::Dollars, vec![("a {$b$} c", false)]),
            (
                "<p>\\begin{align}a\\\\b\\end{align} x</p>",
                Formulas::Delimited,
                vec![("\\begin{align}a\\\\b\\end{align}", true)],
            ),
            ("<p><span class=\"math inline\">\\(a\\)</span> \\(b\\)</p>", Formulas::Marked, vec![("a", false)]),
            ("<p>\\\\(a\\) costs $5 or $6</p>", Formulas::Delimited, vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(tex, display)| (tex.to_owned(), display)).collect();
            assert_eq!(texts(html, formulas), expected, "{html}");
        }
    }

    #[test]
    fn the_text_stays_and_what_is_set_can_be_taken_back() {
        let html = "<p><span class=\"math inline\">\\(a &lt; b\\)</span> \\(\\nonsense\\)</p>";
        let mut unset = Vec::new();
        let shown = set(html, Formulas::Delimited, &mut unset);
        assert!(shown.contains("<span class=\"math inline\"><template shadowrootmode=\"open\"><math"), "{shown}");
        assert!(shown.contains("</template>\\(a &lt; b\\)</span> \\(\\nonsense\\)"), "{shown}");
        assert_eq!(as_typed(&shown), html);
        assert_eq!(unset.len(), 1);
        assert_eq!(unset[0].tex, "\\nonsense");
    }

    #[test]
    fn what_nothing_closes_is_no_formula() {
        let html = format!("<p>{}</p>", "\\( $$ { \\begin{a} ".repeat(100));
        let mut unset = Vec::new();
        assert_eq!(set(&html, Formulas::Dollars, &mut unset), html);
        assert!(unset.is_empty());
    }

    #[test]
    fn hostile_formulas_end() {
        let doubling: String = (1..26u8)
            .map(|at| {
                format!("\\def\\{}{{\\{}\\{}}}", (at + b'a') as char, (at + b'a' - 1) as char, (at + b'a' - 1) as char)
            })
            .collect();
        for tex in [
            format!("\\def\\a{{x}}{doubling}\\z"),
            "\\def\\a{\\a\\a} \\a".to_owned(),
            "\\def\\a{\\b} \\def\\b{\\a} \\a".to_owned(),
            "{".repeat(1900) + &"}".repeat(1900),
            "\\frac{".repeat(600) + &"}".repeat(600),
            "\\sqrt".repeat(700),
            "x^".repeat(1900),
            "\\left(".repeat(300) + &"\\right)".repeat(300),
            "\\begin{array}{c}".repeat(100) + &"\\end{array}".repeat(100),
            "\\text{".repeat(500) + &"}".repeat(500),
        ] {
            let html = format!("<p>$${tex}$$</p>");
            let shown = set(&html, Formulas::Delimited, &mut Vec::new());
            assert!(shown.len() < 2_000_000, "{}", &tex[..40]);
            assert_eq!(as_typed(&shown).replace("<span class=\"math display\">", "").replace("</span>", ""), html);
        }
    }
}
