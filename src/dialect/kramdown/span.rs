//! Running text (the span parsers of kramdown), in the order in which kramdown tries them.

use std::borrow::Cow;
use std::ops::Range;

use super::super::ends::Ends;
use super::super::entities;
use super::super::text::Text;
use super::attributes::{Attributes, braced, inline_list, name_length};
use super::block::Definitions;
use super::characters::is_space;
use super::extension::{extension_start, extension_stop};
use super::running::push_text;
use super::{quotes, tags};
use crate::model::MarkupSettings;
use crate::tree::{Node, NodeKind};

/// Marks nested deeper than this are text: nobody types more, and the stack stays small.
pub(super) const DEEPEST: usize = 60;

/// What reading needs to know.
#[derive(Clone, Copy)]
pub struct Spans<'a> {
    /// How kramdown is set up.
    pub settings: &'a MarkupSettings,
    /// What the document defines.
    pub definitions: &'a Definitions,
}

impl Spans<'_> {
    /// Reads a text that stands in running text.
    pub fn read(&self, text: &Text) -> Vec<Node> {
        let mut reader = SpanReader {
            spans: *self,
            text,
            at: 0,
            open: Vec::new(),
            ends: Ends::default(),
            last_bracket: memchr::memrchr(b']', text.as_str().as_bytes()),
            // marks without an end are tried again and again: the work is bounded
            work: 256 * text.as_str().len() + (1 << 20),
            depth: 0,
        };
        // a text and a break for each line, and some more
        let lines = memchr::memchr_iter(b'\n', text.as_str().as_bytes()).count();
        let mut nodes = Vec::with_capacity(2 * lines + 3);
        reader.run(&mut nodes, Stop::Never, Parsers::All);
        nodes
    }
}

/// What ends a run of text.
#[derive(Clone, Copy)]
pub(super) enum Stop<'a> {
    Never,
    /// The mark of emphasis.
    Mark(&'a str),
    /// The bracket of a link or image.
    Bracket,
    /// The end tag of an element.
    EndTag(&'a str),
}

/// Which parsers are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parsers {
    All,
    /// HTML alone: the content of `<code>` and its like.
    Html,
}

/// What is open around a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Emphasis,
    Strong,
    Link,
    Image,
    /// An element whose content is no Markdown.
    Raw,
}

/// The bytes at which anything can begin or end. The two spaces of a break are known by the line end behind them.
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let bytes = b"*_`<[$&\\\"'!{~-.>\n]";
    let mut at = 0;
    while at < bytes.len() {
        begins[bytes[at] as usize] = true;
        at += 1;
    }
    begins
};

fn first_beginning(bytes: &[u8]) -> Option<usize> {
    let begins = |byte: &u8| BEGINS[usize::from(*byte)];
    // most of a text begins nothing: it is passed over by eights
    let passed =
        8 * bytes.chunks_exact(8).take_while(|eight| !eight.iter().fold(false, |any, b| any | begins(b))).count();
    bytes[passed..].iter().position(begins).map(|at| passed + at)
}

/// The brackets of a run whose end is a bracket (`link.rb`): those of images that were read do not count.
#[derive(Default)]
struct Brackets {
    opened: usize,
    closed: usize,
    images: usize,
    /// So many nodes have been looked through for images.
    seen: usize,
}

impl Brackets {
    fn are_even(&mut self, read: &[Node]) -> bool {
        let new = read.get(self.seen..).unwrap_or(&[]);
        self.images += new.iter().filter(|node| matches!(node.kind, NodeKind::Image { .. })).count();
        self.seen = read.len();
        1 + self.opened == self.closed + self.images
    }
}

pub(super) struct SpanReader<'a> {
    pub(super) spans: Spans<'a>,
    pub(super) text: &'a Text,
    pub(super) at: usize,
    pub(super) open: Vec<Open>,
    /// Ends that were looked for in vain.
    pub(super) ends: Ends<&'a str>,
    /// Where the last closing bracket is.
    pub(super) last_bracket: Option<usize>,
    /// Bytes that may still be looked at for ends that do not come.
    pub(super) work: usize,
    /// How deep runs are nested.
    pub(super) depth: usize,
}

impl<'a> SpanReader<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text.as_str()[self.at..]
    }

    pub(super) fn before(&self) -> &'a str {
        &self.text.as_str()[..self.at]
    }

    pub(super) fn span(&self, start: usize) -> Range<usize> {
        self.text.source_range(&(start..self.at))
    }

    /// `parse_spans`: reads up to what ends the run; whether it was found.
    pub(super) fn run(&mut self, out: &mut Vec<Node>, stop: Stop<'_>, parsers: Parsers) -> bool {
        self.depth += 1;
        let found = self.read_run(out, stop, parsers);
        self.depth -= 1;
        found
    }

    /// What was looked for to the end is not there.
    pub(super) fn nothing(&mut self) -> bool {
        self.work = self.work.saturating_sub(self.rest().len());
        false
    }

    fn read_run(&mut self, out: &mut Vec<Node>, stop: Stop<'_>, parsers: Parsers) -> bool {
        let mut brackets = Brackets::default();
        let begin = self.at;
        loop {
            let Some(offset) = self.next_start(stop, parsers) else {
                // an end that does not come leaves the text to whoever asked for it
                if matches!(stop, Stop::Never) {
                    self.add_text(out, self.rest().len());
                }
                return false;
            };
            self.add_text(out, offset);
            if self.stops(stop, out, begin, &mut brackets) {
                return true;
            }
            if self.work == 0 || !self.parse(out, parsers) {
                let length = self.rest().chars().next().map_or(0, char::len_utf8);
                self.add_text(out, length);
            }
            if self.at >= self.text.as_str().len() {
                return false;
            }
            // a step of the parser costs about as much as looking at so many bytes
            self.work = self.work.saturating_sub(32);
        }
    }

    /// How far away the next place is at which anything can begin or end.
    fn next_start(&self, stop: Stop<'_>, parsers: Parsers) -> Option<usize> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if parsers == Parsers::Html {
            return memchr::memchr(b'<', bytes);
        }
        let mut from = 0;
        loop {
            let at = from + first_beginning(&bytes[from..])?;
            let next = bytes.get(at + 1);
            let begins = match bytes[at] {
                // a quote is read together with the character before it (`[^\\]?["']`)
                b'"' | b'\'' => return Some(rest[..at].char_indices().next_back().map_or(at, |(before, _)| before)),
                b'!' => next == Some(&b'['),
                b'{' => next == Some(&b':'),
                mark @ (b'~' | b'-') => next == Some(&mark),
                b'.' => bytes[at..].starts_with(b"..."),
                // a space before it belongs to it
                b'>' if next == Some(&b'>') => return Some(at - usize::from(bytes[..at].ends_with(b" "))),
                b'>' => false,
                b'\n' if bytes[..at].ends_with(b"  ") => return Some(at - 2),
                b'\n' => false,
                b']' => matches!(stop, Stop::Bracket),
                _ => true,
            };
            if begins {
                return Some(at);
            }
            from = at + 1;
        }
    }

    fn stops(&mut self, stop: Stop<'_>, out: &[Node], begin: usize, brackets: &mut Brackets) -> bool {
        let rest = self.rest();
        match stop {
            Stop::Never => false,
            Stop::Mark(mark) => rest.starts_with(mark) && self.mark_closes(mark, out, begin),
            Stop::Bracket => {
                if rest.starts_with(']') {
                    brackets.closed += 1;
                } else if rest.starts_with('[') || rest.starts_with("![") {
                    brackets.opened += 1;
                } else {
                    return false;
                }
                brackets.are_even(out)
            }
            Stop::EndTag(name) => tags::end_tag(rest).is_some_and(|(closed, _)| closed.eq_ignore_ascii_case(name)),
        }
    }

    fn parse(&mut self, out: &mut Vec<Node>, parsers: Parsers) -> bool {
        if parsers == Parsers::Html {
            return self.rest().starts_with('<') && self.html(out);
        }
        match self.rest().as_bytes()[0] {
            b'*' | b'_' => self.emphasis(out),
            b'`' => self.code(out),
            b'<' => self.autolink(out) || self.html(out) || self.quote(out) || self.symbol(out),
            b'[' => self.footnote(out) || self.link(out) || self.quote(out),
            b'!' => (self.rest().starts_with("![") && self.link(out)) || self.quote(out),
            b'$' => self.quote(out) || self.math(out),
            b'{' => self.quote(out) || self.extension(out),
            b'&' => self.quote(out) || self.entity(out),
            b'\\' => self.symbol(out) || self.line_break(out) || self.escaped(out),
            b'~' => self.quote(out) || self.strike(out),
            _ => self.quote(out) || self.symbol(out) || self.line_break(out),
        }
    }

    pub(super) fn add_leaf(&mut self, out: &mut Vec<Node>, kind: NodeKind, length: usize) -> bool {
        let start = self.at;
        self.at += length;
        out.push(Node::new(kind, self.span(start), Vec::new()));
        true
    }

    /// `codespan.rb`: the first run of as many marks ends it, be it part of a longer one.
    fn code(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.rest();
        let ticks = rest.bytes().take_while(|b| *b == b'`').count();
        let simple = ticks == 1;
        let before = self.before();
        let spaced = before.is_empty() || before.ends_with(is_space);
        let is_text = simple && spaced && rest[ticks..].starts_with(is_space);
        let close = if is_text { None } else { self.ends.find(self.text.as_str(), self.at + ticks, &rest[..ticks]) };
        let Some(close) = close.map(|close| close - self.at - ticks) else {
            self.add_text(out, ticks);
            return true;
        };
        let mut code = &rest[ticks..ticks + close];
        if !simple {
            code = code.strip_prefix(' ').unwrap_or(code);
            code = code.strip_suffix(' ').unwrap_or(code);
        }
        self.add_leaf(out, NodeKind::Code(code.to_owned()), ticks + close + ticks)
    }

    /// `autolink.rb`
    fn autolink(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = &self.rest()[1..];
        let scheme = ["mailto:", "http:", "https:", "ftp:", "ftps:"].iter().find(|scheme| rest.starts_with(**scheme));
        let of_mail = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = match scheme {
            Some(_) => memchr::memchr2(b'>', b'\n', rest.as_bytes()).unwrap_or(rest.len()),
            None => rest.find(|c| !of_mail(c) && c != '@').unwrap_or(rest.len()),
        };
        let address = &rest[..end];
        if !rest[end..].starts_with('>') {
            self.work = self.work.saturating_sub(end);
            return false;
        }
        let has_scheme = scheme.is_some_and(|scheme| address.len() > scheme.len());
        let is_mail = scheme.is_none()
            && address
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
        if !has_scheme && !is_mail {
            return false;
        }
        let href = if has_scheme { address.to_owned() } else { format!("mailto:{address}") };
        let shown = address.strip_prefix("mailto:").unwrap_or(address);
        let start = self.at;
        self.at += end + 2;
        let span = self.span(start);
        let text = Node::new(NodeKind::Text(entities::decode(shown)), span.start + 1..span.end - 1, Vec::new());
        let link = NodeKind::Link { href: entities::decode(&href), title: None };
        out.push(Node::new(link, span, vec![text]));
        true
    }

    /// `footnote.rb`
    fn footnote(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(rest) = self.rest().strip_prefix("[^") else { return false };
        let name = name_length(rest);
        if name == 0 || !rest[name..].starts_with(']') {
            return false;
        }
        let label = &rest[..name];
        if !self.spans.definitions.footnotes.contains(label) {
            self.add_text(out, name + 3);
            return true;
        }
        self.add_leaf(out, NodeKind::FootnoteReference(label.to_owned()), name + 3)
    }

    fn quote(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.rest();
        let mut chars = rest.chars();
        let first = chars.next();
        let is_quote = |c: Option<char>| matches!(c, Some('"' | '\''));
        if !self.spans.settings.smart || !(is_quote(first) || is_quote(chars.next())) || first == Some('\\') {
            return false;
        }
        let Some(quoted) = quotes::quote(rest) else { return false };
        self.add_text(out, quoted.before);
        let start = self.at;
        self.at += quoted.length - quoted.before;
        let span = self.span(start);
        push_text(out, quoted.marks, span);
        true
    }

    /// `math.rb`
    fn math(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(formula) = self.rest().strip_prefix("$$") else { return false };
        let Some(end) = self.ends.find(self.text.as_str(), self.at + 2, "$$").map(|end| end - self.at - 2) else {
            return false;
        };
        self.add_leaf(out, NodeKind::Math(formula[..end].trim().to_owned()), end + 4)
    }

    /// `extensions.rb`: an attribute list belongs to the mark before it.
    fn extension(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.rest();
        if !rest.starts_with("{:") {
            return false;
        }
        if let Some(extension) = extension_start(rest) {
            if !extension.is_known() {
                return false;
            }
            let content = &rest[extension.length..];
            let search = || {
                let mut stops = memchr::memmem::find_iter(content.as_bytes(), "{:/");
                stops.find_map(|at| extension_stop(&content[at..], extension.name).map(|stop| (at, stop)))
            };
            let (body, length) = if extension.closed {
                ("", extension.length)
            } else {
                match self.ends.find_by(self.at + extension.length, extension.name, search) {
                    Some((end, stop)) => (&content[..end], extension.length + end + stop),
                    None => return false,
                }
            };
            let shown = match extension.name {
                "comment" if extension.closed => String::new(),
                "comment" => format!("<!-- {body} -->"),
                "nomarkdown" if extension.is_for_html() => body.to_owned(),
                _ => String::new(),
            };
            return self.add_leaf(out, NodeKind::Html(shown), length);
        }
        let list = inline_list(rest).or_else(|| {
            let content = rest.strip_prefix("{:").filter(|content| content.starts_with(':'))?;
            braced(content).map(|length| (&content[..length], length + 3))
        });
        let Some((list, length)) = list else { return self.nothing() };
        let definitions = self.spans.definitions;
        let Some(last) = out
            .last_mut()
            .filter(|last| !matches!(last.kind, NodeKind::Text(_) | NodeKind::SoftBreak | NodeKind::HardBreak))
        else {
            return false;
        };
        let mut attributes = Attributes::default();
        attributes.read(list);
        attributes.apply(&definitions.attributes, &mut last.attributes);
        self.at += length;
        true
    }

    fn entity(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(length) = entities::reference(self.rest()) else { return false };
        let shown = entities::character(&self.rest()[..length]);
        let start = self.at;
        self.at += length;
        let span = self.span(start);
        push_text(out, &shown, span);
        true
    }

    fn symbol(&mut self, out: &mut Vec<Node>) -> bool {
        let Some((typed, shown)) = quotes::symbol(self.rest()) else { return false };
        let start = self.at;
        self.at += typed.len();
        let span = self.span(start);
        push_text(out, shown, span);
        true
    }

    /// `line_break.rb`: two spaces or two backslashes before the line end.
    fn line_break(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.rest();
        let breaks = rest.starts_with("  \n") || rest.starts_with("\\\\\n");
        breaks
            && !(self.spans.settings.hard_breaks && self.spans.settings.gfm)
            && self.add_leaf(out, NodeKind::HardBreak, 2)
    }

    fn escaped(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(c) = self.rest()[1..].chars().next().filter(|c| is_escapable(*c)) else { return false };
        if c == '~' && !self.spans.settings.gfm {
            return false;
        }
        let start = self.at;
        self.at += 2;
        let span = self.span(start);
        push_text(out, c.encode_utf8(&mut [0; 4]), span);
        true
    }
}

/// `ESCAPED_CHARS`
fn is_escapable(c: char) -> bool {
    "\\.*_+`<>()[]{}#!:|\"'$=-~".contains(c)
}

/// A link's text as its alternative text and label: escapes resolved.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && is_escapable(*next) && *next != '~' => {}
            _ => out.push(c),
        }
        if c == '\\'
            && let Some(next) = chars.next_if(|next| is_escapable(*next) && *next != '~')
        {
            out.push(next);
        }
    }
    Cow::Owned(out)
}
