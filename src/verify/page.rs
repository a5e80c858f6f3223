//! What a built page says: what is compared of it.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::body::Body;
use super::decoded;
use super::dom::{Dom, Id};
use super::marks::Marks;
use super::same::{flat, squashed};
use super::select::Selector;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One text.
    Document,
    /// Several, or the beginnings of such.
    List,
    /// It sends its readers on.
    Moved,
}

/// What is known of a page without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it is.
    pub kind: Kind,
    /// Its text is marked as such, and not only found among other things.
    pub marked: bool,
    /// Where it sends its readers.
    pub moved: Option<String>,
    /// Its own whole address, as it says.
    pub canonical: Option<String>,
    /// Its titles.
    pub titles: Titles,
    /// When it was published.
    pub published: Option<Stamp>,
    /// When it was changed.
    pub updated: Option<Stamp>,
    /// What it is filed under, in small letters; empty where nothing says so.
    pub terms: BTreeSet<String>,
}

/// The title of a page, in each of the places where it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Titles {
    /// What readers see above the text.
    pub shown: Option<String>,
    /// `og:title`.
    pub shared: Option<String>,
    /// `title`.
    pub window: Option<String>,
}

impl Titles {
    /// The title to name the page by.
    pub fn best(&self) -> &str {
        [&self.shown, &self.shared, &self.window].into_iter().flatten().next().map_or("", String::as_str)
    }

    /// The first of the places in which both have a title, where these are not the same.
    pub fn difference(&self, new: &Titles) -> Option<(String, String)> {
        if self.best().is_empty() {
            return None;
        }
        let both = [(&self.shown, &new.shown), (&self.shared, &new.shared), (&self.window, &new.window)];
        let first = both.into_iter().find_map(|(old, new)| Some((old.as_ref()?, new.as_ref()?)));
        let (old, new) = match first {
            Some((old, new)) if squashed(old) == squashed(new) => return None,
            Some(both) => (both.0.as_str(), both.1.as_str()),
            // a window's title has the site's name beside the page's
            None => {
                let (old, new) = (self.best(), new.best());
                let (one, other) = (squashed(old), squashed(new));
                if one == other
                    || (!one.is_empty() && !other.is_empty() && (one.contains(&other) || other.contains(&one)))
                {
                    return None;
                }
                (old, new)
            }
        };
        Some((old.to_owned(), new.to_owned()))
    }
}

/// A time as a page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// As it stands there.
    pub typed: String,
    day: Date,
    time: Option<(Time, Timestamp)>,
}

impl Stamp {
    /// Reads a date, with or without a time and an offset; times without one are UTC's.
    pub fn parse(typed: &str) -> Option<Stamp> {
        let text = typed.trim();
        let stamp = |civil: DateTime, time| Some(Stamp { typed: text.to_owned(), day: civil.date(), time });
        if let Ok(instant) = text.parse::<Timestamp>() {
            let offset = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%:z", text).and_then(|parts| parts.to_zoned());
            let civil = offset.as_ref().map_or_else(|_| instant.to_zoned(TimeZone::UTC).datetime(), Zoned::datetime);
            return stamp(civil, Some((civil.time(), instant)));
        }
        for form in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z"] {
            if let Ok(zoned) = Zoned::strptime(form, text) {
                return stamp(zoned.datetime(), Some((zoned.time(), zoned.timestamp())));
            }
        }
        for form in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] {
            if let Ok(civil) = DateTime::strptime(form, text) {
                let instant = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
                return stamp(civil, Some((civil.time(), instant)));
            }
        }
        let day = Date::strptime("%Y-%m-%d", text).ok()?;
        stamp(day.to_datetime(Time::midnight()), None)
    }

    /// Whether a new page tells the same time. A day without a time, or with midnight for one, is that day.
    pub fn is_same(&self, new: &Stamp) -> bool {
        let (Some((time, instant)), Some((_, other))) = (self.time, new.time) else { return self.day == new.day };
        instant == other || (time == Time::midnight() && self.day == new.day)
    }

    /// The day.
    pub fn day(&self) -> Date {
        self.day
    }
}

/// A page read whole.
pub struct Page {
    /// What is known without its text.
    pub head: Head,
    /// Its text.
    pub body: Body,
    /// Every id and anchor that a link can lead to.
    pub anchors: BTreeSet<String>,
}

/// What is known of the page at an address without its text; `None` where it cannot be read ([`Dom::parse`]).
pub fn head(html: &str, address: &str, marks: &Marks) -> Option<Head> {
    let dom = Dom::parse(html)?;
    let content = content(&dom, address, marks);
    Some(head_of(&dom, content, marks))
}

/// Reads the page at an address whole; `None` where it cannot be read ([`Dom::parse`]).
pub fn page(html: &str, address: &str, marks: &Marks) -> Option<Page> {
    let mut dom = Dom::parse(html)?;
    let content = content(&dom, address, marks);
    let head = head_of(&dom, content, marks);
    let ids = dom.elements(0).filter_map(|id| {
        let named = if dom.name(id) == Some("a") { dom.attribute(id, "name") } else { None };
        dom.attribute(id, "id").or(named)
    });
    let anchors = ids.map(str::to_owned).collect();
    let body = text_of(&mut dom, content, &head, marks).map(|at| Body::of(&mut dom, at, marks)).unwrap_or_default();
    Some(Page { head, body, anchors })
}

/// The text of the page at an address as HTML, for those who look.
pub fn shown(html: &str, address: &str, marks: &Marks) -> String {
    let Some(mut dom) = Dom::parse(html) else { return String::new() };
    let content = content(&dom, address, marks);
    let head = head_of(&dom, content, marks);
    text_of(&mut dom, content, &head, marks).map(|at| dom.inner_html(at)).unwrap_or_default()
}

/// The element with the text of a page; what else stands there goes out of the page.
fn text_of(dom: &mut Dom, content: Content, head: &Head, marks: &Marks) -> Option<Id> {
    let Content::One { at, whole, .. } = content else { return None };
    if !whole {
        let title = head.titles.shown.as_deref().map(squashed);
        let is_title = |id: Id| dom.name(id) == Some("h1") && Some(squashed(&dom.text(id))) == title;
        let is_around = |id: &Id| marks.around.iter().any(|mark| mark.means(dom, *id)) || is_title(*id);
        let around: Vec<Id> = dom.elements(at).filter(is_around).collect();
        for id in around {
            dom.remove(id);
        }
    }
    Some(at)
}

/// Where the text of a page stands.
#[derive(Clone, Copy)]
enum Content {
    /// In one element, with nothing else in it, or with more.
    One { at: Id, whole: bool, marked: bool },
    /// In several, or there is none.
    Several,
}

fn content(dom: &Dom, address: &str, marks: &Marks) -> Content {
    if marks.lists.iter().any(|mark| mark.all(dom, 0).next().is_some()) {
        return Content::Several;
    }
    let regions = marks.regions.iter().map(|mark| (mark, false));
    for (mark, whole) in marks.content.iter().map(|mark| (mark, true)).chain(regions) {
        // one that stands in another of them is part of its text
        let mut outer: Vec<Id> = Vec::new();
        for id in mark.all(dom, 0) {
            if !dom.around(id).any(|around| outer.contains(&around)) {
                outer.push(id);
            }
            if outer.len() > 1 {
                return Content::Several;
            }
        }
        if let Some(at) = outer.pop() {
            if !whole && begins_another(dom, at, address) {
                return Content::Several;
            }
            return Content::One { at, whole, marked: whole || dom.name(at) == Some("article") };
        }
    }
    Content::Several
}

/// What is headed by a link to another page is that page's beginning, and stands in a list.
fn begins_another(dom: &Dom, at: Id, address: &str) -> bool {
    let is_heading = |id: &Id| matches!(dom.name(*id), Some("h1" | "h2" | "h3"));
    let Some(heading) = dom.elements(at).find(is_heading) else { return false };
    let is_whole = |id: &Id| dom.name(*id) == Some("a") && squashed(&dom.text(*id)) == squashed(&dom.text(heading));
    let Some(link) = dom.elements(heading).chain(dom.parent(heading)).find(is_whole) else { return false };
    let href = dom.attribute(link, "href").unwrap_or_default();
    let path = decoded(href.split(['?', '#']).next().unwrap_or_default());
    let is_own = href.starts_with('#') || (address.len() > 1 && path.ends_with(address));
    !href.is_empty() && !is_own
}

fn head_of(dom: &Dom, content: Content, marks: &Marks) -> Head {
    let moved = moved(dom);
    let kind = match (&moved, content) {
        (Some(_), _) => Kind::Moved,
        (None, Content::One { .. }) => Kind::Document,
        (None, Content::Several) => Kind::List,
    };
    // what stands in the text is the text's own, and what stands beside its article is of others
    let (text, article) = match content {
        Content::One { at, whole, .. } => {
            let is_article = |id: &Id| dom.name(*id) == Some("article");
            (whole.then_some(at), dom.around(at).find(is_article).filter(|_| whole))
        }
        Content::Several => (None, None),
    };
    let is_outside = |id: Id| {
        let is_in = |part: Option<Id>| dom.around(id).any(|around| Some(around) == part);
        !is_in(text) && (article.is_none() || dom.name(id) == Some("meta") || is_in(article))
    };
    let first = |marks: &[Selector]| marks.iter().find_map(|mark| mark.all(dom, 0).find(|id| is_outside(*id)));
    let stamp = |marks: &[Selector]| {
        let value = |id: Id| dom.attribute(id, "datetime").or_else(|| dom.attribute(id, "content"));
        let of =
            |mark: &Selector| mark.all(dom, 0).filter(|id| is_outside(*id)).find_map(|id| Stamp::parse(value(id)?));
        marks.iter().find_map(of)
    };
    let says = |id: Id| Some(flat(dom.attribute(id, "content").map_or_else(|| dom.text(id), str::to_owned).as_str()));
    Head {
        kind,
        marked: matches!(content, Content::One { marked: true, .. }),
        moved,
        canonical: link(dom, "canonical"),
        titles: Titles {
            shown: first(&marks.titles).and_then(says).filter(|title| !title.is_empty()),
            shared: meta(dom, "og:title"),
            window: dom.elements(0).find(|id| dom.name(*id) == Some("title")).map(|id| flat(&dom.text(id))),
        },
        published: stamp(&marks.published),
        updated: stamp(&marks.updated),
        terms: terms(dom, marks, is_outside),
    }
}

/// The target of `<meta http-equiv="refresh" content="0; url=…">`.
fn moved(dom: &Dom) -> Option<String> {
    let is_refresh =
        |id: &Id| dom.attribute(*id, "http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"));
    let content = dom.attribute(dom.elements(0).find(is_refresh)?, "content")?;
    let (_, to) = content.split_once(['=']).filter(|(before, _)| before.to_ascii_lowercase().contains("url"))?;
    Some(to.trim().trim_matches(['"', '\'']).to_owned())
}

fn link(dom: &Dom, rel: &str) -> Option<String> {
    let id = dom.elements(0).find(|id| dom.name(*id) == Some("link") && dom.attribute(*id, "rel") == Some(rel))?;
    dom.attribute(id, "href").map(str::to_owned)
}

fn meta(dom: &Dom, property: &str) -> Option<String> {
    let id = dom.elements(0).find(|id| dom.attribute(*id, "property") == Some(property))?;
    dom.attribute(id, "content").map(flat).filter(|text| !text.is_empty())
}

/// The terms by the first mark that a page has.
fn terms(dom: &Dom, marks: &Marks, is_outside: impl Fn(Id) -> bool) -> BTreeSet<String> {
    let says =
        |id: Id| flat(dom.attribute(id, "content").map_or_else(|| dom.text(id), str::to_owned).as_str()).to_lowercase();
    let all = |mark: &Selector| mark.all(dom, 0).filter(|id| is_outside(*id)).collect::<Vec<_>>();
    let of = |mark: &Selector| all(mark).into_iter().map(says).filter(|term| !term.is_empty()).collect::<BTreeSet<_>>();
    marks.terms.iter().map(of).find(|terms| !terms.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        Marks::with_content(&[]).expect("marks")
    }

    #[test]
    fn the_text_is_found_by_its_marks() {
        for (html, expected) in [
            ("<main><article class=h-entry><h1 class=p-name>T</h1><div class=e-content><p>One</article></main>", "One"),
            ("<nav>x</nav><article><header><h1>T</h1></header>One<footer>x</footer></article>", "One"),
            ("<main><h1>T</h1><div><p>One</p></div><nav>x</nav></main>", "One"),
            ("<header>x</header><h1>T</h1>One", "One"),
        ] {
            let page = page(html, "/", &marks()).expect("a page");
            assert_eq!((page.head.kind, &*squashed(&page.body.text)), (Kind::Document, expected), "{html}");
            assert_eq!(page.head.titles.shown.as_deref(), Some("T"), "{html}");
        }
        let list =
            head("<article class=post>1</article><article class=post>2</article>", "/", &marks()).expect("a page");
        assert_eq!(list.kind, Kind::List);
        let moved = head("<meta http-equiv=refresh content='0; url=/a/'>", "/", &marks()).expect("a page");
        let one = head("<h1>Blog</h1><article><h2><a href=/blog/x/>X</a></h2>Begins</article>", "/", &marks())
            .expect("a page");
        assert_eq!(one.kind, Kind::List);
        let own = head("<article><h1><a href=/blog/x/>X</a></h1>Whole</article>", "/x/", &marks()).expect("a page");
        assert_eq!(own.kind, Kind::Document);
        assert_eq!((moved.kind, moved.moved.as_deref()), (Kind::Moved, Some("/a/")));
    }

    #[test]
    fn times_are_the_same_where_they_are_one_instant_or_one_day() {
        for (old, new, expected) in [
            ("2020-05-01T08:00:00+08:00", "2020-05-01T00:00:00Z", true),
            ("2020-05-01T08:00:00+08:00", "2020-05-01T08:00:00Z", false),
            ("2020-05-01", "2020-05-01T10:00:00+02:00", true),
            ("2020-05-01T00:00:00+08:00", "2020-05-01T00:00:00Z", true),
            ("2020-05-01 10:00:00 +0200", "2020-05-01T08:00:00Z", true),
            ("2020-05-01", "2020-05-02", false),
        ] {
            let stamp = |text: &str| Stamp::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(stamp(old).is_same(&stamp(new)), expected, "{old} {new}");
        }
        assert_eq!(Stamp::parse("yesterday"), None);
    }

    #[test]
    fn titles_are_held_against_each_other_place_by_place() {
        let titles = |shown: &str, window: &str| Titles {
            shown: (!shown.is_empty()).then(|| shown.to_owned()),
            shared: None,
            window: (!window.is_empty()).then(|| window.to_owned()),
        };
        assert_eq!(titles("Tea", "Tea | Old").difference(&titles("Tea", "New - Tea")), None);
        assert!(titles("Tea", "Tea").difference(&titles("Coffee", "Tea")).is_some());
        assert_eq!(titles("Tea", "").difference(&titles("", "Tea | Blog")), None);
        assert!(titles("Tea", "").difference(&titles("", "Coffee | Blog")).is_some());
    }
}
