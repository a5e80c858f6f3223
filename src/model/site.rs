//! The blog as a whole: what its configuration says, and what a reader found on disk.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::post::{Dialect, Post};
use super::{Map, Value};
use crate::source::SourceFolder;

/// Everything about a blog that is not one document's own.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder that the source generator is run in.
    pub root: SourceFolder,
    /// The blog's title; empty where the configuration names none.
    pub title: String,
    /// The line under the title, if any.
    pub subtitle: Option<String>,
    /// What the blog is about, if said.
    pub description: Option<String>,
    /// Scheme and host of the published blog (`https://example.org`), without a trailing slash; empty if unknown.
    pub host: String,
    /// The path below the host where the blog is served: empty, or `/blog` without a trailing slash.
    pub base_path: String,
    /// The zone in which the source generator reads clock times.
    pub zone: TimeZone,
    /// The zone's IANA name, `UTC` where none is named anywhere.
    pub zone_name: String,
    /// The zone was named by the site or by the user, not assumed.
    pub zone_known: bool,
    /// The blog's main language tag, if said.
    pub language: Option<String>,
    /// Authors by their key in the site's configuration.
    pub authors: IndexMap<String, Author>,
    /// The permalink pattern in the source generator's own language, if one is set.
    pub permalink: Option<String>,
    /// How many posts a page of the first list shows; `None` where all of them are on one.
    pub per_page: Option<usize>,
    /// The menu, where the configuration or the theme's names one.
    pub menu: Vec<MenuLink>,
    /// The services that kept the blog's comments, with what identifies the blog to them.
    pub comments: Map,
    /// Which marks of formulas a script of the old pages looked for.
    pub formulas: Formulas,
    /// The configuration whole, as the source generator sees it (its defaults included where a body can ask for them).
    pub config: Map,
    /// Data files a body can ask for (`site.data`), by name.
    pub data: Map,
    /// The folders below the root where partial templates are found (`_includes`), if the generator has any.
    pub includes: Vec<String>,
    /// Facts about the Markdown dialect that the configuration sets.
    pub markup: MarkupSettings,
    /// The renderer that the user names, whatever the blog does.
    pub renderer: Option<String>,
}

/// Which marks in the text of a page begin a formula, beside the elements that the dialect makes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Formulas {
    /// None.
    #[default]
    Marked,
    /// `\(`, `\[`, `$$` and `\begin{…}`.
    Delimited,
    /// `$` as well.
    Dollars,
}

impl Formulas {
    /// Those of a document, which may turn the site's on or off for itself: themes of Hexo look for `$` then.
    pub fn of(self, post: &Post) -> Formulas {
        match post.seldom().math {
            Some(true) if post.dialect == Dialect::Marked => Formulas::Dollars,
            Some(true) => self.max(Formulas::Delimited),
            Some(false) => Formulas::Marked,
            None => self,
        }
    }
}

/// A link of the menu, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MenuLink {
    /// What it says; empty where it is the title of what it leads to.
    pub label: String,
    /// Where it leads: an address, or a file of the source.
    pub to: String,
}

/// What the site's configuration says about how bodies are read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MarkupSettings {
    /// A single line end becomes a line break (Hexo's marked `breaks`, kramdown's `hard_wrap`).
    pub hard_breaks: bool,
    /// Quotes and dashes are made typographic.
    pub smart: bool,
    /// kramdown reads GitHub's dialect (`input: GFM`).
    pub gfm: bool,
    /// kramdown reads Markdown in HTML blocks (`parse_block_html`).
    pub block_html: bool,
    /// Bare addresses in a text are links.
    pub bare_links: bool,
    /// Code is shown with line numbers.
    pub line_numbers: bool,
    /// Headings get ids of their own.
    pub heading_ids: bool,
    /// How the text of a heading stands in its id.
    pub id_text: IdText,
    /// Those ids keep the text rather than being like slugs of ASCII letters: its case (Hexo), or a script of its own.
    pub cased_ids: bool,
    /// Math delimiters are meant as such (a math plugin or script is configured).
    pub math: bool,
    /// Ink before 2023 (`parse.go`): bodies were read by blackfriday, from which gomarkdown descends.
    pub blackfriday: Option<Blackfriday>,
    /// Relative pictures are taken from the site's root (hexo-renderer-marked's `prependRoot`).
    pub rooted_pictures: bool,
    /// Bodies are read by an engine that follows CommonMark instead of the generator's usual one.
    pub commonmark: Option<CommonMark>,
}

/// What an engine that follows CommonMark is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonMark {
    /// Whose ways beside CommonMark are followed.
    pub engine: CommonMarkEngine,
    /// What becomes of HTML in a text.
    pub raw_html: RawHtml,
    /// Tables of GitHub's form.
    pub tables: bool,
    /// `~~x~~`.
    pub strike: bool,
    /// `~x~` as well.
    pub one_tilde: bool,
    /// `- [ ] x`.
    pub tasks: bool,
    /// `[^x]`.
    pub footnotes: bool,
    /// `# x {#id .class}`.
    pub attributes: bool,
    /// `: x` below a term.
    pub definitions: bool,
    /// `:smile:`.
    pub emoji: bool,
    /// Which headings get ids, and of what form.
    pub heading_ids: HeadingIds,
}

/// An engine that follows CommonMark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommonMarkEngine {
    /// markdown-it, as Hexo has it.
    MarkdownIt,
    /// cmark-gfm, as Jekyll has it by commonmarker.
    Cmark,
    /// goldmark, as Hugo has it.
    Goldmark,
    /// pulldown-cmark, as Zola has it.
    Pulldown,
}

/// What becomes of HTML in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawHtml {
    /// It stands in the page.
    Kept,
    /// But for tags that change how the rest of a page is read, whose `<` is shown (cmark-gfm's `tagfilter`).
    Filtered,
    /// It is shown as text (markdown-it's `html: false`).
    Shown,
    /// It is left out (commonmarker without `UNSAFE`).
    Omitted,
}

/// The ids of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingIds {
    /// None.
    None,
    /// Like slugs, from this level on (hexo-renderer-markdown-it's `anchors`).
    Slugs {
        /// The level.
        from: u8,
    },
    /// Of ASCII letters, as jekyll-commonmark-ghpages makes them.
    Ascii,
    /// As Hugo makes them (`autoHeadingIDType = "github"`).
    Github,
    /// As Zola makes them (`slugify.anchors = "on"`).
    Zola,
    /// The same with `slugify.anchors = "safe"`.
    ZolaSafe,
}

/// Ink's copies of blackfriday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blackfriday {
    /// Before October 2018: no fence belongs to an item of a list.
    Early,
    /// Until January 2023.
    Late,
}

/// What stands for `<`, `&` and the like in the text of which the id of a heading is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdText {
    /// Themselves.
    #[default]
    Shown,
    /// The entities that marked writes for them (hexo-renderer-marked before 5).
    Entities,
    /// Those of hexo-util, which has some for `/` and `=` as well (hexo-renderer-marked 5, and 6 before 6.2).
    MoreEntities,
}

/// An author as the site's configuration describes them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Author {
    /// The name to show.
    pub name: String,
    /// Everything else that is said about the author.
    pub details: Map,
}

/// A file of the source that is not a document, and the address it is served at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The path below the site's root, with `/` between its parts.
    pub source: Arc<str>,
    /// The address below the base path, with a leading slash, decoded.
    pub address: Arc<str>,
}

impl Site {
    /// The value of a dotted key of the configuration (`marked.breaks`).
    pub fn setting(&self, dotted: &str) -> Option<&Value> {
        let mut parts = dotted.split('.');
        let mut value = self.config.get(parts.next()?)?;
        for part in parts {
            value = value.as_map()?.get(part)?;
        }
        Some(value)
    }
}
