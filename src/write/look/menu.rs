//! The links that stand at the top of every page.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::percent_decode_str;

use super::labels::{language, of as labels};
use crate::address::{Placed, bare};
use crate::model::{DocumentKind, MenuLink, Post, Shows, Site, Taxonomy};
use crate::write::Blog;

/// How many pages a menu shows where the old blog had none.
const MOST_PAGES: usize = 6;

/// The menu: the old blog's where its configuration has one, as far as its links lead somewhere; or else the lists that
/// there are, whose addresses `list` gives, and the pages that stand at the top of the blog in the order of their addresses.
pub fn menu(blog: &Blog, list: impl Fn(&Shows) -> Option<String>) -> Vec<MenuLink> {
    let answers = Answers::of(blog);
    let own: Vec<MenuLink> = blog.site.menu.iter().filter_map(|link| answers.link(link, &blog.site)).collect();
    if !own.is_empty() {
        return own.into_iter().map(|link| MenuLink { label: translated(&link.label, blog), ..link }).collect();
    }
    let label = |name: &str| labels(language(blog)).get(name).cloned().unwrap_or_else(|| name.to_owned());
    let lists = [
        (Shows::Posts, "archive"),
        (Shows::Terms(Taxonomy::Categories), "categories"),
        (Shows::Terms(Taxonomy::Tags), "tags"),
    ];
    let lists = lists.into_iter().filter_map(|(shows, name)| Some(MenuLink { label: label(name), to: list(&shows)? }));
    let mut menu: Vec<MenuLink> = lists.collect();
    let pages: Vec<MenuLink> =
        of_pages(blog).into_iter().filter(|page| menu.iter().all(|list| list.to != page.to)).collect();
    menu.extend(pages);
    menu
}

/// Themes of Hexo write the names of pages that they know in the blog's language.
fn translated(label: &str, blog: &Blog) -> String {
    let labels = labels(language(blog));
    let known = match label.to_lowercase().as_str() {
        "home" | "index" => labels.get("home"),
        "archives" | "archive" => labels.get("archive"),
        "tags" => labels.get("tags"),
        "categories" => labels.get("categories"),
        _ => None,
    };
    known.cloned().unwrap_or_else(|| label.to_owned())
}

/// Whether published posts are sorted by a taxonomy, and whether there are any.
pub fn has(blog: &Blog, shows: &Shows) -> bool {
    let mut posts = blog.posts().filter(|post| !post.draft && post.kind == DocumentKind::Post);
    match shows {
        Shows::Terms(Taxonomy::Tags) => posts.any(|post| !post.tags.is_empty()),
        Shows::Terms(Taxonomy::Categories) => posts.any(|post| !post.categories.is_empty()),
        _ => posts.next().is_some(),
    }
}

fn of_pages(blog: &Blog) -> Vec<MenuLink> {
    let page = |Placed { post, served, .. }: &Placed| {
        let listed = served.list.is_none() && is_for_the_menu(post);
        let label = post.title.clone().filter(|title| listed && !title.trim().is_empty())?;
        Some((served.address.to_string(), label))
    };
    let pages: BTreeMap<String, String> = blog.placed.iter().filter_map(page).collect();
    let mut pages: Vec<MenuLink> = pages.into_iter().map(|(to, label)| MenuLink { label, to }).collect();
    // what is one of very many is none that a reader looks for first
    if pages.len() > 2 * MOST_PAGES {
        pages.retain(|page| is_well_known(&page.to));
    }
    pages.truncate(MOST_PAGES);
    pages
}

/// A page of its own right at the top of the blog, which is there to be read.
fn is_for_the_menu(post: &Post) -> bool {
    const FOR_MACHINES: [&str; 8] = ["404", "search", "offline", "feed", "sitemap", "google", "baidu", "robots"];
    let address = bare(&post.address).trim_matches('/');
    post.kind == DocumentKind::Page
        && !post.draft
        && !post.unlisted
        && post.seldom().redirect_to.is_none()
        && !address.is_empty()
        && !address.contains('/')
        && !FOR_MACHINES.iter().any(|name| address.starts_with(name))
}

fn is_well_known(address: &str) -> bool {
    const NAMES: [&str; 8] = ["about", "links", "projects", "friends", "contact", "now", "resume", "cv"];
    let name = bare(address).trim_matches('/').trim_end_matches(".html").to_lowercase();
    NAMES.contains(&name.as_str())
}

/// Where the new site answers what was at an old address, and what is called by the name of its file.
struct Answers<'a> {
    addresses: HashMap<&'a str, &'a str>,
    titles: HashMap<&'a str, &'a str>,
}

impl<'a> Answers<'a> {
    fn of(blog: &'a Blog) -> Self {
        let (mut addresses, mut titles) = (HashMap::new(), HashMap::new());
        if blog.site.menu.is_empty() {
            return Answers { addresses, titles };
        }
        for Placed { post, served, .. } in blog.placed.iter().filter(|placed| !placed.post.draft) {
            for old in post.addresses() {
                addresses.entry(bare(old)).or_insert(&*served.address);
            }
            addresses.entry(&post.source).or_insert(&served.address);
            titles.insert(&*served.address, post.title.as_deref().unwrap_or(""));
        }
        for served in &*blog.lists {
            if let Some(address) = &served.address {
                addresses.entry(bare(&served.list.address)).or_insert(address);
            }
        }
        for asset in &*blog.assets {
            addresses.entry(&asset.address).or_insert(&asset.address);
        }
        Answers { addresses, titles }
    }

    fn link(&self, link: &MenuLink, site: &Site) -> Option<MenuLink> {
        let to = self.to(&link.to, site)?;
        let label = match &*link.label {
            "" => (*self.titles.get(&*to)?).to_owned(),
            label => label.to_owned(),
        };
        (!label.is_empty()).then_some(MenuLink { label, to })
    }

    fn to(&self, typed: &str, site: &Site) -> Option<String> {
        let below =
            |typed: &str| typed.strip_prefix(site.host.as_str()).filter(|_| !site.host.is_empty()).map(str::to_owned);
        let path = match typed.contains("://") || typed.starts_with("//") {
            true => match below(typed) {
                Some(path) => path,
                None => return is_web_address(typed).then(|| typed.to_owned()),
            },
            false if typed.contains(':') => return typed.starts_with("mailto:").then(|| typed.to_owned()),
            false => typed.to_owned(),
        };
        let (path, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let rooted = format!("/{}", decoded.trim_start_matches('/'));
        let own = rooted.strip_prefix(&site.base_path).filter(|own| own.starts_with('/')).unwrap_or(&rooted);
        let found = [bare(own), bare(&rooted), own, &*decoded].iter().find_map(|old| self.addresses.get(old));
        match found {
            Some(address) => Some(format!("{address}{rest}")),
            None if own == "/" => Some("/".to_owned()),
            None => None,
        }
    }
}

/// An address that is safe to be followed.
fn is_web_address(address: &str) -> bool {
    ["https://", "http://", "//"].iter().any(|scheme| address.to_ascii_lowercase().starts_with(scheme))
}
