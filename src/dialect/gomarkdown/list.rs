//! Lists (`listItem` in `parser/block.go`): what follows a blank line belongs to an item where it is indented by four
//! spaces or a tab, and a list in it where it is indented more than the item.

use super::super::text::Text;
use super::block::Blocks;
use super::element::Element;
use super::scan::{self, trimmed};
use crate::model::Blackfriday;
use crate::tree::NodeKind;

/// The three types of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `*`, `+`, `-`.
    Bullets,
    /// `1.` or `1)`.
    Numbers,
    /// Terms, and `:`.
    Definitions,
}

/// What is known of a list while its items are read (gomarkdown's flags).
struct State {
    kind: Type,
    /// The item is a term.
    term: bool,
    /// From some item on, items hold blocks.
    holds_blocks: bool,
    ended: bool,
}

impl Blocks {
    /// Reads a list at `at`; its length.
    pub(super) fn list(&mut self, text: &Text, at: usize, kind: Type, out: &mut Vec<Element>) -> usize {
        let data = &text.as_str().as_bytes()[at..];
        let mut state = State { kind, term: false, holds_blocks: false, ended: false };
        let list_kind = match kind {
            Type::Bullets => NodeKind::List { start: None },
            // gomarkdown counts from 1: the first number is not kept
            Type::Numbers => NodeKind::List { start: Some(1) },
            Type::Definitions => NodeKind::DefinitionList,
        };
        let mut list = Element::new(list_kind, at..at);
        let mut end = 0;
        while end < data.len() {
            let length = self.item(text, at + end, &mut state, &mut list.children);
            end += length;
            if length == 0 || state.ended {
                break;
            }
        }
        list.tight = !state.holds_blocks;
        list.span = text.source_range(&(at..at + trimmed(&data[..end])));
        if !list.children.is_empty() {
            out.push(list);
        }
        end
    }

    fn item(&mut self, text: &Text, at: usize, state: &mut State, out: &mut Vec<Element>) -> usize {
        let data = &text.as_str().as_bytes()[at..];
        let indent = if data[0] == b'\t' { 4 } else { scan::skip_most(data, 0, b' ', 3) };
        let mut mark = scan::bullet(data);
        if mark == 0 {
            mark = self.number(data);
        }
        if mark == 0 {
            mark = scan::definition(data);
            state.term &= mark == 0;
        }
        if mark == 0 {
            if state.kind != Type::Definitions {
                return 0;
            }
            state.term = true;
        }
        let start = scan::skip(data, mark, b' ');
        let mut item = Lines { text, at, raw: Text::default(), sublist: 0, end: start };
        if start > 0 {
            item.end = start + scan::line(&data[start..]);
            item.raw.push(text, at + start..at + item.end);
        }
        match self.blackfriday {
            Some(version) => item.gather_as_blackfriday(indent, version, state),
            None => item.gather(indent, state),
        }
        let end = item.end;
        let kind = match (state.kind, state.term) {
            (Type::Definitions, true) => NodeKind::Term,
            (Type::Definitions, false) => NodeKind::Definition,
            _ => NodeKind::Item { task: None },
        };
        let span = text.source_range(&(at..at + trimmed(&data[..end])));
        let mut element = Element::new(kind, span);
        self.content(&item, state, &mut element);
        out.push(element);
        end
    }

    fn content(&mut self, item: &Lines<'_>, state: &State, element: &mut Element) {
        let whole = item.raw.as_str().len();
        let first = if item.sublist > 0 { item.sublist } else { whole };
        let text = item.raw.slice(0..first);
        if state.holds_blocks && !state.term {
            element.children = self.read(&text);
        } else {
            let mut paragraph =
                Element::new(NodeKind::Paragraph, text.source_range(&(0..text.as_str().trim_end().len())));
            paragraph.text = Some(text);
            element.children.push(paragraph);
        }
        if item.sublist > 0 {
            let sublist = item.raw.slice(first..whole);
            element.children.extend(self.read(&sublist));
        }
    }
}

/// The lines of an item.
struct Lines<'t> {
    text: &'t Text,
    /// Where the item begins.
    at: usize,
    /// Its content without indentation.
    raw: Text,
    /// Where in it the first nested list begins; 0 for none.
    sublist: usize,
    /// Where the item ends, from its beginning.
    end: usize,
}

impl Lines<'_> {
    fn gather(&mut self, item_indent: usize, state: &mut State) {
        let data = &self.text.as_str().as_bytes()[self.at..];
        let mut blank = false;
        while self.end < data.len() {
            let line = self.end..self.end + scan::line(&data[self.end..]);
            if scan::blank(&data[line.clone()]) > 0 {
                blank = true;
                self.end = line.end;
                continue;
            }
            let (indent, skip) = indentation(&data[line.clone()]);
            let mut begin = line.start + skip;
            let chunk = &data[begin..line.end];
            if state.kind != Type::Definitions && indent == 0 && scan::fence(chunk).is_some() {
                state.ended = true;
                return;
            }
            let definition = scan::definition(chunk) > 0;
            if (scan::bullet(chunk) > 0 && !scan::rule(chunk)) || scan::number(chunk) > 0 || definition {
                if skip >= 4 && !definition {
                    // the indentation of the nested list's marks is kept
                    let spaces = scan::skip(chunk, 0, b' ');
                    begin = line.start + skip - (spaces + 1).min(skip);
                }
                if indent <= item_indent {
                    if type_changed(&data[begin..line.end], state.kind) {
                        state.ended = true;
                    } else if blank {
                        state.holds_blocks = true;
                    }
                    return;
                }
                state.holds_blocks |= blank;
                if self.sublist == 0 {
                    let raw = self.raw.as_str();
                    self.sublist = raw.len();
                    if definition {
                        // the term is the line before
                        self.sublist = raw.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
                    }
                }
            } else if scan::heading(chunk) {
                if blank && indent < 4 {
                    state.ended = true;
                    return;
                }
                state.holds_blocks = true;
            } else if blank && indent < 4 {
                state.ended |= ends_after_blank(data, line.end, state.kind);
                return;
            } else if blank {
                self.line_end();
                state.holds_blocks = true;
            }
            if blank {
                blank = false;
                self.line_end();
            }
            self.raw.push(self.text, self.at + begin..self.at + line.end);
            self.end = line.end;
        }
    }

    /// blackfriday (`listItem`): blank lines stay, a list goes on with marks of the other kind, and between two lines of
    /// a fence's marks alone everything belongs to the item. A fence with a language is none of them, so that the line
    /// that closes it opens another. The early one knows nothing of this.
    fn gather_as_blackfriday(&mut self, item_indent: usize, version: Blackfriday, state: &mut State) {
        let data = &self.text.as_str().as_bytes()[self.at..];
        let (mut blank, mut fence) = (false, None);
        while self.end < data.len() {
            let line = self.end..self.end + scan::line(&data[self.end..]);
            if scan::blank(&data[line.clone()]) > 0 {
                blank = true;
                self.keep(line);
                continue;
            }
            let (indent, skip) = indentation(&data[line.clone()]);
            let line = line.start + skip..line.end;
            let chunk = &data[line.clone()];
            let bare = scan::bare_fence(chunk).filter(|_| version == Blackfriday::Late);
            if let Some(marks) = bare.filter(|marks| fence.is_none_or(|open| open == *marks)) {
                state.holds_blocks |= fence.is_some();
                fence = if fence.is_some() { None } else { Some(marks) };
                self.keep(line);
                continue;
            }
            if fence.is_some() {
                self.keep(line);
                continue;
            }
            let numbered = scan::number(chunk) > 1 && chunk[scan::number(chunk) - 2] == b'.';
            let bulleted = scan::bullet(chunk) > 0 && !scan::rule(chunk);
            if bulleted || numbered || scan::definition(chunk) > 0 {
                let other = match state.kind {
                    Type::Numbers => scan::bullet(chunk) > 0,
                    Type::Bullets | Type::Definitions => numbered,
                };
                if indent <= item_indent {
                    state.ended = blank && other;
                    state.holds_blocks |= blank && !other;
                    return;
                }
                state.holds_blocks |= blank;
                if self.sublist == 0 {
                    self.sublist = self.raw.as_str().len();
                }
            } else if scan::heading(chunk) {
                if blank && indent < 4 {
                    state.ended = true;
                    return;
                }
                state.holds_blocks = true;
            } else if blank && indent < 4 {
                state.ended |= ends_after_blank(data, line.end, state.kind);
                return;
            } else {
                state.holds_blocks |= blank;
            }
            blank = false;
            self.keep(line);
        }
        state.ended = true;
    }

    fn keep(&mut self, line: std::ops::Range<usize>) {
        self.end = line.end;
        self.raw.push(self.text, self.at + line.start..self.at + line.end);
    }

    fn line_end(&mut self) {
        let origin = self.text.source(self.at + self.end.saturating_sub(1));
        self.raw.push_str("\n", origin);
    }
}

/// How far a line is indented, four columns at most, and by how many bytes.
fn indentation(line: &[u8]) -> (usize, usize) {
    if line.first() == Some(&b'\t') {
        return (4, 1);
    }
    let spaces = scan::skip_most(line, 0, b' ', 4);
    (spaces, spaces)
}

/// A line that is not indented behind a blank one ends a list; a definition list goes on where the line, or the one
/// behind it, begins with a colon.
fn ends_after_blank(data: &[u8], line_end: usize, kind: Type) -> bool {
    if kind != Type::Definitions || line_end + 1 >= data.len() {
        return true;
    }
    let mut next = scan::until(data, line_end, b'\n');
    while next + 1 < data.len() && data[next] == b'\n' {
        next += 1;
    }
    data[line_end] != b':' && next + 1 < data.len() && data[next] != b':'
}

/// `listTypeChanged`
fn type_changed(data: &[u8], kind: Type) -> bool {
    (scan::definition(data) > 0 && kind != Type::Definitions)
        || (scan::number(data) > 0 && kind != Type::Numbers)
        || (scan::bullet(data) > 0 && kind != Type::Bullets)
}
