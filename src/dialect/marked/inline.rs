//! Running text (`Lexer.inlineTokens`): the rules in marked's order, tried wherever a piece of text ends.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use super::super::ends::Ends;
use super::super::text::Text;
use super::definition::{self, Definition};
use super::emphasis::Marks;
use super::scan::{is_space, is_word, reference, run, shown};
use super::typography::{Quotes, smart};
use super::{autolink, html, link};
use crate::dialect::fence::{self, Fence};
use crate::tree::{Node, NodeKind};

/// Marks nested deeper than this are text.
const DEEPEST: usize = 40;

/// How running text is read.
#[derive(Clone, Copy)]
pub struct Rules {
    /// GFM: `~~`, bare addresses.
    pub gfm: bool,
    /// A line end is a break.
    pub breaks: bool,
    /// Bare addresses are links.
    pub bare_links: bool,
    /// The quotes that are set, if typographic marks are.
    pub quotes: Option<Quotes>,
    /// Relative pictures are taken from the site's root.
    pub rooted_pictures: bool,
}

/// Reads the running texts of a document, one after the other.
pub struct Inlines<'a> {
    /// How.
    pub rules: Rules,
    /// What the document defines.
    pub definitions: &'a HashMap<String, Definition>,
    /// The fences for which comments stand.
    pub fences: &'a [Fence],
    /// `state.inLink`: a link is open, in this text or one before it.
    in_link: bool,
    /// `state.inRawBlock`: so is a tag of code.
    in_code: bool,
    in_heading: bool,
    depth: usize,
    /// Links without an end are looked for again and again: the work is bounded.
    work: usize,
}

impl<'a> Inlines<'a> {
    /// A reader for a document of a length.
    pub fn new(rules: Rules, definitions: &'a HashMap<String, Definition>, fences: &'a [Fence], length: usize) -> Self {
        let work = 64 * length + (1 << 20);
        Inlines { rules, definitions, fences, in_link: false, in_code: false, in_heading: false, depth: 0, work }
    }

    /// Reads the text of a block. The white space that begins its lines shows in nothing but the id of a heading.
    pub fn block(&mut self, text: &Text, is_heading: bool) -> Vec<Node> {
        let typed = text.as_str();
        let end = typed.trim_end_matches([' ', '\t', '\n']).len();
        self.in_heading = is_heading;
        self.read(text, end, true)
    }

    fn read(&mut self, text: &Text, end: usize, starts_line: bool) -> Vec<Node> {
        let typed = &text.as_str()[..end];
        let mut reader = InlineReader {
            text,
            typed,
            at: 0,
            out: Vec::new(),
            starts_line: starts_line && !self.in_heading,
            keeps_indent: self.in_heading,
            joins: false,
            before: None,
            shown_end: typed.trim_end_matches(is_space).len(),
            last_at: memchr::memrchr(b'@', typed.as_bytes()),
            last_close: memchr::memrchr(b')', typed.as_bytes()),
            marks: OnceCell::new(),
            ticks: OnceCell::new(),
            strikes: OnceCell::new(),
            ends: Ends::default(),
            names: Memo::default(),
            words: Memo::default(),
            runs: Memo::default(),
        };
        if self.depth >= DEEPEST {
            reader.push_text(0..end, None);
            return reader.out;
        }
        self.depth += 1;
        while reader.at < end {
            reader.step(self);
        }
        self.depth -= 1;
        reader.out
    }
}

/// The end of a run of characters of a class, known for every place in it.
#[derive(Default)]
struct Memo {
    known: Range<usize>,
}

impl Memo {
    fn end(&mut self, bytes: &[u8], at: usize, belongs: fn(u8) -> bool) -> usize {
        if !self.known.contains(&at) {
            let length = bytes[at..].iter().take_while(|b| belongs(**b)).count();
            self.known = at..at + length;
            if length == 0 {
                return at;
            }
        }
        self.known.end
    }
}

/// A character before an `@`, as the rule for text has it.
fn is_word_of_mail(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?_`{|}~-".contains(&byte)
}

struct InlineReader<'t> {
    text: &'t Text,
    typed: &'t str,
    at: usize,
    out: Vec<Node>,
    /// The text begins a line.
    starts_line: bool,
    /// So do the lines behind its breaks, but their white space stays.
    keeps_indent: bool,
    /// The last node is text that goes on.
    joins: bool,
    /// `prevChar`: the last character of the text before, if nothing else stands between.
    before: Option<char>,
    /// Where nothing but white space follows.
    shown_end: usize,
    /// Where the last `@` stands, and the last `)`.
    last_at: Option<usize>,
    last_close: Option<usize>,
    marks: OnceCell<Marks>,
    ticks: OnceCell<HashMap<usize, Vec<usize>>>,
    strikes: OnceCell<Strikes>,
    ends: Ends<&'static str>,
    names: Memo,
    words: Memo,
    /// What has neither white space nor `<` in it.
    runs: Memo,
}

impl InlineReader<'_> {
    fn rest(&self) -> &str {
        &self.typed[self.at..]
    }

    /// Reads one token.
    fn step(&mut self, inlines: &mut Inlines<'_>) {
        let byte = self.typed.as_bytes()[self.at];
        let before = self.before.take();
        let read = match byte {
            b'\\' => self.escape() || self.line_break(inlines.rules),
            b'<' => self.tag(inlines) || self.address_in_angles(),
            b'[' => self.bracket(inlines, false),
            b'!' if self.rest()[1..].starts_with('[') => self.bracket(inlines, true),
            b'*' | b'_' => self.emphasis(inlines, before) || self.address(inlines),
            b'`' => self.code() || self.address(inlines),
            b' ' | b'\n' => self.line_break(inlines.rules),
            b'~' => inlines.rules.gfm && self.strike(inlines),
            _ => self.address(inlines),
        };
        if !read {
            self.piece(inlines, before);
        }
    }

    fn span(&self, range: Range<usize>) -> Range<usize> {
        self.text.source_range(&range)
    }

    fn push(&mut self, end: usize, kind: NodeKind, children: Vec<Node>) -> bool {
        let node = Node::new(kind, self.span(self.at..end), children);
        self.out.push(node);
        self.joins = false;
        self.at = end;
        true
    }

    /// `escape`
    fn escape(&mut self) -> bool {
        let Some(c) = self.rest()[1..].chars().next().filter(char::is_ascii_punctuation) else { return false };
        self.push(self.at + 2, NodeKind::Text(c.to_string()), Vec::new())
    }

    /// `tag`
    fn tag(&mut self, inlines: &mut Inlines<'_>) -> bool {
        let Some(length) = html::tag(self.typed, self.at, &mut self.ends) else { return false };
        let end = self.at + length;
        let tag = &self.typed[self.at..end];
        let starts = |prefix: &str| tag.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if !inlines.in_link && starts("<a ") {
            inlines.in_link = true;
        } else if inlines.in_link && starts("</a>") {
            inlines.in_link = false;
        }
        let is_code = |prefix: &str| {
            ["pre", "code", "kbd", "script"].iter().any(|name| {
                let apart = tag
                    .as_bytes()
                    .get(prefix.len() + name.len())
                    .is_some_and(|b| *b == b'>' || b.is_ascii_whitespace());
                apart && starts(&format!("{prefix}{name}"))
            })
        };
        if !inlines.in_code && is_code("<") {
            inlines.in_code = true;
        } else if inlines.in_code && is_code("</") {
            inlines.in_code = false;
        }
        let kind = match fence::of_comment(inlines.fences, tag) {
            Some((fence, _)) => fence.node(),
            None => NodeKind::Html(tag.to_owned()),
        };
        self.push(end, kind, Vec::new())
    }

    /// `link`, `reflink`, `nolink`
    fn bracket(&mut self, inlines: &mut Inlines<'_>, image: bool) -> bool {
        let open = self.at + 1 + usize::from(image);
        let typed = self.typed;
        let close = link::label(typed, open);
        let behind = close.map_or(b' ', |close| typed.as_bytes().get(close + 1).copied().unwrap_or(b' '));
        if let (Some(close), b'(') = (close, behind)
            && inlines.work > 0
            && let Some(target) = link::target(typed, close + 2, &mut inlines.work)
        {
            return self.link(
                inlines,
                image,
                open..close,
                Definition { href: target.href, title: target.title },
                target.end,
            );
        }
        let full = close.filter(|_| behind == b'[').and_then(|close| {
            let label = close + 2..close + 2 + definition::label(&typed[close + 2..])?;
            Some((open..close, label.clone(), label.end + 1))
        });
        let short = || {
            let label = open..open + definition::label(&typed[open..])?;
            let end = label.end + 1;
            let end = if typed[end..].starts_with("[]") { end + 2 } else { end };
            Some((label.clone(), label, end))
        };
        let Some((inner, label, end)) = full.or_else(short) else { return false };
        match inlines.definitions.get(&definition::key(&typed[label])) {
            Some(definition) => {
                let definition = definition.clone();
                self.link(inlines, image, inner, definition, end)
            }
            None => {
                // the bracket is text, and what follows is read anew
                self.push_text(self.at..self.at + 1, None);
                self.at += 1;
                true
            }
        }
    }

    /// `outputLink`
    fn link(
        &mut self,
        inlines: &mut Inlines<'_>,
        image: bool,
        inner: Range<usize>,
        to: Definition,
        end: usize,
    ) -> bool {
        let mut label = Text::default();
        let mut rest = inner.start;
        for (at, _) in self.typed[inner.clone()].match_indices('\\') {
            let at = inner.start + at;
            if at >= rest && self.typed[at + 1..inner.end].starts_with(['[', ']']) {
                label.push(self.text, rest..at);
                rest = at + 1;
            }
        }
        label.push(self.text, rest..inner.end);
        let title = to.title.filter(|title| !title.is_empty()).map(|title| shown(&title));
        let href = shown(&to.href);
        if image {
            inlines.in_link = false;
            let alt = shown(label.as_str());
            let src = if inlines.rules.rooted_pictures { super::below_root(href) } else { href };
            return self.push(end, NodeKind::Image { src, title, alt }, Vec::new());
        }
        inlines.in_link = true;
        let children = inlines.read(&label, label.as_str().len(), false);
        inlines.in_link = false;
        self.push(end, NodeKind::Link { href, title }, children)
    }

    /// `emStrong`
    fn emphasis(&mut self, inlines: &mut Inlines<'_>, before: Option<char>) -> bool {
        let marks = self.marks.get_or_init(|| Marks::of(self.typed, inlines.definitions, inlines.rules.gfm));
        let Some(found) = marks.find(self.typed, self.at, before) else { return false };
        let kind = if found.width == 1 { NodeKind::Emphasis } else { NodeKind::Strong };
        self.nested(inlines, found.width, found.end, kind)
    }

    /// Something with as many marks before and behind it, up to `end`.
    fn nested(&mut self, inlines: &mut Inlines<'_>, width: usize, end: usize, kind: NodeKind) -> bool {
        let inner = self.text.slice(self.at + width..end - width);
        let children = inlines.read(&inner, inner.as_str().len(), false);
        self.push(end, kind, children)
    }

    /// `codespan`
    fn code(&mut self) -> bool {
        let bytes = self.typed.as_bytes();
        let length = run(&bytes[self.at..], b'`');
        let ticks = self.ticks.get_or_init(|| runs_of_ticks(bytes));
        let start = self.at + length;
        let Some(close) =
            ticks.get(&length).and_then(|places| places.get(places.partition_point(|place| *place < start)).copied())
        else {
            return false;
        };
        let inner = &self.typed[start..close];
        let padded = inner.starts_with([' ', '\n']) && inner.ends_with([' ', '\n']) && inner.len() > 1;
        let has_text = inner.contains(|c| c != ' ' && c != '\n');
        let code = if padded && has_text { &inner[1..inner.len() - 1] } else { inner };
        self.push(close + length, NodeKind::Code(code.replace('\n', " ")), Vec::new())
    }

    /// `br`
    fn line_break(&mut self, rules: Rules) -> bool {
        let bytes = self.typed.as_bytes();
        let spaces = run(&bytes[self.at..], b' ');
        let least = if rules.gfm && rules.breaks { 0 } else { 2 };
        let end = if bytes[self.at] == b'\\' { self.at + 1 } else { self.at + spaces };
        let breaks = bytes.get(end) == Some(&b'\n') && (bytes[self.at] == b'\\' || spaces >= least);
        if !breaks || end + 1 > self.shown_end {
            return false;
        }
        self.push(end + 1, NodeKind::HardBreak, Vec::new())
    }

    /// `del`
    fn strike(&mut self, inlines: &mut Inlines<'_>) -> bool {
        let bytes = self.typed.as_bytes();
        let width = run(&bytes[self.at..], b'~');
        let start = self.at + width;
        let opens = self.typed[start..].chars().next().is_some_and(|c| !is_space(c));
        if width > 2 || !opens {
            return false;
        }
        let strikes = self.strikes.get_or_init(|| Strikes::of(self.typed));
        let Some(close) = strikes.close(start, width) else { return false };
        self.nested(inlines, width, close + width, NodeKind::Strike)
    }

    /// `autolink`
    fn address_in_angles(&mut self) -> bool {
        let Some((href, length)) = autolink::in_angles(self.rest()) else { return false };
        self.linked(self.at + 1..self.at + length - 1, self.at + length, href)
    }

    /// `url`
    fn address(&mut self, inlines: &Inlines<'_>) -> bool {
        if inlines.in_link || !inlines.rules.bare_links {
            return false;
        }
        let Some((href, length)) = self.bare(inlines.rules) else { return false };
        self.linked(self.at..self.at + length, self.at + length, href)
    }

    fn bare(&mut self, rules: Rules) -> Option<(String, usize)> {
        if !rules.gfm {
            return None;
        }
        let (typed, at, last_close) = (self.typed, self.at, self.last_close);
        let words = &mut self.runs;
        let end = || {
            if !words.known.contains(&at) {
                let length = typed[at..].find(|c| is_space(c) || c == '<').unwrap_or(typed.len() - at);
                words.known = at..at + length;
            }
            words.known.end - at
        };
        let web = autolink::web(&typed[at..], end, |open| last_close.is_some_and(|close| at + open < close));
        web.or_else(|| {
            let mail = self.last_at.is_some_and(|last| at < last)
                && typed.as_bytes().get(self.names.end(typed.as_bytes(), at, autolink::is_name)) == Some(&b'@');
            if mail { autolink::mailbox(&typed[at..]) } else { None }
        })
    }

    fn linked(&mut self, inner: Range<usize>, end: usize, href: String) -> bool {
        let label = shown(&self.typed[inner.clone()]);
        let label = Node::new(NodeKind::Text(label), self.span(inner), Vec::new());
        self.push(end, NodeKind::Link { href: shown(&href), title: None }, vec![label])
    }

    /// `inlineText`
    fn piece(&mut self, inlines: &Inlines<'_>, before: Option<char>) {
        let rules = inlines.rules;
        let end = self.piece_end(rules);
        let piece = &self.typed[self.at..end];
        // hexo-renderer-marked: in code, and where an address is none, the marks stay plain
        let plain = inlines.in_code || ((inlines.in_link || !rules.bare_links) && self.bare(rules).is_some());
        let last = piece.chars().next_back();
        self.before = if piece.ends_with('_') { before } else { last };
        self.push_text(self.at..end, rules.quotes.filter(|_| !plain));
        self.at = end;
    }

    /// Where a piece of text ends: before anything that could begin something else.
    fn piece_end(&mut self, rules: Rules) -> usize {
        let bytes = self.typed.as_bytes();
        let first = bytes[self.at];
        let is_tick = |b: u8| b == b'`' || (rules.gfm && b == b'~');
        let mut at = self.at;
        if is_tick(first) {
            at += bytes[at..].iter().take_while(|b| is_tick(**b)).count();
        } else {
            at += self.rest().chars().next().map_or(1, char::len_utf8);
        }
        let first_end = at;
        // behind this place no mail address begins
        let mails = if rules.gfm { self.last_at.unwrap_or(0) } else { 0 };
        if at < mails && self.begins_mail(at) {
            return at;
        }
        let stops = if rules.gfm { &STOPS_GFM } else { &STOPS };
        while at < bytes.len() {
            let byte = bytes[at];
            if at >= mails && !stops[usize::from(byte)] {
                at += 1;
                continue;
            }
            match byte {
                b'\\' | b'<' | b'!' | b'[' | b'`' | b'*' => return at,
                // outside GFM a mark within a word is none
                b'_' if rules.gfm || !is_word(bytes[at - 1]) => return at,
                b'~' if rules.gfm => return at,
                b'\n' => {
                    // the spaces before a break belong to it
                    let spaces = bytes[first_end..at].iter().rev().take_while(|b| **b == b' ').count();
                    let least = if rules.gfm && rules.breaks { 0 } else { 2 };
                    if spaces >= least {
                        return at - spaces;
                    }
                }
                b'h' | b'f' | b'w' if rules.gfm && begins_address(&bytes[at..]) => return at,
                _ => {}
            }
            let next = at + self.typed[at..].chars().next().map_or(1, char::len_utf8);
            if next < mails && !is_word_of_mail(byte) && self.begins_mail(next) {
                return next;
            }
            at = next;
        }
        bytes.len()
    }

    fn begins_mail(&mut self, at: usize) -> bool {
        let bytes = self.typed.as_bytes();
        let end = self.words.end(bytes, at, is_word_of_mail);
        end > at && bytes.get(end) == Some(&b'@')
    }

    /// Adds text: its lines, its references resolved, its marks set.
    fn push_text(&mut self, range: Range<usize>, quotes: Option<Quotes>) {
        let mut at = range.start;
        let mut before = None;
        while at < range.end {
            let rest = &self.typed[at..range.end];
            let stop = memchr::memchr2(b'&', b'\n', rest.as_bytes()).unwrap_or(rest.len());
            if stop > 0 {
                let shown = match quotes {
                    Some(quotes) if rest.as_bytes()[..stop].iter().any(|b| matches!(b, b'"' | b'\'' | b'-' | b'.')) => {
                        smart(&rest[..stop], before, quotes)
                    }
                    _ => rest[..stop].to_owned(),
                };
                self.push_line(at..at + stop, shown);
                before = rest[..stop].chars().next_back();
                at += stop;
                continue;
            }
            if rest.starts_with('\n') {
                let span = self.span(at..at + 1);
                self.out.push(Node::new(NodeKind::SoftBreak, span, Vec::new()));
                self.joins = false;
                before = Some('\n');
                at += 1;
                continue;
            }
            let length = reference(rest).unwrap_or(1);
            if length > 1 {
                let shown = super::super::entities::character(&rest[..length]);
                let node = Node::new(NodeKind::Text(shown), self.span(at..at + length), Vec::new());
                self.out.push(node);
                self.joins = false;
                before = Some(';');
            } else {
                self.push_line(at..at + 1, "&".to_owned());
                before = Some('&');
            }
            at += length;
        }
    }

    /// Adds text of one line, without the white space that begins it.
    fn push_line(&mut self, range: Range<usize>, mut shown: String) {
        let begins = match self.out.last() {
            None => self.starts_line,
            Some(last) => !self.keeps_indent && matches!(last.kind, NodeKind::SoftBreak | NodeKind::HardBreak),
        };
        let mut range = range;
        if begins {
            let indent = self.typed[range.clone()].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
            range.start += indent;
            shown.drain(..indent);
        }
        if range.is_empty() {
            return;
        }
        let span = self.span(range);
        match self.out.last_mut() {
            Some(Node { kind: NodeKind::Text(text), span: known, .. }) if self.joins && known.end == span.start => {
                text.push_str(&shown);
                known.end = span.end;
            }
            _ => self.out.push(Node::new(NodeKind::Text(shown), span, Vec::new())),
        }
        self.joins = true;
    }
}

/// The runs of backticks by their lengths.
fn runs_of_ticks(bytes: &[u8]) -> HashMap<usize, Vec<usize>> {
    let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'`', &bytes[at..]) {
        at += found;
        let length = run(&bytes[at..], b'`');
        runs.entry(length).or_default().push(at);
        at += length;
    }
    runs
}

/// Where `~` and `~~` may close.
struct Strikes {
    closing: [Vec<usize>; 2],
    /// A backslash before a line end, over which nothing reaches.
    barriers: Vec<usize>,
}

impl Strikes {
    fn of(text: &str) -> Strikes {
        let mut strikes = Strikes { closing: [Vec::new(), Vec::new()], barriers: Vec::new() };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'~', b'\\', rest)) {
            at += found;
            if bytes[at] == b'\\' {
                match text[at + 1..].chars().next() {
                    Some('\n') | None => strikes.barriers.push(at),
                    Some(c) => {
                        at += 1 + c.len_utf8();
                        // what is escaped may stand before an end
                        if bytes.get(at) == Some(&b'~') {
                            at += strikes.run(bytes, at);
                        }
                        continue;
                    }
                }
                at += 1;
                continue;
            }
            let ends = text[..at].chars().next_back().is_some_and(|c| !is_space(c) && c != '\\');
            at += if ends { strikes.run(bytes, at) } else { run(&bytes[at..], b'~') };
        }
        strikes
    }

    fn run(&mut self, bytes: &[u8], at: usize) -> usize {
        let length = run(&bytes[at..], b'~');
        if let Some(closing) = self.closing.get_mut(length - 1) {
            closing.push(at);
        }
        length
    }

    /// The end of what begins at `start`.
    fn close(&self, start: usize, width: usize) -> Option<usize> {
        let next = |places: &[usize]| places.get(places.partition_point(|place| *place <= start)).copied();
        let close = next(&self.closing[width - 1])?;
        let barrier = self.barriers.get(self.barriers.partition_point(|place| *place < start));
        barrier.is_none_or(|barrier| *barrier > close).then_some(close)
    }
}

/// A bare address may begin here.
fn begins_address(rest: &[u8]) -> bool {
    match rest {
        [b'h', b't', b't', b'p', rest @ ..] => rest.starts_with(b"://") || rest.starts_with(b"s://"),
        [b'f', b't', b'p', rest @ ..] => rest.starts_with(b"://"),
        rest => rest.starts_with(b"www."),
    }
}

/// The bytes before which text may end.
static STOPS: [bool; 256] = table(b"\\<![`*_\n");
static STOPS_GFM: [bool; 256] = table(b"\\<![`*_~\nhfw");

const fn table(of: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < of.len() {
        table[of[at] as usize] = true;
        at += 1;
    }
    table
}
