//! The lists and feeds that WordPress makes (wp-includes/class-wp-rewrite.php, `rewrite_rules`), where addresses are no
//! queries. What an export does not say is taken for what a new site has: ten posts on a page, `category` and `tag` as
//! names of the folders.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::permalink::Structure;
use super::text::slug_of_title;
use super::told::SITE;
use super::{AUTHORS, CATEGORIES, TAGS};
use crate::model::{FeedFormat, List, Map, Moment, Post, Shows, Site, Taxonomy, Value};
use crate::read::address::decoded;
use crate::read::lists::{counted, pages, published};

/// Every list and feed.
pub fn lists(posts: &[Post], site: &Site) -> Vec<List> {
    let Some(structure) = Structure::of(posts, site) else { return Vec::new() };
    let mut lists = Lists { site, structure, found: Vec::new() };
    lists.paged("/", published(posts).count(), &Shows::Home);
    lists.categories(posts);
    lists.tags(posts);
    lists.authors(posts);
    lists.dates(posts);
    lists.feeds();
    lists.found
}

struct Lists<'a> {
    site: &'a Site,
    structure: Structure,
    found: Vec<List>,
}

impl Lists<'_> {
    /// `page/2/` below the list (`$pagination_base`).
    fn paged(&mut self, first: &str, posts: usize, shows: &Shows) {
        let first = decoded(first);
        let numbered = |page: usize| format!("{first}page/{page}/");
        let per_page = self.site.per_page.unwrap_or(0);
        self.found.extend(pages(&first, numbered, (posts, per_page), shows, SITE));
    }

    fn feed(&mut self, address: &str, shows: Shows) {
        self.found.push(List { address: decoded(address), shows, page: 1, source: SITE.to_owned() });
    }

    /// Every category from the root on, a post counting in each above its own (`WP_Tax_Query`: `include_children`).
    fn categories(&mut self, posts: &[Post]) {
        let slugs = category_slugs(self.site);
        let paths = |post: &Post| {
            post.categories.iter().flat_map(|path| (1..=path.len()).map(|n| path[..n].to_vec())).collect::<Vec<_>>()
        };
        for (path, count) in counted(published(posts), paths) {
            let name = path.last().cloned().unwrap_or_default();
            let below = match slugs.get(&path) {
                Some(below) => below.clone(),
                None => path.iter().map(|name| slug_of_title(name)).collect::<Vec<_>>().join("/"),
            };
            let first = format!("{}category/{below}/", self.structure.front);
            self.paged(&first, count, &Shows::Term(Taxonomy::Categories, name.to_string()));
            self.feed(&format!("{first}feed/"), Shows::PartFeed);
        }
    }

    fn tags(&mut self, posts: &[Post]) {
        let known = self.site.setting(TAGS).and_then(Value::as_map);
        let slug = |name: &str| known.and_then(|known| known.get(name)).and_then(Value::to_text);
        for (name, count) in counted(published(posts), |post| post.tags.clone()) {
            let slug = slug(&name).unwrap_or_else(|| slug_of_title(&name));
            let first = format!("{}tag/{slug}/", self.structure.front);
            self.paged(&first, count, &Shows::Term(Taxonomy::Tags, name.to_string()));
        }
    }

    /// The list of the only author is that of all posts. Of several none is known here apart from the others: readers of
    /// each are sent to the first page.
    fn authors(&mut self, posts: &[Post]) {
        let Some(Value::List(logins)) = self.site.setting(AUTHORS).cloned() else { return };
        let shows = if logins.len() == 1 { Shows::Posts } else { Shows::Home };
        for login in logins.iter().filter_map(Value::to_text) {
            // wp-includes/user.php (`wp_insert_user`): the nice name is the slug of the login, where nobody changed it
            let first = format!("{}author/{}/", self.structure.front, slug_of_title(&login));
            match shows {
                Shows::Posts => self.paged(&first, published(posts).count(), &shows),
                _ => self.feed(&first, shows.clone()),
            }
            self.feed(&format!("{first}feed/"), Shows::PartFeed);
        }
    }

    /// Lists of years and months.
    fn dates(&mut self, posts: &[Post]) {
        for format in ["%Y", "%Y/%m"] {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for date in published(posts).filter_map(|post| post.date.map(Moment::civil)) {
                *counts.entry(date.strftime(format).to_string()).or_default() += 1;
            }
            for (part, count) in counts {
                let first = format!("{}{part}/", self.structure.dates);
                self.paged(&first, count, &Shows::Period(part.replace('/', "-")));
            }
        }
    }

    /// wp-includes/class-wp-rewrite.php (`$feeds`): `feed/` is the one that themes name.
    fn feeds(&mut self) {
        self.feed("/feed/", Shows::Feed(FeedFormat::Rss));
        self.feed("/feed/atom/", Shows::Feed(FeedFormat::Atom));
        self.feed("/comments/feed/", Shows::PartFeed);
    }
}

/// The addresses of categories below their folder, by the paths of their names.
fn category_slugs(site: &Site) -> HashMap<Vec<Arc<str>>, String> {
    let Some(known) = site.setting(CATEGORIES).and_then(Value::as_map) else { return HashMap::new() };
    let path = |(below, names): (&String, &Value)| {
        let names = names.as_list()?.iter().filter_map(Value::to_text).map(Arc::from).collect();
        Some((names, below.clone()))
    };
    known.iter().filter_map(path).collect()
}

/// What the head says of terms and authors, for the lists.
pub fn config(head: &super::head::Head) -> Map {
    let names = |path: &[String]| path.iter().map(|slug| Value::from(head.name_of(slug))).collect();
    let categories = head.categories.keys().map(|slug| {
        let path = head.path(slug);
        (path.join("/"), Value::List(names(&path)))
    });
    let tags = head.tags.iter().map(|(name, slug)| (name.clone(), Value::from(&**slug)));
    let authors = head.authors.keys().map(|login| Value::from(&**login));
    Map::from_iter([
        (CATEGORIES.to_owned(), Value::Map(categories.collect())),
        (TAGS.to_owned(), Value::Map(tags.collect())),
        (AUTHORS.to_owned(), Value::List(authors.collect())),
    ])
}
