//! Documents as they were read, and posts as they were mapped.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Fields, Map, Moment, Place};

/// What a document is to the source generator.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DocumentKind {
    /// An entry of the blog.
    Post,
    /// A page outside the stream of posts.
    Page,
    /// A document of a named collection (Jekyll) that is published.
    Item(String),
}

/// The markup language of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dialect {
    /// kramdown with Liquid in front of it (Jekyll).
    Kramdown,
    /// marked with Nunjucks tags around it (Hexo).
    Marked,
    /// gomarkdown (Ink).
    Gomarkdown,
    /// goldmark with Hugo's shortcodes in it.
    Goldmark,
    /// pulldown-cmark with Zola's shortcodes in it.
    Pulldown,
    /// HTML, with the template language of its generator still in it.
    Html,
    /// What WordPress keeps of a text: HTML, with blocks or the breaks of paragraphs left to be made, and shortcodes.
    WordPress,
    /// A language that postferry does not read (Textile, Org …): kept as it is and reported.
    Other,
}

impl Dialect {
    /// Whether it marks formulas by itself.
    pub fn marks_formulas(self) -> bool {
        matches!(self, Dialect::Kramdown | Dialect::Gomarkdown | Dialect::Goldmark)
    }
}

/// The text of a document behind its front matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// The text, byte for byte as typed (line ends normalised to `\n`).
    pub text: String,
    /// The language it is written in.
    pub dialect: Dialect,
    /// The line of the source file on which the text begins, counted from 1.
    pub first_line: u32,
}

/// One document as its reader found it: front matter still in the source's own terms.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// The path below the site's root, with `/` between its parts.
    pub source: Arc<str>,
    /// The front matter, defaults of the configuration merged in by the generator's rule.
    pub fields: Fields,
    /// The body.
    pub body: Body,
    /// The date in the file's name or, where the generator says so, its time on disk; used where no field gives one.
    pub file_date: Option<Moment>,
    /// The slug as the generator takes it from the path.
    pub slug: String,
    /// Categories that the path gives (Jekyll's folders above `_posts`).
    pub path_categories: Vec<String>,
    /// In a drafts folder: the generator would not publish it.
    pub draft: bool,
}

/// A document in postferry's own terms, as far as others must know of it: one is kept of every document for the whole
/// run, so that it holds no more than that, and shares its names with whoever else keeps them.
#[derive(Debug, Clone, Hash, Serialize, Deserialize)]
pub struct Post {
    /// What it is.
    pub kind: DocumentKind,
    /// The path of its file below the site's root, with `/` between its parts.
    pub source: Arc<str>,
    /// The title; `None` where the source shows none.
    pub title: Option<String>,
    /// When it was published.
    pub date: Option<Moment>,
    /// The name that its address is made of.
    pub slug: String,
    /// The old address below the base path: leading slash, decoded; ends with `/` or in a file name.
    pub address: Arc<str>,
    /// Tags, in order.
    pub tags: Vec<Arc<str>>,
    /// Categories as paths from the root: `[["a", "b"]]` is `b` below `a`.
    pub categories: Vec<Vec<Arc<str>>>,
    /// The source would not publish it.
    pub draft: bool,
    /// Rendered, but left out of lists.
    pub unlisted: bool,
    /// The layout it names.
    pub layout: Option<Arc<str>>,
    /// The language of the body.
    pub dialect: Dialect,
    /// The line of the source file on which the body begins, counted from 1.
    pub body_line: u32,
    seldom: Option<Box<Seldom>>,
}

/// What few documents have of what others must know: in a box of its own, so that it takes no room in all the others.
#[derive(Debug, Clone, Hash, Serialize, Deserialize)]
pub struct Seldom {
    /// When it was last changed, if the author said so.
    pub updated: Option<Moment>,
    /// Other old addresses that lead here, in the form of its own.
    pub aliases: Vec<Arc<str>>,
    /// An address elsewhere to which readers are sent instead, if any.
    pub redirect_to: Option<String>,
    /// Pinned to the top; larger is higher.
    pub pinned: Option<i64>,
    /// Says for itself that it has formulas, or none.
    pub math: Option<bool>,
    /// What a page asks its theme for beside its layout (`type`, in themes of Hexo).
    pub page_type: Option<String>,
    /// Custom data that comes of its place among the others, beside the author's own.
    // it comes when all documents are known, and is left to no other run
    #[serde(skip)]
    pub added: Vec<(&'static str, String)>,
}

/// What most documents have of it.
static NOTHING: Seldom = Seldom {
    updated: None,
    aliases: Vec::new(),
    redirect_to: None,
    pinned: None,
    math: None,
    page_type: None,
    added: Vec::new(),
};

/// What only the document itself needs of its front matter: read again when it is carried over.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// Authors by the name to show.
    pub authors: Vec<String>,
    /// The summary that the author wrote as a field, in the body's dialect.
    pub summary: Option<String>,
    /// The description for search engines.
    pub description: Option<String>,
    /// The lead image as written.
    pub cover: Option<String>,
    /// Keywords for search engines.
    pub keywords: Vec<String>,
    /// Shows a table of contents.
    pub toc: Option<bool>,
    /// Allows comments.
    pub comments: Option<bool>,
    /// Its language tag.
    pub language: Option<String>,
    /// Everything else, order and type kept.
    pub extra: Map,
    /// The front matter as the source has it, for bodies that ask for `page.*`.
    pub fields: Fields,
}

impl Post {
    /// A post of a document before any field has been mapped.
    pub fn of(document: &Document) -> Self {
        let mut post = Post {
            kind: document.kind.clone(),
            source: document.source.clone(),
            title: None,
            date: None,
            slug: document.slug.clone(),
            address: Arc::default(),
            tags: Vec::new(),
            categories: Vec::new(),
            draft: document.draft,
            unlisted: false,
            layout: None,
            dialect: document.body.dialect,
            body_line: document.body.first_line,
            seldom: None,
        };
        if document.kind == DocumentKind::Page
            && let Some(asked) = document.fields.get("type").and_then(|field| field.value.to_text())
        {
            post.seldom_mut().page_type = Some(asked);
        }
        post
    }

    /// What few documents have.
    pub fn seldom(&self) -> &Seldom {
        self.seldom.as_deref().unwrap_or(&NOTHING)
    }

    /// The same, to be changed. It is made by this call: who may have nothing to say looks first.
    pub fn seldom_mut(&mut self) -> &mut Seldom {
        self.seldom.get_or_insert_with(|| Box::new(NOTHING.clone()))
    }

    /// The old addresses that led here: its own, and others.
    pub fn addresses(&self) -> impl Iterator<Item = &Arc<str>> {
        std::iter::once(&self.address).chain(&self.seldom().aliases)
    }
}

/// A document with everything in hand that its own pages need. It is opened when it is carried over and let go
/// afterwards: a blog's texts are never all in memory.
#[derive(Debug)]
pub struct Opened {
    /// What others know of it.
    pub post: Arc<Post>,
    /// What only it needs.
    pub details: Details,
    /// The text behind its front matter, byte for byte as typed (line ends normalised to `\n`).
    pub text: String,
    /// Where its lines are, gathered when it is first asked for.
    lines: OnceLock<Lines>,
}

/// Lines and columns of a text, so that each place in it is told without reading all before it.
#[derive(Debug)]
struct Lines {
    /// Where each line but the first begins.
    starts: Vec<usize>,
    /// How many characters stand before each stretch.
    characters: Vec<usize>,
}

impl Lines {
    /// Bytes of a stretch.
    const STRETCH: usize = 512;

    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let begins = |stretch: &[u8]| stretch.iter().filter(|byte| (**byte as i8) >= -64).count();
        let mut before = 0;
        let stretches = bytes.chunks(Self::STRETCH);
        let characters = stretches.map(|stretch| {
            let so_far = before;
            before += begins(stretch);
            so_far
        });
        let characters = characters.collect();
        Lines { starts: memchr::memchr_iter(b'\n', bytes).map(|at| at + 1).collect(), characters }
    }

    /// How many characters stand before a byte that begins one.
    fn characters_before(&self, text: &str, at: usize) -> usize {
        let stretch = at / Self::STRETCH;
        let start = stretch * Self::STRETCH;
        let rest = text.as_bytes()[start..at].iter().filter(|byte| (**byte as i8) >= -64).count();
        self.characters.get(stretch).copied().unwrap_or_else(|| text.chars().count()) + rest
    }

    /// The line and column of a byte, from 0.
    fn place(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).map_or(0, |line| self.starts[line]);
        (line, self.characters_before(text, at) - self.characters_before(text, start))
    }
}

impl std::ops::Deref for Opened {
    type Target = Post;

    fn deref(&self) -> &Post {
        &self.post
    }
}

impl Opened {
    /// A document with its details and its text.
    pub fn new(post: Arc<Post>, details: Details, text: String) -> Self {
        Opened { post, details, text, lines: OnceLock::new() }
    }

    /// Where the body begins in the source file.
    pub fn start(&self) -> Place {
        Place::at(self.source.clone(), self.body_line, 1)
    }

    /// The place of a byte of the body in the source file.
    pub fn place_of(&self, offset: usize) -> Place {
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        let (line, column) = lines.place(&self.text, floor_char(&self.text, offset));
        Place::at(self.source.clone(), line as u32 + self.body_line, column as u32 + 1)
    }
}

/// What is written of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The text: Markdown for Hugo and Zola, HTML for plain HTML.
    pub text: String,
    /// The summary: the author's field, or what stands before the cut mark as HTML where the target has no mark.
    pub summary: Option<String>,
    /// The lead image as it must be written on the new site.
    pub cover: Option<String>,
}

/// The custom field that keeps what identifies a post to readers of the old feed, where its new address would not.
pub const FEED_ID: &str = "feed_id";

/// What lists show of a document beside its title and dates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Teaser {
    /// How it begins, or its summary: plain text of a few lines.
    pub text: String,
    /// The lead image as it stands on its page.
    pub cover: Option<String>,
    /// How many minutes it takes to be read; 0 where there is nothing to read.
    pub minutes: u32,
}

/// The nearest character boundary at or before `offset`.
fn floor_char(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
