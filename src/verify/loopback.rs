//! A site that a server on this machine shows.

use std::net::{IpAddr, ToSocketAddrs};
use std::time::Duration;

use ureq::http::header::{CONTENT_TYPE, LOCATION};
use ureq::{Agent, Body};

use super::built::SiteError;
use super::decoded;
use super::dom::Dom;
use crate::address::encoded;

/// A page that is longer is not read.
const LONGEST: u64 = 16 << 20;

/// Who is asked.
pub struct Loopback {
    agent: Agent,
    /// Scheme, host and port.
    host: String,
    base_path: String,
}

/// What came.
pub enum Asked {
    /// A page.
    Page(String),
    /// A feed, or a map of the site.
    Feed,
    /// Anything else.
    File,
    /// Where to ask instead.
    Moved(String),
    /// Nothing is there.
    Nothing,
}

impl Loopback {
    /// Who is meant by an address.
    ///
    /// # Errors
    /// Where it is not on this machine.
    pub fn open(named: &str) -> Result<Loopback, SiteError> {
        let not_here = || SiteError::NotHere(named.to_owned());
        let rest = named.strip_prefix("http://").ok_or_else(not_here)?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let with_port = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let mut meant = with_port.to_socket_addrs().map_err(|_| not_here())?;
        if !meant.all(|address| matches!(address.ip(), ip if is_here(ip))) {
            return Err(not_here());
        }
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .proxy(None)
            .build();
        let base_path = decoded(path.trim_end_matches('/'));
        Ok(Loopback { agent: config.into(), host: format!("http://{host}"), base_path })
    }

    /// Scheme, host and port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Asks for an address below the base path.
    ///
    /// # Errors
    /// Where nobody answers: why.
    pub fn ask(&self, address: &str) -> Result<Asked, String> {
        let url = format!("{}{}{}", self.host, encoded(&self.base_path), encoded(address));
        let mut answer = self.agent.get(&url).call().map_err(|error| error.to_string())?;
        let header = |name| answer.headers().get(name).and_then(|value: &ureq::http::HeaderValue| value.to_str().ok());
        if answer.status().is_redirection() {
            return Ok(header(LOCATION).map_or(Asked::Nothing, |to| Asked::Moved(self.below(to).to_owned())));
        }
        if !answer.status().is_success() {
            return Ok(Asked::Nothing);
        }
        let kind = header(CONTENT_TYPE).unwrap_or_default().to_owned();
        if kind.contains("html") {
            return Ok(text(answer.body_mut()).map_or(Asked::File, Asked::Page));
        }
        let is_feed =
            ["xml", "atom", "rss", "feed+json"].iter().any(|part| kind.contains(part)) && !kind.contains("svg");
        Ok(if is_feed { Asked::Feed } else { Asked::File })
    }

    /// The addresses in the map of the site.
    pub fn listed(&self) -> Vec<String> {
        let url = format!("{}{}/sitemap.xml", self.host, encoded(&self.base_path));
        let Ok(mut answer) = self.agent.get(&url).call() else { return Vec::new() };
        if !answer.status().is_success() {
            return Vec::new();
        }
        let map = text(answer.body_mut()).unwrap_or_default();
        let locations = map.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
        // the map names the address where the site will be published, the path of which is the same here
        locations.filter_map(|location| self.own(path_of(location.trim()), "/")).collect()
    }

    /// The addresses of this site that a page leads to.
    pub fn links(&self, html: &str, page: &str) -> Vec<String> {
        let Some(dom) = Dom::parse(html) else { return Vec::new() };
        let link = |id| match dom.name(id)? {
            "a" | "link" => dom.attribute(id, "href"),
            "img" | "source" | "video" | "audio" | "iframe" => dom.attribute(id, "src"),
            _ => None,
        };
        dom.elements(0).filter_map(link).filter_map(|link| self.own(link, page)).collect()
    }

    /// The address below the base path that a link means; `None` where it leads elsewhere.
    pub fn own(&self, link: &str, page: &str) -> Option<String> {
        let link = self.below(link.trim());
        let link = &link[..link.find(['#', '?']).unwrap_or(link.len())];
        if link.is_empty() || link.starts_with("//") || link.contains(':') {
            return None;
        }
        let path = match link.starts_with('/') {
            true => {
                let path = decoded(link);
                path.strip_prefix(&self.base_path)
                    .filter(|below| below.is_empty() || below.starts_with('/'))?
                    .to_owned()
            }
            false => format!("{}{}", &page[..page.rfind('/').map_or(0, |at| at + 1)], decoded(link)),
        };
        Some(super::built::normal(&path))
    }

    /// An address without this host in front of it.
    fn below<'a>(&self, link: &'a str) -> &'a str {
        link.strip_prefix(self.host.as_str()).filter(|rest| rest.starts_with('/')).unwrap_or(link)
    }
}

fn is_here(ip: IpAddr) -> bool {
    ip.is_loopback()
}

fn text(body: &mut Body) -> Option<String> {
    let bytes = body.with_config().limit(LONGEST).read_to_vec().ok()?;
    Some(String::from_utf8(bytes).unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned()))
}

/// The path of a whole address.
fn path_of(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else { return url };
    &rest[rest.find('/').unwrap_or(rest.len())..]
}
