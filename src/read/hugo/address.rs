//! Hugo's addresses.

use super::files::{Content, Parts, parts};
use crate::model::{Document, Map, Moment, Post, Site, Value};
use crate::slug::hugo::sanitized;

/// Hugo (`resources/page/page_paths.go`): the front matter's `url`, else the pattern of the section, else the folders and the
/// slug or the name.
pub fn of_page(post: &Post, document: &Document, site: &Site) -> String {
    let content = Content::of(site);
    let parts = parts(&document.source, &content);
    let in_language = |address: String| match prefix(&parts, site) {
        Some(language) => format!("/{language}{address}"),
        None => address,
    };
    if let Some(url) = field(document, "url") {
        let expanded = if url.contains(':') { expanded(&url, post, document, &parts) } else { url.clone() };
        let address = of_url(&expanded);
        return if url.starts_with('/') { address } else { in_language(address) };
    }
    let case = |path: String| match site.setting("disablepathtolower").and_then(Value::as_bool) {
        Some(true) => path,
        _ => path.to_lowercase(),
    };
    let pattern = site.permalink.as_deref().or_else(|| pattern(site, parts.folders.first().copied().unwrap_or("")));
    let is_page = !parts.is_section;
    let path = match pattern.filter(|_| is_page) {
        Some(pattern) => expanded(pattern, post, document, &parts),
        None => {
            let mut names: Vec<String> = parts.folders.iter().map(|folder| (*folder).to_owned()).collect();
            names.extend(is_page.then(|| field(document, "slug").unwrap_or_else(|| parts.name.to_owned())));
            names.join("/")
        }
    };
    let path = case(sanitized(path.trim_matches('/')));
    let is_ugly = is_page && ugly(site, parts.folders.first().copied().unwrap_or(""));
    in_language(match path.as_str() {
        "" => "/".to_owned(),
        path if is_ugly => format!("/{path}.html"),
        path => format!("/{path}/"),
    })
}

/// Hugo: all languages but the first have a folder; the first one too where `defaultContentLanguageInSubdir` is set.
fn prefix<'a>(parts: &Parts<'a>, site: &Site) -> Option<&'a str> {
    let first = site.language.as_deref().unwrap_or("en");
    let in_folder = site.setting("defaultcontentlanguageinsubdir").and_then(Value::as_bool) == Some(true);
    parts.language.filter(|language| in_folder || !language.eq_ignore_ascii_case(first))
}

/// An address that the front matter gives: a folder where it has no dot or ends in a slash.
fn of_url(url: &str) -> String {
    let path = url.trim().trim_start_matches('/');
    match path {
        "" => "/".to_owned(),
        path if path.ends_with('/') || path.contains('.') => format!("/{path}"),
        path => format!("/{path}/"),
    }
}

/// Hugo (`hugolib/alias.go`): from the root, or beside the page; what has no extension is a folder.
pub fn of_alias(alias: &str, address: &str) -> String {
    let alias = alias.trim();
    let whole = match alias.starts_with('/') {
        true => alias.to_owned(),
        false => {
            let folder = address.trim_end_matches('/');
            format!("{}/{alias}", &folder[..folder.rfind('/').unwrap_or(0)])
        }
    };
    let last = whole.rsplit('/').next().unwrap_or_default();
    if last.is_empty() || last.ends_with(".html") || last.ends_with(".htm") { whole } else { format!("{whole}/") }
}

/// The pattern of a section (`permalinks.posts`, or since 0.131 `permalinks.page.posts`).
fn pattern<'a>(site: &'a Site, section: &str) -> Option<&'a str> {
    let table = site.setting("permalinks").and_then(Value::as_map)?;
    let of =
        |table: &'a Map| table.get(&section.to_lowercase()).or_else(|| table.get("/").filter(|_| section.is_empty()));
    let page = table.get("page").and_then(Value::as_map).and_then(of);
    page.or_else(|| of(table)).and_then(Value::as_str)
}

fn ugly(site: &Site, section: &str) -> bool {
    match site.setting("uglyurls") {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Map(table)) => table.get(&section.to_lowercase()).and_then(Value::as_bool) == Some(true),
        _ => false,
    }
}

/// Hugo (`resources/page/permalinks.go`).
fn expanded(pattern: &str, post: &Post, document: &Document, parts: &Parts<'_>) -> String {
    let date = post.date.map(Moment::civil);
    let part = |form: &str| date.map_or_else(|| "0001".to_owned(), |date| date.strftime(form).to_string());
    let slug = field(document, "slug");
    let title = || post.title.clone().unwrap_or_default();
    let name = || parts.name.to_owned();
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let end = behind.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(behind.len());
        let (token, after) = behind.split_at(end);
        // `:sections[1:]` and the like
        let cut = after.starts_with('[').then(|| after.find(']')).flatten();
        let value = match token {
            "year" => part("%Y"),
            "month" => part("%m"),
            "monthname" => part("%B"),
            "day" => part("%d"),
            "weekday" => part("%w"),
            "weekdayname" => part("%A"),
            "yearday" => part("%-j"),
            "section" => parts.folders.first().copied().unwrap_or_default().to_owned(),
            "sections" => sections(&parts.folders, cut.map_or("", |cut| &after[1..cut])),
            "title" => urlized(&title()),
            "slug" => urlized(&slug.clone().unwrap_or_else(title)),
            "slugorfilename" | "slugorcontentbasename" => urlized(&slug.clone().unwrap_or_else(name)),
            "filename" | "contentbasename" => urlized(&name()),
            other => format!(":{other}"),
        };
        out.push_str(&value);
        rest = &after[cut.map_or(0, |cut| cut + 1)..];
    }
    out.push_str(rest);
    out
}

/// All sections, or those of a range such as `1:` or `last`.
fn sections(folders: &[&str], range: &str) -> String {
    let at = |text: &str, usual: usize| match text.trim() {
        "" => usual,
        "first" => 0,
        "last" => folders.len().saturating_sub(1),
        number => number.parse().unwrap_or(usual),
    };
    let (from, to) = match range.split_once(':') {
        Some((from, to)) => (at(from, 0), at(to, folders.len())),
        None if range.is_empty() => (0, folders.len()),
        None => (at(range, 0), at(range, 0) + 1),
    };
    folders.get(from..to.min(folders.len())).map(|folders| folders.join("/")).unwrap_or_default()
}

/// A part of a path: a slash in it is none of the path's.
fn urlized(text: &str) -> String {
    sanitized(text.trim()).replace('/', "-")
}

fn field(document: &Document, name: &str) -> Option<String> {
    let text = document.fields.get(name).map(|field| &field.value).and_then(Value::to_text)?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_front_matter_are_folders_or_files() {
        for (url, expected) in [("/a/b", "/a/b/"), ("a/b/", "/a/b/"), ("/a/b.html", "/a/b.html"), ("/", "/")] {
            assert_eq!(of_url(url), expected, "{url}");
        }
        for (alias, expected) in
            [("/a", "/a/"), ("/a.html", "/a.html"), ("old", "/posts/old/"), ("/a/index.html", "/a/index.html")]
        {
            assert_eq!(of_alias(alias, "/posts/new/"), expected, "{alias}");
        }
    }

    #[test]
    fn sections_can_be_cut() {
        let folders = ["a", "b", "c"];
        for (range, expected) in [("", "a/b/c"), ("1:", "b/c"), ("last", "c"), (":1", "a"), ("0", "a"), ("5:", "")] {
            assert_eq!(sections(&folders, range), expected, "{range}");
        }
    }
}
