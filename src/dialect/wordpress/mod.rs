//! WordPress: what it makes of the text that it keeps of a post.
//!
//! The filters of `the_content` (wp-includes/default-filters.php), in their order: embeds, blocks, paragraphs, shortcodes.
//! The author's quotes and dashes stay as they are typed (`wptexturize` sets others), and so do smileys.

mod autop;
mod blocks;
mod code;
mod embed;
mod mark;
mod media;
mod shortcodes;
mod split;

use std::borrow::Cow;

use memchr::memmem;

use self::media::Library;
use self::shortcodes::{Scanner, attributes};
use crate::ledger::{Code, Ledger};
use crate::model::{Opened, Place, Site, Value};

/// The page of a post; what of it only WordPress could have made is in the ledger.
pub fn page(post: &Opened, site: &Site, ledger: &mut Ledger) -> String {
    let id = post.details.fields.get("post_id").and_then(|field| field.value.to_text());
    let context = Context { id: id.as_deref().unwrap_or("0"), site };
    let (html, told) = context.page(&post.text);
    for Told { code, typed, message } in told {
        ledger.add_quoting(code, place_of(post, &typed), message, &typed);
    }
    html
}

/// Where something stands in the text as typed.
fn place_of(post: &Opened, typed: &str) -> Place {
    /// What is there more often is not looked for any longer.
    const MOST: usize = 100;
    let line = typed.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    // a line of its own comes before what names it in attributes
    let own = |at: &usize| {
        let (before, behind) = (&post.text[..*at], &post.text[*at + line.len()..]);
        (before.is_empty() || before.ends_with('\n')) && (behind.is_empty() || behind.starts_with(['\n', '\r']))
    };
    let found = || memmem::find_iter(post.text.as_bytes(), line.as_bytes()).take(MOST);
    let at = found().find(own).or_else(|| found().next()).filter(|_| !line.is_empty());
    at.map_or_else(|| post.start(), |at| post.place_of(at))
}

/// What is said of a construct of a text.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    code: Code,
    typed: String,
    message: String,
}

struct Context<'a> {
    id: &'a str,
    site: &'a Site,
}

impl Context<'_> {
    fn page(&self, text: &str) -> (String, Vec<Told>) {
        let mut told = Vec::new();
        let mut galleries = 0;
        let pages = mark::pages(text);
        if pages.len() > 1 {
            let message = format!("the {} pages that it was parted into are one", pages.len());
            told.push(Told { code: Code::BodyTranslated, typed: "<!--nextpage-->".to_owned(), message });
        }
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        let mut has_mark = false;
        for page in &pages {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            let html = self.filtered(page, &mut galleries, &mut told);
            match mark::marked(&html, self.id).filter(|_| !has_mark) {
                Some(marked) => {
                    has_mark = true;
                    out.push_str(&marked);
                }
                None => out.push_str(&html),
            }
        }
        (out, told)
    }

    /// `the_content`, of one page.
    fn filtered(&self, text: &str, galleries: &mut usize, told: &mut Vec<Told>) -> String {
        let text = match mark::more(text) {
            Some(more) => Cow::Owned(format!("{}{}{}", &text[..more.start], mark::anchor(self.id), &text[more.end..])),
            None => Cow::Borrowed(text),
        };
        let coded = code::shown(&text);
        let (linked, embedded) = embed::linked(&coded);
        for address in embedded {
            let message = "WordPress shows what is behind this address; here it is a link".to_owned();
            told.push(Told { code: Code::BodyTranslated, typed: address, message });
        }
        let html = match blocks::has_blocks(&linked) {
            true => self.blocks(&linked, told),
            false => autop::autop(&linked),
        };
        let html = shortcodes::unautop(&html, is_known);
        let library = Library::of(self.site);
        let html = self.shortcodes(&html, &library, galleries, told);
        unknown(&html, told);
        html
    }

    fn blocks(&self, text: &str, told: &mut Vec<Told>) -> String {
        let known = self.site.data.get("blocks").and_then(Value::as_map);
        let named = |number: &str| known?.get(number)?.to_text();
        let mut found = blocks::Found { named: &named, made: Vec::new() };
        let html = blocks::rendered(text, &mut found);
        for (typed, name) in found.made {
            let message = format!("the server of WordPress made what the block `{name}` shows: nothing is there now");
            told.push(Told { code: Code::TagUnknown, typed, message });
        }
        html
    }

    /// `do_shortcode`, for those of WordPress itself.
    fn shortcodes(&self, html: &str, library: &Library<'_>, galleries: &mut usize, told: &mut Vec<Told>) -> String {
        let mut within = |found: &shortcodes::Shortcode<'_>| {
            let made = media::html(found, library, self.id, galleries);
            if made.is_none() {
                let typed = html[found.span.clone()].to_owned();
                let message = format!("what `{}` shows is not in the export: it stays as it was typed", found.name);
                told.push(Told { code: Code::TagFailed, typed, message });
            }
            made
        };
        shortcodes::replaced(html, |name| media::NAMES.contains(&name), &mut within).into_owned()
    }
}

/// Whether WordPress, or a plugin that is read here, knows a shortcode.
fn is_known(name: &str) -> bool {
    media::NAMES.contains(&name) || matches!(name, "embed" | "playlist") || code::is_code(name)
}

/// Tells what looks like a shortcode of a plugin: what stands in brackets may be text as well, and says nothing of itself
/// then.
fn unknown(html: &str, told: &mut Vec<Told>) {
    let mut scanner = Scanner::new(html);
    let mut seen: Vec<&str> = Vec::new();
    while let Some(found) =
        scanner.next(&|name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic()) && !media::NAMES.contains(&name))
    {
        let says = attributes(found.attributes).iter().any(|(name, _)| !name.is_empty());
        let is_one = says || found.content.is_some() || found.name.contains(['_', '-']);
        if found.is_escaped || !is_one || seen.contains(&found.name) {
            continue;
        }
        seen.push(found.name);
        let end = html[found.span.clone()].find(']').map_or(found.span.end, |end| found.span.start + end + 1);
        let message = format!("`{}` is a shortcode that postferry does not know: it stays as it was typed", found.name);
        told.push(Told { code: Code::TagUnknown, typed: html[found.span.start..end].to_owned(), message });
    }
}

#[cfg(test)]
mod tests;
