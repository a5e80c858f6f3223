//! The lists and feeds of Jekyll's common plugins.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::texts;
use crate::model::{DocumentKind, FeedFormat, List, Post, Shows, Site, Taxonomy, Value};
use crate::read::address::decoded;
use crate::read::lists::{counted, pages, published};
use crate::slug::jekyll::{Mode, slugify};

/// The file that asks for all of them.
const SOURCE: &str = "_config.yml";

/// Every list and feed that plugins make.
pub fn lists(posts: &[Post], site: &Site) -> Vec<List> {
    let mut lists = Vec::new();
    if let Some(per_page) = site.per_page {
        lists.extend(paginated(posts, site, per_page));
    }
    if has_plugin(site, "jekyll-archives") {
        lists.extend(archives(posts, site));
    }
    if has_plugin(site, "jekyll-feed") {
        lists.extend(feeds(posts, site));
    }
    lists.extend(octopress_categories(posts, site));
    lists
}

/// Octopress (`category_generator.rb`): a list and a feed for each category, below `category_dir`.
fn octopress_categories(posts: &[Post], site: &Site) -> Vec<List> {
    let is_there = |folder: &str| site.root.file(&format!("{folder}/category_generator.rb")).is_ok();
    if !is_there("plugins") && !is_there("_plugins") {
        return Vec::new();
    }
    let folder = site.setting("category_dir").and_then(Value::to_text).unwrap_or_else(|| "categories".to_owned());
    let folder = folder.trim_matches('/');
    let names = |post: &Post| post.categories.iter().flatten().cloned().collect();
    let mut lists = Vec::new();
    for (name, _) in counted(published(posts), names) {
        let address = format!("/{folder}/{}/", octopress_slug(&name));
        let list = |address: String, shows: Shows| List { address, shows, page: 1, source: SOURCE.to_owned() };
        lists.push(list(format!("{address}atom.xml"), Shows::PartFeed));
        lists.push(list(address, Shows::Term(Taxonomy::Categories, name.to_string())));
    }
    lists
}

/// Octopress (`category_generator.rb`): `gsub(/_|\P{Word}/, '-').gsub(/-{2,}/, '-').downcase`.
fn octopress_slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        match c.is_alphanumeric() {
            true => slug.extend(c.to_lowercase()),
            false if slug.ends_with('-') => {}
            false => slug.push('-'),
        }
    }
    slug
}

/// Jekyll (`plugin_manager.rb`): the configuration's plugins, and the Gemfile's.
fn has_plugin(site: &Site, name: &str) -> bool {
    let listed = ["plugins", "gems"].iter().any(|key| texts(site.setting(key)).iter().any(|plugin| plugin == name));
    let gemfile = || site.root.text("Gemfile").unwrap_or_default();
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    listed
        || gemfile().lines().any(|line| {
            !line.trim_start().starts_with('#') && quoted.iter().any(|quoted| line.contains(quoted.as_str()))
        })
}

/// jekyll-paginate (`pagination.rb`): the deepest `index.html` above `paginate_path` is the first page, and each
/// other one is a folder named after the pattern.
fn paginated(posts: &[Post], site: &Site, per_page: usize) -> Vec<List> {
    // Octopress (`pagination.rb`) has a folder for its pages of old
    let of_octopress = || site.setting("pagination_dir").and_then(Value::to_text).map(|dir| format!("{dir}/page/:num"));
    let pattern = site.setting("paginate_path").and_then(Value::to_text).or_else(of_octopress);
    let pattern = pattern.unwrap_or_else(|| "/page:num".to_owned());
    let pattern = format!("/{}", pattern.trim_matches('/'));
    let above = |page: &&Post| {
        let folder = page.address.trim_end_matches('/');
        page.source.ends_with("index.html") && pattern.starts_with(&format!("{folder}/"))
    };
    let pages_of = posts.iter().filter(|post| post.kind == DocumentKind::Page && !post.draft);
    let Some(first) = pages_of.filter(above).max_by_key(|page| page.address.len()) else { return Vec::new() };
    let shown = published(posts).filter(|post| !is_hidden(post)).count();
    let shows = if &*first.address == "/" { Shows::Home } else { Shows::Posts };
    let numbered = |page: usize| decoded(&format!("{}/", pattern.replacen(":num", &page.to_string(), 1)));
    pages(&first.address, numbered, (shown, per_page), &shows, SOURCE)
}

fn is_hidden(post: &Post) -> bool {
    post.unlisted
}

/// jekyll-archives: a page for each tag, category, year, month and day, as far as enabled.
fn archives(posts: &[Post], site: &Site) -> Vec<List> {
    let setting = |key: &str| site.setting(&format!("jekyll-archives.{key}"));
    let enabled = |name: &str| match setting("enabled") {
        Some(Value::Bool(all)) => *all,
        Some(Value::String(all)) => all == "all",
        other => texts(other).iter().any(|enabled| enabled == name),
    };
    let permalink = |kind: &str, default: &str| {
        setting(&format!("permalinks.{kind}")).and_then(Value::to_text).unwrap_or_else(|| default.to_owned())
    };
    // `utils.rb`: a mode that there is not leaves the name as it is, but for its case
    let slug = |name: &str| match setting("slug_mode").and_then(Value::to_text).as_deref() {
        None | Some("default") => slugify(name, Mode::Default, false),
        Some("pretty") => slugify(name, Mode::Pretty, false),
        Some(_) => name.to_lowercase(),
    };
    let list = |address: String, shows: Shows| List {
        address: super::permalink::sanitize(&address),
        shows,
        page: 1,
        source: SOURCE.to_owned(),
    };
    let mut lists = Vec::new();
    let mut terms = |kind: &str, taxonomy: Taxonomy, default: &str, terms: fn(&Post) -> Vec<Arc<str>>| {
        let pattern = permalink(kind, default);
        for (name, _) in counted(published(posts), terms) {
            let address = pattern.replace(":name", &slug(&name)).replace(":type", kind);
            lists.push(list(address, Shows::Term(taxonomy, name.to_string())));
        }
    };
    if enabled("tags") {
        terms("tag", Taxonomy::Tags, "/tag/:name/", |post| post.tags.clone());
    }
    if enabled("categories") {
        let names = |post: &Post| post.categories.iter().flatten().cloned().collect();
        terms("category", Taxonomy::Categories, "/category/:name/", names);
    }
    for (kind, default, period) in
        [("year", "/:year/", "%Y"), ("month", "/:year/:month/", "%Y-%m"), ("day", "/:year/:month/:day/", "%Y-%m-%d")]
    {
        if !enabled(kind) {
            continue;
        }
        let pattern = permalink(kind, default);
        let mut periods: BTreeMap<String, String> = BTreeMap::new();
        for date in published(posts).filter_map(|post| post.date) {
            let date = date.in_zone(&site.zone).civil();
            let part = |format: &str| date.strftime(format).to_string();
            let address = pattern.replace(":year", &part("%Y")).replace(":month", &part("%m"));
            periods.insert(part(period), address.replace(":day", &part("%d")).replace(":type", kind));
        }
        lists.extend(periods.into_iter().map(|(period, address)| list(address, Shows::Period(period))));
    }
    lists
}

/// jekyll-feed (`generator.rb`): posts at `feed.path` or `/feed.xml`, and parts of the blog where that is asked for.
fn feeds(posts: &[Post], site: &Site) -> Vec<List> {
    let feed = |path: String, shows: Shows| List { address: decoded(&path), shows, page: 1, source: SOURCE.to_owned() };
    let of_posts = |key: &str| {
        site.setting(&format!("feed.collections.posts.{key}")).or_else(|| site.setting(&format!("feed.{key}")))
    };
    let path = of_posts("path").and_then(Value::to_text).unwrap_or_else(|| "/feed.xml".to_owned());
    let mut feeds = vec![feed(path, Shows::Feed(FeedFormat::Atom))];
    let categories = texts(of_posts("categories"));
    feeds.extend(categories.iter().map(|category| feed(format!("/feed/{category}.xml"), Shows::PartFeed)));
    let collections: Vec<(String, Option<&Value>)> = match site.setting("feed.collections") {
        Some(Value::Map(map)) => map.iter().map(|(name, settings)| (name.clone(), Some(settings))).collect(),
        other => texts(other).into_iter().map(|name| (name, None)).collect(),
    };
    for (name, settings) in collections.into_iter().filter(|(name, _)| name != "posts") {
        let own = |key: &str| settings.and_then(Value::as_map).and_then(|map| map.get(key));
        let path = own("path").and_then(Value::to_text).unwrap_or_else(|| format!("/feed/{name}.xml"));
        feeds.push(feed(path, Shows::PartFeed));
        let categories = texts(own("categories")).into_iter();
        feeds.extend(categories.map(|category| feed(format!("/feed/{name}/{category}.xml"), Shows::PartFeed)));
    }
    if let Some(tags) = site.setting("feed.tags").filter(|tags| !matches!(tags, Value::Bool(false) | Value::Null)) {
        let own = |key: &str| tags.as_map().and_then(|map| map.get(key));
        let path = own("path").and_then(Value::to_text).unwrap_or_else(|| "/feed/by_tag/".to_owned());
        let (only, except) = (own("only").map(|only| texts(Some(only))), texts(own("except")));
        // only names that are plain
        let plain = |tag: &str| tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        for tag in counted(published(posts), |post| post.tags.clone()).into_keys() {
            let named_in = |names: &Vec<String>| names.iter().any(|name| **name == *tag);
            if plain(&tag) && !named_in(&except) && only.as_ref().is_none_or(named_in) {
                feeds.push(feed(format!("{path}{tag}.xml"), Shows::PartFeed));
            }
        }
    }
    feeds
}

/// The format of a feed that the author wrote as a template.
pub fn feed_template(body: &str) -> Option<FeedFormat> {
    if body.contains("<feed") {
        Some(FeedFormat::Atom)
    } else if body.contains("<rss") {
        Some(FeedFormat::Rss)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_have_the_addresses_that_octopress_gave_them() {
        for (name, slug) in
            [("Ruby on Rails", "ruby-on-rails"), ("C++ & C", "c-c"), ("snake_case", "snake-case"), ("日本", "日本")]
        {
            assert_eq!(octopress_slug(name), slug, "{name}");
        }
    }
}
