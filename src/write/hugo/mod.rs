//! Hugo, with TOML front matter.

mod config;
mod feeds;
mod taken;
mod terms;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::paths::{Paths, safe_name, section, stem};
use super::{
    Blog, Finished, Listing, Others, Pages, Planned, Rendered, Theme, Writer, assets, documents, look, redirect,
    redirects, theme,
};
use crate::address::{Files, Placed, Served, Serving, bare, standing};
use crate::ledger::Ledger;
use crate::mapping::TargetMapping;
use crate::model::{Details, List, Map, Post, Shows, Target, Taxonomy, Value, Written};
use crate::plan::{Content, File};
use crate::write::toml;
use taken::Taken;
use terms::Terms;

/// The writer.
pub struct Hugo;

/// How a formula leaves for a page of the starter theme.
const FORMULA: &str = include_str!("../../../templates/hugo/render-formula.html");
/// How it leaves with any theme.
const PASSTHROUGH: &str = include_str!("../../../templates/hugo/render-passthrough.html");

/// The starter theme.
const THEME: &[(&str, &str)] = &[
    ("layouts/baseof.html", include_str!("../../../templates/hugo/baseof.html")),
    ("layouts/home.html", include_str!("../../../templates/hugo/home.html")),
    ("layouts/page.html", include_str!("../../../templates/hugo/page.html")),
    ("layouts/section.html", include_str!("../../../templates/hugo/list.html")),
    ("layouts/term.html", include_str!("../../../templates/hugo/list.html")),
    ("layouts/taxonomy.html", include_str!("../../../templates/hugo/taxonomy.html")),
    ("layouts/404.html", include_str!("../../../templates/hugo/404.html")),
    ("layouts/_partials/name.html", include_str!("../../../templates/hugo/name.html")),
    ("layouts/_partials/teaser.html", include_str!("../../../templates/hugo/teaser.html")),
    ("layouts/_partials/pager.html", include_str!("../../../templates/hugo/pager.html")),
    ("layouts/_partials/comments.html", include_str!("../../../templates/hugo/comments.html")),
    ("layouts/_partials/katex.html", look::formulas::HUGO),
    ("layouts/_partials/scheme.html", look::SCHEME),
    ("static/css/starter.css", look::STYLE),
];

impl Writer for Hugo {
    fn name(&self) -> &'static str {
        "hugo"
    }

    fn target(&self) -> Target {
        Target::Hugo
    }

    fn serving(&self) -> Serving {
        Serving {
            page: file_of,
            redirect: redirect_file_of,
            reserved: &[],
            made: &["index.html", "index.xml", "404.html", "sitemap.xml"],
            // Hugo (`url.Parse` of every permalink) gives up on a `%` that begins no escape, and writes one that does as it is
            servable: |address| address.contains('%').then(|| address.replace('%', "-")),
        }
    }

    /// Hugo makes a list of every folder of `content`, and of every taxonomy and its terms.
    fn own_lists(&self, listing: &Listing<'_>) -> Vec<(String, Shows)> {
        let mut lists = vec![("/".to_owned(), Shows::Home)];
        lists.extend(listing.published().next().map(|_| ("/posts/".to_owned(), Shows::Posts)));
        let items = listing.collections().into_iter().chain(["pages"]);
        lists.extend(items.map(|name| (format!("/{}/", safe_name(name)), Shows::Items(name.to_owned()))));
        let taxonomies = [Taxonomy::Tags, Taxonomy::Categories];
        lists.extend(taxonomies.map(|taxonomy| (format!("/{}/", taxonomy.name()), Shows::Terms(taxonomy))));
        lists.extend(Terms::of(listing.posts).lists());
        lists
    }

    /// Of a document and a list at one address Hugo shows the list alone: documents that are no list go elsewhere. So do
    /// lists at the address of a file, below which Hugo could not put their other pages.
    fn serve(&self, listing: &Listing<'_>, mut settled: Vec<Served>, ledger: &mut Ledger) -> Vec<Served> {
        let own = self.own_lists(listing);
        let by_shows: HashMap<&Shows, &str> = own.iter().map(|(address, shows)| (shows, address.as_str())).collect();
        for served in &mut settled {
            let own = served.list.as_deref().and_then(|shows| by_shows.get(shows));
            match own {
                Some(own) if !file_of(&served.address).ends_with("/index.html") && &*served.address != "/" => {
                    served.aliases.insert(0, std::mem::replace(&mut served.address, (*own).into()));
                }
                Some(_) => {}
                None => served.list = None,
            }
        }
        let stood = standing(&settled);
        let left = own.iter().filter(|(_, shows)| !stood.contains_key(shows)).map(|(address, _)| address.as_str());
        let mut taken = Taken::new(left.chain(stood.values().copied()));
        let documents = listing.posts.iter().zip(&mut settled);
        documents.for_each(|(post, served)| taken.page(post, served, ledger));
        let documents = listing.posts.iter().zip(&mut settled);
        documents.for_each(|(post, served)| taken.aliases(post, served, ledger));
        settled
    }

    fn content_paths(&self, posts: &[Post], served: &[Served]) -> Vec<Arc<str>> {
        let mut paths = Paths::default();
        let path = |(post, served): (&Post, &Served)| {
            let own = served.list.as_deref().and_then(list_path);
            paths.claim(&own.unwrap_or_else(|| content_path(post))).into()
        };
        posts.iter().zip(served).map(path).collect()
    }

    /// Hugo (`page_paths.go`): below the page's address without its extension.
    fn bundle_folder(&self, address: &str) -> Option<String> {
        let name = address.rfind('/').map_or(0, |at| at + 1);
        let stem = address[name..].rfind('.').map_or(address, |dot| &address[..name + dot]);
        Some(format!("{}/", stem.trim_end_matches('/')))
    }

    /// Hugo pages its lists at `page/2/` below them; `hugo.toml` gives them the length that they had.
    fn list_addresses(&self, listing: &Listing<'_>) -> Vec<Option<String>> {
        let terms = Terms::of(listing.posts);
        let stood = standing(listing.served);
        let posts = listing.published().count();
        let at_home = listing.published().filter(|post| !post.unlisted).count();
        let per_page = listing.site.per_page.unwrap_or(config::PAGER_SIZE);
        let address = |list: &List| {
            let at = |shows: &Shows, own: String| stood.get(shows).map_or(own, |address| format!("{}/", bare(address)));
            let (first, documents) = match &list.shows {
                Shows::Home => ("/".to_owned(), at_home),
                Shows::Posts => (at(&list.shows, "/posts/".to_owned()), posts),
                // the posts of a period are among all posts
                Shows::Period(_) => (at(&Shows::Posts, "/posts/".to_owned()), 0),
                Shows::Items(name) => (at(&list.shows, format!("/{}/", safe_name(name))), 0),
                Shows::Terms(taxonomy) => (at(&list.shows, format!("/{}/", taxonomy.name())), 0),
                Shows::Term(taxonomy, name) => {
                    let (own, documents) = terms.address(*taxonomy, name);
                    (at(&list.shows, own), documents)
                }
                Shows::Feed(_) if feeds::is_possible(&list.address) => return Some(list.address.clone()),
                Shows::Feed(_) | Shows::PartFeed => {
                    return Some(listing.main_feed(feeds::is_possible).unwrap_or("/index.xml").to_owned());
                }
            };
            let pages = documents.div_ceil(per_page).max(1);
            Some(if (2..=pages).contains(&list.page) { format!("{first}page/{}/", list.page) } else { first })
        };
        listing.lists.iter().map(address).collect()
    }

    fn plan(&self, blog: Arc<Blog>, ledger: &mut Ledger) -> Planned {
        let files = files(&blog, ledger);
        Planned { files, pages: Box::new(HugoPages(blog)) }
    }

    fn published_folder(&self) -> &'static str {
        "static"
    }

    /// Hugo leaves symbolic links out of what it publishes.
    fn follows_links(&self) -> bool {
        false
    }

    fn next_step(&self, out: &str, theme: Theme) -> String {
        theme.shown_by(out, "hugo server -D")
    }
}

/// Hugo's documents.
struct HugoPages(Arc<Blog>);

impl Pages for HugoPages {
    fn document(&self, at: usize, Finished { details, written, .. }: Finished<'_>, _: &dyn Others) -> Rendered {
        let Placed { post, served, .. } = &self.0.placed[at];
        Ok(document(post, served, (details, written), &self.0.mapping))
    }
}

fn files(blog: &Blog, ledger: &mut Ledger) -> Vec<File> {
    let mut paths = Paths::default();
    let mut files = vec![File {
        path: "hugo.toml".into(),
        content: Content::Bytes(config::write(blog).into_bytes()),
        source: None,
    }];
    look::formulas::tell(blog, Target::Hugo, "hugo.toml", ledger);
    files.extend(documents(blog));
    if look::formulas::are_marked(blog) {
        // another theme may have its own script for formulas, which finds the TeX as it stands
        let hook = if blog.theme == Theme::Starter { FORMULA } else { PASSTHROUGH };
        let content = Content::Bytes(hook.into());
        files.push(File { path: "layouts/_markup/render-passthrough.html".into(), content, source: None });
    }
    let pages = pages(&blog.placed);
    let free = |address: &str| pages.is_free(address.trim_start_matches('/'));
    files.extend(assets(blog, "static", &mut paths, free, ledger));
    files.extend(redirects(blog, "static", &mut paths, |address| pages.is_free(&redirect::file_of(address))));
    files.extend(feeds::templates(blog));
    let written: HashSet<&str> = blog.placed.iter().map(|placed| &*placed.path).collect();
    files.extend(Terms::of(blog.posts()).pages(|path| written.contains(path)));
    if blog.theme == Theme::Starter {
        files.extend(theme(THEME));
    }
    files
}

/// The files of all documents and their aliases.
fn pages(placed: &[Placed]) -> Files {
    let mut files = Files::default();
    for Placed { served, .. } in placed {
        files.take(&file_of(&served.address));
        served.aliases.iter().for_each(|alias| _ = files.take(&redirect_file_of(alias)));
    }
    files
}

/// The file of a list's page: the text in it stands above the list.
fn list_path(shows: &Shows) -> Option<String> {
    match shows {
        Shows::Home => Some("content/_index.md".to_owned()),
        Shows::Posts => Some("content/posts/_index.md".to_owned()),
        Shows::Items(name) => Some(format!("content/{}/_index.md", safe_name(name))),
        Shows::Terms(taxonomy) => Some(format!("content/{}/_index.md", taxonomy.name())),
        Shows::Term(taxonomy, name) => terms::page_of(*taxonomy, name),
        Shows::Period(_) | Shows::Feed(_) | Shows::PartFeed => None,
    }
}

/// Hugo (`page_paths.go`): an address that has a dot and does not end as a folder's is a file.
fn file_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    if path.contains('.') && !path.ends_with('/') { path.to_owned() } else { index_of(path) }
}

/// Hugo (`alias.go`): an alias is a file where it ends in `.html` or `.htm`, and a folder otherwise.
fn redirect_file_of(alias: &str) -> String {
    let path = alias.trim_matches('/');
    if path.ends_with(".html") || path.ends_with(".htm") { path.to_owned() } else { index_of(path) }
}

fn index_of(folder: &str) -> String {
    format!("{}/index.html", folder.trim_end_matches('/')).trim_start_matches('/').to_owned()
}

/// `index.md` and `_index.md` make bundles of their folder, so that no page is called so.
fn content_path(post: &Post) -> String {
    let stem = stem(post);
    let name = stem.rsplit('/').next().unwrap_or("");
    let stem = if name == "index" {
        match stem.rsplit_once('/') {
            Some((folder, _)) => folder.to_owned(),
            None => "home".to_owned(),
        }
    } else {
        stem
    };
    format!("content/{}/{stem}.md", section(post))
}

fn document(post: &Post, served: &Served, (details, written): (&Details, &Written), mapping: &TargetMapping) -> String {
    let mapped = mapping.front_matter(post, details, written);
    let mut front = Map::new();
    for (key, value) in mapped {
        // the address stands behind the dates, before what the page says of itself
        if key == "description" || key == "summary" || key == "tags" || key == "params" {
            add_address(&mut front, served);
        }
        front.insert(key, value);
    }
    add_address(&mut front, served);
    format!("+++\n{}+++\n\n{}", toml::write(&front), written.text)
}

/// Hugo (`page_paths.go`): `url` is taken as it stands; but a `:` would begin a token, and where there is one, escaped or
/// not, what is left is decoded as a query (`permalinks.go`).
fn url(address: &str) -> String {
    match address.contains(':') {
        true => address.replace('+', "%2B").replace(':', "\\:"),
        false => address.to_owned(),
    }
}

fn add_address(front: &mut Map, served: &Served) {
    if front.contains_key("aliases") || front.contains_key("url") {
        return;
    }
    if &*served.address != "/" {
        front.insert("url".to_owned(), Value::String(url(&served.address)));
    }
    if !served.aliases.is_empty() {
        front.insert(
            "aliases".to_owned(),
            Value::List(served.aliases.iter().map(|alias| Value::from(&**alias)).collect()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the real Hugo serves `/C++/a: b` from them.
    #[test]
    fn colons_make_hugo_decode_the_rest() {
        for (address, written) in [("/C++/x.html", "/C++/x.html"), ("/C++/a: b", "/C%2B%2B/a\\: b")] {
            assert_eq!(url(address), written, "{address}");
        }
    }
}
