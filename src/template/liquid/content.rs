//! The texts of documents as the templates of others see them: Jekyll (`site.rb`, `renderer.rb`) renders posts and
//! collections before pages, so that they are HTML by then.

use std::sync::{Arc, OnceLock};

use super::site::SiteDrop;
use super::{render, tags, template};
use crate::dialect::parse;
use crate::ledger::Ledger;
use crate::model::{Dialect, DocumentKind, Opened, Post, Value};
use crate::tree::html;

/// Texts by the places of their documents: a list of all texts on every page takes no more than one reading of each.
#[derive(Debug)]
pub struct Texts {
    documents: usize,
    whole: OnceLock<Box<[Once]>>,
    excerpts: OnceLock<Box<[Once]>>,
}

type Once = OnceLock<Option<Arc<str>>>;

impl Texts {
    /// None of them made.
    pub fn new(documents: usize) -> Self {
        Texts { documents, whole: OnceLock::new(), excerpts: OnceLock::new() }
    }

    fn of<'t>(&'t self, texts: &'t OnceLock<Box<[Once]>>, at: usize) -> Option<&'t Once> {
        texts.get_or_init(|| (0..self.documents).map(|_| Once::new()).collect()).get(at)
    }
}

/// The whole text.
pub fn content(post: &Post, site: &SiteDrop<'_>) -> Option<Arc<str>> {
    let make = || Some(rendered(site.blog.open(post)?, site).into());
    // within another text it is as typed, and not kept
    if site.nested {
        return make();
    }
    let texts = &site.globals.texts;
    texts.of(&texts.whole, site.blog.place_of_source(&post.source)?)?.get_or_init(make).clone()
}

/// Jekyll (`excerpt.rb`): what stands before the first separator, with the definitions of links behind it.
pub fn excerpt(post: &Post, site: &SiteDrop<'_>) -> Option<Arc<str>> {
    // `page.rb`: pages have none
    if post.kind == DocumentKind::Page {
        return None;
    }
    let make = || made_excerpt(post, site).map(Arc::from);
    if site.nested {
        return make();
    }
    let texts = &site.globals.texts;
    texts.of(&texts.excerpts, site.blog.place_of_source(&post.source)?)?.get_or_init(make).clone()
}

fn made_excerpt(post: &Post, site: &SiteDrop<'_>) -> Option<String> {
    let mut opened = site.blog.open(post)?;
    let own = opened.details.fields.get("excerpt_separator").and_then(|field| field.value.to_text());
    let separator = own.or_else(|| site.blog.site.setting("excerpt_separator").and_then(Value::to_text));
    let separator = separator.unwrap_or_else(|| "\n\n".to_owned());
    if separator.is_empty() {
        return None;
    }
    if let Some((head, tail)) = opened.text.split_once(&separator) {
        let definitions: Vec<&str> = tail.lines().filter(|line| is_definition(line)).collect();
        opened.text = format!("{head}\n\n{}", definitions.join("\n"));
    }
    Some(rendered(opened, site))
}

/// Jekyll (`excerpt.rb`): `^ {0,3}\[[^\]]+\]:.+$`.
fn is_definition(line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    line.len() - rest.len() <= 3
        && rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).is_some_and(|(label, behind)| {
            !label.is_empty() && behind.strip_prefix(':').is_some_and(|address| !address.is_empty())
        })
}

fn rendered(opened: Opened, site: &SiteDrop<'_>) -> String {
    // a text within a text within a text may go round in a circle
    if site.nested {
        return opened.text;
    }
    let inner = SiteDrop { blog: site.blog, globals: site.globals, nested: true };
    // what its templates cannot do is said where the document itself is carried over
    let mut unheard = Ledger::default();
    let mut host = tags::Jekyll::new(&opened, &inner, &mut unheard);
    let text = render::Renderer::new(&mut host).render(&template::parse(&opened.text));
    match opened.dialect {
        Dialect::Kramdown => html::render(&parse(&text, Dialect::Kramdown, &site.blog.site.markup)),
        _ => text,
    }
}
