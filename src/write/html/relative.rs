//! Links that lead from file to file, so that the tree opens in a browser without a server.

use std::collections::HashSet;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::address::readable;
use crate::markup::addresses_of_elements;
use crate::model::Site;

/// The files of a tree, and where it is published.
pub struct Files {
    files: HashSet<Arc<str>>,
    host: String,
    base_path: String,
}

impl Files {
    /// The files of a site.
    pub fn new(files: impl Iterator<Item = Arc<str>>, site: &Site) -> Self {
        Files { files: files.collect(), host: site.host.clone(), base_path: site.base_path.clone() }
    }

    /// A page whose links within the site lead from its own file to others. What search engines and others are told of
    /// its address stays as it is.
    pub fn relative(&self, page: &str, own: &str) -> String {
        let mut out = String::with_capacity(page.len());
        let mut done = 0;
        let mut found = addresses_of_elements(page, attributes_of);
        found.sort_by_key(|(span, _)| span.start);
        for (span, value) in found {
            let tag = &page[page[..span.start].rfind('<').unwrap_or(0)..span.start];
            if span.start < done || tag.contains("canonical") || (tag.starts_with("<meta") && !tag.contains("refresh"))
            {
                continue;
            }
            let is_set = tag.ends_with("srcset=\"") || tag.ends_with("srcset='");
            let new = match () {
                () if tag.starts_with("<meta") => self.of_refresh(&value, own),
                () if is_set => self.of_set(&value, own),
                () => self.link(&value, own),
            };
            if let Some(new) = new {
                out.push_str(&page[done..span.start]);
                out.push_str(&new);
                done = span.end;
            }
        }
        out.push_str(&page[done..]);
        out
    }

    /// `0; url=/a/`.
    fn of_refresh(&self, value: &str, own: &str) -> Option<String> {
        let at = value.find("url=")? + 4;
        Some(format!("{}{}", &value[..at], self.link(&value[at..], own)?))
    }

    /// `/a.png 1x, /b.png 2x`.
    fn of_set(&self, value: &str, own: &str) -> Option<String> {
        let one = |part: &str| {
            let part = part.trim();
            let (address, size) = part.split_at(part.find(char::is_whitespace).unwrap_or(part.len()));
            format!("{}{size}", self.link(address, own).unwrap_or_else(|| address.to_owned()))
        };
        Some(value.split(',').map(one).collect::<Vec<_>>().join(", "))
    }

    /// What leads from a file to what an address means on its page; `None` where that is not of this site.
    fn link(&self, address: &str, own: &str) -> Option<String> {
        let below = address.strip_prefix(self.host.as_str()).filter(|_| !self.host.is_empty()).unwrap_or(address);
        let (path, rest) = below.split_at(below.find(['?', '#']).unwrap_or(below.len()));
        if path.is_empty() || path.starts_with("//") || path.split('/').next().is_some_and(|first| first.contains(':'))
        {
            return None;
        }
        let path = percent_decode_str(path).decode_utf8_lossy();
        let name = match path.strip_prefix('/') {
            Some(_) => path.strip_prefix(&self.base_path)?.strip_prefix('/')?.to_owned(),
            None => beside(own, &path)?,
        };
        let file = self.answers(&name);
        if file == own && rest.starts_with('#') {
            return Some(rest.to_owned());
        }
        Some(format!("{}{rest}", readable(&between(own, &file))))
    }

    /// The file that answers a path, as the common servers do.
    fn answers(&self, name: &str) -> String {
        let index = format!("{}/index.html", name.trim_end_matches('/')).trim_start_matches('/').to_owned();
        if name.is_empty() || name.ends_with('/') {
            return index;
        }
        let candidates = [name.to_owned(), format!("{name}.html"), index];
        let found = candidates.into_iter().find(|file| self.files.contains(file.as_str()));
        found.unwrap_or_else(|| name.to_owned())
    }
}

fn attributes_of(element: &[u8]) -> &'static [&'static str] {
    match element {
        b"a" | b"area" | b"link" => &["href"],
        b"img" | b"source" => &["src", "srcset"],
        b"video" => &["src", "poster"],
        b"iframe" | b"audio" | b"embed" | b"track" | b"script" => &["src"],
        b"object" => &["data"],
        b"form" => &["action"],
        b"meta" => &["content"],
        _ => &[],
    }
}

/// What a path beside a file means, from the root of the tree; `None` where that leads out of it.
fn beside(own: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = own.split('/').collect();
    parts.pop();
    let mut rest = path.split('/').peekable();
    while let Some(part) = rest.next() {
        match part {
            ".." => _ = parts.pop()?,
            "." | "" if rest.peek().is_some() => {}
            // what ends with a slash, or in a folder, is one
            "." | "" => parts.push(""),
            part => parts.push(part),
        }
    }
    if path.ends_with("..") {
        parts.push("");
    }
    Some(parts.join("/"))
}

/// The way from a file to another.
fn between(own: &str, file: &str) -> String {
    let common = own.bytes().zip(file.bytes()).take_while(|(a, b)| a == b).count();
    let common = own[..floor(own, common)].rfind('/').map_or(0, |slash| slash + 1);
    let up = own[common..].matches('/').count();
    let way = format!("{}{}", "../".repeat(up), &file[common..]);
    // a colon in the first part would be one behind a scheme
    if way.split('/').next().is_some_and(|first| first.contains(':')) { format!("./{way}") } else { way }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let names = ["index.html", "a/index.html", "a/b.html", "c.html", "é/x.png", "è.html"];
        Files {
            files: names.iter().map(|name| Arc::from(*name)).collect(),
            host: "https://a.example".to_owned(),
            base_path: "/blog".to_owned(),
        }
    }

    #[test]
    fn links_lead_from_file_to_file() {
        for (own, address, expected) in [
            ("index.html", "/blog/", Some("index.html")),
            ("index.html", "/blog/a/", Some("a/index.html")),
            ("a/index.html", "/blog/", Some("../index.html")),
            ("a/index.html", "/blog/a/b", Some("b.html")),
            ("a/b.html", "/blog/c", Some("../c.html")),
            ("a/b.html", "/blog/c.html?q#p", Some("../c.html?q#p")),
            ("a/b.html", "/blog/a/b#p", Some("#p")),
            ("a/b.html", "https://a.example/blog/a", Some("index.html")),
            ("a/b.html", "/blog/%C3%A9/x.png", Some("../é/x.png")),
            ("é/y.html", "/blog/è", Some("../è.html")),
            ("a/index.html", "../", Some("../index.html")),
            ("a/index.html", "..", Some("../index.html")),
            ("a/index.html", "b", Some("b.html")),
            ("a/index.html", "./", Some("index.html")),
            ("a/index.html", "/elsewhere/", None),
            ("a/index.html", "https://b.example/blog/", None),
            ("a/index.html", "//b.example/", None),
            ("a/index.html", "mailto:a@b", None),
            ("a/index.html", "#p", None),
            ("a/index.html", "../../../x", None),
        ] {
            assert_eq!(files().link(address, own).as_deref(), expected, "{address} on {own}");
        }
    }

    #[test]
    fn a_page_keeps_what_is_said_of_its_address() {
        let page = "<link rel=\"canonical\" href=\"https://a.example/blog/a/\">\
            <meta property=\"og:url\" content=\"https://a.example/blog/a/\">\
            <meta http-equiv=\"refresh\" content=\"0; url=/blog/c\">\
            <img src=\"/blog/é/x.png\" srcset=\"/blog/é/x.png 1x, /blog/é/x.png 2x\"><a href='/blog/'>/blog/</a>";
        assert_eq!(
            files().relative(page, "a/index.html"),
            "<link rel=\"canonical\" href=\"https://a.example/blog/a/\">\
            <meta property=\"og:url\" content=\"https://a.example/blog/a/\">\
            <meta http-equiv=\"refresh\" content=\"0; url=../c.html\">\
            <img src=\"../é/x.png\" srcset=\"../é/x.png 1x, ../é/x.png 2x\"><a href='../index.html'>/blog/</a>"
        );
    }
}
