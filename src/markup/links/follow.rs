//! What an address on the old page meant: within the blog or not, and what was there.

use crate::address::{Found, encoded};
use crate::markup::OldSite;
use crate::model::{Dialect, Opened};

/// A page of the old site, whose links are followed.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub post: &'a Opened,
    pub old: &'a OldSite,
}

/// How the author wrote an address within the blog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With the blog's scheme and host, or the host alone.
    Host,
    /// With the blog's host under another scheme: the host sends from one to the other, as before.
    OtherScheme,
    /// From the root of the host.
    Root,
    /// From the page.
    Relative,
    /// By the file of a document (Zola's `@/`), which means nothing to another generator.
    Internal,
}

/// An address within the blog.
#[derive(Debug, PartialEq, Eq)]
pub struct Within {
    pub form: Form,
    /// From the root of the host, as typed, without query and fragment.
    pub path: String,
    /// The query and the fragment.
    pub rest: String,
    /// Below the base path, decoded.
    pub below: String,
}

impl Within {
    /// The address from the root of the host, as typed.
    pub fn rooted(&self) -> String {
        format!("{}{}", self.path, self.rest)
    }

    /// The fragment, decoded; empty where there is none.
    pub fn fragment(&self) -> String {
        let fragment = self.rest.split_once('#').map_or("", |(_, fragment)| fragment);
        percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned()
    }
}

impl Origin<'_> {
    /// The address within the blog that was typed; `None` where it leads elsewhere, or only to a part of the page.
    pub fn within(&self, typed: &str) -> Option<Within> {
        if self.post.dialect == Dialect::Pulldown
            && let Some(typed) = typed.strip_prefix("@/")
        {
            return self.internal(typed);
        }
        let site = &*self.old.blog.site;
        let (scheme, host) = site.host.split_once("://").unwrap_or(("", ""));
        let schemes = ["https://", "http://", "//"];
        let absolute = schemes.iter().find_map(|scheme| Some((*scheme, typed.strip_prefix(scheme)?)));
        let (form, whole) = match absolute {
            Some((typed, rest)) if typed == "//" || typed.strip_suffix("://") == Some(scheme) => {
                (Form::Host, below_host(rest, host)?)
            }
            Some((_, rest)) => (Form::OtherScheme, below_host(rest, host)?),
            None if typed.starts_with('/') => (Form::Root, typed.to_owned()),
            None => (Form::Relative, resolve(typed, &self.post.address, &site.base_path)?),
        };
        let (path, rest) = whole.split_at(whole.find(['?', '#']).unwrap_or(whole.len()));
        let below = path.strip_prefix(&site.base_path)?;
        let decoded = percent_encoding::percent_decode_str(below).decode_utf8_lossy().into_owned();
        let decoded = if decoded.is_empty() { "/".to_owned() } else { decoded };
        decoded.starts_with('/').then(|| Within { form, path: path.to_owned(), rest: rest.to_owned(), below: decoded })
    }

    /// Zola (`utils/site.rs`, `resolve_internal_link`): the file of a page or section below `content`.
    fn internal(&self, typed: &str) -> Option<Within> {
        let (path, rest) = typed.split_at(typed.find(['?', '#']).unwrap_or(typed.len()));
        let blog = &self.old.blog;
        let below = blog.post_of_source(&format!("content/{path}"))?.address.to_string();
        let path = format!("{}{}", blog.site.base_path, encoded(&below));
        Some(Within { form: Form::Internal, path, rest: rest.to_owned(), below })
    }

    /// What was there.
    pub fn found(&self, within: &Within) -> Option<Found> {
        self.old.find(&within.below)
    }

    /// The document whose source file a relative address names; the old site had nothing there.
    pub fn source_file(&self, typed: &str) -> Option<usize> {
        let path = typed.split(['?', '#']).next().filter(|path| path.contains('.'))?;
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let source = resolve(&path, &format!("/{}", self.post.source), "")?;
        let at = self.old.blog.place_of_source(source.trim_start_matches('/'))?;
        self.old.blog.published().get(at).filter(|post| !post.draft).map(|_| at)
    }
}

/// The path of an address on the blog's own host.
fn below_host(rest: &str, host: &str) -> Option<String> {
    let (start, path) = rest.split_at_checked(host.len())?;
    let own = !host.is_empty() && start.eq_ignore_ascii_case(host);
    match path {
        _ if !own => None,
        "" => Some("/".to_owned()),
        path if path.starts_with('/') => Some(path.to_owned()),
        path if path.starts_with(['?', '#']) => Some(format!("/{path}")),
        _ => None,
    }
}

/// A relative address as the browser resolved it on the old page; `None` where it is absolute, or only a fragment.
fn resolve(typed: &str, address: &str, base_path: &str) -> Option<String> {
    let scheme = typed.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if typed.is_empty() || typed.starts_with(['/', '#', '?', '@', '\\', '{']) || scheme {
        return None;
    }
    let (path, rest) = typed.split_at(typed.find(['?', '#']).unwrap_or(typed.len()));
    let folder = &address[..address.rfind('/').map_or(0, |at| at + 1)];
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let slash = if path.ends_with('/') || path.ends_with("/.") || path.ends_with("..") { "/" } else { "" };
    let joined = parts.join("/");
    let slash = if joined.is_empty() { "" } else { slash };
    Some(format!("{base_path}/{joined}{slash}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_mean_what_they_meant() {
        let cases = [
            ("img/a.png", Some("/2020/img/a.png")),
            ("./a.png", Some("/2020/a.png")),
            ("../b/#x", Some("/b/#x")),
            ("..", Some("/")),
            ("/a.png", None),
            ("#x", None),
            ("https://a.example/b", None),
            ("mailto:a@b.example", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(resolve(typed, "/2020/post.html", "").as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn only_the_own_host_is_within() {
        assert_eq!(below_host("A.example/b?c", "a.example").as_deref(), Some("/b?c"));
        assert_eq!(below_host("a.example", "a.example").as_deref(), Some("/"));
        for other in ["a.example.org/b", "b.example/", "a.example:8080/", ""] {
            assert_eq!(below_host(other, "a.example"), None, "{other}");
        }
        assert_eq!(below_host("b.example/", ""), None);
    }
}
