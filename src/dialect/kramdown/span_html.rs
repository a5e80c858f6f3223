//! HTML in running text (`parse_span_html` in `parser/kramdown/html.rb`).

use super::super::entities;
use super::span::{DEEPEST, Open, Parsers, SpanReader, Stop};
use super::tags;
use crate::tree::{Node, NodeKind};

impl SpanReader<'_> {
    /// `html.rb` (`parse_span_html`)
    pub(super) fn html(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.rest();
        if rest.starts_with("<!--")
            && let Some(close) = self.ends.find(self.text.as_str(), self.at + 4, "-->")
        {
            let length = close + 3 - self.at;
            return self.add_leaf(out, NodeKind::Html(rest[..length].to_owned()), length);
        }
        if let Some((_, length)) = tags::end_tag(rest) {
            // one that closes nothing is text
            self.add_text(out, length);
            return true;
        }
        let Some(tag) = tags::start_tag(rest) else { return false };
        let name = tags::canonical(&tag.name);
        if tags::is_block(&name) {
            self.add_text(out, tag.length);
            return true;
        }
        let markdown = tag.attributes.iter().find(|(name, _)| name == "markdown").map(|(_, value)| value.as_str());
        let raw_model = !tags::holds_blocks(&name) && !tags::holds_text(&name);
        let in_raw = self.open.last() == Some(&Open::Raw);
        let parses = match markdown {
            Some("span") => true,
            Some("1") => !raw_model,
            Some("0") => false,
            _ => !raw_model && !in_raw,
        };
        let mut shown = shown_tag(&name, &tag, &rest[..tag.length]);
        if name == "script" || name == "style" {
            let end = tags::find_end_tag(&rest[tag.length..], &name).map_or(rest.len(), |at| tag.length + at);
            let length = end + tags::end_tag(&rest[end..]).map_or(0, |(_, length)| length);
            return self.add_leaf(out, NodeKind::Html(format!("{shown}{}</{name}>", &rest[tag.length..end])), length);
        }
        if tag.closed && !tags::is_empty(&name) {
            // an element without content is closed by a tag of its own
            shown = format!("{}></{name}>", shown.trim_end_matches('>').trim_end_matches('/').trim_end());
        }
        self.add_leaf(out, NodeKind::Html(shown), tag.length);
        if tag.closed || tags::is_empty(&name) {
            return true;
        }
        if self.depth >= DEEPEST {
            return true;
        }
        if !parses {
            self.open.push(Open::Raw);
        }
        let found = self.run(out, Stop::EndTag(&name), if parses { Parsers::All } else { Parsers::Html });
        if !found {
            let length = self.rest().len();
            self.add_text(out, length);
        }
        if !parses {
            self.open.pop();
        }
        let length = if found { tags::end_tag(self.rest()).map_or(0, |(_, length)| length) } else { 0 };
        self.add_leaf(out, NodeKind::Html(format!("</{name}>")), length)
    }
}

/// The start tag as typed where it is written as kramdown writes it, else anew: known names in lower case.
fn shown_tag(name: &str, tag: &tags::Tag, typed: &str) -> String {
    let markdown = tag.attributes.iter().any(|(name, _)| name == "markdown");
    if tag.name == name && !typed.contains('\n') && !markdown {
        return typed.to_owned();
    }
    let mut shown = format!("<{name}");
    for (name, value) in tag.attributes.iter().filter(|(name, _)| name != "markdown") {
        let value = entities::escape(&value.replace('\n', " ")).replace('"', "&quot;");
        shown.push_str(&format!(" {name}=\"{value}\""));
    }
    shown.push_str(if tag.closed { " />" } else { ">" });
    shown
}
