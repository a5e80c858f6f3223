//! What templates see as `site`, `page` and `jekyll`: looked at where it is, never copied.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use jiff::Timestamp;

use super::collections::Collections;
use super::content::{self, Texts};
use super::template::{self, TemplateNode};
use super::value::{LiquidMap, LiquidValue, List, Text};
use crate::address::encoded;
use crate::ledger::Code;
use crate::model::{Asset, DocumentKind, Fields, Map, Opened, Post, Value};
use crate::template::Blog;
use crate::template::order::Order;

/// What all documents of a site share, gathered once per run. Documents are places in the list of posts.
#[derive(Debug)]
pub struct Globals {
    /// The entries of the blog, newest first.
    published: Vec<usize>,
    pages: Vec<usize>,
    collections: Collections,
    tags: IndexMap<String, Vec<usize>>,
    categories: IndexMap<String, Vec<usize>>,
    /// Posts by the name of their file without its ending, and by their slugs; of one name the oldest first.
    by_name: OnceLock<Order>,
    by_slug: OnceLock<Order>,
    static_files: OnceLock<Vec<Value>>,
    /// Each included file is read into a template once.
    includes: Mutex<HashMap<String, Included>>,
    /// The texts of documents that templates of others show, each made once.
    pub texts: Texts,
}

/// The template of a file, or what to say of one that cannot be had.
type Included = Result<Arc<Vec<TemplateNode>>, (Code, String)>;

/// A blog as templates see it: `site`, and the way to its documents.
#[derive(Debug)]
pub struct SiteDrop<'v> {
    /// The blog.
    pub blog: &'v Blog,
    /// What was gathered of it.
    pub globals: &'v Globals,
    /// The template is that of a text that another template shows.
    pub nested: bool,
}

/// A document as a template sees it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'v> {
    site: &'v SiteDrop<'v>,
    post: &'v Post,
    /// The one that the template stands in, whose text can be asked for.
    own: Option<&'v Opened>,
}

impl Globals {
    /// Gathers them.
    pub fn new(blog: &Blog) -> Self {
        let posts = &blog.posts;
        // Jekyll (`reader.rb`): without `--drafts` and `--unpublished` neither is read
        let of_kind = |kind: &DocumentKind| -> Vec<usize> {
            posts.iter().enumerate().filter(|(_, post)| !post.draft && post.kind == *kind).map(|(at, _)| at).collect()
        };
        let mut published = of_kind(&DocumentKind::Post);
        // newest first, as Jekyll shows them
        published.sort_by(|a, b| newest_first(&posts[*a]).cmp(&newest_first(&posts[*b])));
        Globals {
            tags: by_term(posts, &published, |post| post.tags.iter()),
            categories: by_term(posts, &published, |post| post.categories.iter().flatten()),
            pages: of_kind(&DocumentKind::Page),
            published,
            collections: Collections::new(blog),
            by_name: OnceLock::new(),
            by_slug: OnceLock::new(),
            static_files: OnceLock::new(),
            includes: Mutex::default(),
            texts: Texts::new(posts.len()),
        }
    }

    /// The template of an included file, read the first time it is asked for.
    ///
    /// # Errors
    /// Why the file cannot be read, the same each time.
    pub fn include(&self, key: String, read: impl FnOnce() -> Result<String, (Code, String)>) -> Included {
        let mut includes = self.includes.lock().unwrap_or_else(PoisonError::into_inner);
        let template = || read().map(|text| Arc::new(template::parse(&text)));
        includes.entry(key).or_insert_with(template).clone()
    }
}

impl<'a> SiteDrop<'a> {
    /// A document by its place in the list of posts.
    pub fn document(&'a self, at: usize) -> LiquidValue<'a> {
        let Some(post) = self.blog.posts.get(at) else { return LiquidValue::Nil };
        LiquidValue::Map(LiquidMap::Document(Document { site: self, post, own: None }))
    }

    /// `page`: the document that the template stands in.
    pub fn page(&'a self, post: &'a Opened) -> LiquidValue<'a> {
        LiquidValue::Map(LiquidMap::Document(Document { site: self, post: &post.post, own: Some(post) }))
    }

    /// A variable that every template has.
    pub fn variable(&'a self, name: &str) -> Option<LiquidValue<'a>> {
        Some(LiquidValue::Map(match name {
            "site" => LiquidMap::Site(self),
            "jekyll" => LiquidMap::Made(Rc::new(IndexMap::from([
                (Text::At("version"), "4.3.1".into()),
                (Text::At("environment"), "development".into()),
            ]))),
            _ => return None,
        }))
    }

    /// Jekyll (`site_drop.rb`): collections first, then what a site has, then its configuration.
    pub fn get(&'a self, key: &str) -> Option<LiquidValue<'a>> {
        let documents = |indices: &'a Vec<usize>| Some(LiquidValue::List(List::Documents(self, indices)));
        match key {
            "posts" => documents(&self.globals.published),
            "pages" | "html_pages" => documents(&self.globals.pages),
            "tags" => Some(LiquidValue::Map(LiquidMap::Terms(self, &self.globals.tags))),
            "categories" => Some(LiquidValue::Map(LiquidMap::Terms(self, &self.globals.categories))),
            "data" => Some(LiquidValue::Map(LiquidMap::At(&self.blog.site.data))),
            // Jekyll (`site.rb`): when the build began
            "time" => Some(LiquidValue::Time(self.blog.built)),
            "url" => Some(self.blog.site.host.as_str().into()),
            "baseurl" => Some(self.blog.site.base_path.as_str().into()),
            "static_files" => Some(LiquidValue::List(List::At(self.static_files()))),
            key => match self.globals.collections.get(key) {
                Some(indices) => documents(indices),
                None => self.blog.site.config.get(key).map(LiquidValue::from),
            },
        }
    }

    /// Jekyll (`static_file.rb`).
    fn static_files(&self) -> &'a [Value] {
        self.globals.static_files.get_or_init(|| {
            let file = |asset: &Asset| {
                let name = asset.address.rsplit('/').next().unwrap_or("");
                let (stem, ending) = name.rfind('.').filter(|at| *at > 0).map_or((name, ""), |at| name.split_at(at));
                Value::Map(Map::from_iter([
                    ("path".to_owned(), Value::from(&*asset.address)),
                    ("name".to_owned(), Value::from(name)),
                    ("basename".to_owned(), Value::from(stem)),
                    ("extname".to_owned(), Value::from(ending)),
                ]))
            };
            self.blog.assets.iter().map(file).collect()
        })
    }

    /// Jekyll (`post_url.rb`): the address of a post by `[folder/]YYYY-MM-DD-slug`; where no file has this name, by
    /// the day and the slug that it has now.
    pub fn post_by_name(&self, wanted: &str) -> Option<String> {
        let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
        let posts = &self.blog.posts;
        let oldest_first = || self.globals.published.iter().rev().copied();
        let name_of = |at: usize| split_path(&posts[at].source).1;
        let by_name = self.globals.by_name.get_or_init(|| Order::new(oldest_first(), name_of));
        let mut named = by_name.with(name, name_of);
        let folder_of = |at: usize| split_path(&posts[at].source).0;
        let exact = named.clone().find(|&at| {
            folder_of(at).rsplit_once("_posts").is_some_and(|(above, below)| {
                let (above, below) = (above.trim_matches('/'), below.trim_matches('/'));
                if below.is_empty() { above == folder } else { below == folder }
            })
        });
        let found = exact.or_else(|| named.next().filter(|_| folder.is_empty())).or_else(|| {
            let (day, slug) = name.match_indices('-').nth(2).map(|(at, _)| (&name[..at], &name[at + 1..]))?;
            let slug_of = |at: usize| posts[at].slug.as_str();
            let by_slug = self.globals.by_slug.get_or_init(|| Order::new(oldest_first(), slug_of));
            let is_of_day = |at: &usize| posts[*at].date.is_some_and(|date| date.civil().date().to_string() == day);
            by_slug.with(slug, slug_of).find(is_of_day)
        })?;
        Some(encoded(&posts[found].address))
    }

    /// The document before another one in its collection, or behind it (`document.rb`).
    fn neighbour(&'a self, post: &Post, next: bool) -> Option<LiquidValue<'a>> {
        let at = match &post.kind {
            // newest first: the next one comes before
            DocumentKind::Post => {
                let published = &self.globals.published;
                let newest_first = |at: &usize| newest_first(&self.blog.posts[*at]).cmp(&newest_first(post));
                let standing = published.binary_search_by(newest_first).ok()?;
                *published.get(if next { standing.checked_sub(1)? } else { standing + 1 })?
            }
            DocumentKind::Item(label) => {
                self.globals.collections.neighbour(label, self.blog.place_of_source(&post.source)?, next)?
            }
            DocumentKind::Page => return None,
        };
        Some(self.document(at))
    }
}

/// What posts are in order by where the newest comes first.
fn newest_first(post: &Post) -> Reverse<(Option<Timestamp>, &str)> {
    Reverse((post.date.map(|date| date.instant), &post.source))
}

/// Folder and name of a file, without its ending.
fn split_path(source: &str) -> (&str, &str) {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    (folder, name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

fn by_term<'p, T: Iterator<Item = &'p Arc<str>>>(
    posts: &'p [Arc<Post>],
    published: &[usize],
    terms: impl Fn(&'p Post) -> T,
) -> IndexMap<String, Vec<usize>> {
    let mut map: IndexMap<String, Vec<usize>> = IndexMap::new();
    // Jekyll (`site.rb`): terms by the oldest post that has them, under each the newest first
    for &at in published.iter().rev() {
        for term in terms(&posts[at]) {
            listed(&mut map, term, at);
        }
    }
    map.values_mut().for_each(|list| list.reverse());
    map
}

fn listed(lists: &mut IndexMap<String, Vec<usize>>, name: &str, at: usize) {
    match lists.get_mut(name) {
        Some(list) => list.push(at),
        None => drop(lists.insert(name.to_owned(), vec![at])),
    }
}

impl<'v> Document<'v> {
    /// Jekyll (`document_drop.rb`): what it knows by itself, then the front matter.
    pub fn get(&self, key: &str) -> Option<LiquidValue<'v>> {
        let post = self.post;
        let texts = |texts: Vec<LiquidValue<'v>>| Some(texts.into());
        match key {
            "title" => Some(post.title.as_deref().map_or(LiquidValue::Nil, LiquidValue::from)),
            // Jekyll (`url.rb`): `escape_path`
            "url" => Some(encoded(&post.address).into()),
            "slug" => Some(post.slug.as_str().into()),
            "path" | "relative_path" => Some((&*post.source).into()),
            "name" => Some(post.source.rsplit('/').next().unwrap_or("").into()),
            "id" => Some(post.address.trim_end_matches('/').trim_end_matches(".html").into()),
            "date" if post.date.is_some() => post.date.map(LiquidValue::Time),
            "tags" => texts(post.tags.iter().map(|tag| (&**tag).into()).collect()),
            "categories" => texts(post.categories.iter().flatten().map(|name| (&**name).into()).collect()),
            "collection" => match &post.kind {
                DocumentKind::Item(collection) => Some(collection.as_str().into()),
                DocumentKind::Post => Some("posts".into()),
                DocumentKind::Page => self.field(key),
            },
            "content" => match self.own {
                Some(own) => Some(own.text.as_str().into()),
                None => content::content(post, self.site).map(|text| LiquidValue::Text(Text::Shared(text))),
            },
            "excerpt" => self
                .field(key)
                .or_else(|| content::excerpt(post, self.site).map(|text| LiquidValue::Text(Text::Shared(text)))),
            "next" | "previous" if post.kind != DocumentKind::Page => {
                Some(self.site.neighbour(post, key == "next").unwrap_or(LiquidValue::Nil))
            }
            key => self.field(key),
        }
    }

    /// The front matter.
    fn fields(&self) -> Option<&'v Fields> {
        match self.own {
            Some(own) => Some(&own.details.fields),
            None => self.site.blog.details(self.post).map(|details| &details.fields),
        }
    }

    fn field(&self, key: &str) -> Option<LiquidValue<'v>> {
        self.fields()?.get(key).map(|field| (&field.value).into())
    }

    /// Everything but text and neighbours: front matter, then what the document knows by itself.
    pub fn entries(&self) -> Vec<(Text<'v>, LiquidValue<'v>)> {
        const OWN: &[&str] = &[
            "title",
            "url",
            "slug",
            "path",
            "relative_path",
            "name",
            "id",
            "date",
            "tags",
            "categories",
            "collection",
        ];
        let known = self.fields();
        let fields = known.into_iter().flat_map(|fields| fields.keys()).map(|key| Text::At(key));
        let own = OWN.iter().filter(|key| known.is_none_or(|fields| !fields.contains_key(**key)));
        let own = own.map(|key| Text::At(key));
        fields.chain(own).filter_map(|key| self.get(&key).map(|value| (key, value))).collect()
    }

    /// The address as Jekyll's own tags and filters take it.
    pub fn url(&self) -> String {
        encoded(&self.post.address)
    }

    /// Whether two are the same document.
    pub fn is(&self, other: &Self) -> bool {
        self.post.source == other.post.source
    }

    /// Jekyll (`document_drop.rb`, `<=>`): by date, then by path.
    pub fn order(&self, other: &Self) -> Ordering {
        let key = |post: &'v Post| (post.date.map(|date| date.instant), &*post.source);
        key(self.post).cmp(&key(other.post))
    }
}
