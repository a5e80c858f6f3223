//! What a reader of a page sees of a piece of it, boiled down so that two pages can be compared: text, code, headings
//! with their ids, links, images, embeds and structure.
//!
//! White space, the choice of quotation marks and dashes, and the drawing of footnotes differ between any two
//! renderers and do not count.
//!
//! The old page is a tree ([`tree`]), the new one a row of events ([`events`]). Both are taken as they are; only raw
//! HTML in them is read by tokens ([`html`]). Where raw HTML leaves something open, a tag or a script, all that
//! follows would be read otherwise: then the piece is rendered and read as one. What the rendered HTML says
//! ([`Digest::of`]) is what the other two must say as well.

pub mod events;
mod html;
pub mod tree;

use std::borrow::Cow;

use crate::tree::text::squash;

/// The digest of a piece of a page.
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
    /// How often each structural element occurs: by [`Part`].
    pub structure: [u32; Part::COUNT],
    /// The sum of the numbers from which lists count that do not count from 1.
    pub starts: Option<u32>,
}

/// An element that counts as structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Ul,
    Ol,
    Li,
    Table,
    Tr,
    Th,
    Td,
    BlockQuote,
    Em,
    Strong,
    Del,
    Dl,
    Dt,
    Dd,
    Code,
    Abbr,
}

impl Part {
    const COUNT: usize = Part::Abbr as usize + 1;

    fn of(element: &str) -> Option<Part> {
        Some(match element {
            "ul" => Part::Ul,
            "ol" => Part::Ol,
            "li" => Part::Li,
            "table" => Part::Table,
            "tr" => Part::Tr,
            "th" => Part::Th,
            "td" => Part::Td,
            "blockquote" => Part::BlockQuote,
            "em" | "i" => Part::Em,
            "strong" | "b" => Part::Strong,
            "del" | "s" => Part::Del,
            "dl" => Part::Dl,
            "dt" => Part::Dt,
            "dd" => Part::Dd,
            "code" => Part::Code,
            "abbr" => Part::Abbr,
            _ => return None,
        })
    }
}

/// Reads a page, element by element and text by text, wherever they come from.
#[derive(Default)]
struct PageReader {
    digest: Digest,
    /// Open elements whose content does not count (script, style, footnote marks).
    silent: Vec<&'static str>,
    pre: Option<String>,
    heading: Option<(u8, String)>,
    /// Raw HTML that has not been read yet.
    raw: String,
    /// Raw HTML left something open: what follows cannot be read apart from it.
    open: bool,
}

impl PageReader {
    /// An element begins that only counts.
    fn part(&mut self, part: Part) {
        if self.silent.is_empty() && !(part == Part::Code && self.pre.is_some()) {
            self.digest.structure[part as usize] += 1;
        }
    }

    /// Any element begins.
    fn start<'v>(&mut self, name: &str, attribute: impl Fn(&str) -> Option<Cow<'v, str>>, self_closing: bool) {
        if let Some(&silent) = self.silent.last() {
            if silent == name && !self_closing {
                self.silent.push(silent);
            }
            return;
        }
        if let Some(name) = silent_element(name, &attribute) {
            if !self_closing {
                self.silent.push(name);
            }
            return;
        }
        if let Some(part) = Part::of(name) {
            self.part(part);
            if part == Part::Ol
                && let Some(start) = attribute("start").filter(|start| start != "1")
            {
                self.list_start(start.parse().ok());
            }
            return;
        }
        match name {
            "pre" => self.pre = Some(String::new()),
            "br" => self.text("\n"),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading(name.as_bytes()[1] - b'0', attribute("id").unwrap_or_default().into_owned());
            }
            "a" => {
                if let Some(href) = attribute("href") {
                    self.link(&href, address);
                }
            }
            "img" => self.image(address(&attribute("src").unwrap_or_default())),
            "iframe" | "video" | "audio" | "embed" | "object" | "source" => {
                self.digest.embeds.extend(attribute("src").map(Cow::into_owned));
            }
            _ => {}
        }
    }

    /// Where a list begins to count is part of what it shows.
    fn list_start(&mut self, start: Option<u32>) {
        if let (Some(start), true) = (start, self.silent.is_empty()) {
            self.digest.starts = Some(self.digest.starts.unwrap_or(0).wrapping_add(start));
        }
    }

    fn heading(&mut self, level: u8, id: String) {
        if self.silent.is_empty() {
            self.heading = Some((level, String::new()));
            self.digest.ids.push(id);
        }
    }

    fn link(&mut self, href: &str, read: impl Fn(&str) -> String) {
        if self.silent.is_empty() && !href.starts_with("#fn") {
            self.digest.links.push(read(href));
        }
    }

    fn image(&mut self, source: String) {
        if self.silent.is_empty() {
            self.digest.images.push(source);
        }
    }

    /// A block of code, which holds nothing but text.
    fn code_block(&mut self, code: &str) {
        if self.silent.is_empty() {
            // HTML reads every kind of line end as `\n`
            let lone = code.contains('\r').then(|| code.replace("\r\n", "\n").replace('\r', "\n"));
            self.digest.code.push(code_lines(lone.as_deref().unwrap_or(code)));
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(&silent) = self.silent.last() {
            if silent == name {
                self.silent.pop();
            }
            return;
        }
        match name {
            "pre" => {
                if let Some(code) = self.pre.take() {
                    self.digest.code.push(code_lines(&code));
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

    /// What was read; nothing where it has to be read as a whole.
    fn finish(mut self) -> Option<Digest> {
        self.settle();
        if self.open {
            return None;
        }
        self.end("pre");
        self.digest.headings.extend(self.heading.take());
        self.digest.embeds.sort_unstable();
        self.digest.links.sort_unstable();
        Some(self.digest)
    }
}

/// The name of an element whose content does not count.
fn silent_element<'v>(name: &str, attribute: impl Fn(&str) -> Option<Cow<'v, str>>) -> Option<&'static str> {
    let class = |part: &str| attribute("class").is_some_and(|class| class.contains(part));
    match name {
        "script" => Some("script"),
        "style" => Some("style"),
        "noscript" => Some("noscript"),
        "figcaption" => Some("figcaption"),
        "sup" => (class("footnote") || attribute("id").is_some_and(|id| id.starts_with("fnref"))).then_some("sup"),
        "a" => (class("footnote") || class("headerlink")).then_some("a"),
        _ => None,
    }
}

/// Code without blank lines around it and white space at its line ends.
fn code_lines(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    for line in code.trim_matches('\n').lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    let indent = out.len() - out.trim_start().len();
    out.drain(..indent);
    out
}

/// An address without the freedom that renderers take with its percent-encoding.
fn address(written: &str) -> String {
    decoded(written.trim())
}

fn decoded(written: &str) -> String {
    percent_encoding::percent_decode_str(written).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;
