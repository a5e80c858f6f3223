//! The pages of a plain HTML tree, by templates.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use html5gum::{Token, Tokenizer};
use minijinja::{Environment, Value, context};
use percent_encoding::percent_decode_str;

use super::relative::Files;
use super::rows::{TermRow, day, term_rows};
use crate::address::{Placed, bare, encoded, readable};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::model::{Details, FeedFormat, Shows, Taxonomy, Teaser, Written};
use crate::tree::tokens::bounded;
use crate::write::paths::safe_name;
use crate::write::{Blog, Finished, Others, Pages, Rendered, look, unmade};

/// A page that shows many documents.
#[derive(Hash)]
pub enum ListPage {
    /// A page of the blog's first: documents with how they begin.
    Front(FrontPage),
    /// Documents by years, under a heading if there is one.
    Posts { heading: String, entries: Vec<u32> },
    /// All terms of a taxonomy with how many documents have each.
    Terms { taxonomy: Taxonomy, terms: Vec<TermRow> },
    /// The newest documents, for feed readers.
    Feed { address: String, format: FeedFormat, entries: Vec<u32> },
    /// The same as a JSON Feed.
    JsonFeed { address: String, entries: Vec<u32> },
    /// What readers see where nothing is.
    NotFound,
    /// Every document, for search engines.
    Sitemap,
    /// The page of the search: its script, and how many files of texts there are.
    Search { script: String, parts: usize },
    /// One of those files, and which it is.
    Texts { number: usize, entries: Vec<u32> },
}

/// One of the blog's first pages.
#[derive(Hash)]
pub struct FrontPage {
    /// What it shows.
    pub entries: Vec<u32>,
    /// Which it is, from 0.
    pub number: usize,
    /// The addresses of all of them.
    pub all: Arc<[String]>,
    /// Whether there are more posts, which none of them shows.
    pub leaves_out: bool,
}

/// The pages of a tree, by templates that are ready to render.
pub struct HtmlPages {
    environment: Environment<'static>,
    /// The blog.
    pub blog: Arc<Blog>,
    /// The language of the pages, unless they name one of their own. All titles may have been asked for it.
    pub(super) language: String,
    /// Where the old site had lists, and the new one still has them; and where lists are that had to go elsewhere.
    lists: HashMap<Shows, String>,
    /// The documents that are the page of a list.
    standing: HashMap<Shows, usize>,
    /// What they show below their text.
    below: HashMap<usize, usize>,
    /// The taxonomies that posts are sorted by.
    pub taxonomies: Vec<Taxonomy>,
    /// The feeds: the address of each, and its format.
    pub feeds: Vec<(String, FeedFormat)>,
    /// Where the JSON Feed is, if there is one.
    pub json_feed: Option<String>,
    /// Where all posts are listed, if there are any.
    pub archive: Option<String>,
    /// Where readers search, if they can.
    pub search: Option<String>,
    /// The listed posts, the newest first, and the place of each among them.
    order: (Vec<u32>, HashMap<u32, usize>),
    /// The pages of lists, by their numbers.
    pages: Vec<ListPage>,
    /// The files of the tree, and of each page its own, where links lead from file to file.
    pub relative: Option<(Files, HashMap<usize, Arc<str>>)>,
    /// What stands on every page, and the fingerprint of that.
    pub(super) frame: OnceLock<Value>,
    frame_print: OnceLock<Fingerprint>,
}

impl HtmlPages {
    /// The templates for a blog.
    pub fn new(blog: Arc<Blog>) -> Self {
        let mut lists = HashMap::new();
        let mut feeds = Vec::new();
        for served in &*blog.lists {
            let Some(address) = served.address.as_deref() else { continue };
            match &served.list.shows {
                Shows::Feed(format) => feeds.push((address.to_owned(), *format)),
                shows => _ = lists.entry(shows.clone()).or_insert_with(|| address.to_owned()),
            }
        }
        let mut standing = HashMap::new();
        for (at, Placed { served, .. }) in blog.placed.iter().enumerate() {
            if let Some(shows) = served.list.as_deref() {
                lists.insert(shows.clone(), served.address.to_string());
                standing.insert(shows.clone(), at);
            }
        }
        HtmlPages {
            environment: blog.templates.environment(),
            language: look::language(&blog).to_owned(),
            blog,
            lists,
            standing,
            below: HashMap::new(),
            taxonomies: Vec::new(),
            feeds,
            json_feed: None,
            archive: None,
            search: None,
            order: Default::default(),
            pages: Vec::new(),
            relative: None,
            frame: OnceLock::new(),
            frame_print: OnceLock::new(),
        }
    }

    /// Says in which order posts follow each other, the newest first.
    pub fn set_order(&mut self, posts: Vec<u32>) {
        let places = posts.iter().enumerate().map(|(place, at)| (*at, place)).collect();
        self.order = (posts, places);
    }

    /// The posts before and after a post in time.
    pub(super) fn neighbours(&self, at: usize) -> [Option<u32>; 2] {
        let (posts, places) = &self.order;
        let place = u32::try_from(at).ok().and_then(|at| places.get(&at));
        let newer = place.and_then(|place| posts.get(place.checked_sub(1)?));
        [place.and_then(|place| posts.get(place + 1)).copied(), newer.copied()]
    }

    /// Shows a list on the page of the document that stands for it; gives it back where there is none.
    pub fn stand(&mut self, shows: &Shows, list: ListPage) -> Option<ListPage> {
        match self.standing.get(shows) {
            Some(document) => {
                self.below.insert(*document, self.pages.len());
                self.pages.push(list);
                None
            }
            None => Some(list),
        }
    }

    /// Whether the old site had a list, or a document stands for it.
    pub fn has(&self, shows: &Shows) -> bool {
        self.lists.contains_key(shows)
    }

    /// Says where a list is that cannot be where it should.
    pub fn move_list(&mut self, shows: Shows, address: &str) {
        self.lists.insert(shows, address.to_owned());
    }

    /// The collections that a document stands for, with the place of the document.
    pub fn collections(&self) -> Vec<(usize, String)> {
        let collection = |(shows, at): (&Shows, &usize)| match shows {
            Shows::Items(name) => Some((*at, name.clone())),
            _ => None,
        };
        let mut collections: Vec<(usize, String)> = self.standing.iter().filter_map(collection).collect();
        collections.sort_unstable();
        collections
    }

    /// The number of a new page, behind those of the documents.
    pub fn number(&mut self, page: ListPage) -> usize {
        self.pages.push(page);
        self.blog.placed.len() + self.pages.len() - 1
    }

    /// Renders a template with what stands on every page and these values.
    pub(super) fn render(&self, name: &str, values: Value) -> Rendered {
        let values = context! { ..values, ..self.frame().clone() };
        let template = self.environment.get_template(name).map_err(|error| unmade(&error))?;
        template.render(values).map_err(|error| unmade(&error))
    }

    /// Where a list is: at its old address, if it had one.
    pub fn address_of(&self, shows: &Shows) -> String {
        self.lists.get(shows).cloned().unwrap_or_else(|| own_address(shows))
    }

    /// The years, months and days whose posts are listed.
    pub fn periods(&self) -> Vec<String> {
        let period = |shows: &Shows| match shows {
            Shows::Period(period) => Some(period.clone()),
            _ => None,
        };
        let mut periods: Vec<String> = self.lists.keys().filter_map(period).collect();
        periods.sort_unstable();
        periods
    }

    /// A page whose links lead where they must, by its number.
    fn settled(&self, number: usize, page: String) -> String {
        let Some((files, paths)) = &self.relative else { return page };
        match paths.get(&number) {
            Some(path) => files.relative(&page, path),
            None => page,
        }
    }

    /// A label in the language of the pages.
    pub(super) fn label(&self, name: &str) -> &'static str {
        look::labels(&self.language).get(name).map_or("", String::as_str)
    }

    /// What leads to an address below the base path.
    pub(super) fn href(&self, address: &str) -> String {
        format!("{}{}", self.blog.site.base_path, readable(address))
    }

    /// The list that the page of a document shows below its text; a list that it draws itself is not shown twice.
    pub(super) fn list_below(&self, at: usize, text: &str) -> Option<&ListPage> {
        let list = &self.pages[*self.below.get(&at)?];
        (!self.leads_to_all(text, list)).then_some(list)
    }

    /// What a page is about where its document has no title of its own.
    pub(super) fn heading_of(&self, at: usize) -> Option<String> {
        self.below.get(&at).map(|page| self.heading(&self.pages[*page]))
    }

    /// Whether a page has a link to everything that a list shows.
    fn leads_to_all(&self, text: &str, list: &ListPage) -> bool {
        let decoded = |href: &str| {
            let path = href.strip_prefix(self.blog.site.host.as_str()).unwrap_or(href);
            let path = percent_decode_str(path.split(['?', '#']).next().unwrap_or("")).decode_utf8_lossy();
            bare(&path).to_owned()
        };
        let mut links = HashSet::new();
        for token in Tokenizer::new(&*bounded(text)).flatten() {
            if let Token::StartTag(tag) = token
                && let Some(href) = tag.attributes.get(&b"href"[..])
            {
                links.insert(decoded(&String::from_utf8_lossy(href)));
            }
        }
        self.links_of(list).iter().all(|href| links.contains(&decoded(href)))
    }

    /// Where a list leads.
    fn links_of(&self, list: &ListPage) -> Vec<String> {
        match list {
            ListPage::Front(FrontPage { entries, .. })
            | ListPage::Posts { entries, .. }
            | ListPage::Feed { entries, .. }
            | ListPage::JsonFeed { entries, .. }
            | ListPage::Texts { entries, .. } => entries.iter().map(|at| self.href_of(*at)).collect(),
            ListPage::Terms { terms, .. } => terms.iter().map(|term| term.href.clone()).collect(),
            ListPage::NotFound | ListPage::Sitemap | ListPage::Search { .. } => Vec::new(),
        }
    }

    pub(super) fn href_of(&self, at: u32) -> String {
        self.href(&self.blog.placed[at as usize].served.address)
    }

    /// All that a list shows of documents beside their texts.
    fn shown_by(&self, list: &ListPage) -> Fingerprint {
        let mut print = Fingerprinter::default().with(list);
        if let ListPage::Front(FrontPage { entries, .. })
        | ListPage::Posts { entries, .. }
        | ListPage::Feed { entries, .. }
        | ListPage::JsonFeed { entries, .. }
        | ListPage::Texts { entries, .. } = list
        {
            for at in entries {
                print = print.with(&self.row(*at));
            }
        }
        if matches!(list, ListPage::Sitemap) {
            for Placed { post, served, .. } in &*self.blog.placed {
                print = print.with(&served.address).with(&post.draft).with(&post.date).with(&post.seldom().updated);
            }
        }
        print.print()
    }

    /// Every page that is there to be found, with the day of its last change.
    fn sitemap(&self) -> Rendered {
        /// The protocol (`sitemaps.org`) allows no more in a file.
        const MOST: usize = 50_000;
        let published =
            self.blog.placed.iter().filter(|placed| !placed.post.draft && placed.post.seldom().redirect_to.is_none());
        let entry = |Placed { post, served, .. }: &Placed| {
            let changed = post.seldom().updated.or(post.date).map(day);
            context! { address => format!("{}{}", self.root(), encoded(&served.address)), changed }
        };
        self.render("sitemap.xml", context! { entries => published.take(MOST).map(entry).collect::<Vec<_>>() })
    }

    fn list(&self, list: &ListPage, others: &dyn Others) -> Rendered {
        match list {
            ListPage::Front(page) => {
                let number = page.number + 1;
                self.render("front.html", context! { ..self.front(page, others), ..context! { number } })
            }
            ListPage::Posts { entries, .. } => {
                self.render("list.html", context! { heading => self.heading(list), years => self.by_year(entries) })
            }
            ListPage::Terms { taxonomy, terms } => {
                let taxonomy = taxonomy.name();
                self.render(
                    "terms.html",
                    context! { heading => self.heading(list), taxonomy, term_rows => term_rows(terms) },
                )
            }
            ListPage::Feed { address, format, entries } => self.feed(address, *format, entries, others),
            ListPage::JsonFeed { address, entries } => Ok(self.json_feed(address, entries, others)),
            ListPage::NotFound => self.render("404.html", context! {}),
            ListPage::Sitemap => self.sitemap(),
            ListPage::Search { script, parts } => self.search_page(script, *parts),
            ListPage::Texts { number, entries } => self.search_texts(*number, entries, others),
        }
    }
}

impl Pages for HtmlPages {
    fn document(&self, at: usize, document: Finished<'_>, others: &dyn Others) -> Rendered {
        self.entry(at, document, others).map(|page| self.settled(at, page))
    }

    fn teaser(&self, details: &Details, written: &Written) -> Option<Teaser> {
        Some(self.teaser_of(details, written))
    }

    fn surroundings(&self, number: usize) -> Fingerprint {
        let frame = self.frame_print.get_or_init(|| {
            let mut lists: Vec<String> = self.lists.iter().map(|list| format!("{list:?}")).collect();
            lists.sort_unstable();
            Fingerprinter::default()
                .with(&lists)
                .with(&self.feeds)
                .with(&self.taxonomies)
                .with(&self.archive)
                .with_shown(self.frame())
                .print()
        });
        let print = Fingerprinter::default().with(frame);
        if let Some(number) = number.checked_sub(self.blog.placed.len()) {
            return print.with(&self.shown_by(&self.pages[number])).print();
        }
        let list = self.below.get(&number).map(|page| self.shown_by(&self.pages[*page]));
        let neighbours = self.neighbours(number).map(|at| at.map(|at| self.row(at)));
        print.with(&list).with(&neighbours).print()
    }

    fn page(&self, number: usize, others: &dyn Others) -> Rendered {
        let list = self.list(&self.pages[number - self.blog.placed.len()], others);
        list.map(|page| self.settled(number, page))
    }
}

/// Where a list is by itself, if the old site had none.
pub fn own_address(shows: &Shows) -> String {
    match shows {
        Shows::Posts => "/archive/".to_owned(),
        Shows::Terms(taxonomy) => format!("/{}/", taxonomy.name()),
        Shows::Term(taxonomy, name) => format!("/{}/{}/", taxonomy.name(), safe_name(name)),
        _ => "/".to_owned(),
    }
}
