//! Block quotes (`blockquote`): their lines without marks are a text of its own, and so are the lazy lines behind them.

use std::ops::Range;

use super::super::text::Text;
use super::block::{Blocks, paragraph};
use super::list;
use super::scan::{line, next_line, outdented, run};
use super::token::{Token, TokenKind};
use crate::tree::NodeKind;

/// Reads the quote at a byte; it, and its length.
pub fn read(blocks: &mut Blocks, text: &Text, at: usize) -> Option<(Token, usize)> {
    let end = at + length(&text.as_str()[at..])?;
    let mut children: Vec<Token> = Vec::new();
    // the last quote or list among the children, as it was typed
    let mut last: Option<Text> = None;
    let (mut from, mut taken) = (at, at);
    while from < end {
        let chunk = up_to_lazy(text.as_str(), from..end);
        let inner = without_marks(text, from..chunk);
        let known = children.len();
        let top = std::mem::replace(&mut blocks.top, true);
        blocks.read(&inner, &mut children, true);
        blocks.top = top;
        taken = chunk;
        from = next_line(text.as_str(), chunk);
        let Some(child) = children.last().filter(|_| from < end) else { continue };
        let read: fn(&mut Blocks, &Text, usize) -> Option<(Token, usize)> = match child.kind {
            TokenKind::Node(NodeKind::CodeBlock { .. }) => break,
            TokenKind::Node(NodeKind::BlockQuote) => read,
            TokenKind::Node(NodeKind::List { .. }) => list::read,
            _ => continue,
        };
        let is_quote = child.kind == TokenKind::Node(NodeKind::BlockQuote);
        if children.len() > known {
            let mut typed = inner.slice(child.raw.clone());
            // marked takes one space behind it for a line end
            if inner.as_str().len() == child.raw.end + 1 {
                typed.push_str("\n", inner.source(child.raw.end));
            }
            last = Some(typed);
        }
        // lazy lines go on with what stands in it: it is read again together with them
        let Some(mut joined) = last.take() else { continue };
        let behind = joined.as_str().len() + 1;
        joined.push_str("\n", text.source(from - 1));
        joined.push(text, from..end);
        if blocks.work < joined.as_str().len() {
            continue;
        }
        blocks.work -= joined.as_str().len();
        let Some((again, length)) = read(blocks, &joined, 0) else { continue };
        if let Some(place) = children.last_mut() {
            *place = again;
        }
        if length > behind {
            taken = from + (length - behind);
            from = next_line(text.as_str(), taken);
        }
        if is_quote {
            break;
        }
        last = Some(joined.slice(0..length.min(joined.as_str().len())));
    }
    let mut token = Token::new(NodeKind::BlockQuote, text, at..taken);
    token.children = children;
    Some((token, taken - at))
}

/// Lines with `>`, each with the lines that go on with its paragraph: the length without the last line end.
fn length(rest: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(mark) = mark(line(rest, at)) {
        let start = at + mark;
        let start = start + usize::from(rest[start..].starts_with(' '));
        let end = if line(rest, start).is_empty() { start } else { start + paragraph(&rest[start..], false) };
        at = next_line(rest, end);
        if at == end || at == rest.len() {
            return Some(rest[..at].trim_end_matches('\n').len());
        }
    }
    (at > 0).then(|| rest[..at].trim_end_matches('\n').len())
}

/// `>` behind up to three spaces: where it ends.
fn mark(line: &str) -> Option<usize> {
    let rest = outdented(line)?;
    rest.starts_with('>').then(|| line.len() - rest.len() + 1)
}

/// Where the last line ends before one that goes on without a mark.
fn up_to_lazy(typed: &str, range: Range<usize>) -> usize {
    let mut at = range.start;
    let mut end = at;
    let mut quoted = false;
    while at < range.end {
        let here = line(&typed[..range.end], at);
        let marked = mark(here).is_some();
        if quoted && !marked {
            break;
        }
        quoted |= marked;
        end = at + here.len();
        at = next_line(typed, end);
    }
    end
}

/// The lines without their marks. A line of `=` or `-` that has none underlines nothing (`blockquoteSetextReplace`).
fn without_marks(text: &Text, range: Range<usize>) -> Text {
    let typed = &text.as_str()[..range.end];
    let mut inner = Text::default();
    let mut at = range.start;
    while at < range.end {
        let here = line(typed, at);
        let end = at + here.len();
        let next = next_line(typed, end);
        let start = match mark(here) {
            Some(mark) => at + mark + usize::from(here[mark..].starts_with([' ', '\t'])),
            None => {
                let rest = outdented(here).unwrap_or("");
                let marks = rest.trim_end_matches(' ');
                let underlines = ["=", "-"].iter().any(|mark| run(marks.as_bytes(), mark.as_bytes()[0]) == marks.len());
                if at > range.start && !marks.is_empty() && underlines {
                    inner.push_str("    ", text.source(at));
                    end - rest.len()
                } else {
                    at
                }
            }
        };
        inner.push(text, start..next);
        at = next.max(at + 1);
    }
    inner
}
