//! Blocks of gomarkdown (`parser/block.go`), in the order in which it tries them. A list, a quote or code needs a blank
//! line before it, a fence, a heading or a rule does not; nesting goes by four spaces or a tab.

use std::collections::HashMap;
use std::ops::Range;

use super::super::ends::Ends;
use super::super::text::Text;
use super::definition::Definition;
use super::element::Element;
use super::html::block_length;
use super::scan::{self, trimmed};
use crate::model::Blackfriday;
use crate::tree::NodeKind;

/// Blocks nested deeper than this are read as text (`maxNesting`, at which gomarkdown drops them).
const DEEPEST: usize = 40;

/// Reads blocks.
#[derive(Debug, Default)]
pub struct Blocks {
    /// What was defined so far, by its label in lower case.
    pub definitions: HashMap<String, Definition>,
    pub(super) depth: usize,
    /// They are blackfriday's (`list.rs` has its lists).
    pub(super) blackfriday: Option<Blackfriday>,
    /// Fences that were looked for in vain in the text that is read.
    pub(super) ends: Ends<(u8, usize)>,
    /// And elements.
    pub(super) html_ends: Ends<&'static str>,
}

impl Blocks {
    /// Reads a text.
    pub fn read(&mut self, text: &Text) -> Vec<Element> {
        let mut out = Vec::new();
        if self.depth >= DEEPEST {
            paragraph_of(text, 0..text.as_str().len(), &mut out);
            return out;
        }
        self.depth += 1;
        let outer = (std::mem::take(&mut self.ends), std::mem::take(&mut self.html_ends));
        let mut at = 0;
        while at < text.as_str().len() {
            at += self.block(text, at, &mut out).max(1);
            // what follows a `}` in a line begins a block of its own, at a whole character
            while !text.as_str().is_char_boundary(at.min(text.as_str().len())) {
                at += 1;
            }
        }
        (self.ends, self.html_ends) = outer;
        self.depth -= 1;
        out
    }

    /// Reads one block at `at`; its length.
    fn block(&mut self, text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
        let data = &text.as_str().as_bytes()[at..];
        if scan::heading(data) {
            return heading(text, at, out);
        }
        if data[0] == b'<' {
            let length = block_length(text.as_str().as_bytes(), at, &mut self.html_ends);
            if length > 0 {
                let end = at + trimmed(&data[..length]);
                let html = text.as_str()[at..end].to_owned();
                out.push(Element::new(NodeKind::HtmlBlock(html), text.source_range(&(at..end))));
                return length;
            }
        }
        let blank = scan::blank(data);
        if blank > 0 {
            return blank;
        }
        if scan::code(data) > 0 {
            return code(text, at, out);
        }
        if let Some((content, length)) = scan::fenced(text.as_str().as_bytes(), at, &mut self.ends) {
            // the first word alone is the language; nothing is made of the others
            let info = scan::fence(data).map(|fence| String::from_utf8_lossy(fence.info).into_owned());
            let info = info.map(|info| info.split([' ', '\t']).next().unwrap_or("").to_owned());
            let code = text.as_str()[at + content.start..at + content.end].to_owned();
            let kind = NodeKind::CodeBlock { info: info.unwrap_or_default(), text: code };
            out.push(Element::new(kind, text.source_range(&(at..at + trimmed(&data[..length])))));
            return length;
        }
        if scan::rule(data) {
            let end = scan::until(data, 0, b'\n');
            out.push(Element::new(NodeKind::Rule, text.source_range(&(at..at + end))));
            return end;
        }
        if scan::quote(data) > 0 {
            return self.quote(text, at, out);
        }
        let table = super::table::read(text, at, out);
        if table > 0 {
            return table;
        }
        if scan::bullet(data) > 0 {
            return self.list(text, at, super::list::Type::Bullets, out);
        }
        if self.number(data) > 0 {
            return self.list(text, at, super::list::Type::Numbers, out);
        }
        if scan::definition(data) > 0 {
            return self.list(text, at, super::list::Type::Definitions, out);
        }
        let math = if self.blackfriday.is_some() { 0 } else { math(text, at, out) };
        if math > 0 {
            return math;
        }
        self.paragraph(text, at, out)
    }

    /// `quote`: whole lines, and fenced code with whatever is in it, up to a blank line behind which no quote follows.
    fn quote(&mut self, text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
        let data = &text.as_str().as_bytes()[at..];
        let mut inner = Text::default();
        let mut begin = 0;
        let mut end = 0;
        while begin < data.len() {
            end = begin;
            while end < data.len() && data[end] != b'\n' {
                let whole = text.as_str().as_bytes();
                if matches!(data[end], b'`' | b'~')
                    && let Some((_, length)) = scan::fenced(whole, at + end, &mut self.ends)
                {
                    end += length - 1;
                    break;
                }
                end += 1;
            }
            end = scan::skip_most(data, end, b'\n', 1);
            let mark = scan::quote(&data[begin..]);
            if mark > 0 {
                begin += mark;
            } else if scan::blank(&data[begin..]) > 0
                && (end >= data.len() || (scan::quote(&data[end..]) == 0 && scan::blank(&data[end..]) == 0))
            {
                break;
            }
            inner.push(text, at + begin..at + end);
            begin = end;
        }
        let mut quote = Element::new(NodeKind::BlockQuote, text.source_range(&(at..at + trimmed(&data[..end]))));
        quote.children = self.read(&inner);
        out.push(quote);
        end
    }

    /// `paragraph`: up to what may end one.
    fn paragraph(&mut self, text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
        let data = &text.as_str().as_bytes()[at..];
        let (mut line, mut i) = (0, 0);
        while i < data.len() {
            let previous = line;
            line = i;
            let current = &data[i..];
            if let Some((label, definition, length)) = super::definition::read(text, at + i, self.blackfriday.is_none())
            {
                paragraph_of(text, at..at + i, out);
                if let Definition::Link { href, title } = &definition {
                    let kind =
                        NodeKind::LinkDefinition { label: label.clone(), href: href.clone(), title: title.clone() };
                    let shown = trimmed(&data[..i + length]).max(i);
                    out.push(Element::new(kind, text.source_range(&(at + i..at + shown))));
                }
                self.definitions.insert(label, definition);
                return i + length;
            }
            let blank = scan::blank(current);
            if blank > 0 {
                if i + 1 < data.len() && data[i + 1] == b':' {
                    let length = self.terms(text, at, previous, out);
                    if length > 0 {
                        return length;
                    }
                }
                paragraph_of(text, at..at + i, out);
                return i + blank;
            }
            let level = if i > 0 { scan::underline(current) } else { 0 };
            if level > 0 {
                paragraph_of(text, at..at + previous, out);
                let content = text.trimmed(at + previous..at + i);
                let end = scan::until(data, i, b'\n');
                let mut heading =
                    Element::new(NodeKind::Heading { level, id: None }, text.source_range(&(at + previous..at + end)));
                heading.text = Some(content);
                out.push(heading);
                return end;
            }
            let ends = scan::heading(current)
                || scan::rule(current)
                || scan::fenced(text.as_str().as_bytes(), at + i, &mut self.ends).is_some()
                // blackfriday (`paragraph`) wants a blank line before them
                || (self.blackfriday.is_none() && (scan::quote(current) > 0 || super::table::begins(current)));
            if ends {
                paragraph_of(text, at..at + i, out);
                // a paragraph of nothing: what follows was tried before and is read as text
                return if i == 0 { self.text_line(text, at, out) } else { i };
            }
            if scan::definition(current) > 0 {
                let length = self.terms(text, at, previous, out);
                if length > 0 {
                    return length;
                }
            }
            i += scan::line(current);
        }
        paragraph_of(text, at..at + i, out);
        i
    }

    /// The mark of a numbered item; blackfriday (`oliPrefix`) knows no `1)`.
    pub(super) fn number(&self, data: &[u8]) -> usize {
        let mark = scan::number(data);
        if self.blackfriday.is_some() && mark > 1 && data[mark - 2] == b')' { 0 } else { mark }
    }

    fn text_line(&mut self, text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
        let length = scan::line(&text.as_str().as_bytes()[at..]);
        paragraph_of(text, at..at + length, out);
        length
    }

    /// A definition list whose term is the line at `term`; gomarkdown drops what stands before that line, here it stays.
    fn terms(&mut self, text: &Text, at: usize, term: usize, out: &mut Vec<Element>) -> usize {
        let mut list = Vec::new();
        let length = self.list(text, at + term, super::list::Type::Definitions, &mut list);
        if length == 0 {
            return 0;
        }
        paragraph_of(text, at..at + term, out);
        out.extend(list);
        term + length
    }
}

/// `renderParagraph`
fn paragraph_of(text: &Text, range: Range<usize>, out: &mut Vec<Element>) {
    let whole = &text.as_str()[range.clone()];
    if whole.is_empty() {
        return;
    }
    let start = range.start + (whole.len() - whole.trim_start_matches(' ').len());
    let shown = whole.strip_suffix('\n').unwrap_or(whole).trim_end_matches(' ');
    let end = (range.start + shown.len()).max(start);
    let mut paragraph = Element::new(NodeKind::Paragraph, text.source_range(&(start..end)));
    paragraph.text = Some(text.slice(start..end));
    out.push(paragraph);
}

/// `prefixHeading`: what stands behind `{#id}` begins a block of its own.
fn heading(text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
    let data = &text.as_str().as_bytes()[at..];
    let level = scan::skip_most(data, 0, b'#', 6);
    let start = scan::skip(data, level, b' ');
    let line_end = scan::until(data, start, b'\n');
    let (mut end, mut length, mut id) = (line_end, line_end, None);
    let line = &text.as_str()[at + start..at + line_end];
    if let Some(open) = line.find("{#")
        && let Some(close) = line[open..].find('}')
    {
        id = Some(line[open + 2..open + close].to_owned()).filter(|id| !id.is_empty());
        end = start + line[..open].trim_end_matches(' ').len();
        length = start + open + close + 1;
    }
    while end > start && data[end - 1] == b'#' && !scan::is_escaped(data, end - 1) {
        end -= 1;
    }
    while end > start && data[end - 1] == b' ' {
        end -= 1;
    }
    if end > start {
        let kind = NodeKind::Heading { level: level as u8, id };
        let mut heading = Element::new(kind, text.source_range(&(at..at + length)));
        heading.text = Some(text.slice(at + start..at + end));
        out.push(heading);
    }
    length
}

/// `code`: blank lines belong to it.
fn code(text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
    let data = &text.as_str().as_bytes()[at..];
    let mut code = String::new();
    let (mut i, mut end) = (0, 0);
    while i < data.len() {
        let line = i..i + scan::line(&data[i..]);
        let prefix = scan::code(&data[line.clone()]);
        let blank = scan::blank(&data[line.clone()]) > 0;
        if prefix == 0 && !blank {
            break;
        }
        if blank {
            code.push('\n');
        } else {
            code.push_str(&text.as_str()[at + line.start + prefix..at + line.end]);
            end = line.end;
        }
        i = line.end;
    }
    let code = code.trim_end_matches('\n').to_owned() + "\n";
    let kind = NodeKind::CodeBlock { info: String::new(), text: code };
    out.push(Element::new(kind, text.source_range(&(at..at + trimmed(&data[..end])))));
    i
}

/// `blockMath`: from `$$` to the next `$$`; what follows begins a block of its own.
fn math(text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
    let rest = &text.as_str()[at..];
    let Some(formula) = rest.strip_prefix("$$").filter(|formula| formula.len() > 2 && !formula.starts_with('$')) else {
        return 0;
    };
    let Some(end) = formula.find("$$") else { return 0 };
    let kind = NodeKind::MathBlock(formula[..end].to_owned());
    out.push(Element::new(kind, text.source_range(&(at..at + end + 4))));
    end + 4
}
