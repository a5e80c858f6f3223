//! What a reader of a page sees of a piece of HTML, boiled down so that two renderers can be compared:
//! text, code, headings with their ids, links, images, embeds and structure.
//!
//! White space, the choice of quotation marks and dashes, and the drawing of footnotes differ between any two
//! renderers and do not count.

use std::collections::BTreeMap;

use crate::tree::text::squash;
use crate::tree::tokens::bounded;
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// The digest of a piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Digest {
    /// The text outside code blocks, white space and typography aside.
    pub text: String,
    /// The code blocks.
    pub code: Vec<String>,
    /// Headings: level, and the text with its id.
    pub headings: Vec<(u8, String)>,
    /// The ids of headings in order.
    pub ids: Vec<String>,
    /// Where links lead.
    pub links: Vec<String>,
    /// Where images come from.
    pub images: Vec<String>,
    /// Frames, videos and the like.
    pub embeds: Vec<String>,
    /// How often each structural element occurs.
    pub structure: BTreeMap<&'static str, u32>,
}

/// Elements that count as structure, and the name they count under.
const STRUCTURE: &[(&str, &str)] = &[
    ("ul", "ul"),
    ("ol", "ol"),
    ("li", "li"),
    ("table", "table"),
    ("tr", "tr"),
    ("th", "th"),
    ("td", "td"),
    ("blockquote", "blockquote"),
    ("em", "em"),
    ("i", "em"),
    ("strong", "strong"),
    ("b", "strong"),
    ("del", "del"),
    ("s", "del"),
    ("dl", "dl"),
    ("dt", "dt"),
    ("dd", "dd"),
    ("code", "code"),
    ("abbr", "abbr"),
];

impl Digest {
    /// The digest of HTML.
    pub fn of(html: &str) -> Digest {
        let mut reader = PageReader::default();
        let mut emitter = DefaultEmitter::<()>::default();
        // the content of scripts and the like is no markup
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(&*bounded(html), emitter).flatten() {
            match token {
                Token::StartTag(tag) => reader.start(&tag),
                Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
                Token::String(text) => reader.text(&String::from_utf8_lossy(&text.value)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        reader.finish()
    }
}

#[derive(Default)]
struct PageReader {
    digest: Digest,
    /// Depth of elements whose content does not count (script, style, footnote marks).
    silent: Vec<String>,
    pre: Option<String>,
    heading: Option<(u8, String)>,
}

impl PageReader {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attribute = |key: &str| -> Option<String> {
            tag.attributes
                .get(key.as_bytes())
                .map(|value| -> String { String::from_utf8_lossy(&value.value).into_owned() })
        };
        if !self.silent.is_empty() {
            if self.silent.last() == Some(&name) && !tag.self_closing {
                self.silent.push(name);
            }
            return;
        }
        let class = attribute("class").unwrap_or_default();
        let is_footnote_mark =
            name == "sup" && (class.contains("footnote") || attribute("id").is_some_and(|id| id.starts_with("fnref")));
        let is_backlink = name == "a" && (class.contains("footnote") || class.contains("headerlink"));
        if matches!(name.as_str(), "script" | "style" | "noscript" | "figcaption") || is_footnote_mark || is_backlink {
            if !tag.self_closing {
                self.silent.push(name);
            }
            return;
        }
        if let Some((_, counted)) = STRUCTURE.iter().find(|(element, _)| *element == name)
            && !(name == "code" && self.pre.is_some())
        {
            *self.digest.structure.entry(counted).or_default() += 1;
        }
        // where a list begins to count is part of what it shows
        let start = attribute("start").filter(|start| name == "ol" && start != "1");
        if let Some(start) = start.and_then(|start| start.parse::<u32>().ok()) {
            let sum = self.digest.structure.entry("start").or_default();
            *sum = sum.wrapping_add(start);
        }
        match name.as_str() {
            "pre" => self.pre = Some(String::new()),
            "br" => self.text("\n"),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading = Some((name.as_bytes()[1] - b'0', String::new()));
                self.digest.ids.push(attribute("id").unwrap_or_default());
            }
            "a" => {
                if let Some(href) = attribute("href").filter(|href| !href.starts_with("#fn")) {
                    self.digest.links.push(address(&href));
                }
            }
            "img" => {
                let source = attribute("src").unwrap_or_default();
                self.digest.images.push(address(&source));
            }
            "iframe" | "video" | "audio" | "embed" | "object" | "source" => {
                self.digest.embeds.extend(attribute("src"));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(silent) = self.silent.last() {
            if silent == name {
                self.silent.pop();
            }
            return;
        }
        match name {
            "pre" => {
                if let Some(code) = self.pre.take() {
                    let lines: Vec<&str> = code.trim_matches('\n').lines().map(str::trim_end).collect();
                    self.digest.code.push(lines.join("\n").trim().to_owned());
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.digest.headings.extend(self.heading.take()),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.silent.is_empty() {
            return;
        }
        if let Some(pre) = &mut self.pre {
            pre.push_str(text);
            return;
        }
        squash(text, &mut self.digest.text);
        if let Some((_, heading)) = &mut self.heading {
            squash(text, heading);
        }
    }

    fn finish(mut self) -> Digest {
        self.end("pre");
        self.digest.headings.extend(self.heading.take());
        self.digest.embeds.sort();
        self.digest.links.sort();
        self.digest
    }
}

/// An address without the freedom that renderers take with its percent-encoding.
fn address(written: &str) -> String {
    percent_encoding::percent_decode_str(written.trim()).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_typography_do_not_count() {
        assert_eq!(Digest::of("<p>“a” –\n b…</p>"), Digest::of("<p>\"a\" --- b...</p>"));
    }

    #[test]
    fn structure_links_and_code_count() {
        let digest =
            Digest::of("<ul><li><a href='/x%20y'>t</a> <code>c</code></li></ul><pre><code>a\n b\n</code></pre>");
        assert_eq!(digest.links, ["/x y"]);
        assert_eq!(digest.code, ["a\n b"]);
        assert_eq!(digest.structure.get("code"), Some(&1));
        assert_ne!(digest, Digest::of("<a href='/x%20y'>t</a> c"));
    }

    #[test]
    fn footnote_marks_and_scripts_do_not_count() {
        let plain = Digest::of("<p>a</p>");
        assert_eq!(plain, Digest::of("<p>a<sup class=\"footnote-ref\"><a href=\"#fn:1\">1</a></sup></p>"));
        assert_eq!(plain, Digest::of("<p>a</p><script>if (a < b) { \"<p>x</p>\" }</script>"));
    }
}
