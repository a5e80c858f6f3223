//! Jekyll's addresses: styles, placeholders, and what is done with the result.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::{Document, DocumentKind, Post};
use crate::read::address::{decoded, without_index};
use crate::slug::jekyll::{Mode, slugify};

/// A style by its name, or the template itself.
pub fn template(style: &str) -> &str {
    match style {
        "none" => "/:categories/:title:output_ext",
        "date" | "" => "/:categories/:year/:month/:day/:title:output_ext",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        other => other,
    }
}

/// Fills a template for a document; `unknown` hears of placeholders that there are not.
pub fn fill(template: &str, post: &Post, document: &Document, path: &str, mut unknown: impl FnMut(&str)) -> String {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r":([a-z_]+)").expect("a valid pattern"));
    let names = Names { post, document, path };
    let filled = PLACEHOLDER.replace_all(template, |found: &Captures<'_>| {
        // the longest name that there is wins: `:title_x` is `:title` and `_x`
        let word = &found[1];
        for end in (1..=word.len()).rev() {
            if let Some(value) = names.value(&word[..end]) {
                return format!("{value}{}", &word[end..]);
            }
        }
        unknown(word);
        found[0].to_owned()
    });
    sanitize(&filled)
}

/// Jekyll (`url.rb`): a slash in front, none doubled, no way out of the site.
pub fn sanitize(address: &str) -> String {
    let address = format!("/{address}").replace("..", "/").replace("./", "");
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        if !(c == '/' && out.ends_with('/')) {
            out.push(c);
        }
    }
    without_index(decoded(&out))
}

struct Names<'a> {
    post: &'a Post,
    document: &'a Document,
    /// The file's path below the folder that Jekyll reads.
    path: &'a str,
}

impl Names<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let date = self.post.date.map(|date| date.civil());
        let part = |pattern: &str| Some(date.map(|date| date.strftime(pattern).to_string()).unwrap_or_default());
        let slug = || self.post.slug.clone();
        match name {
            "title" => Some(slugify(&slug(), Mode::Pretty, true)),
            "slug" => Some(slugify(&slug(), Mode::Default, false)),
            "categories" => Some(self.categories(|name| name.to_lowercase())),
            "slugified_categories" => Some(self.categories(|name| slugify(name, Mode::Default, false))),
            "year" => part("%Y"),
            "month" => part("%m"),
            "day" => part("%d"),
            "hour" => part("%H"),
            "minute" => part("%M"),
            "second" => part("%S"),
            "i_day" => part("%-d"),
            "i_month" => part("%-m"),
            "short_month" => part("%b"),
            "long_month" => part("%B"),
            "short_year" => part("%y"),
            "w_year" => part("%G"),
            "week" => part("%V"),
            "w_day" => part("%u"),
            "short_day" => part("%a"),
            "long_day" => part("%A"),
            "y_day" => part("%j"),
            "output_ext" => Some(".html".to_owned()),
            "collection" => Some(match &self.document.kind {
                DocumentKind::Item(collection) => collection.clone(),
                _ => "posts".to_owned(),
            }),
            "name" => Some(slugify(self.basename(), Mode::Default, false)),
            "basename" => Some(self.basename().to_owned()),
            "path" => Some(self.path()),
            _ => None,
        }
    }

    fn categories(&self, change: impl Fn(&str) -> String) -> String {
        let mut seen: Vec<String> = Vec::new();
        for name in self.post.categories.iter().flatten() {
            let changed = change(name);
            if !seen.contains(&changed) {
                seen.push(changed);
            }
        }
        seen.join("/")
    }

    fn basename(&self) -> &str {
        let name = self.document.source.rsplit('/').next().unwrap_or("");
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The path below the collection's folder, or a page's folder.
    fn path(&self) -> String {
        let source = self.path;
        let below = match &self.document.kind {
            DocumentKind::Item(collection) => {
                source.split_once(&format!("_{collection}/")).map_or(source, |(_, below)| below)
            }
            _ => return source.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()),
        };
        below.rsplit_once('.').map_or(below, |(stem, _)| stem).to_owned()
    }
}
