//! What an address means: within the blog or not, and what was there.

use super::native::{self, Stands};
use crate::address::{Bundled, Found, readable, same};
use crate::markup::Context;
use crate::model::Post;
use crate::model::Target;

/// A page whose links are followed.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    pub post: &'a Post,
    pub context: &'a Context<'a>,
}

/// How the author wrote an address within the blog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// With the blog's scheme and host, or the host alone.
    Host,
    /// With the blog's host under another scheme: the host sends from one to the other, as before.
    OtherScheme,
    /// From the root of the host.
    Root,
    /// From the page.
    Relative,
}

/// An address within the blog.
#[derive(Debug, PartialEq, Eq)]
pub struct Within {
    form: Form,
    /// From the root of the host, as typed, without query and fragment.
    path: String,
    /// The query and the fragment.
    rest: String,
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

impl<'a> Page<'a> {
    /// The address within the blog that was typed; `None` where it leads elsewhere, or only to a part of the page.
    pub fn within(&self, typed: &str) -> Option<Within> {
        let site = self.context.site;
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

    /// What was there.
    pub fn found(&self, within: &Within) -> Option<Found> {
        self.context.index.find(&within.below)
    }

    /// The document whose source file a relative address names; the old site had nothing there.
    pub fn source_file(&self, typed: &str) -> Option<usize> {
        let path = typed.split(['?', '#']).next().filter(|path| path.contains('.'))?;
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let source = resolve(&path, &format!("/{}", self.post.source), "")?;
        let at = self.context.by_source.get(source.trim_start_matches('/')).copied()?;
        Some(at).filter(|at| !self.context.posts[*at].draft)
    }

    /// How an address must be written to lead on the new site where it led on the old one; `None` where it does as
    /// typed.
    pub fn rewrite(&self, typed: &str, stands: Stands) -> Option<String> {
        let within = self.within(typed).filter(|within| within.form != Form::OtherScheme)?;
        let document = match self.found(&within) {
            Some(Found::Document(at)) => Some(at),
            Some(Found::File(at)) if let Some(bundled) = self.bundled(at) => {
                return Some(format!("{}{}", readable(&bundled.relative), within.rest));
            }
            // neither a page of the new site nor one that sends readers on stands there
            Some(Found::List(at)) if self.context.lists[at].is_left_to_the_host() => {
                let new = self.context.lists[at].address.as_deref()?;
                return Some(format!("{}{}{}", self.context.site.base_path, readable(new), within.rest));
            }
            None => self.source_file(typed),
            _ => None,
        };
        if let Some(native) = document.and_then(|at| native::link(self.context, at, &within.rest, stands)) {
            return Some(native);
        }
        match document.and_then(|at| self.moved(at, &within.below)) {
            Some(new) => Some(format!("{}{}{}", self.context.site.base_path, readable(new), within.rest)),
            None if self.must_be_absolute(&within) => Some(within.rooted()),
            None => None,
        }
    }

    /// The place of a file beside the page, if it lies there.
    pub fn bundled(&self, file: usize) -> Option<&'a Bundled> {
        self.context.bundles?.of_file(file)
    }

    /// The address of a document to which an old one no longer leads by itself. What sent readers on before still
    /// does, and stays as typed.
    fn moved(&self, document: usize, old: &str) -> Option<&'a str> {
        let served = &self.context.served[document];
        let own = same(&self.context.posts[document].address, old);
        let alive = same(&served.address, old) || (!own && served.aliases.iter().any(|alias| same(alias, old)));
        (!alive).then_some(served.address.as_str())
    }

    /// An address with the blog's host becomes one without, so that it leads to the new site wherever that is shown;
    /// what is no part of the blog may be on the same host all the same. A relative one would mean something else on
    /// a page that is served from another folder.
    fn must_be_absolute(&self, within: &Within) -> bool {
        match within.form {
            Form::Host => self.found(within).is_some(),
            Form::Root | Form::OtherScheme => false,
            Form::Relative => moves(&self.post.address, self.context.target),
        }
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

/// Whether the target serves a page from another folder than the old site did: Zola every page without a slash at its
/// end, Hugo (`page_paths.go`) those without an extension as well.
fn moves(address: &str, target: Target) -> bool {
    let last = address.rsplit('/').next().unwrap_or("");
    match target {
        Target::Zola => !last.is_empty(),
        Target::Hugo => !last.is_empty() && !last.contains('.'),
        Target::Html => false,
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
