//! Jekyll.

mod config;
mod data;
mod dates;
mod defaults;
mod discover;
mod formulas;
mod lists;
mod markdown;
mod permalink;
mod unseen;

pub(crate) use self::dates::parse as ruby_date;

use std::sync::Arc;

use self::discover::JekyllFiles;
use super::files::glance;
use super::{Approximated, ReadError, ReadOptions, Reader, Source, comments};
use crate::address::encoded;
use crate::ledger::{Code, Ledger};
use crate::model::{Document, DocumentKind, FeedFormat, List, Moment, Place, Post, Site, Value};
use crate::source::{SourceFolder, joined};

/// The reader.
pub struct Jekyll;

impl Reader for Jekyll {
    fn name(&self) -> &'static str {
        "jekyll"
    }

    fn renderers(&self) -> &'static [&'static str] {
        markdown::RENDERERS
    }

    fn evidence(&self, folder: &SourceFolder) -> Vec<String> {
        let mut seen = Vec::new();
        let mut source = String::new();
        for config in config::FILES {
            let Ok(text) = folder.text(config) else { continue };
            match glance(&text, "source") {
                // Octopress, which is Jekyll, keeps its posts where Hexo does, and says so
                Some(named) => {
                    seen.push(format!("`source: {named}` in {config}"));
                    source = named.to_owned();
                }
                // Hexo's configuration has the same name
                None if folder.has_folder("source/_posts") => {}
                None => seen.push(config.to_owned()),
            }
        }
        for special in ["_posts", "_layouts", "_includes"] {
            if folder.has_folder(&joined(&source, special)) {
                seen.push(format!("a {special} folder"));
            }
        }
        let gemfile = folder.text("Gemfile").unwrap_or_default();
        if gemfile.contains("jekyll") || gemfile.contains("github-pages") {
            seen.push("jekyll in the Gemfile".to_owned());
        }
        seen
    }

    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        let mut site = config::read(folder, options, ledger)?;
        let documents = JekyllFiles::new(&site);
        let mut files = discover::files(&site);
        let data = documents.data(&site, &mut files, ledger);
        if site.authors.is_empty() {
            site.authors = config::authors(data.get("authors"));
        }
        site.menu = config::menu(&site.config, &data);
        site.formulas = formulas::marks(&site);
        site.comments = comments::settings([&site.config]);
        site.data = data;
        Ok(Source { site, files, assets: Vec::new(), documents: Box::new(documents) })
    }

    /// Jekyll builds a bare folder of documents as well.
    fn without_documents(&self, folder: &SourceFolder) -> Result<(), ReadError> {
        if !self.evidence(folder).is_empty() {
            return Ok(());
        }
        let missing =
            "there is no _config.yml, no _posts folder, no page with front matter, and no Gemfile with jekyll";
        Err(ReadError::NoBlog { path: folder.named().to_owned(), generator: "Jekyll", missing })
    }

    fn date(&self, value: &Value, site: &Site) -> Option<Moment> {
        dates::read(value, site)
    }

    /// Jekyll (`utils.rb`): text is split at white space, commas stay; a list is taken as it is.
    fn tags(&self, value: &Value) -> Vec<String> {
        match value {
            Value::List(items) => items.iter().filter_map(Value::to_text).filter(|tag| !tag.is_empty()).collect(),
            other => other.to_text().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        }
    }

    fn finish(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger) {
        post.draft |= document.draft;
        // Jekyll (`document.rb`): posts and the documents of other collections; pages keep their fields as they are
        if document.kind != DocumentKind::Page {
            let tags = terms(document, "tag", "tags", Precedence::SingularAlone);
            post.tags = tags.into_iter().map(Arc::from).collect();
            post.categories = categories(document);
            post.date = post.date.or(document.file_date);
        }
        if let Some(slug) = field(document, "slug") {
            post.slug = slug;
        }
        // Jekyll (`document.rb`): nothing at all is replaced, an empty text stays
        let says_nothing = || document.fields.get("title").is_none_or(|field| field.value == Value::Null);
        if post.title.is_none() && document.kind != DocumentKind::Page && says_nothing() {
            post.title = Some(crate::slug::jekyll::titleize(&document.slug));
        }
        // Jekyll (`publisher.rb`): any value that is false hides a post
        if document.fields.get("published").is_some_and(|field| matches!(field.value, Value::Bool(false) | Value::Null))
        {
            post.draft = true;
        }
        self.address(post, document, site, ledger);
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    fn approximated(&self, site: &Site) -> Option<Approximated> {
        markdown::approximated(site)
    }

    fn themes(&self, site: &Site) -> Vec<String> {
        unseen::themes(site)
    }

    fn unseen(&self, site: &Site) -> Option<String> {
        unseen::maker(site)
    }

    /// jekyll-feed (`feed.xml`), and Atom templates after it: the post's `id` (`document.rb`), which is its slug beside
    /// its address. Templates for RSS mostly use the address itself.
    fn entry_id(&self, post: &Post, site: &Site, format: FeedFormat) -> String {
        if format == FeedFormat::Rss {
            return super::permalink(post, site);
        }
        let address = post.address.trim_end_matches('/');
        let folder = address.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{}{}{}", site.host, site.base_path, encoded(&format!("{folder}/{}", post.slug)))
    }
}

/// Whether the singular of a term's name replaces the plural or joins it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precedence {
    SingularAlone,
    Joined,
}

/// Jekyll (`document.rb`, `utils.rb`): `tag` is one term, unsplit; `tags` as text is split at white space.
fn terms(document: &Document, singular: &str, plural: &str, precedence: Precedence) -> Vec<String> {
    let list = |items: &[Value]| items.iter().filter_map(Value::to_text).collect::<Vec<_>>();
    let value = |name: &str| document.fields.get(name).map(|field| &field.value);
    let one = match value(singular) {
        None | Some(Value::Null | Value::Bool(false)) => Vec::new(),
        Some(Value::List(items)) => list(items),
        Some(other) => other.to_text().into_iter().collect(),
    };
    let many = match value(plural) {
        Some(Value::List(items)) => list(items),
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(other) => other.to_text().into_iter().collect(),
        None => Vec::new(),
    };
    let all = if precedence == Precedence::SingularAlone && !one.is_empty() {
        one
    } else {
        one.into_iter().chain(many).collect()
    };
    all.into_iter().filter(|term| !term.trim().is_empty()).collect()
}

/// The folders above `_posts`, then what the front matter says; no category twice.
fn categories(document: &Document) -> Vec<Vec<Arc<str>>> {
    let mut names: Vec<String> = Vec::new();
    for name in
        document.path_categories.iter().cloned().chain(terms(document, "category", "categories", Precedence::Joined))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| vec![name.into()]).collect()
}

fn field(document: &Document, name: &str) -> Option<String> {
    document.fields.get(name).and_then(|field| field.value.to_text()).filter(|text| !text.trim().is_empty())
}

impl Jekyll {
    fn address(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger) {
        let style = site.permalink.as_deref().unwrap_or("date");
        let template = match field(document, "permalink") {
            Some(own) => own,
            None => match &document.kind {
                DocumentKind::Post => permalink::template(config::posts_permalink(site).unwrap_or(style)).to_owned(),
                DocumentKind::Item(label) => {
                    let own = config::collections(site)
                        .into_iter()
                        .find(|collection| collection.label == *label)
                        .and_then(|collection| collection.permalink);
                    own.map_or_else(
                        || format!("/:collection/:path{}", suffix(style)),
                        |own| permalink::template(&own).to_owned(),
                    )
                }
                DocumentKind::Page => page_template(config::below_source(site, &document.source), style),
            },
        };
        let mut unknown = Vec::new();
        let path = config::below_source(site, &document.source);
        post.address = permalink::fill(&template, post, document, path, |name| unknown.push(name.to_owned())).into();
        for name in unknown {
            ledger.add(
                Code::PermalinkUnknown,
                Place::top(document.source.clone()),
                format!("the permalink asks for `:{name}`, which Jekyll does not know"),
            );
        }
    }
}

/// Jekyll (`utils.rb`, `add_permalink_suffix`).
fn suffix(style: &str) -> &'static str {
    match style {
        "pretty" => "/",
        "date" | "ordinal" | "none" | "weekdate" => ":output_ext",
        style if style.ends_with('/') => "/",
        style if style.ends_with(":output_ext") => ":output_ext",
        _ => "",
    }
}

/// Jekyll (`page.rb`): a page is served from where its file is.
fn page_template(path: &str, style: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem == "index" { format!("/{folder}/") } else { format!("/{folder}/{stem}{}", suffix(style)) }
}
