//! HTML among blocks (`parser/kramdown/html.rb`, `parser/html.rb`): an element goes on to its end tag, and what is in it
//! is HTML unless `markdown="1"` says otherwise.

use super::super::entities;
use super::block::{Blocks, DEEPEST, Level};
use super::element::{Element, ElementKind, Model};
use super::lines::opt_space;
use super::tags;

impl Blocks<'_> {
    /// `html.rb`
    pub(super) fn html(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let start = level.at;
        if let Some(length) = comment(level) {
            level.at += length;
            level.push(ElementKind::Raw(rest[..length].to_owned()), start);
            skip_line_end(level);
            return true;
        }
        let space = opt_space(rest);
        if let Some(tag) = tags::start_tag(&rest[space..]).filter(|tag| !tags::is_inline(&tag.name.to_lowercase())) {
            level.at += space + tag.length;
            let element = self.html_element(level, &tag, start, false);
            let ial = level.ial.take();
            level.tree.push(Element { ial, ..element });
            return true;
        }
        let Some((name, length)) = tags::end_tag(&rest[space..]) else { return false };
        if level.inside.as_deref() == Some(&name.to_lowercase()) {
            level.at += space + length;
            level.ended = true;
            return true;
        }
        false
    }

    /// `handle_html_start_tag` and `handle_kramdown_html_tag`: an element whose start tag was just read.
    fn html_element(&mut self, level: &mut Level<'_>, tag: &tags::Tag, start: usize, in_raw: bool) -> Element {
        let name = tags::canonical(&tag.name);
        let mut attributes = tag.attributes.clone();
        let markdown = attributes.iter().position(|(name, _)| name == "markdown").map(|at| attributes.remove(at).1);
        let own_model = if tags::holds_blocks(&name) {
            Model::Block
        } else if tags::holds_text(&name) {
            Model::Span
        } else {
            Model::Raw
        };
        let model = match markdown.as_deref() {
            Some("1") => own_model,
            Some("block") => Model::Block,
            Some("span") => Model::Span,
            Some("0") => Model::Raw,
            _ if in_raw || !self.settings.block_html => Model::Raw,
            _ => own_model,
        };
        let mut element = Element::new(
            ElementKind::Html { name: name.clone(), closed: tag.closed && model == Model::Raw },
            level.text.source_range(&(start..level.at)),
        );
        if name == "script" || name == "style" {
            let content = tags::find_end_tag(level.rest(), &name).unwrap_or(level.rest().len());
            let script = level.rest()[..content].to_owned();
            level.at += content + tags::end_tag(&level.rest()[content..]).map_or(0, |(_, length)| length);
            element.children.push(Element::new(ElementKind::Raw(script), 0..0));
        } else if !tag.closed && !tags::is_empty(&name) {
            self.html_content(level, &name, model, &mut element);
        }
        element.own = attributes;
        element.span = level.text.source_range(&(start..level.at));
        if !in_raw {
            skip_line_end(level);
        }
        element
    }

    fn html_content(&mut self, level: &mut Level<'_>, name: &str, model: Model, element: &mut Element) {
        match model {
            _ if self.depth >= DEEPEST => {
                let rest = level.rest().to_owned();
                level.at += rest.len();
                element.children.push(Element::new(ElementKind::Raw(rest), 0..0));
            }
            Model::Block => {
                skip_line_end(level);
                let mut inner = Level::new(level.text);
                inner.at = level.at;
                inner.inside = Some(name.to_owned());
                inner.ends = std::mem::take(&mut level.ends);
                self.level(&mut inner);
                level.ends = inner.ends;
                level.at = inner.at;
                element.children = inner.tree;
            }
            Model::Span => {
                let end = tags::find_end_tag(level.rest(), name).unwrap_or(level.rest().len());
                let running = level.text.slice(level.at..level.at + end);
                let span = level.text.source_range(&(level.at..level.at + end));
                element.children.push(Element::new(ElementKind::Running(running), span));
                level.at += end;
                level.at += tags::end_tag(level.rest()).map_or(0, |(_, length)| length);
            }
            Model::Raw => self.raw_html(level, name, element),
        }
    }

    /// `parse_raw_html`: up to the end tag; what is no tag is text with its marks escaped.
    fn raw_html(&mut self, level: &mut Level<'_>, name: &str, element: &mut Element) {
        self.depth += 1;
        loop {
            let rest = level.rest();
            let at = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            push_raw(&rest[..at], true, element);
            level.at += at;
            let rest = level.rest();
            if rest.is_empty() {
                break;
            }
            if let Some(length) = comment(level).or_else(|| instruction(level)) {
                push_raw(&rest[..length], false, element);
                level.at += length;
            } else if let Some(tag) = tags::start_tag(rest) {
                let start = level.at;
                level.at += tag.length;
                let child = self.html_element(level, &tag, start, true);
                element.children.push(child);
            } else if let Some((closed, length)) = tags::end_tag(rest) {
                level.at += length;
                if tags::canonical(closed) == name {
                    break;
                }
                push_raw(&rest[..length], true, element);
            } else {
                push_raw("<", true, element);
                level.at += 1;
            }
        }
        self.depth -= 1;
    }
}

/// `HTML_COMMENT_RE`: the length of the comment that begins here.
fn comment(level: &mut Level<'_>) -> Option<usize> {
    let inner = level.rest().strip_prefix("<!--")?;
    end_behind(level, inner, "-->")
}

/// `HTML_INSTRUCTION_RE`: the length of the processing instruction that begins here.
fn instruction(level: &mut Level<'_>) -> Option<usize> {
    let inner = level.rest().strip_prefix('<').filter(|inner| inner.starts_with('?'))?;
    end_behind(level, inner, "?>")
}

fn end_behind(level: &mut Level<'_>, inner: &str, end: &'static str) -> Option<usize> {
    let text = level.text.as_str();
    let close = level.ends.find(text, text.len() - inner.len(), end)?;
    Some(close + end.len() - level.at)
}

fn skip_line_end(level: &mut Level<'_>) {
    let rest = level.rest();
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[spaces..].starts_with('\n') {
        level.at += spaces + 1;
    }
}

fn push_raw(text: &str, is_text: bool, element: &mut Element) {
    if text.is_empty() {
        return;
    }
    let shown = if is_text { entities::escape(text) } else { text.to_owned() };
    match element.children.last_mut() {
        Some(Element { kind: ElementKind::Raw(before), .. }) => before.push_str(&shown),
        _ => element.children.push(Element::new(ElementKind::Raw(shown), 0..0)),
    }
}
