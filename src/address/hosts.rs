//! Redirects for hosts: what the new site cannot answer by itself, in the language of each.

use serde_json::json;

use super::encode::{encoded, readable};
use super::lists::same;
use super::{Answer, Book};
use crate::model::Site;

/// A host, or a program that serves sites.
#[derive(Debug)]
pub struct Host {
    /// The name on the command line.
    pub name: &'static str,
    /// The file that it reads.
    pub file: &'static str,
    /// Whether the file is read where the site is published, and not where it is built.
    pub published: bool,
    write: fn(&[Redirect]) -> String,
    which: fn(&Redirect) -> bool,
}

/// Every host.
pub const HOSTS: &[Host] = &[
    Host { name: "netlify", file: "_redirects", published: true, write: underscore, which: unanswered },
    Host { name: "cloudflare", file: "_redirects", published: true, write: underscore, which: unanswered },
    Host { name: "nginx", file: "redirects.nginx.conf", published: false, write: nginx, which: unanswered },
    Host { name: "apache", file: ".htaccess", published: true, write: apache, which: unanswered },
    Host { name: "vercel", file: "vercel.json", published: false, write: vercel, which: unanswered },
    Host { name: "csv", file: "redirects.csv", published: false, write: csv, which: |_| true },
];

/// The longest old address that servers read in their files, in bytes; encoded it can be three times as long.
const LONGEST_REDIRECT: usize = 1000;

/// An address that moved. All are paths of the host, base path included.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Redirect {
    /// The old one, decoded.
    from: String,
    /// The same below the base path.
    below: String,
    /// The new one, encoded.
    to: String,
    /// Scheme and host of the blog.
    host: String,
    /// Only the host can answer.
    unanswered: bool,
}

fn unanswered(redirect: &Redirect) -> bool {
    redirect.unanswered
}

impl Host {
    /// The host of a name.
    pub fn of(name: &str) -> Option<&'static Host> {
        HOSTS.iter().find(|host| host.name == name)
    }

    /// The text of its file; `None` where there is nothing to say.
    pub fn redirects(&self, book: &Book, site: &Site) -> Option<String> {
        let redirect = |row: &super::Row| {
            // nobody asks for an address with control characters, and longer ones stop nginx from reading its file
            let askable = !row.old.contains(char::is_control) && row.old.len() <= LONGEST_REDIRECT;
            let new = row.new.as_deref().filter(|new| askable && !same(new, &row.old))?;
            Some(Redirect {
                from: format!("{}{}", site.base_path, row.old),
                below: row.old.to_string(),
                to: format!("{}{}", site.base_path, encoded(new)),
                host: site.host.clone(),
                unanswered: row.answer == Answer::Redirect,
            })
        };
        let redirects: Vec<Redirect> =
            book.rows().iter().filter_map(redirect).filter(|redirect| (self.which)(redirect)).collect();
        (!redirects.is_empty()).then(|| (self.write)(&redirects))
    }
}

/// An address and the same with or without a slash at its end, where it is a folder's.
fn spellings(from: &str) -> Vec<String> {
    let bare = from.trim_end_matches('/');
    let is_file = !from.ends_with('/') && bare.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_file || bare.is_empty() { vec![from.to_owned()] } else { vec![bare.to_owned(), format!("{bare}/")] }
}

/// Netlify and Cloudflare Pages: `from to status`, both encoded; a slash at the end makes no difference to them.
fn underscore(redirects: &[Redirect]) -> String {
    redirects.iter().map(|redirect| format!("{} {} 301\n", encoded(&redirect.from), redirect.to)).collect()
}

/// nginx (`ngx_http_core_location`, `ngx_http_rewrite_return`): `location =` holds the decoded address, `return` what is
/// sent, in which `$` would begin a variable.
fn nginx(redirects: &[Redirect]) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = String::from("# include this file inside the server block of the site\n");
    for redirect in redirects {
        for from in spellings(&redirect.from) {
            let to = redirect.to.replace('$', "%24");
            text.push_str(&format!("location = \"{}\" {{ return 301 \"{}\"; }}\n", quoted(&from), quoted(&to)));
        }
    }
    text
}

/// Apache (`mod_rewrite`): the pattern is held against the decoded address below the folder of the file; in what is
/// sent `$` and `%` would begin a reference, and `NE` keeps it from being encoded twice.
fn apache(redirects: &[Redirect]) -> String {
    let mut text = String::from("RewriteEngine On\n");
    for redirect in redirects {
        let path = redirect.below.trim_start_matches('/');
        let (bare, slash) = if spellings(path).len() > 1 { (path.trim_end_matches('/'), "/?") } else { (path, "") };
        let pattern = regex::escape(bare).replace('"', "\\\"");
        let to = redirect.to.replace('%', "\\%").replace('$', "\\$");
        text.push_str(&format!("RewriteRule \"^{pattern}{slash}$\" \"{to}\" [R=301,NE,L]\n"));
    }
    text
}

/// Vercel: sources are patterns of path-to-regexp, in which some marks must be escaped.
fn vercel(redirects: &[Redirect]) -> String {
    let escaped = |from: &str| {
        let mut pattern = String::new();
        for c in encoded(from).chars() {
            if "():*+?{}\\".contains(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern
    };
    let rules: Vec<serde_json::Value> = redirects
        .iter()
        .flat_map(|redirect| spellings(&redirect.from).into_iter().map(|from| (from, redirect.to.as_str())))
        .map(|(from, to)| json!({ "source": escaped(&from), "destination": to, "statusCode": 301 }))
        .collect();
    format!("{:#}\n", json!({ "redirects": rules }))
}

/// Old and new address with their host, as services for comments take them to move threads (Disqus: a URL map).
fn csv(redirects: &[Redirect]) -> String {
    let quoted = |text: String| {
        if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let row = |redirect: &Redirect| {
        let old = quoted(format!("{}{}", redirect.host, readable(&redirect.from)));
        let new = quoted(format!("{}{}", redirect.host, redirect.to));
        format!("{old},{new}\n")
    };
    redirects.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(from: &str, to: &str) -> Redirect {
        Redirect {
            from: format!("/log{from}"),
            below: from.to_owned(),
            to: to.to_owned(),
            host: "https://a.example".to_owned(),
            unanswered: true,
        }
    }

    #[test]
    fn every_host_gets_its_own_form() {
        let redirects = [redirect("/old/", "/log/new%20one/"), redirect("/a (1)$.xml", "/log/a.xml")];
        assert_eq!(underscore(&redirects), "/log/old/ /log/new%20one/ 301\n/log/a%20(1)$.xml /log/a.xml 301\n");
        assert_eq!(
            nginx(&redirects).lines().skip(1).collect::<Vec<_>>(),
            [
                "location = \"/log/old\" { return 301 \"/log/new%20one/\"; }",
                "location = \"/log/old/\" { return 301 \"/log/new%20one/\"; }",
                "location = \"/log/a (1)$.xml\" { return 301 \"/log/a.xml\"; }",
            ]
        );
        assert_eq!(
            apache(&redirects).lines().skip(1).collect::<Vec<_>>(),
            [
                r#"RewriteRule "^old/?$" "/log/new\%20one/" [R=301,NE,L]"#,
                r#"RewriteRule "^a \(1\)\$\.xml$" "/log/a.xml" [R=301,NE,L]"#,
            ]
        );
        let read: serde_json::Value = serde_json::from_str(&vercel(&redirects)).unwrap();
        assert_eq!(read["redirects"][2]["source"], r"/log/a%20\(1\)$.xml");
        assert_eq!(
            csv(&redirects),
            "https://a.example/log/old/,https://a.example/log/new%20one/\nhttps://a.example/log/a%20(1)$.xml,https://a.example/log/a.xml\n"
        );
    }
}
