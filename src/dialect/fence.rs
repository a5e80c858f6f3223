//! Fences that Hexo takes out before a renderer reads the text (`backtick_code_block.js`). It gets a comment in the place of
//! each, and the code is filled in afterwards.

use std::collections::HashMap;
use std::ops::Range;

use super::marked::scan::{is_space, line_end, next_line, run};
use super::text::Text;
use crate::tree::html::render_fragment;
use crate::tree::{Node, NodeKind};

/// The text that marked reads, and what was taken out of it.
pub struct Prepared {
    /// The text, with a comment for each fence.
    pub text: Text,
    /// The fences.
    pub fences: Vec<Fence>,
}

/// A fence that was taken out.
#[derive(Debug)]
pub struct Fence {
    /// What stands behind its first mark.
    pub info: String,
    /// The code.
    pub code: String,
    /// Its bytes in the source.
    pub span: Range<usize>,
}

/// What stands around the number of a fence in its comment.
const OPEN: &str = "<!--\u{fffc}";
const CLOSE: &str = "-->";

/// The fence for which a comment stands, and the comment's length, at the start of a text.
pub fn of_comment<'f>(fences: &'f [Fence], text: &str) -> Option<(&'f Fence, usize)> {
    let number = text.strip_prefix(OPEN)?;
    let length = number.find(CLOSE)?;
    let fence = fences.get(number[..length].parse::<usize>().ok()?)?;
    Some((fence, OPEN.len() + length + CLOSE.len()))
}

/// Calls `show` with the pieces of a text: what stands as typed, and the fences.
pub fn pieces<'t>(fences: &[Fence], text: &'t str, mut show: impl FnMut(&'t str, Option<&Fence>)) {
    let mut rest = text;
    let mut at = 0;
    while !fences.is_empty()
        && let Some(found) = rest[at..].find(OPEN)
    {
        at += found;
        match of_comment(fences, &rest[at..]) {
            Some((fence, length)) => {
                show(&rest[..at], Some(fence));
                rest = &rest[at + length..];
                at = 0;
            }
            None => at += OPEN.len(),
        }
    }
    show(rest, None);
}

impl Fence {
    /// The block of code.
    pub fn node(&self) -> NodeKind {
        NodeKind::CodeBlock { info: self.info.clone(), text: self.text() }
    }

    pub fn text(&self) -> String {
        if self.code.is_empty() { String::new() } else { format!("{}\n", self.code) }
    }
}

/// A block with the fences that stand in it filled in.
pub fn with_fences(kind: NodeKind, fences: &[Fence]) -> NodeKind {
    match kind {
        NodeKind::HtmlBlock(html) => {
            let alone = of_comment(fences, html.trim_start_matches(' '));
            if let Some((fence, _)) = alone.filter(|(_, length)| *length == html.trim_matches(' ').len()) {
                return fence.node();
            }
            NodeKind::HtmlBlock(filled(&html, fences, |fence| {
                render_fragment(&[Node::new(fence.node(), fence.span.clone(), Vec::new())])
            }))
        }
        NodeKind::CodeBlock { info, text } => {
            NodeKind::CodeBlock { info, text: filled(&text, fences, |fence| fence.code.clone()) }
        }
        kind => kind,
    }
}

fn filled(text: &str, fences: &[Fence], show: impl Fn(&Fence) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    pieces(fences, text, |typed, fence| {
        out.push_str(typed);
        out.extend(fence.map(&show));
    });
    out
}

/// Takes the fences out of a source.
pub fn take(source: &str) -> Prepared {
    let typed = Text::adapt(source);
    let holds = |part: &str| typed.as_str().contains(part);
    // where the author has written such a comment, ours could not be told from it
    if !holds("```") && !holds("~~~") || holds(OPEN) {
        return Prepared { text: typed, fences: Vec::new() };
    }
    let mut prepared = Prepared { text: Text::default(), fences: Vec::new() };
    let mut rest = 0;
    for found in find(typed.as_str()) {
        prepared.text.push(&typed, rest..found.range.start);
        let span = typed.source_range(&found.range);
        let number = prepared.fences.len();
        prepared.text.push_str(&format!("{OPEN}{number}--"), span.start);
        // the comment ends where the fence ends
        prepared.text.push_str(">", span.end - 1);
        rest = found.range.end;
        let code = outdented(&found.code(typed.as_str()), found.column);
        prepared.fences.push(Fence { info: found.info, code, span });
    }
    prepared.text.push(&typed, rest..typed.as_str().len());
    prepared
}

struct Found {
    /// From the first mark to the last.
    range: Range<usize>,
    info: String,
    content: Range<usize>,
    /// How many `>` stand before the first mark.
    depth: usize,
    /// How far in the first mark stands, outside a quote.
    column: usize,
}

impl Found {
    /// The code without the marks of the quote around it.
    fn code(&self, text: &str) -> String {
        let content = &text[self.content.clone()];
        let content = content.strip_suffix('\n').unwrap_or(content);
        if self.depth == 0 {
            return content.to_owned();
        }
        let lines: Vec<&str> = content.split('\n').map(|line| without_marks(line, self.depth)).collect();
        lines.join("\n")
    }
}

/// `^([^\S\r\n]*>){0,n}([^\S\r\n]|$)` taken off a line.
fn without_marks(line: &str, most: usize) -> &str {
    let mut rests = vec![line];
    while rests.len() <= most
        && let Some(rest) = rests.last().and_then(|rest| rest.trim_start_matches(is_space).strip_prefix('>'))
    {
        rests.push(rest);
    }
    let ends = |rest: &&str| rest.is_empty() || rest.starts_with(is_space);
    let Some(rest) = rests.into_iter().rev().find(ends) else { return line };
    let mut chars = rest.chars();
    chars.next();
    chars.as_str()
}

/// The code without the white space that is as far in as its first mark. hexo-util (`highlight.js`) takes off what all
/// lines have, which differs where no line begins at the mark; the author's own indent stays there.
fn outdented(code: &str, column: usize) -> String {
    let cut = |line: &str| {
        let mut at = 0;
        for (index, byte) in line.bytes().enumerate() {
            match byte {
                _ if at >= column => return format!("{}{}", " ".repeat(at - column), &line[index..]),
                b' ' => at += 1,
                b'\t' => at += 4 - at % 4,
                _ => return line[index..].to_owned(),
            }
        }
        String::new()
    };
    if column == 0 { code.to_owned() } else { code.split('\n').map(cut).collect::<Vec<_>>().join("\n") }
}

/// A line by what may stand at its start, and its marks.
struct Line {
    start: usize,
    end: usize,
    /// There may be marks of a fence on it.
    marked: bool,
}

/// `rBacktick`, found from the top down.
fn find(text: &str) -> Vec<Found> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start);
        let marked = memchr::memchr2(b'`', b'~', &text.as_bytes()[start..end]).is_some();
        lines.push(Line { start, end, marked });
        start = next_line(text, end);
    }
    // the lines that close a fence of so many marks
    let mut closing: HashMap<(u8, usize), Vec<usize>> = HashMap::new();
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.marked) {
        if let Some((mark, length)) = closes(&text[line.start..line.end]) {
            closing.entry((mark, length)).or_default().push(number);
        }
    }
    let comments = comments(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at + 1 < lines.len() {
        let marked = Some(at).filter(|at| lines[*at].marked);
        let Some((fence, close)) = marked.and_then(|at| opens(text, &lines, at, &closing)) else {
            at += 1;
            continue;
        };
        at = close + 1;
        let before = comments.partition_point(|comment| comment.start < fence.range.start);
        if before == 0 || comments[before - 1].end <= fence.range.end {
            found.push(fence);
        }
    }
    found
}

/// Quote marks and white space before a line's own text: their length, and how many marks.
fn quoted(line: &str) -> (usize, usize) {
    let mut rest = line.trim_start_matches(is_space);
    let mut depth = 0;
    while depth < 3
        && let Some(inner) = rest.strip_prefix('>')
    {
        rest = inner.trim_start_matches(is_space);
        depth += 1;
    }
    (line.len() - rest.len(), depth)
}

fn marks(text: &str) -> Option<(u8, usize)> {
    let mark = *text.as_bytes().first().filter(|mark| matches!(mark, b'`' | b'~'))?;
    let length = run(text.as_bytes(), mark);
    (length >= 3).then_some((mark, length))
}

/// The line is the last of a fence: its mark, and how many.
fn closes(line: &str) -> Option<(u8, usize)> {
    let rest = &line[quoted(line).0..];
    let (mark, length) = marks(rest)?;
    let mut behind = rest[length..].chars();
    (behind.next().is_none_or(is_space) && behind.next().is_none()).then_some((mark, length))
}

/// The line is the first of a fence that is closed: the fence, and the number of its last line.
fn opens(text: &str, lines: &[Line], at: usize, closing: &HashMap<(u8, usize), Vec<usize>>) -> Option<(Found, usize)> {
    let line = &text[lines[at].start..lines[at].end];
    let (before, depth) = quoted(line);
    let (before, depth) = if marks(&line[before..]).is_some() { (before, depth) } else { (behind_bullet(line)?, 0) };
    let (mark, length) = marks(&line[before..])?;
    for taken in (3..=length).rev() {
        let info = line[before + taken..].trim_matches(is_space);
        if info.ends_with('`') {
            return None;
        }
        let Some(closing) = closing.get(&(mark, taken)) else { continue };
        // a fence holds a line if it can
        let behind = closing.partition_point(|number| *number < at + 2);
        let close = closing.get(behind).copied().or_else(|| closing.contains(&(at + 1)).then_some(at + 1));
        let Some(close) = close else { continue };
        let last = &text[lines[close].start..lines[close].end];
        let range = lines[at].start + before..lines[close].start + trim_last(last).len();
        let content = lines[at + 1].start..lines[close].start;
        let column = if depth > 0 { 0 } else { columns(&line[..before]) };
        return Some((Found { range, info: info.to_owned(), content, depth, column }, close));
    }
    None
}

/// A tab reaches to the next of every four columns.
fn columns(text: &str) -> usize {
    text.chars().fold(0, |at, c| if c == '\t' { at + 4 - at % 4 } else { at + 1 })
}

fn trim_last(line: &str) -> &str {
    line.trim_end_matches(is_space)
}

/// `[-*+]|[0-9]+\.` at a line's start: the length with the white space behind it.
fn behind_bullet(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let length = match bytes.first()? {
        b'-' | b'*' | b'+' => 1,
        _ => {
            let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 || bytes.get(digits) != Some(&b'.') {
                return None;
            }
            digits + 1
        }
    };
    Some(line.len() - line[length..].trim_start_matches(is_space).len())
}

/// The comments of a text: a fence in one is no fence.
fn comments(text: &str) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("<!--").map(|start| at + start) {
        let Some(end) = text[start + 4..].find("-->").map(|end| start + 4 + end + 3) else { break };
        comments.push(start..end);
        at = end;
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(source: &str) -> (String, Vec<(String, String)>) {
        let prepared = take(source);
        let fences = prepared.fences.iter().map(|fence| (fence.info.clone(), fence.code.clone())).collect();
        (prepared.text.as_str().replace('\u{fffc}', ""), fences)
    }

    #[test]
    fn a_comment_stands_for_each_fence() {
        let (text, fences) = taken("a\n```js\nb\n  c\n```\n\nd `e`\n");
        assert_eq!(text, "a\n<!--0-->\n\nd `e`\n");
        assert_eq!(fences, [("js".to_owned(), "b\n  c".to_owned())]);
    }

    #[test]
    fn quotes_and_bullets_stay_before_the_comment() {
        let (text, fences) = taken("> ```\n> a\n>b\n> ```\n\n- ~~~ x y\n  c\n  ~~~\n");
        assert_eq!(text, "> <!--0-->\n\n- <!--1-->\n");
        assert_eq!(fences, [(String::new(), "a\n>b".to_owned()), ("x y".to_owned(), "c".to_owned())]);
    }

    #[test]
    fn what_is_not_closed_or_stands_in_a_comment_stays() {
        for source in ["```js\na\n", "<!--\n```\na\n```\n-->\n", "```js```\na\n```\n", "````\na\n```\n"] {
            assert_eq!(taken(source).0, source);
        }
    }

    #[test]
    fn a_comment_of_the_authors_own_stands_for_no_fence() {
        let source = format!("{OPEN}0{CLOSE}\n\n```\nb\n```\n");
        assert!(take(&source).fences.is_empty());
    }

    #[test]
    fn a_fence_knows_its_place() {
        let source = "a\r\n\r\n```\r\nb\r\n```\r\n";
        let prepared = take(source);
        assert_eq!(&source[prepared.fences[0].span.clone()], "```\r\nb\r\n```");
        let text = prepared.text.as_str();
        let start = text.find('<').expect("a comment");
        assert_eq!(prepared.text.source_range(&(start..text.trim_end().len())), prepared.fences[0].span);
    }
}
