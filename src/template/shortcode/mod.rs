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

use crate::dialect::commonmark::goldmark::raw_html;
use crate::ledger::{Code, Ledger};
use crate::model::{Dialect, Opened, RawHtml, Site};
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
    let text = Cow::Borrowed(post.text.as_str());
    match form {
        Form::Zola => expanded(text, (post, blog, form), |_| true, ledger),
        Form::Hugo => {
            // Hugo (`hugolib/page__content.go`): what `{{% %}}` shows is Markdown, what `{{< >}}` shows is put in when that is
            // rendered
            let text = expanded(text, (post, blog, form), |is_markdown| is_markdown, ledger);
            let text = without_html(apart(text), post, blog, ledger);
            expanded(text, (post, blog, form), |is_markdown| !is_markdown, ledger)
        }
    }
}

/// A text with those of its shortcodes expanded that are meant.
fn expanded<'a>(
    text: Cow<'a, str>,
    (post, blog, form): (&Opened, &Blog, Form),
    is_meant: fn(bool) -> bool,
    ledger: &mut Ledger,
) -> Cow<'a, str> {
    let marks = scan::marks(&text, form);
    let meant = |mark: &Mark| match mark.kind {
        MarkKind::Open { is_markdown, .. } => is_meant(is_markdown),
        // what is to be shown as text stays hidden until the end
        MarkKind::Shown(_) => is_meant(false),
        MarkKind::Close(_) => false,
    };
    if !marks.iter().any(meant) {
        return text;
    }
    let pairs = scan::pairs(&marks);
    let whole = text.len();
    let mut expander = Expander {
        text: &text,
        post,
        blog,
        form,
        is_meant,
        ledger,
        marks: &marks,
        pairs: &pairs,
        counts: HashMap::new(),
    };
    Cow::Owned(expander.expand(0..marks.len(), 0..whole, 0))
}

/// goldmark (`renderer/html`, `unsafe` off): HTML that the author typed is left out of the page.
fn without_html<'a>(text: Cow<'a, str>, post: &Opened, blog: &Blog, ledger: &mut Ledger) -> Cow<'a, str> {
    const LEFT_OUT: &str = "<!-- raw HTML omitted -->";
    let leaves_out = blog.site.markup.commonmark.as_ref().is_some_and(|engine| engine.raw_html == RawHtml::Omitted);
    if !leaves_out || !text.contains('<') {
        return text;
    }
    let mut hidden = text.to_string().into_bytes();
    let marks = scan::marks(&text, Form::Hugo);
    let pairs = scan::pairs(&marks);
    for (at, mark) in marks.iter().enumerate() {
        // with what stands in it: that is the shortcode's
        let end = pairs.get(&at).map_or(mark.range.end, |closing| marks[*closing].range.end);
        hidden[mark.range.start..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'x');
    }
    let Ok(hidden) = String::from_utf8(hidden) else { return text };
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut count) = (0, 0usize);
    for range in raw_html(&hidden) {
        let typed = &text[range.clone()];
        if range.start < rest || typed.trim() == "<!--more-->" {
            continue;
        }
        out.push_str(&text[rest..range.start]);
        match typed.ends_with('\n') {
            // a block ends with its line
            true => out.extend([LEFT_OUT, "\n"]),
            // a comment where a line begins would take the rest of the line into itself, and nothing would let it begin with
            // a mark
            false if indent_at_end(&out).is_some() => out.push_str("<span></span>"),
            false => out.push_str(LEFT_OUT),
        }
        rest = range.end;
        count += 1;
        if count == 1 {
            let message =
                "HTML is left out here, as Hugo left it out of the old page (`markup.goldmark.renderer.unsafe`)";
            let at = post.text.find(typed).map_or_else(|| post.start(), |at| post.place_of(at));
            ledger.add_quoting(Code::HtmlOmitted, at, message, typed);
        }
    }
    if count == 0 {
        return text;
    }
    out.push_str(&text[rest..]);
    Cow::Owned(out)
}

/// Hugo (`hugolib/page__content.go`, `internalSummaryDividerPre`): the first mark of the summary's end gets blank lines around
/// it, so that what stands on its line is a paragraph.
fn apart(text: Cow<'_, str>) -> Cow<'_, str> {
    const MARK: &str = "<!--more-->";
    let Some((before, behind)) = text.split_once(MARK) else { return text };
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
    text: &'a str,
    post: &'a Opened,
    blog: &'a Blog,
    form: Form,
    /// Which shortcodes are expanded, by whether they show Markdown.
    is_meant: fn(bool) -> bool,
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
        let text = self.text;
        let mut out = String::with_capacity(stretch.len());
        let (mut rest, mut at) = (stretch.start, marks.start);
        while at < marks.end {
            let mark = &self.marks[at];
            out.push_str(&text[rest..mark.range.start]);
            let closing = self.pairs.get(&at).copied().filter(|closing| *closing < marks.end);
            let end = closing.map_or(mark.range.end, |closing| self.marks[closing].range.end);
            match &mark.kind {
                MarkKind::Shown(shown) if (self.is_meant)(false) => out.push_str(shown),
                MarkKind::Open { is_markdown, .. } if !(self.is_meant)(*is_markdown) => {
                    // what stands in it may be meant
                    out.push_str(&text[mark.range.clone()]);
                    rest = mark.range.end;
                    at += 1;
                    continue;
                }
                MarkKind::Shown(_) => out.push_str(&text[mark.range.clone()]),
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
            if depth >= DEEPEST { self.text[inner].to_owned() } else { self.expand(at + 1..closing, inner, depth + 1) }
        });
        let before = self.counts.entry(name).or_default();
        let call = Call { name, args, body: body.as_deref(), before: *before };
        *before += 1;
        let typed = &self.text[range.clone()];
        let at = if self.text == self.post.text { Some(range.start) } else { self.post.text.find(typed) };
        let place = at.map_or_else(|| self.post.start(), |at| self.post.place_of(at));
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
