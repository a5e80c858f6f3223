//! Shortcodes of Hugo and Zola, which stand in Markdown and are expanded around its rendering.
//!
//! Each becomes the HTML or Markdown that shows the same: by a tag map, by what is built into the generator, or by the site's
//! own template where that is simple enough. What is none of these stays as typed and is told.

mod go;
mod hugo;
mod scan;
mod tera;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::ledger::{Code, Ledger};
use crate::model::{Dialect, Opened, Site};
use crate::template::Blog;
use crate::template::lines::{indent_at_end, push_block};
use scan::{Argument, Mark, MarkKind};

/// Whose shortcodes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Hugo's.
    Hugo,
    /// Zola's.
    Zola,
}

/// Expands the shortcodes of a body.
pub fn expand<'a>(post: &'a Opened, blog: &Blog, form: Form, ledger: &mut Ledger) -> Cow<'a, str> {
    let text = post.text.as_str();
    let marks = scan::marks(text, form);
    if marks.is_empty() {
        return apart(Cow::Borrowed(text), form);
    }
    let pairs = scan::pairs(&marks);
    let mut expander = Expander { post, blog, form, ledger, marks: &marks, pairs: &pairs, counts: HashMap::new() };
    apart(Cow::Owned(expander.expand(0..marks.len(), 0..text.len(), 0)), form)
}

/// Hugo (`hugolib/page__content.go`, `internalSummaryDividerPre`): the first mark of the summary's end gets blank lines around
/// it, so that what stands on its line is a paragraph.
fn apart(text: Cow<'_, str>, form: Form) -> Cow<'_, str> {
    const MARK: &str = "<!--more-->";
    let Some((before, behind)) = text.split_once(MARK).filter(|_| form == Form::Hugo) else { return text };
    let is_alone = indent_at_end(before).is_some() && (behind.is_empty() || behind.starts_with('\n'));
    if is_alone {
        return text;
    }
    Cow::Owned(format!(
        "{}\n\n{MARK}\n\n{}",
        before.trim_end_matches([' ', '\t']),
        behind.trim_start_matches([' ', '\t'])
    ))
}

/// A shortcode with everything that its template sees.
pub(super) struct Call<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its arguments.
    pub args: &'a [Argument],
    /// What stands in it, its own shortcodes expanded; `None` where it has no end.
    pub body: Option<&'a str>,
    /// How many of the name came before it on the page.
    pub before: usize,
}

impl Call<'_> {
    /// The argument of a key.
    pub fn named(&self, key: &str) -> Option<&str> {
        self.args.iter().find(|arg| arg.key.as_deref() == Some(key)).map(|arg| arg.value.as_str())
    }

    /// The argument at a place, where arguments have no keys.
    pub fn at(&self, place: usize) -> Option<&str> {
        self.args.get(place).filter(|arg| arg.key.is_none()).map(|arg| arg.value.as_str())
    }
}

struct Expander<'a> {
    post: &'a Opened,
    blog: &'a Blog,
    form: Form,
    ledger: &'a mut Ledger,
    marks: &'a [Mark],
    pairs: &'a HashMap<usize, usize>,
    counts: HashMap<&'a str, usize>,
}

/// Shortcodes in shortcodes in shortcodes: nobody types more.
const DEEPEST: u8 = 16;

impl Expander<'_> {
    /// Expands the marks of a stretch of the text.
    fn expand(&mut self, marks: Range<usize>, stretch: Range<usize>, depth: u8) -> String {
        let text = &self.post.text;
        let mut out = String::with_capacity(stretch.len());
        let (mut rest, mut at) = (stretch.start, marks.start);
        while at < marks.end {
            let mark = &self.marks[at];
            out.push_str(&text[rest..mark.range.start]);
            let closing = self.pairs.get(&at).copied().filter(|closing| *closing < marks.end);
            let end = closing.map_or(mark.range.end, |closing| self.marks[closing].range.end);
            match &mark.kind {
                MarkKind::Shown(shown) => out.push_str(shown),
                MarkKind::Close(_) => out.push_str(&text[mark.range.clone()]),
                MarkKind::Open { .. } => {
                    let shown = self.shortcode(at, closing, depth);
                    let alone = indent_at_end(&out).is_some()
                        && text[end..stretch.end].lines().next().is_none_or(|line| line.trim().is_empty());
                    match shown {
                        Some(shown) if alone => push_block(&shown, &mut out, &text[end..stretch.end]),
                        Some(shown) => out.push_str(&shown),
                        None => out.push_str(&text[mark.range.start..end]),
                    }
                }
            }
            rest = end;
            at = closing.map_or(at, |closing| closing) + 1;
        }
        out.push_str(&text[rest..stretch.end]);
        out
    }

    /// What a shortcode shows; `None` where nobody knows.
    fn shortcode(&mut self, at: usize, closing: Option<usize>, depth: u8) -> Option<String> {
        let marks = self.marks;
        let Mark { range, kind: MarkKind::Open { name, args, is_markdown, .. } } = &marks[at] else { return None };
        let body = closing.map(|closing| {
            let inner = range.end..marks[closing].range.start;
            if depth >= DEEPEST {
                self.post.text[inner].to_owned()
            } else {
                self.expand(at + 1..closing, inner, depth + 1)
            }
        });
        let before = self.counts.entry(name).or_default();
        let call = Call { name, args, body: body.as_deref(), before: *before };
        *before += 1;
        let typed = &self.post.text[range.clone()];
        let place = self.post.place_of(range.start);
        match self.shown(&call, *is_markdown) {
            Ok(shown) => {
                self.ledger.add_quoting(Code::BodyTranslated, place, "a shortcode was translated", typed);
                Some(shown)
            }
            Err(why) => {
                let message = format!("the shortcode is kept as typed: {why}");
                self.ledger.add_quoting(Code::TagUnknown, place, message, typed);
                None
            }
        }
    }

    fn shown(&self, call: &Call<'_>, is_markdown: bool) -> Result<String, String> {
        // a tag map of the user's stands in for everything else
        if let Some(rule) = self.blog.rules.tags.get(call.name)
            && rule.block == call.body.is_some()
        {
            let typed = |arg: &Argument| match &arg.key {
                Some(key) => format!("{key}={}", arg.value),
                None => format!("\"{}\"", arg.value),
            };
            let args: Vec<String> = call.args.iter().map(typed).collect();
            return rule.expand(&args, call.body.unwrap_or_default());
        }
        let shown = match self.form {
            Form::Hugo => hugo::shown(call, self.post, self.blog)?,
            Form::Zola => tera::shown(call, self.post, self.blog)?,
        };
        Ok(if is_markdown { shown } else { in_lines(&shown) })
    }
}

/// HTML in a form that Markdown leaves alone: no blank line ends it, no indentation makes code of it, and what stands in
/// running text holds no marks. What stands in `pre` is the author's own.
fn in_lines(html: &str) -> String {
    // Hugo (`highlight`) gives a fence, which is Markdown
    if html.contains("<pre") || html.starts_with("```") {
        return html.trim().to_owned();
    }
    let lines = html.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    if begins_block(&lines) { lines } else { without_marks(&lines) }
}

/// CommonMark (4.6): the elements with which an HTML block begins, in which no Markdown is read.
fn begins_block(html: &str) -> bool {
    const BLOCKS: [&str; 24] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "header",
        "iframe",
        "ol",
        "p",
        "script",
        "section",
        "table",
        "ul",
    ];
    let Some(rest) = html.strip_prefix('<') else { return false };
    let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())];
    BLOCKS.contains(&name.to_ascii_lowercase().as_str())
}

/// HTML whose text Markdown would read: each mark outside of tags is escaped.
fn without_marks(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '^' if !in_tag => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

/// A text as the site renders its Markdown.
fn markdown(text: &str, dialect: Dialect, site: &Site) -> String {
    crate::tree::html::render(&crate::dialect::parse(text, dialect, &site.markup))
}

/// The same without the paragraph around a single one (Hugo's `markdownify`, Zola's `inline=true`).
fn inline_markdown(text: &str, dialect: Dialect, site: &Site) -> String {
    let shown = markdown(text.trim(), dialect, site);
    let trimmed = shown.trim();
    match trimmed.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => trimmed.to_owned(),
    }
}
