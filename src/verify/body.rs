//! The text of a page, aspect by aspect.

use std::collections::BTreeMap;

use super::dom::{Dom, Id};
use super::marks::Marks;
use super::same::{flat, squashed};
use super::select::Selector;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it comes from, as typed.
    pub src: String,
    /// What stands for it where it is not seen.
    pub alt: String,
}

/// What a text consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its running text, without code and footnotes.
    pub text: String,
    /// Its footnotes, sorted: generators put them in orders of their own.
    pub notes: Vec<String>,
    /// Its blocks of code.
    pub code: Vec<String>,
    /// Its headings: level and text.
    pub headings: Vec<(u8, String)>,
    /// The ids of its headings, and what its own links lead to.
    pub anchors: Vec<String>,
    /// Where its links lead, as typed.
    pub links: Vec<String>,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// What it plays and embeds, sorted.
    pub embeds: Vec<String>,
    /// How often it has which element.
    pub structure: BTreeMap<&'static str, usize>,
}

impl Body {
    /// Takes a text to pieces. What generators draw each in their own way goes out of the page.
    pub fn of(dom: &mut Dom, at: Id, marks: &Marks) -> Body {
        let mut body = Body { anchors: anchors(dom, at), ..Body::default() };
        remove(dom, at, |dom, id| is_meant(&marks.drawn, dom, id) || is_mark_of_heading(dom, id));
        for id in dom.elements(at).collect::<Vec<_>>() {
            body.element(dom, id);
        }
        body.embeds.sort();
        body.notes = notes(dom, at, marks);
        remove(dom, at, |dom, id| {
            dom.name(id) == Some("pre") || is_meant(&marks.footnotes, dom, id) || is_reference(dom, id)
        });
        body.text = dom.text(at);
        body
    }

    fn element(&mut self, dom: &Dom, id: Id) {
        let Some(name) = dom.name(id) else { return };
        let attribute = |name: &str| dom.attribute(id, name).unwrap_or_default().trim().to_owned();
        match name {
            "pre" if !dom.around(id).any(|around| dom.name(around) == Some("pre")) => {
                self.code.push(code(&dom.text(id)))
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.headings.push((name.as_bytes()[1] - b'0', flat(&dom.text(id))));
            }
            "a" if dom.attribute(id, "href").is_some_and(|href| !is_note(href)) => self.links.push(attribute("href")),
            "img" => {
                // what scripts load when it comes into sight
                let late = dom.attribute(id, "data-src").filter(|late| !late.is_empty());
                let src = late.map_or_else(|| attribute("src"), str::to_owned);
                self.pictures.push(Picture { src, alt: attribute("alt") });
            }
            "iframe" | "video" | "audio" | "embed" | "object" | "source" => {
                let is_of_video = name != "source" || dom.around(id).any(|around| dom.name(around) == Some("video"));
                let from = attribute("src");
                if is_of_video && !from.is_empty() {
                    self.embeds.push(squashed(from.trim_start_matches("https:").trim_start_matches("http:")));
                }
            }
            _ => {}
        }
        if let Some(part) = part(dom, id, name) {
            *self.structure.entry(part).or_default() += 1;
        }
    }
}

fn is_meant(marks: &[Selector], dom: &Dom, id: Id) -> bool {
    marks.iter().any(|mark| mark.means(dom, id))
}

fn remove(dom: &mut Dom, at: Id, is_meant: impl Fn(&Dom, Id) -> bool) {
    let meant: Vec<Id> = dom.elements(at).filter(|id| is_meant(dom, *id)).collect();
    for id in meant {
        dom.remove(id);
    }
}

/// A block of code without the room around it.
fn code(text: &str) -> String {
    let text = text.replace('\r', "");
    let lines: Vec<&str> = text.trim_matches('\n').lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// The ids of headings, and what links within the text lead to.
fn anchors(dom: &Dom, at: Id) -> Vec<String> {
    let mut anchors = Vec::new();
    for id in dom.elements(at) {
        let name = dom.name(id).unwrap_or_default();
        if matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            anchors.extend(dom.attribute(id, "id").filter(|id| !id.is_empty()).map(str::to_owned));
        }
    }
    anchors
}

/// `¶` and the like that themes hang on headings as links.
fn is_mark_of_heading(dom: &Dom, id: Id) -> bool {
    const MARKS: &str = "#¶§🔗";
    dom.name(id) == Some("a")
        && dom.around(id).any(|around| dom.name(around).is_some_and(is_heading))
        && MARKS.contains(dom.text(id).trim())
        && dom.elements(id).all(|below| dom.name(below) != Some("img"))
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// Links between a text and its footnotes.
fn is_note(href: &str) -> bool {
    ["#fn", "#fr-", "#footnote"].iter().any(|note| href.contains(note))
}

/// The number of a footnote in the text.
fn is_reference(dom: &Dom, id: Id) -> bool {
    let is_number = |text: &str| {
        let text = text.trim().trim_matches(['[', ']']);
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    dom.name(id) == Some("sup")
        && is_number(&dom.text(id))
        && dom.elements(id).any(|below| dom.name(below) == Some("a"))
}

/// The texts of footnotes.
fn notes(dom: &Dom, at: Id, marks: &Marks) -> Vec<String> {
    let mut notes = Vec::new();
    for id in dom.elements(at).filter(|id| is_meant(&marks.footnotes, dom, *id)) {
        if dom.around(id).any(|around| is_meant(&marks.footnotes, dom, around)) {
            continue;
        }
        let items: Vec<Id> = dom
            .elements(id)
            .filter(|below| dom.name(*below) == Some("li") && dom.attribute(*below, "id").is_some())
            .collect();
        match items.is_empty() {
            true => {
                let label = dom.elements(id).find(|below| dom.name(*below) == Some("sup"));
                let text = dom.text(id);
                let label = label.map(|label| dom.text(label)).unwrap_or_default();
                notes.push(flat(text.trim_start().strip_prefix(label.trim()).unwrap_or(&text)));
            }
            false => notes.extend(items.into_iter().map(|item| flat(&dom.text(item)))),
        }
    }
    notes.sort();
    notes
}

/// What an element counts as; `None` where it does not count.
fn part(dom: &Dom, id: Id, name: &str) -> Option<&'static str> {
    let class = |id: Id| dom.attribute(id, "class").unwrap_or_default();
    let is_of_code = |id: Id| ["highlight", "rouge", "lntable"].iter().any(|part| class(id).contains(part));
    Some(match name {
        // generators draw code with line numbers as tables
        "table" | "tr" | "th" | "td" if is_of_code(id) || dom.around(id).any(is_of_code) => return None,
        "table" => "table",
        "tr" => "tr",
        "th" => "th",
        "td" => "td",
        "code" => {
            let parent = dom.parent(id)?;
            if dom.name(parent) == Some("pre") || class(parent).contains("highlight") {
                return None;
            }
            "code"
        }
        "ul" => "ul",
        "ol" => "ol",
        "li" => "li",
        "blockquote" => "blockquote",
        "em" | "i" => "em",
        "strong" | "b" => "strong",
        "del" | "s" => "del",
        "dl" => "dl",
        "dt" => "dt",
        "dd" => "dd",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(html: &str) -> Body {
        let mut dom = Dom::parse(html).expect("a page");
        let marks = Marks::with_content(&[]).expect("marks");
        Body::of(&mut dom, 0, &marks)
    }

    #[test]
    fn a_text_is_taken_to_pieces() {
        let body = body(
            "<h2 id=a>One <a class=headerlink href='#a'>#</a></h2><p>Two <em>three</em> <a href='/x/'>four</a>\
             <sup><a href='#fn:1'>1</a></sup></p><pre><code>five\n</code></pre><img src=s.png alt='a sail'>\
             <div class=footnotes><ol><li id='fn:1'>six <a class=footnote-backref href='#fnref:1'>↩</a></li></ol></div>",
        );
        assert_eq!(squashed(&body.text), "OneTwothreefour");
        assert_eq!(body.notes, ["six"]);
        assert_eq!(body.code, ["five"]);
        assert_eq!(body.headings, [(2, "One".to_owned())]);
        assert_eq!((&*body.anchors, &*body.links), (&["a".to_owned()][..], &["/x/".to_owned()][..]));
        assert_eq!(body.pictures, [Picture { src: "s.png".to_owned(), alt: "a sail".to_owned() }]);
        assert_eq!(body.structure.get("em"), Some(&1));
    }

    #[test]
    fn footnotes_are_the_same_wherever_they_stand() {
        let one = body("<div class=footnotes><ol><li id=fn1>b</li><li id=fn2>a</li></ol></div>");
        let other = body(
            "<div class=footnote-definition id=1><sup class=footnote-definition-label>1</sup><p>a</p></div>\
             <div class=footnote-definition id=2><sup class=footnote-definition-label>2</sup><p>b</p></div>",
        );
        assert_eq!(one.notes, other.notes);
    }

    #[test]
    fn code_is_no_table() {
        let drawn = "<figure class=highlight><table><tr><td class=gutter><pre>1</pre></td><td><pre>x</pre></td></tr></table></figure>";
        assert_eq!(body(drawn).code, ["x"]);
        assert!(body(drawn).structure.is_empty());
    }
}
