//! An item of an export, and the fields that it has (wp-admin/includes/export.php, `export_wp`).

use std::sync::Arc;

use super::head::Head;
use super::media::Library;
use super::text::{plain, slug_of, slug_of_title};
use super::told::Told;
use crate::frontmatter::decode;
use crate::ledger::{Code, Ledger};
use crate::model::{Body, Dialect, Document, DocumentKind, Field, Fields, Map, Place, Value};
use crate::read::files::bytes;
use crate::source::{SiteFile, SourceFolder};
use crate::wxr::Element;

/// The fields that the reader itself asks for.
pub const ID: &str = "post_id";
/// The old address.
pub const LINK: &str = "link";
/// Slugs that it had before.
pub const OLD_SLUGS: &str = "_wp_old_slug";

/// Meta data of plugins that begins like WordPress's own, and that targets have a field for.
const KEPT: [&str; 4] = [OLD_SLUGS, "_yoast_wpseo_metadesc", "_aioseop_description", "_genesis_description"];

/// The item of a file.
pub fn parsed(root: &SourceFolder, path: &Arc<str>, ledger: &mut Ledger) -> Option<Element> {
    let bytes = bytes(root, &SiteFile::of(path.clone()), ledger)?;
    let text = decode(&bytes, path, root.encoding(), ledger);
    let mut all = Element::of(&text);
    let at = all.children.iter().position(|child| child.name == "item")?;
    Some(all.children.swap_remove(at))
}

/// The first value of a key among the meta data of an item.
pub fn meta<'a>(item: &'a Element, key: &'a str) -> Option<&'a str> {
    item.all("wp:postmeta").find(|meta| meta.said("wp:meta_key") == key).map(|meta| meta.said("wp:meta_value"))
}

/// What the reader knows when it reads an item.
pub struct Reading<'a> {
    pub head: &'a Head,
    pub library: &'a Library,
    pub told: &'a Told,
    pub path: &'a Arc<str>,
    pub ledger: &'a mut Ledger,
}

impl Reading<'_> {
    /// The document of an item; `None` where WordPress shows none.
    pub fn document(&mut self, item: &Element, kind: DocumentKind) -> Option<Document> {
        let draft = self.is_draft(item)?;
        let slug = self.slug(item);
        let mut fields = Fields::new();
        self.fields(item, &mut fields);
        self.meta(item, &mut fields);
        let content = item.child("content:encoded");
        let body = Body {
            text: content.map(|content| content.text.clone()).unwrap_or_default(),
            dialect: Dialect::WordPress,
            first_line: content.map_or(item.line, |content| content.text_line),
        };
        Some(Document {
            kind,
            source: self.path.clone(),
            fields,
            body,
            file_date: None,
            slug,
            path_categories: Vec::new(),
            draft,
        })
    }

    fn place(&self, element: &Element) -> Place {
        Place::at(self.path.clone(), element.line, 0)
    }

    /// WordPress (wp-includes/post.php, `get_post_statuses` and those of its own): what is not published is a draft, but
    /// for what was thrown away, and what the editor had begun by itself.
    fn is_draft(&mut self, item: &Element) -> Option<bool> {
        let status = item.child("wp:status");
        let said = status.map_or("publish", |status| status.text.trim());
        let place = self.place(status.unwrap_or(item));
        match said {
            "publish" | "" | "inherit" => Some(false),
            "draft" => Some(true),
            "trash" | "auto-draft" => {
                let what = if said == "trash" { "in the trash" } else { "a draft that the editor began by itself" };
                self.ledger.add(Code::FileSkipped, place, format!("it is {what}, and is not taken over"));
                None
            }
            other => {
                let message = format!("its status is `{other}`, which only WordPress knows: it is a draft");
                self.ledger.add(Code::StatusChanged, place, message);
                Some(true)
            }
        }
    }

    /// Drafts have no slug before they are published.
    fn slug(&self, item: &Element) -> String {
        let named = [slug_of(item.said("wp:post_name")), slug_of_title(&plain(item.said("title")).0)];
        named.into_iter().find(|slug| !slug.is_empty()).unwrap_or_else(|| item.said("wp:post_id").to_owned())
    }

    fn fields(&mut self, item: &Element, fields: &mut Fields) {
        let path = self.path;
        let mut set = |name: &str, element: &str, value: Value| {
            let line = item.child(element).map_or(item.line, |element| element.line);
            fields.insert(name.to_owned(), Field { value, place: Place::at(path.clone(), line, 0) });
        };
        let text = |element: &str| Some(item.said(element)).filter(|said| !said.is_empty());
        if let Some(title) = text("title") {
            let (title, had_tags) = plain(title);
            if had_tags {
                let place = Place::at(path.clone(), item.child("title").map_or(item.line, |title| title.line), 0);
                self.ledger.add(
                    Code::BodyTranslated,
                    place,
                    "the tags in the title are left out, for titles are plain text",
                );
            }
            set("title", "title", Value::String(title));
        }
        if let Some(date) = stamp(item, "wp:post_date") {
            if let Some(modified) = stamp(item, "wp:post_modified").filter(|modified| *modified != date) {
                set("updated", "wp:post_modified", Value::String(modified));
            }
            set("date", "wp:post_date", Value::String(date));
        }
        if let Some(login) = text("dc:creator") {
            set("authors", "dc:creator", Value::from(login));
        }
        self.terms(item, &mut set);
        if let Some(excerpt) = text("excerpt:encoded") {
            set("excerpt", "excerpt:encoded", Value::from(excerpt));
        }
        if text("wp:is_sticky") == Some("1") {
            set("is_sticky", "wp:is_sticky", Value::Bool(true));
        }
        if let Some(order) = text("wp:menu_order").and_then(|order| order.parse().ok()).filter(|order| *order != 0) {
            set("menu_order", "wp:menu_order", Value::Int(order));
        }
        if text("wp:comment_status") == Some("closed") && matches!(text("wp:post_type"), None | Some("post")) {
            set("comment_status", "wp:comment_status", Value::from("closed"));
        }
        if let Some(password) = text("wp:post_password") {
            set("post_password", "wp:post_password", Value::from(password));
        }
        for (name, element) in [(LINK, "link"), (ID, "wp:post_id"), ("feed_id", "guid")] {
            if let Some(said) = text(element) {
                set(name, element, Value::from(said));
            }
        }
        let comments = self.comments(item);
        if !comments.is_empty() {
            set("comments", "wp:comment", Value::List(comments));
        }
    }

    /// Categories as paths, tags, and terms of other taxonomies under the taxonomy's name. An element without a slug says
    /// once more what another one says (WXR 1.0).
    fn terms(&self, item: &Element, set: &mut impl FnMut(&str, &str, Value)) {
        let (mut categories, mut others) = (Vec::new(), Map::new());
        for term in item.all("category") {
            let Some(slug) = term.attribute("nicename").map(slug_of) else { continue };
            let name = || {
                Value::String(Some(plain(&term.text).0).filter(|name| !name.is_empty()).unwrap_or_else(|| slug.clone()))
            };
            match term.attribute("domain").unwrap_or("category") {
                "category" => {
                    let mut path = self.head.path(&slug);
                    path.pop();
                    let above = path.iter().map(|slug| Value::from(self.head.name_of(slug)));
                    categories.push(Value::List(above.chain([name()]).collect()));
                }
                // wordpress-importer (`process_posts`): the name of WXR 1.0
                domain => {
                    let domain = if matches!(domain, "tag" | "post_tag") { "tags" } else { domain };
                    let list = others.entry(domain.to_owned()).or_insert_with(|| Value::List(Vec::new()));
                    if let Value::List(list) = list {
                        list.push(name());
                    }
                }
            }
        }
        if !categories.is_empty() {
            set("categories", "category", Value::List(categories));
        }
        for (domain, mut terms) in others {
            // WordPress (wp-includes/post-formats.php): one of nine words
            if domain == "post_format"
                && let Value::List(list) = &terms
                && let [Value::String(format)] = list.as_slice()
            {
                terms = Value::String(format.trim_start_matches("post-format-").to_lowercase());
            }
            set(&domain, "category", terms);
        }
    }

    /// WordPress (wp-includes/meta.php, `is_protected_meta`): what begins with `_` is not the author's.
    fn meta(&mut self, item: &Element, fields: &mut Fields) {
        for meta in item.all("wp:postmeta") {
            let (key, value) = (meta.said("wp:meta_key"), meta.said("wp:meta_value"));
            let place = self.place(meta);
            if key == "_thumbnail_id" {
                match value.parse().ok().and_then(|id: u64| self.library.addresses.get(&id)) {
                    Some(address) => {
                        fields.insert("thumbnail".to_owned(), Field { value: Value::from(&**address), place });
                    }
                    None => {
                        let message = format!(
                            "its featured image is the file {value} of the library, which is not in the export"
                        );
                        self.ledger.add(Code::FieldOdd, place, message);
                    }
                }
            } else if key.starts_with('_') && !KEPT.contains(&key) {
                self.told.internal(key, self.ledger);
            } else if !key.is_empty() {
                let name = if OURS.contains(&key) { format!("meta_{key}") } else { key.to_owned() };
                add_value(fields, name, Value::from(value), place);
            }
        }
    }

    /// The comments that everybody could see, as data: their addresses of mail and IP are nobody's to publish.
    fn comments(&mut self, item: &Element) -> Vec<Value> {
        let mut shown = Vec::new();
        let mut left_out = 0;
        for comment in item.all("wp:comment") {
            match comment.said("wp:comment_approved") {
                "1" => shown.push(comment_data(comment)),
                _ => left_out += 1,
            }
        }
        if left_out > 0 {
            let message = match left_out {
                1 => "one comment was not approved (or is spam) and is left out".to_owned(),
                more => format!("{more} comments were not approved (or are spam) and are left out"),
            };
            self.ledger.add(Code::CommentSkipped, self.place(item), message);
        }
        shown
    }
}

/// Fields that are made of elements of an item; meta data of such a name has another one.
const OURS: [&str; 16] = [
    "title",
    "date",
    "updated",
    "authors",
    "categories",
    "tags",
    "excerpt",
    "is_sticky",
    "thumbnail",
    "menu_order",
    "comment_status",
    "post_password",
    LINK,
    ID,
    "feed_id",
    "comments",
];

/// A key can stand several times (wp-includes/meta.php, `add_metadata`).
fn add_value(fields: &mut Fields, name: String, value: Value, place: Place) {
    match fields.get_mut(&name).map(|field| &mut field.value) {
        None => {
            fields.insert(name, Field { value, place });
        }
        Some(Value::List(list)) => list.push(value),
        Some(one) => {
            let first = std::mem::replace(one, Value::Null);
            *one = Value::List(vec![first, value]);
        }
    }
}

fn comment_data(comment: &Element) -> Value {
    let mut data = Map::new();
    let fields = [
        ("id", "wp:comment_id"),
        ("author", "wp:comment_author"),
        ("url", "wp:comment_author_url"),
        ("date", "wp:comment_date"),
        ("content", "wp:comment_content"),
        ("parent", "wp:comment_parent"),
        ("type", "wp:comment_type"),
    ];
    for (name, element) in fields {
        let said = match name {
            "date" => stamp(comment, element).unwrap_or_default(),
            "author" => plain(comment.said(element)).0,
            _ => comment.said(element).to_owned(),
        };
        // what says nothing: no parent, and the usual type
        let is_usual = said.is_empty() || (name, &*said) == ("parent", "0") || (name, &*said) == ("type", "comment");
        if !is_usual {
            data.insert(name.to_owned(), Value::String(said));
        }
    }
    Value::Map(data)
}

/// A date with its offset, which is what lies between it and the same in Greenwich; `None` for WordPress's date of what has
/// none.
fn stamp(item: &Element, name: &str) -> Option<String> {
    const NEVER: &str = "0000-00-00";
    let local = Some(item.said(name)).filter(|said| !said.is_empty() && !said.starts_with(NEVER))?;
    let parse = |said: &str| jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", said).ok();
    let offset = parse(local)
        .zip(parse(item.said(&format!("{name}_gmt"))))
        .map(|(local, greenwich)| local.duration_since(greenwich).as_secs());
    // zones are quarters of an hour, and at most fourteen hours from Greenwich
    let offset = offset.filter(|offset| offset % 900 == 0 && offset.abs() <= 14 * 3600);
    Some(match offset {
        Some(offset) => {
            let sign = if offset < 0 { '-' } else { '+' };
            format!("{local} {sign}{:02}{:02}", offset.abs() / 3600, offset.abs() / 60 % 60)
        }
        None => local.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_offset_of_their_blog() {
        let item = |local: &str, greenwich: &str| {
            let all = format!("<item><wp:d>{local}</wp:d><wp:d_gmt>{greenwich}</wp:d_gmt></item>");
            Element::of(&all).children.remove(0)
        };
        for (local, greenwich, expected) in [
            ("2020-01-02 10:00:00", "2020-01-02 04:30:00", Some("2020-01-02 10:00:00 +0530")),
            ("2020-01-01 20:00:00", "2020-01-02 01:00:00", Some("2020-01-01 20:00:00 -0500")),
            ("2020-01-02 10:00:00", "0000-00-00 00:00:00", Some("2020-01-02 10:00:00")),
            ("2020-01-02 10:00:00", "2020-01-05 10:00:00", Some("2020-01-02 10:00:00")),
            ("0000-00-00 00:00:00", "0000-00-00 00:00:00", None),
            ("", "", None),
        ] {
            assert_eq!(stamp(&item(local, greenwich), "wp:d").as_deref(), expected, "{local} {greenwich}");
        }
    }
}
