//! Lists (`list`).

use super::super::text::Text;
use super::block::{Blocks, bullet, is_rule};
use super::scan::{is_space, line, line_end, next_line, run, trim_end};
use super::token::{Token, TokenKind};
use crate::tree::NodeKind;

/// What the items of a list begin with.
#[derive(Clone, Copy, PartialEq)]
enum Bullet {
    Mark(u8),
    /// A number, and what stands behind it.
    Number(u8),
}

impl Bullet {
    /// The bullet that a line begins with, and where it ends.
    fn of(line: &str) -> Option<(Bullet, usize)> {
        let indent = run(line.as_bytes(), b' ');
        let length = bullet(&line[indent..]).filter(|_| indent <= 3)?;
        let end = indent + length;
        let last = line.as_bytes()[end - 1];
        line[end..].starts_with([' ', '\t']).then_some(()).or_else(|| line[end..].is_empty().then_some(()))?;
        Some((if length == 1 { Bullet::Mark(last) } else { Bullet::Number(last) }, end))
    }
}

/// Reads the list at a byte; it, and its length.
pub fn read(blocks: &mut Blocks, text: &Text, at: usize) -> Option<(Token, usize)> {
    let typed = text.as_str();
    let first = line(typed, at);
    let (kind, marks) = Bullet::of(first)?;
    // white space alone behind the first bullet makes no list
    if first.len() == marks + 1 {
        return None;
    }
    let start = match kind {
        Bullet::Mark(_) => None,
        Bullet::Number(_) => first[..marks - 1].trim_start().parse().ok(),
    };
    let mut items = Vec::new();
    let mut loose = false;
    let mut ends_blank = false;
    let mut next = at;
    while next < typed.len() {
        let here = line(typed, next);
        let own = Bullet::of(here).filter(|(own, _)| *own == kind);
        let Some((_, marks)) = own.filter(|_| !is_rule(here)) else { break };
        let item = Item::read(blocks.gfm, text, next, marks);
        next = item.end;
        loose |= ends_blank;
        ends_blank |= item.ends_blank;
        items.push(item);
    }
    let length = trim_end(&typed[at..next]).len();
    let mut list = Token::new(NodeKind::List { start }, text, at..at + length);
    let count = items.len();
    for (number, mut item) in items.into_iter().enumerate() {
        let end = if number + 1 == count { at + length } else { item.end };
        let mut token = Token::new(NodeKind::Item { task: item.task }, text, item.start..end.max(item.start));
        if number + 1 == count {
            let shown = trim_end(item.content.as_str()).len();
            item.content = item.content.slice(0..shown);
        }
        blocks.top = false;
        blocks.read(&item.content, &mut token.children, false);
        loose |= token.children.iter().any(|child| child.kind == TokenKind::Space { loosens: true });
        list.children.push(token);
    }
    list.children.iter_mut().for_each(|item| item.loose = loose);
    (count > 0).then_some((list, length))
}

/// The text of an item.
struct Item {
    start: usize,
    /// Where the line behind it begins.
    end: usize,
    content: Text,
    task: Option<bool>,
    /// A blank line stands at its end.
    ends_blank: bool,
}

impl Item {
    /// Reads an item whose bullet ends at `marks` of its first line.
    fn read(gfm: bool, text: &Text, at: usize, marks: usize) -> Item {
        let typed = text.as_str();
        let first = line(typed, at);
        let behind = &first[marks..];
        let mut content = Text::default();
        let mut blank = behind.chars().all(is_space);
        let indent = if blank {
            marks + 1
        } else {
            // an indent of more than four spaces is that of a block of code
            let spaces = run(behind.as_bytes(), b' ');
            let spaces = if spaces > 4 { 1 } else { spaces };
            // `listReplaceTabs`: a tab at the start is three spaces
            let tabs = run(behind.as_bytes(), b'\t');
            for tab in 0..tabs {
                (0..3).for_each(|_| content.push_str(" ", text.source(at + marks + tab)));
            }
            content.push(text, at + marks + tabs + if tabs == 0 { spaces } else { 0 }..at + first.len());
            marks + spaces
        };
        let mut end = next_line(typed, at + first.len());
        // an item begins with one blank line at most
        let second = line(typed, end);
        if blank && second.bytes().all(|b| matches!(b, b' ' | b'\t')) {
            end = next_line(typed, end + second.len());
        } else {
            let tabs = run(behind.as_bytes(), b'\t');
            let before = format!("{}{}", "   ".repeat(tabs), &behind[tabs..]);
            let mut lines = Lines { indent, blank, before };
            while end < typed.len() && lines.take(text, end, &mut content) {
                end = next_line(typed, line_end(typed, end));
            }
            blank = lines.blank;
        }
        let ends_blank = blank && ends_with_blank_line(&typed[at..end]);
        let task = if gfm { task(&mut content) } else { None };
        Item { start: at, end, content, task, ends_blank }
    }
}

/// `doubleBlankLine`
fn ends_with_blank_line(raw: &str) -> bool {
    let blank = |text: &str| text.trim_end_matches([' ', '\t']).len();
    let last = &raw[..blank(raw)];
    let Some(last) = last.strip_suffix('\n') else { return false };
    last[..blank(last)].ends_with('\n')
}

/// `listIsTask`: the box is taken out of the text.
fn task(content: &mut Text) -> Option<bool> {
    let typed = content.as_str();
    let done = match typed.as_bytes() {
        [b'[', b' ', b']', b' ', ..] => false,
        [b'[', b'x' | b'X', b']', b' ', ..] => true,
        _ => return None,
    };
    let length = 3 + run(&typed.as_bytes()[3..], b' ');
    *content = content.slice(length..typed.len());
    Some(done)
}

/// The lines of an item behind its first one.
struct Lines {
    /// How far they are indented.
    indent: usize,
    /// A blank line was among them.
    blank: bool,
    /// The line before.
    before: String,
}

impl Lines {
    /// Takes a line into the item; false where the item ends before it.
    fn take(&mut self, text: &Text, at: usize, content: &mut Text) -> bool {
        let typed = line(text.as_str(), at);
        if self.begins_block(typed) || self.begins_html(typed) || self.begins_item(typed) {
            return false;
        }
        let is_blank = typed.chars().all(is_space);
        let line = Untabbed { text, at, typed };
        let shown_at = line.indent();
        if is_blank || shown_at >= self.indent {
            content.push_str("\n", text.source(at - 1));
            let start = content.as_str().len();
            line.push(self.indent, content);
            self.before = content.as_str()[start..].to_owned();
        } else {
            let code = self.before.replace('\t', "    ");
            if self.blank || run(code.as_bytes(), b' ') >= 4 || self.begins_block(&self.before) {
                return false;
            }
            content.push_str("\n", text.source(at - 1));
            content.push(text, at..at + typed.len());
            let mut cut = Text::default();
            line.push(self.indent, &mut cut);
            self.before = cut.as_str().to_owned();
        }
        self.blank |= is_blank;
        true
    }

    /// A line without the spaces that may stand before a block beside the item.
    fn outside<'l>(&self, line: &'l str) -> Option<&'l str> {
        let spaces = run(line.as_bytes(), b' ');
        (spaces <= (self.indent - 1).min(3)).then(|| &line[spaces..])
    }

    /// `fencesBeginRegex`, `headingBeginRegex`, `hrRegex`
    fn begins_block(&self, line: &str) -> bool {
        let Some(rest) = self.outside(line) else { return false };
        rest.starts_with("```") || rest.starts_with("~~~") || rest.starts_with('#') || {
            // only spaces stand between the marks of this rule
            is_rule(rest) && !rest.contains('\t')
        }
    }

    /// `htmlBeginRegex`
    fn begins_html(&self, line: &str) -> bool {
        let Some(rest) = self.outside(line).and_then(|rest| rest.strip_prefix('<')) else { return false };
        rest.starts_with("!--") || (rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>'))
    }

    /// `nextBulletRegex`
    fn begins_item(&self, line: &str) -> bool {
        let Some(rest) = self.outside(line) else { return false };
        bullet(rest).is_some_and(|length| rest[length..].is_empty() || rest[length..].starts_with([' ', '\t']))
    }
}

/// A line in which a tab counts for four spaces.
struct Untabbed<'t> {
    text: &'t Text,
    at: usize,
    typed: &'t str,
}

impl Untabbed<'_> {
    /// How many spaces stand before its text; none where there is no text.
    fn indent(&self) -> usize {
        self.typed.bytes().take_while(|b| matches!(b, b' ' | b'\t')).map(|b| if b == b'\t' { 4 } else { 1 }).sum()
    }

    /// Adds it without its first characters.
    fn push(&self, mut cut: usize, out: &mut Text) {
        let mut rest = 0;
        for (at, c) in self.typed.char_indices() {
            if c == '\t' {
                out.push(self.text, self.at + rest..self.at + at);
                (cut.min(4)..4).for_each(|_| out.push_str(" ", self.text.source(self.at + at)));
                cut -= cut.min(4);
                rest = at + 1;
            } else if cut > 0 {
                cut -= 1;
                rest = at + c.len_utf8();
            } else if !self.typed[at..].contains('\t') {
                break;
            }
        }
        out.push(self.text, self.at + rest..self.at + self.typed.len());
    }
}
