//! Attribute lists and extensions on lines of their own (`parser/kramdown/extensions.rb`): `{: .class}`,
//! `{:name: .class}`, `{::comment}`.

use super::attributes::{Attributes, braced, name_length};
use super::block::{Blocks, Level};
use super::characters::is_space;
use super::element::{Boundary, ElementKind};
use super::lines::{self, opt_space};

impl Blocks<'_> {
    /// `extensions.rb`: definitions of attributes, extensions, and attribute lists for the block before or behind.
    pub(super) fn extension(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        if !rest[space..].starts_with("{:") {
            return false;
        }
        let start = level.at;
        if let Some((name, list, length)) = attribute_definition(rest) {
            self.definitions.attributes.entry(name.to_owned()).or_default().read(list);
            level.at += length;
            level.push(ElementKind::Boundary(Boundary::Attributes), start);
            return true;
        }
        if rest[space..].starts_with("{::") {
            return self.block_extension(level);
        }
        let Some((list, length)) = lines::attribute_line(rest) else { return false };
        level.at += length;
        let is_target = level.tree.last().is_some_and(|last| match last.kind {
            ElementKind::Blank { .. } => false,
            ElementKind::Boundary(boundary) => boundary == Boundary::Definition,
            _ => true,
        });
        if !is_target {
            level.ial.get_or_insert_default().read(list);
            let waiting = level.ial.take();
            level.push(ElementKind::Boundary(Boundary::Attributes), start);
            level.ial = waiting;
            return true;
        }
        if let Some(last) = level.tree.last_mut() {
            last.ial.get_or_insert_default().read(list);
            let link = self.last_link.as_ref().and_then(|label| self.definitions.links.get_mut(label));
            if let (ElementKind::LinkDefinition { .. }, Some(link)) = (&last.kind, link) {
                link.ial.get_or_insert_default().read(list);
            }
        }
        if lines::attribute_line(level.rest()).is_none() {
            level.push(ElementKind::Boundary(Boundary::Attributes), start);
        }
        true
    }

    /// `{::comment}`, `{::nomarkdown}` and `{::options}` on lines of their own.
    fn block_extension(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        let Some(extension) = extension_start(&rest[space..]) else { return false };
        let Some(line_end) = lines::line_end(&rest[space + extension.length..]) else { return false };
        let content = space + extension.length + line_end;
        if !extension.is_known() {
            return false;
        }
        let (body, length) = if extension.closed {
            ("", content)
        } else {
            let search = || extension_stop_line(&rest[content..], extension.name);
            let Some((end, stop)) = level.ends.find_by(level.at + content, extension.name, search) else {
                return false;
            };
            (&rest[content..content + end], content + end + stop)
        };
        let body = body.strip_suffix('\n').unwrap_or(body);
        let kind = match extension.name {
            "comment" if extension.closed => ElementKind::Boundary(Boundary::Attributes),
            "comment" => ElementKind::Raw(format!("<!-- {body} -->")),
            "nomarkdown" if extension.is_for_html() => ElementKind::Raw(body.to_owned()),
            _ => ElementKind::Boundary(Boundary::Attributes),
        };
        let start = level.at;
        level.at += length;
        level.push(kind, start);
        true
    }
}

/// `{:name: attributes}` on a line of its own (`ALD_START`).
fn attribute_definition(text: &str) -> Option<(&str, &str, usize)> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix("{:")?;
    let name = name_length(rest);
    let list = rest[name..].strip_prefix(':').filter(|_| name > 0)?;
    let length = braced(list)?;
    let head = space + 2 + name + 1 + length + 1;
    let end = lines::line_end(&text[head..])?;
    Some((&rest[..name], &list[..length], head + end))
}

/// The start of an extension: `{::name attributes}`.
pub(super) struct Extension<'a> {
    /// Its name.
    pub name: &'a str,
    attributes: Attributes,
    /// It has no content: `{::name /}`.
    pub closed: bool,
    /// Its length.
    pub length: usize,
}

impl Extension<'_> {
    /// kramdown (`handle_extension`) leaves others as text.
    pub fn is_known(&self) -> bool {
        matches!(self.name, "comment" | "nomarkdown" | "options")
    }

    /// `nomarkdown` can be meant for other outputs alone.
    pub fn is_for_html(&self) -> bool {
        let types = self.attributes.pairs.iter().find(|(name, _)| name == "type").map_or("", |(_, value)| value);
        types.split_whitespace().next().is_none() || types.split_whitespace().any(|name| name == "html")
    }
}

/// The start of an extension at the start of a text (`EXT_START_STR`).
pub(super) fn extension_start(text: &str) -> Option<Extension<'_>> {
    let rest = text.strip_prefix("{::")?;
    let name = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    if name == 0 {
        return None;
    }
    let list = &rest[name..];
    let length = if list.starts_with('}') { 0 } else { braced(list)? };
    let content = &list[..length];
    if !content.is_empty() && !content.starts_with(is_space) && content != "/" {
        return None;
    }
    let closed = content.ends_with('/');
    let mut attributes = Attributes::default();
    attributes.read(content.strip_suffix('/').unwrap_or(content));
    Some(Extension { name: &rest[..name], attributes, closed, length: 3 + name + length + 1 })
}

/// The line that ends an extension: where it begins, and its length.
fn extension_stop_line(text: &str, name: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in lines::each(text) {
        let rest = &line[opt_space(line)..];
        let stop = extension_stop(rest, name);
        if stop.is_some_and(|length| rest[length..].chars().all(is_space)) {
            return Some((at, line.len()));
        }
        at += line.len();
    }
    None
}

/// `{:/name}` or `{:/}` at the start of a text: its length.
pub(super) fn extension_stop(text: &str, name: &str) -> Option<usize> {
    let rest = text.strip_prefix("{:/")?;
    let rest = rest.strip_prefix(name).unwrap_or(rest);
    rest.starts_with('}').then(|| text.len() - rest.len() + 1)
}
