//! Blocks (`Lexer.blockTokens`): the rules in marked's order. Names in quotes are those of `rules.ts`.

use std::collections::HashMap;

use super::super::text::Text;
use super::definition::{self, Definition};
use super::scan::{is_space, line, line_end, next_line, outdented, run, trim};
use super::token::{Token, TokenKind};
use super::{html, list, quote, table};
use crate::tree::NodeKind;

/// Quotes and lists deeper than this are text: nobody types more, and the stack stays small.
const DEEPEST: usize = 60;

/// Reads blocks.
pub struct Blocks {
    /// GFM: tables and task lists.
    pub gfm: bool,
    /// What the text defines.
    pub definitions: HashMap<String, Definition>,
    /// `state.top`: lines of text are a paragraph.
    pub top: bool,
    /// How deep the present text stands in quotes and lists.
    depth: usize,
    /// Quotes and lists with lazy lines are read again with these: the work is bounded.
    pub work: usize,
}

impl Blocks {
    /// A reader for a text of a length.
    pub fn new(gfm: bool, length: usize) -> Self {
        Blocks { gfm, definitions: HashMap::new(), top: true, depth: 0, work: 64 * length + (1 << 16) }
    }

    /// `blockTokens`. `clipped`: a paragraph at the start goes on with the one before it.
    pub fn read(&mut self, text: &Text, tokens: &mut Vec<Token>, clipped: bool) {
        let length = text.as_str().len();
        if self.depth >= DEEPEST || self.work < length {
            let mut whole = Token::new(NodeKind::Paragraph, text, 0..length).with_text(text.clone());
            whole.kind = TokenKind::Text;
            tokens.push(whole);
            self.top = true;
            return;
        }
        self.depth += 1;
        self.work -= length;
        let mut at = 0;
        let mut clipped = clipped;
        // from lines before this one no underline of a heading is reached
        let mut no_underline = 0;
        while at < length {
            at += self.block(text, at, tokens, &mut clipped, &mut no_underline);
        }
        self.depth -= 1;
        self.top = true;
    }

    /// The block at a byte; its length.
    fn block(
        &mut self,
        text: &Text,
        at: usize,
        tokens: &mut Vec<Token>,
        clipped: &mut bool,
        no_underline: &mut usize,
    ) -> usize {
        let rest = &text.as_str()[at..];
        if let Some(length) = space(rest) {
            // one line end belongs to the block before it
            if length > 1 || tokens.is_empty() {
                let typed = &rest[..length];
                let mut token = Token::new(NodeKind::Paragraph, text, at..at + length);
                token.kind = TokenKind::Space { loosens: loosens(typed) };
                tokens.push(token);
            }
            return length;
        }
        let first = line(rest, 0);
        let mark = first.trim_start_matches(' ').as_bytes().first().copied().unwrap_or(b' ');
        if begins_code(first) {
            return code(text, at, tokens);
        }
        if let Some(length) = fences(text, at, tokens) {
            return length;
        }
        if let Some(length) = heading(text, at, tokens) {
            return length;
        }
        if is_rule(first) {
            let length = first.len() + newlines(&rest[first.len()..]);
            tokens.push(Token::new(NodeKind::Rule, text, at..at + first.len()));
            return length;
        }
        if mark == b'>'
            && let Some((token, length)) = quote::read(self, text, at)
        {
            tokens.push(token);
            return length;
        }
        if let Some((token, length)) = list::read(self, text, at) {
            tokens.push(token);
            return length;
        }
        if mark == b'<'
            && let Some(length) = html::block(rest)
        {
            let kind = NodeKind::HtmlBlock(rest[..length].trim_end_matches('\n').to_owned());
            tokens.push(Token::new(kind, text, at..at + length));
            return length;
        }
        if mark == b'['
            && let Some(found) = definition::read(rest)
        {
            return self.define(text, at, found, tokens);
        }
        if self.gfm
            && let Some((token, length)) = table::read(text, at)
        {
            tokens.push(token);
            return length;
        }
        if let Some((token, length)) = self.underlined(text, at, no_underline) {
            tokens.push(token);
            return length;
        }
        if self.top {
            return self.paragraph(text, at, tokens, clipped);
        }
        let end = at + first.len();
        let line = text.slice(at..end);
        match tokens.last_mut() {
            Some(last) if last.kind == TokenKind::Text => last.push_line(&line),
            _ => {
                let mut token = Token::new(NodeKind::Paragraph, text, at..end).with_text(line);
                token.kind = TokenKind::Text;
                tokens.push(token);
            }
        }
        first.len()
    }

    /// `def`: the first definition of a label holds. Behind a paragraph it is text.
    fn define(&mut self, text: &Text, at: usize, found: definition::Found, tokens: &mut Vec<Token>) -> usize {
        let raw = at..at + found.length;
        if let Some(last) = tokens.last_mut().filter(|last| last.is_running()) {
            let typed = text.as_str()[raw.clone()].trim_end_matches('\n').len();
            last.push_line(&text.slice(at..at + typed));
            return found.length;
        }
        let Definition { href, title } = found.definition.clone();
        tokens.push(Token::new(NodeKind::LinkDefinition { label: found.label, href, title }, text, raw));
        self.definitions.entry(found.key).or_insert(found.definition);
        found.length
    }

    /// `lheading`: lines with `=` or `-` below them.
    fn underlined(&self, text: &Text, at: usize, no_underline: &mut usize) -> Option<(Token, usize)> {
        let typed = text.as_str();
        let mut end = line_end(typed, at);
        if at < *no_underline || self.stops_heading(typed, at) {
            return None;
        }
        loop {
            let next = next_line(typed, end);
            if next >= typed.len() || next <= end {
                break;
            }
            let below = line(typed, next);
            if let Some(level) = underline(below) {
                let length = next + below.len() - at;
                let raw = at..at + length + newlines(&typed[at + length..]);
                let token = Token::new(NodeKind::Heading { level, id: None }, text, raw.clone());
                return Some((token.with_text(text.slice(at..end)), raw.len()));
            }
            if self.stops_heading(typed, next) || is_blank_line(typed, next) {
                break;
            }
            end = line_end(typed, next);
        }
        *no_underline = (*no_underline).max(end);
        None
    }

    /// What may not stand in the text of an underlined heading.
    fn stops_heading(&self, typed: &str, at: usize) -> bool {
        let first = line(typed, at);
        let has_end = at + first.len() < typed.len();
        let begins_block = outdented(first).is_some_and(|rest| {
            let angle = || rest.len() > 2 && rest.ends_with('>') && rest[1..].find('>') == Some(rest.len() - 2);
            match rest.as_bytes().first() {
                Some(b'>') => true,
                Some(b'#') => true,
                Some(b'`' | b'~') => rest.starts_with("```") || rest.starts_with("~~~"),
                Some(b'<') => has_end && angle(),
                Some(b'\t') => true,
                Some(b'|' | b':' | b'-' | b' ') if self.gfm => {
                    has_end && rest.contains('|') && rest.bytes().all(|b| matches!(b, b'|' | b':' | b'-' | b' '))
                }
                _ => false,
            }
        });
        begins_block
            || first.starts_with("    ")
            || bullet(first).is_some_and(|length| first[length..].starts_with(' '))
    }

    /// `paragraph`
    fn paragraph(&mut self, text: &Text, at: usize, tokens: &mut Vec<Token>, clipped: &mut bool) -> usize {
        let length = paragraph(&text.as_str()[at..], self.gfm);
        let inner = text.slice(at..at + length);
        let goes_on = std::mem::take(clipped);
        match tokens.last_mut() {
            Some(last) if goes_on && last.kind == TokenKind::Node(NodeKind::Paragraph) => last.push_line(&inner),
            _ => tokens.push(Token::new(NodeKind::Paragraph, text, at..at + length).with_text(inner)),
        }
        length
    }
}

/// `newline`: white space up to the end of lines.
fn space(rest: &str) -> Option<usize> {
    let mut end = 0;
    while end < rest.len() {
        let first = line(rest, end);
        if !first.bytes().all(|b| matches!(b, b' ' | b'\t')) {
            break;
        }
        end = next_line(rest, end + first.len());
    }
    (end > 0).then_some(end)
}

/// `anyLine`: two line ends with nothing but white space between them.
fn loosens(space: &str) -> bool {
    space.bytes().filter(|b| *b == b'\n').count() > 1
}

/// How many bytes of line ends stand at the start.
pub fn newlines(rest: &str) -> usize {
    run(rest.as_bytes(), b'\n')
}

/// A line that begins a block of code: four spaces, or a tab behind fewer, and something else.
pub fn begins_code(line: &str) -> bool {
    code_indent(line).is_some_and(|indent| indent < line.len())
}

fn code_indent(line: &str) -> Option<usize> {
    let spaces = run(line.as_bytes(), b' ');
    if spaces >= 4 {
        return Some(4);
    }
    (line.as_bytes().get(spaces) == Some(&b'\t')).then_some(spaces + 1)
}

/// `blockCode`: indented lines, blank ones among them. Behind a paragraph they are text.
fn code(text: &Text, at: usize, tokens: &mut Vec<Token>) -> usize {
    let typed = text.as_str();
    let mut inner = Text::default();
    let mut end = at;
    loop {
        let first = line(typed, end);
        if !begins_code(first) {
            break;
        }
        let next = next_line(typed, end + first.len());
        let blank = if next > end + first.len() { space(&typed[next..]).unwrap_or(0) } else { 0 };
        let stop = next + blank;
        let mut start = end;
        while start < stop {
            let line_end = line_end(typed, start);
            let this = &typed[start..line_end];
            // `codeRemoveIndent`: up to four spaces, or a tab behind none
            let spaces = run(this.as_bytes(), b' ').min(4);
            let indent = if spaces == 0 { run(this.as_bytes(), b'\t').min(1) } else { spaces };
            let next = next_line(typed, line_end).min(stop);
            inner.push(text, start + indent..next);
            start = next;
        }
        end = stop;
        if end >= typed.len() {
            break;
        }
    }
    let shown = inner.as_str().trim_end_matches('\n').len();
    match tokens.last_mut() {
        Some(last) if last.is_running() => last.push_line(&inner.slice(0..shown)),
        _ => {
            let code = format!("{}\n", &inner.as_str()[..shown]);
            tokens.push(Token::new(NodeKind::CodeBlock { info: String::new(), text: code }, text, at..end));
        }
    }
    end - at
}

/// The marks that open a fence: where they begin in the line, and how many.
fn fence_marks(first: &str) -> Option<(usize, &str)> {
    let rest = outdented(first)?;
    let mark = *rest.as_bytes().first().filter(|mark| matches!(mark, b'`' | b'~'))?;
    let length = run(rest.as_bytes(), mark);
    if length < 3 || (mark == b'`' && rest[length..].contains('`')) {
        return None;
    }
    Some((first.len() - rest.len(), &rest[..length]))
}

/// `fences`: up to the marks that close it, or to the end.
fn fences(text: &Text, at: usize, tokens: &mut Vec<Token>) -> Option<usize> {
    let typed = text.as_str();
    let first = line(typed, at);
    let (indent, marks) = fence_marks(first)?;
    let info = super::scan::unescaped(trim(&first[indent + marks.len()..]));
    let start = next_line(typed, at + first.len());
    let closes = |line: &str| {
        outdented(line)
            .and_then(|rest| rest.strip_prefix(marks))
            .is_some_and(|behind| behind.trim_start_matches(['`', '~']).bytes().all(|b| b == b' '))
    };
    let (mut content, mut end) = (start..typed.len(), typed.len());
    let mut at_line = start;
    while at_line < typed.len() {
        let here = line(typed, at_line);
        if closes(here) {
            content = start..at_line.saturating_sub(1).max(start);
            end = at_line + here.len();
            break;
        }
        at_line = next_line(typed, at_line + here.len());
    }
    let inner = &typed[content];
    let inner = inner.strip_suffix('\n').unwrap_or(inner);
    // `indentCodeCompensation`
    let code = if indent > 0 && marks.starts_with('`') { without_indent(inner, indent) } else { inner.to_owned() };
    let text_of_code = if code.is_empty() { code } else { format!("{code}\n") };
    tokens.push(Token::new(NodeKind::CodeBlock { info, text: text_of_code }, text, at..end));
    Some(end - at)
}

fn without_indent(code: &str, indent: usize) -> String {
    let cut = |line: &str| {
        let space = line.chars().take_while(|c| is_space(*c)).count();
        if space >= indent { line.chars().skip(indent).collect() } else { line.to_owned() }
    };
    code.split('\n').map(cut).collect::<Vec<String>>().join("\n")
}

/// How many `#` begin a heading on this line.
fn heading_marks(first: &str) -> Option<(usize, usize)> {
    let rest = outdented(first)?;
    let level = run(rest.as_bytes(), b'#');
    let apart = rest[level..].chars().next().is_none_or(is_space);
    ((1..=6).contains(&level) && apart).then_some((first.len() - rest.len(), level))
}

/// `heading`
fn heading(text: &Text, at: usize, tokens: &mut Vec<Token>) -> Option<usize> {
    let typed = text.as_str();
    let first = line(typed, at);
    let (indent, level) = heading_marks(first)?;
    let start = indent + level;
    let inner = trim(&first[start..]);
    let begin = start + (first[start..].len() - first[start..].trim_start_matches(is_space).len());
    let mut shown = inner;
    if inner.ends_with('#') {
        let cut = inner.trim_end_matches('#');
        if cut.is_empty() || cut.ends_with(' ') {
            shown = trim(cut);
        }
    }
    let begin = if shown.is_empty() { start } else { begin };
    let length = first.len() + newlines(&typed[at + first.len()..]);
    let level = u8::try_from(level).unwrap_or(6);
    let token = Token::new(NodeKind::Heading { level, id: None }, text, at..at + length);
    tokens.push(token.with_text(text.slice(at + begin..at + begin + shown.len())));
    Some(length)
}

/// `hr`: three of a mark and more, white space between them.
pub fn is_rule(line: &str) -> bool {
    let Some(rest) = outdented(line) else { return false };
    let Some(mark) = rest.bytes().next().filter(|mark| matches!(mark, b'-' | b'_' | b'*')) else { return false };
    rest.bytes().all(|b| b == mark || matches!(b, b' ' | b'\t')) && rest.bytes().filter(|b| *b == mark).count() >= 3
}

/// A line of `=` or `-` that makes a heading of the lines above.
fn underline(line: &str) -> Option<u8> {
    let rest = outdented(line)?.trim_end_matches(' ');
    let mark = *rest.as_bytes().first()?;
    let level = match mark {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    (run(rest.as_bytes(), mark) == rest.len()).then_some(level)
}

/// A line with an end and nothing but white space.
fn is_blank_line(typed: &str, at: usize) -> bool {
    let here = line(typed, at);
    at + here.len() < typed.len() && here.chars().all(is_space)
}

/// `bullet` at a line's start: its length.
pub(crate) fn bullet(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    if matches!(bytes.first()?, b'*' | b'+' | b'-') {
        return Some(1);
    }
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    ((1..=9).contains(&digits) && matches!(bytes.get(digits), Some(b'.' | b')'))).then_some(digits + 1)
}

/// `_paragraph`: lines up to one that begins something else; the length without the last line end.
pub fn paragraph(rest: &str, gfm: bool) -> usize {
    let mut end = line_end(rest, 0);
    loop {
        let next = end + 1;
        if next >= rest.len() || rest.as_bytes()[next] == b'\n' || interrupts(rest, next, gfm) {
            return end;
        }
        end = line_end(rest, next);
    }
}

/// A line that ends a paragraph before it.
fn interrupts(typed: &str, at: usize, gfm: bool) -> bool {
    let first = line(typed, at);
    if first.bytes().all(|b| b == b' ') && at + first.len() < typed.len() {
        return true;
    }
    begins_other_block(typed, at) || (gfm && table::begins(typed, at))
}

/// A line that ends a paragraph or a table before it.
pub fn begins_other_block(typed: &str, at: usize) -> bool {
    let first = line(typed, at);
    let has_end = at + first.len() < typed.len();
    if first.starts_with('<') {
        return html::interrupts(&typed[at..]);
    }
    let Some(rest) = outdented(first) else { return false };
    match rest.as_bytes().first() {
        Some(b'#') => heading_marks(first).is_some(),
        Some(b'>') => true,
        Some(b'`' | b'~') => has_end && fence_marks(first).is_some(),
        Some(b'-' | b'*' | b'+') => rest[1..].starts_with(' ') || is_rule(first),
        Some(b'_') => is_rule(first),
        Some(b'1') => rest.starts_with("1. ") || rest.starts_with("1) "),
        _ => false,
    }
}
