//! Lists and definition lists (`parser/kramdown/list.rb`): an item's content begins in the column of its first
//! character, and what stands there or further right belongs to it.

use super::super::text::Text;
use super::attributes::{Attributes, braced, name_length};
use super::block::{Blocks, Level};
use super::characters::is_space;
use super::element::{Boundary, Element, ElementKind};
use super::lines::{self, line};

/// An item while its lines are gathered.
struct Gathered {
    /// Where it begins.
    start: usize,
    /// Its content; a list that begins in its midst begins a new part.
    parts: Vec<Text>,
    /// The column of the content.
    column: usize,
    ial: Option<Attributes>,
    /// What follows a blank line is a paragraph (definitions).
    as_paragraph: bool,
    /// Where it ends.
    end: usize,
}

impl Blocks<'_> {
    /// `parse_list`
    pub(super) fn list(&mut self, level: &mut Level<'_>) -> bool {
        let Some((ordered, _)) = lines::list_mark(level.rest(), 3) else { return false };
        let start = level.at;
        let ial = level.ial.take();
        let (items, ended_by_marker) = gather(level, ordered);
        let count = items.len();
        let mut list = Element::new(ElementKind::List { ordered }, level.text.source_range(&(start..start)));
        list.ial = ial;
        let mut last_blank = None;
        for (at, gathered) in items.into_iter().enumerate() {
            let is_last = at + 1 == count;
            let mut item = self.item(level, gathered);
            settle_item(&mut item, &list.children, is_last, ended_by_marker);
            if !item.children.is_empty() {
                last_blank = item.children.pop_if(|last| last.is_blank());
            }
            list.children.push(item);
        }
        let end = list.children.last().map_or(list.span.end, |item| item.span.end);
        list.span.end = end.max(list.span.start);
        if self.settings.gfm {
            task_boxes(&mut list);
        }
        level.tree.push(list);
        if !ended_by_marker {
            level.tree.extend(last_blank);
        }
        true
    }

    fn item(&mut self, level: &Level<'_>, gathered: Gathered) -> Element {
        let shown = level.text.as_str()[gathered.start..gathered.end].trim_end().len();
        let span = level.text.source_range(&(gathered.start..gathered.start + shown));
        let mut item = Element::new(ElementKind::Item { task: None }, span);
        item.ial = gathered.ial;
        for part in &gathered.parts {
            item.children = self.read_onto(part, std::mem::take(&mut item.children));
        }
        item
    }

    /// `parse_definition_list`: the paragraph before it is its terms.
    pub(super) fn definition_list(&mut self, level: &mut Level<'_>) -> bool {
        if lines::definition_mark(level.rest(), 3).is_none() {
            return false;
        }
        let after_blank = match level.tree.as_slice() {
            [.., last] if last.is_paragraph() => false,
            [.., before, Element { kind: ElementKind::Blank { single: true }, .. }] if before.is_paragraph() => true,
            _ => return false,
        };
        let mut list = Element::new(ElementKind::Definitions, 0..0);
        list.ial = level.ial.take();
        if after_blank {
            level.tree.pop();
        }
        if let Some(paragraph) = level.tree.pop() {
            list.span = paragraph.span.clone();
            if paragraph.ial.is_some() {
                list.ial = paragraph.ial.clone();
            }
            if let ElementKind::Paragraph { text, .. } = &paragraph.kind {
                list.children = terms(text);
            }
        }
        let mut last_blank = None;
        for gathered in gather_definitions(level, after_blank) {
            let shown = level.text.as_str()[gathered.start..gathered.end].trim_end().len();
            let span = level.text.source_range(&(gathered.start..gathered.start + shown));
            list.span.end = span.end.max(list.span.end);
            let mut definition = Element::new(ElementKind::Definition, span);
            definition.ial = gathered.ial;
            for part in &gathered.parts {
                definition.children = self.read_onto(part, std::mem::take(&mut definition.children));
            }
            if !definition.children.is_empty() {
                last_blank = definition.children.pop_if(|last| last.is_blank());
            }
            if let (false, Some(Element { kind: ElementKind::Paragraph { transparent, .. }, .. })) =
                (gathered.as_paragraph, definition.children.first_mut())
            {
                *transparent = true;
            }
            list.children.push(definition);
        }
        join_definitions(level, list);
        level.tree.extend(last_blank);
        true
    }
}

/// Two definition lists with nothing but a blank line between them are one.
fn join_definitions(level: &mut Level<'_>, list: Element) {
    let is_list = |element: &Element| matches!(element.kind, ElementKind::Definitions);
    let before = match level.tree.as_slice() {
        [.., last] if is_list(last) => true,
        [.., list, blank] if is_list(list) && blank.is_blank() => {
            level.tree.pop();
            true
        }
        _ => false,
    };
    match level.tree.last_mut().filter(|_| before) {
        Some(known) => {
            known.span.end = list.span.end;
            known.children.extend(list.children);
        }
        None => level.tree.push(list),
    }
}

/// Gathers the lines of all items; whether a `^` ended the list.
fn gather(level: &mut Level<'_>, ordered: bool) -> (Vec<Gathered>, bool) {
    let mut items: Vec<Gathered> = Vec::new();
    let mut most_spaces = 3;
    let mut nested = false;
    let mut last_blank = false;
    while !level.rest().is_empty() {
        let rest = level.rest();
        let start = level.at;
        if last_blank && lines::rule(rest).is_some() {
            break;
        }
        if let Some(length) = lines::eob(rest) {
            level.at += length;
            return (items, true);
        }
        if let Some((_, mark)) = lines::list_mark(rest, most_spaces).filter(|(is_ordered, _)| *is_ordered == ordered) {
            let item = first_line(level, start, mark);
            most_spaces = item.column.saturating_sub(1).min(3);
            nested = lines::list_mark(item.parts[0].as_str(), 3).is_some();
            last_blank = false;
            items.push(item);
            continue;
        }
        let Some(item) = items.last_mut() else { break };
        if let Some(content) = continued(rest, item.column, last_blank) {
            level.at += line(rest).len();
            let shown = &rest[content.skip..line(rest).len()];
            let is_mark = content.spaces <= 3 && lines::list_mark(shown, 3 - content.spaces).is_some();
            if !nested && content.indented && is_mark {
                item.parts.push(Text::default());
                nested = true;
            }
            let column = item.column;
            let Some(part) = item.parts.last_mut() else { break };
            if nested && !content.indented && is_mark {
                part.push_str(&" ".repeat(column + 4), level.text.source(start + content.skip));
            }
            if content.spaces > 0 {
                part.push_str(&" ".repeat(content.spaces), level.text.source(start + content.skip));
            }
            part.push(level.text, start + content.skip..level.at);
            item.end = level.at;
            last_blank = false;
        } else if let Some(length) = lines::blank(rest) {
            level.at += length;
            nested = true;
            last_blank = true;
            if let Some(part) = item.parts.last_mut() {
                part.push(level.text, start..level.at);
            }
            item.end = level.at;
        } else {
            break;
        }
    }
    (items, false)
}

fn gather_definitions(level: &mut Level<'_>, after_blank: bool) -> Vec<Gathered> {
    let mut items: Vec<Gathered> = Vec::new();
    let mut most_spaces = 3;
    let mut as_paragraph = after_blank;
    let mut last_blank = false;
    while !level.rest().is_empty() {
        let rest = level.rest();
        let start = level.at;
        if let Some(mark) = lines::definition_mark(rest, most_spaces) {
            let mut item = first_line(level, start, mark);
            item.as_paragraph = as_paragraph;
            most_spaces = item.column.saturating_sub(1).min(3);
            as_paragraph = false;
            last_blank = false;
            items.push(item);
            continue;
        }
        let Some(item) = items.last_mut().filter(|_| lines::eob(rest).is_none()) else { break };
        let length = if let Some(content) = continued(rest, item.column, last_blank) {
            let length = line(rest).len();
            if let Some(part) = item.parts.last_mut() {
                if content.spaces > 0 {
                    part.push_str(&" ".repeat(content.spaces), level.text.source(start + content.skip));
                }
                part.push(level.text, start + content.skip..start + length);
            }
            as_paragraph = false;
            last_blank = false;
            length
        } else if let Some(length) = lines::blank(rest) {
            if let Some(part) = item.parts.last_mut() {
                part.push(level.text, start..start + length);
            }
            as_paragraph = true;
            last_blank = true;
            length
        } else {
            break;
        };
        level.at += length;
        item.end = level.at;
    }
    items
}

/// `parse_first_list_line`: the line with the mark. Tabs behind the mark reach to the next column of four.
fn first_line(level: &mut Level<'_>, start: usize, mark: usize) -> Gathered {
    let whole = line(level.rest());
    level.at += whole.len();
    let content = &whole[mark..];
    let mut column = mark;
    let blank = content.len() - content.trim_start_matches(is_space).len();
    if content[item_attributes(content).map_or(0, |(_, length)| length)..].trim().is_empty() {
        column = 4;
    } else {
        for c in content.chars() {
            match c {
                ' ' => column += 1,
                '\t' => column += 4 - column % 4,
                _ => break,
            }
        }
    }
    let mut skip = mark + blank.min(content.len());
    let mut ial = None;
    if let Some((list, length)) = item_attributes(&whole[skip..]) {
        ial.get_or_insert_with(Attributes::default).read(list);
        skip += length;
    }
    let part = level.text.slice(start + skip.min(whole.len())..level.at);
    Gathered { start, parts: vec![part], column, ial, as_paragraph: false, end: level.at }
}

/// An attribute list at the start of an item (`LIST_ITEM_IAL`): its content, and the length with the white space
/// around it.
fn item_attributes(text: &str) -> Option<(&str, usize)> {
    let trimmed = text.trim_start_matches(is_space);
    let list = trimmed.strip_prefix("{:")?;
    // neither a definition nor an extension
    if list.starts_with(['/', ':']) || list[name_length(list)..].starts_with(':') {
        return None;
    }
    let length = braced(list)?;
    let rest = &list[length + 1..];
    let after = rest.trim_start_matches(is_space);
    Some((&list[..length], text.len() - after.len()))
}

/// A line that goes on an item.
struct Continued {
    /// Bytes of the line that are not content.
    skip: usize,
    /// Spaces that stand for the rest of a tab.
    spaces: usize,
    /// The line reaches the item's column.
    indented: bool,
}

/// Whether a line goes on an item: by its indentation, or lazily.
fn continued(text: &str, column: usize, last_blank: bool) -> Option<Continued> {
    let whole = line(text);
    if whole.trim().is_empty() || !whole.ends_with('\n') {
        return None;
    }
    let reaches = reaches(whole, column);
    if !reaches {
        // `lazy_re`: no attribute list and no HTML begins there
        let space = whole.bytes().take_while(|b| *b == b' ').count();
        let stops =
            space <= column.min(3) && (lines::html(&whole[space..]) || lines::attribute_line(&text[space..]).is_some());
        if last_blank || stops {
            return None;
        }
    }
    // leading tabs are four spaces each
    let tabs = whole.bytes().take_while(|b| *b == b'\t').count();
    let spaces = if tabs > 0 { 0 } else { whole.bytes().take_while(|b| *b == b' ').count() };
    if tabs > 0 {
        let behind = whole[tabs..].bytes().take_while(|b| *b == b' ').count();
        let wide = tabs * 4 + behind;
        if wide >= column {
            return Some(Continued { skip: tabs + behind, spaces: wide - column, indented: true });
        }
        return Some(Continued { skip: tabs + behind, spaces: wide, indented: false });
    }
    if spaces >= column {
        return Some(Continued { skip: column, spaces: 0, indented: true });
    }
    Some(Continued { skip: 0, spaces: 0, indented: false })
}

/// `content_re`: as many units of a tab or four spaces as the column holds and the spaces that are left, or one unit
/// more.
fn reaches(line: &str, column: usize) -> bool {
    let mut rest = line;
    for _ in 0..column / 4 {
        match lines::indent(rest) {
            Some(length) => rest = &rest[length..],
            None => return false,
        }
    }
    let spaces = rest.bytes().take_while(|b| *b == b' ').count();
    spaces >= column % 4 || lines::indent(rest).is_some()
}

/// The terms of a paragraph: its lines.
fn terms(text: &Text) -> Vec<Element> {
    let mut terms = Vec::new();
    let mut at = 0;
    for line in lines::each(text.as_str()) {
        let end = at + line.trim_end_matches('\n').len();
        if end > at {
            let mut ial = None;
            let mut start = at;
            if let Some((list, length)) = item_attributes(&text.as_str()[at..end]) {
                ial.get_or_insert_with(Attributes::default).read(list);
                start += length;
            }
            let span = text.source_range(&(at..end));
            let mut term = Element::new(ElementKind::Term(text.slice(start.min(end)..end)), span);
            term.ial = ial;
            terms.push(term);
        }
        at += line.len();
    }
    terms
}

/// An item whose first paragraph has nothing behind it, or no blank line, shows it without its own element.
fn settle_item(item: &mut Element, before: &[Element], is_last: bool, ended_by_marker: bool) {
    let children = &mut item.children;
    // an attribute list behind the first paragraph is no part of the item
    if children.len() >= 2
        && children[0].is_paragraph()
        && children[0].ial.is_some()
        && matches!(children[1].kind, ElementKind::Boundary(Boundary::Attributes))
    {
        children.remove(1);
    }
    let loose = |item: &Element| {
        matches!(item.children.first(), Some(Element { kind: ElementKind::Paragraph { transparent: false, .. }, .. }))
    };
    let followed_by_blank = children.len() >= 2 && children[1].is_blank();
    let alone = !followed_by_blank || (is_last && children.len() == 2 && !ended_by_marker);
    let others_allow = !is_last || before.is_empty() || before.iter().any(|item| !loose(item));
    if let (true, Some(Element { kind: ElementKind::Paragraph { transparent, .. }, .. })) =
        (alone && others_allow, children.first_mut())
    {
        *transparent = true;
    }
}

/// kramdown-parser-gfm: a box at the start of an item's paragraph.
fn task_boxes(list: &mut Element) {
    for item in &mut list.children {
        let Some(Element { kind: ElementKind::Paragraph { text, .. }, .. }) = item.children.first_mut() else {
            continue;
        };
        let shown = text.as_str().trim_start();
        let ticked = match shown.as_bytes() {
            [b'[', b' ', b']', rest @ ..] if rest.first().is_some_and(u8::is_ascii_whitespace) => false,
            [b'[', b'x' | b'X', b']', rest @ ..] if rest.first().is_some_and(u8::is_ascii_whitespace) => true,
            _ => continue,
        };
        let start = text.as_str().len() - shown[3..].trim_start().len();
        *text = text.slice(start..text.as_str().len());
        item.kind = ElementKind::Item { task: Some(ticked) };
    }
}
