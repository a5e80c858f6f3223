//! The new page: the events of the target's Markdown, taken as pulldown-cmark's HTML writer renders them.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::{Digest, PageReader, Part, decoded};
use crate::markup::target::{self, Reading, address_of, bare_addresses};
use crate::tree::ids;

/// One or more blocks: read as they come, and once more as a whole where raw HTML in them leaves something open.
pub struct Piece<'a> {
    reader: EventReader,
    /// The events of each block.
    blocks: Vec<Vec<Event<'a>>>,
    /// Those of the present one.
    events: Vec<Event<'a>>,
}

impl<'a> Piece<'a> {
    /// A piece of which nothing is read.
    pub fn new(reading: Reading) -> Self {
        Piece { reader: EventReader::new(reading), blocks: Vec::new(), events: Vec::new() }
    }

    /// Reads the next event.
    pub fn event(&mut self, event: Event<'a>) {
        self.reader.event(&event);
        self.events.push(event);
    }

    /// A block at the top ends: what follows stands apart.
    pub fn end_block(&mut self) {
        self.reader.flush_bare();
        self.blocks.push(std::mem::take(&mut self.events));
    }

    /// What was read, and whether raw HTML in it leaves something open. Added to `ids` are those in it, and the names
    /// of anchors.
    pub fn finish(self, ids: &mut Vec<String>) -> (Digest, bool) {
        let reading = self.reader.reading;
        let before = ids.len();
        self.reader.finish(ids).map(|digest| (digest, false)).unwrap_or_else(|| {
            let page: String = self.blocks.into_iter().map(|events| target::render(events, reading)).collect();
            ids.truncate(before);
            ids.extend(ids::of_html(&page));
            Digest::of_piece(page)
        })
    }
}

/// Reads the events of one or more blocks.
struct EventReader {
    page: PageReader,
    reading: Reading,
    /// In the head of a table.
    head: bool,
    /// Open tags inside an image: what they hold is its alternative text.
    image: usize,
    /// Open tags in which bare addresses stay text.
    closed: usize,
    /// Text in a row, in which there may be bare addresses.
    bare: String,
    /// The code block that is open.
    code: Option<String>,
    /// The ids of headings and footnotes.
    ids: Vec<String>,
    /// The raw HTML, in which there may be more.
    html: String,
}

impl EventReader {
    fn new(reading: Reading) -> Self {
        EventReader {
            page: PageReader::default(),
            reading,
            head: false,
            image: 0,
            closed: 0,
            bare: String::new(),
            code: None,
            ids: Vec::new(),
            html: String::new(),
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        if let Event::Text(text) = event {
            return self.text(text);
        }
        if self.reading.bare_links {
            self.linkify(event);
        }
        if self.image > 0 {
            match event {
                Event::Start(_) => self.image += 1,
                Event::End(_) => self.image -= 1,
                Event::Html(html) | Event::InlineHtml(html) | Event::Code(html) => self.masked(html),
                _ => {}
            }
            return;
        }
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                self.masked(html);
                self.html.push_str(html);
                return self.page.raw(html);
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => return,
            _ => self.page.settle(),
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(*end),
            Event::Code(code) => {
                self.masked(code);
                self.page.part(Part::Code);
                self.page.text(code);
            }
            // the options leave formulas to us; how a reference to a footnote is drawn does not count
            Event::InlineMath(tex) | Event::DisplayMath(tex) => self.page.text(tex),
            Event::Text(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    /// What was read; nothing where it has to be rendered and read as a whole. Added to `ids` are those in it, and the
    /// names of anchors.
    fn finish(mut self, ids: &mut Vec<String>) -> Option<Digest> {
        ids.append(&mut self.ids);
        if !self.html.is_empty() {
            ids.extend(ids::of_html(&self.html));
        }
        self.flush_bare();
        self.page.finish()
    }

    fn text(&mut self, text: &str) {
        self.masked(text);
        if self.reading.bare_links && self.closed == 0 {
            self.bare.push_str(text);
        }
        if self.image > 0 {
            return;
        }
        if let Some(code) = &mut self.code {
            return code.push_str(text);
        }
        self.page.settle();
        self.page.text(text);
    }

    /// Letters of the private use area may stand for the marks of formulas: which of them do shows in the whole only.
    fn masked(&mut self, text: &str) {
        self.page.open |= self.reading.math && text.as_bytes().contains(&0xEE);
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                let id = id.as_deref().unwrap_or_default();
                self.masked(id);
                self.ids.push(id.to_owned());
                self.page.heading(*level as u8, id.to_owned());
            }
            Tag::Table(_) => self.page.part(Part::Table),
            Tag::TableHead => {
                self.head = true;
                self.page.part(Part::Tr);
            }
            Tag::TableRow => self.page.part(Part::Tr),
            Tag::TableCell => self.page.part(if self.head { Part::Th } else { Part::Td }),
            Tag::BlockQuote(_) => self.page.part(Part::BlockQuote),
            Tag::CodeBlock(_) => self.code = Some(String::new()),
            Tag::List(None) => self.page.part(Part::Ul),
            Tag::List(Some(start)) => {
                self.page.part(Part::Ol);
                if *start != 1 {
                    self.page.list_start(u32::try_from(*start).ok());
                }
            }
            Tag::Item => self.page.part(Part::Li),
            Tag::DefinitionList => self.page.part(Part::Dl),
            Tag::DefinitionListTitle => self.page.part(Part::Dt),
            Tag::DefinitionListDefinition => self.page.part(Part::Dd),
            Tag::Emphasis => self.page.part(Part::Em),
            Tag::Strong => self.page.part(Part::Strong),
            Tag::Strikethrough => self.page.part(Part::Del),
            Tag::Link { link_type, dest_url, .. } => self.link(*link_type == LinkType::Email, dest_url),
            Tag::Image { dest_url, .. } => {
                self.page.image(decoded(dest_url));
                self.image = 1;
            }
            Tag::FootnoteDefinition(label) => self.ids.push(label.to_string()),
            Tag::Paragraph | Tag::HtmlBlock | Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Heading(_) => self.page.end("h1"),
            TagEnd::TableHead => self.head = false,
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    self.page.code_block(&code);
                }
            }
            TagEnd::Link if !self.page.silent.is_empty() => self.page.end("a"),
            _ => {}
        }
    }

    /// The writer encodes what would make an address end, white space at its ends too.
    fn link(&mut self, mail: bool, address: &str) {
        if !self.page.silent.is_empty() {
            self.page.start("a", |_| None, false);
        } else if mail {
            self.page.link(&format!("mailto:{address}"), decoded);
        } else {
            self.page.link(address, decoded);
        }
    }

    /// goldmark's linkify: adjoining texts are one text to it.
    fn linkify(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => self.closed += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => self.closed -= 1,
            _ => {}
        }
        self.flush_bare();
    }

    fn flush_bare(&mut self) {
        if self.bare.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.bare);
        if self.image == 0 {
            for (start, end) in bare_addresses(&text) {
                self.page.link(&address_of(&text[start..end]), decoded);
            }
        }
        self.bare = text;
        self.bare.clear();
    }
}
