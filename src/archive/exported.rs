//! WordPress's exports: one file with everything, which is taken apart into a folder of small ones, so that a site of any
//! size is read item by item.
//!
//! Each file holds the bytes of an item as they are, behind a mark of the line on which it began. Posts lie in `_posts`,
//! pages in `source`, items of other types in a folder of their type, as content is named in targets; `attachments` and
//! `other` hold what is no document. `wordpress.xml` is what stands around the items.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::ArchiveError;
use super::sink::{Entry, Sink, Stop};
use crate::wxr::{Element, Token, mark, next};

/// No item of a blog is larger, nor is what stands around the items.
const MOST: usize = 256 << 20;

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;

/// The names of what was taken out of one or several exports of a blog.
#[derive(Default)]
pub struct Exports {
    /// The names that are given away, in lower case.
    names: HashSet<String>,
    /// Which items there were.
    items: HashSet<[u8; 16]>,
    /// How many exports there were.
    count: usize,
}

impl Exports {
    /// Takes an export apart.
    pub fn unpack(&mut self, path: &Path, file: File, sink: &mut Sink) -> Result<(), ArchiveError> {
        self.count += 1;
        Export { path, exports: self, sink, around: Vec::new(), line: 1 }.unpack(file)
    }
}

/// An export that is taken apart.
struct Export<'a> {
    path: &'a Path,
    exports: &'a mut Exports,
    sink: &'a mut Sink,
    /// What stands around the items.
    around: Vec<u8>,
    /// The line that was come to.
    line: u32,
}

/// The part of the export that has been read and not yet put anywhere.
struct Window {
    file: File,
    bytes: Vec<u8>,
    at: usize,
    is_all: bool,
}

impl Window {
    /// Reads on: as much again as there is, so that a long section is not looked through too often.
    fn grow(&mut self) -> io::Result<()> {
        let wanted = PIECE.max(self.bytes.len()) as u64;
        let read = (&mut self.file).take(wanted).read_to_end(&mut self.bytes)?;
        self.is_all = read == 0;
        Ok(())
    }

    /// Hands over what has been passed.
    fn passed(&mut self) -> Vec<u8> {
        let rest = self.bytes.split_off(self.at);
        self.at = 0;
        std::mem::replace(&mut self.bytes, rest)
    }
}

impl Export<'_> {
    fn unpack(mut self, file: File) -> Result<(), ArchiveError> {
        let mut window = Window { file, bytes: Vec::new(), at: 0, is_all: false };
        // the innermost element that is open, and the line on which the item began that is being read
        let (mut within, mut item): (Vec<u8>, Option<u32>) = (Vec::new(), None);
        loop {
            let Some((token, end)) = next(&window.bytes, window.at, &within, window.is_all) else {
                if window.is_all {
                    break;
                }
                if window.bytes.len() > MOST {
                    return Err(self.damaged(format!("there is no end of it within {} MB", MOST >> 20)));
                }
                window.grow().map_err(|error| ArchiveError::Read { path: self.path.to_owned(), error })?;
                continue;
            };
            let line = self.line;
            self.line += memchr::memchr_iter(b'\n', &window.bytes[window.at..end]).count() as u32;
            match token {
                Token::Open { name: b"item", is_empty: false, .. } if item.is_none() => {
                    let length = end - window.at;
                    let before = window.passed();
                    self.keep(&before)?;
                    (item, window.at) = (Some(line), length);
                    continue;
                }
                Token::Open { name, .. } => within = name.to_vec(),
                Token::Close(b"item") if let Some(begun) = item => {
                    window.at = end;
                    item = None;
                    let bytes = window.passed();
                    self.put(&bytes, begun)?;
                    continue;
                }
                _ => {}
            }
            window.at = end;
            if item.is_none() && window.at > PIECE {
                let passed = window.passed();
                self.keep(&passed)?;
            }
        }
        let rest = window.passed();
        match item {
            // what there is of it may still be read
            Some(begun) => {
                self.sink.refuse(b"", format!("the export ends within the item that begins on line {begun}"));
                self.put(&rest, begun)?;
            }
            None => self.keep(&rest)?,
        }
        self.put_around()
    }

    fn damaged(&self, why: String) -> ArchiveError {
        ArchiveError::Damaged { path: self.path.to_owned(), at: format!("at line {}", self.line), why }
    }

    /// Keeps what stands around the items.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        if self.around.len() + bytes.len() > MOST {
            return Err(self.damaged(format!("there is more than {} MB of it beside its items", MOST >> 20)));
        }
        self.around.extend(bytes);
        Ok(())
    }

    fn put_around(&mut self) -> Result<(), ArchiveError> {
        let around = std::mem::take(&mut self.around);
        let name = match self.exports.count {
            1 => "wordpress.xml".to_owned(),
            count => format!("wordpress-{count}.xml"),
        };
        self.write(&name, 1, &around)
    }

    /// Puts an item where it belongs.
    fn put(&mut self, bytes: &[u8], line: u32) -> Result<(), ArchiveError> {
        let all = Element::of(&String::from_utf8_lossy(bytes));
        let Some(item) = all.child("item") else { return Ok(()) };
        let id: Option<u64> = item.said("wp:post_id").parse().ok().filter(|id| *id > 0);
        // wordpress-importer (`process_posts`) takes the first of a number; but two exports put together have other items
        // under one number, and what `post_exists` asks for tells them apart
        let same = ["wp:post_id", "wp:post_type", "wp:post_name", "title", "wp:post_date"].map(|name| item.said(name));
        if id.is_some() && !self.exports.items.insert(key(&same)) {
            let why = format!("the item on line {line} of the export came before");
            self.sink.refuse(item.said("title").as_bytes(), why);
            return Ok(());
        }
        let name = self.name_of(item, id);
        self.write(&name, line, bytes)
    }

    fn write(&mut self, name: &str, line: u32, bytes: &[u8]) -> Result<(), ArchiveError> {
        let mark = mark(line);
        let mut content = mark.as_bytes().chain(bytes);
        match self.sink.put(name.as_bytes(), Entry::File(&mut content), None) {
            Ok(()) => Ok(()),
            Err(Stop::Damaged(error) | Stop::Write(error)) => Err(ArchiveError::Write(error)),
        }
    }

    /// A name that no other item has.
    fn name_of(&mut self, item: &Element, id: Option<u64>) -> String {
        let folder = folder_of(item.said("wp:post_type"));
        let number = id.map_or_else(|| "0".to_owned(), |id| id.to_string());
        let slug = file_name(item.said("wp:post_name"));
        let first = if slug.is_empty() { number.clone() } else { slug.clone() };
        let numbered = format!("{slug}-{number}");
        let mut names = [first, numbered.clone()].into_iter().chain((2..).map(|more| format!("{numbered}-{more}")));
        let free = |name: &String| self.exports.names.insert(format!("{folder}/{}", name.to_lowercase()));
        // the names never end
        let name = names.find(free).unwrap_or(number);
        format!("{folder}/{name}.xml")
    }
}

/// Texts in a row, in a few bytes.
fn key(texts: &[&str]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(text.as_bytes()).update(&[0]);
    }
    let mut key = [0; 16];
    hasher.finalize_xof().fill(&mut key);
    key
}

/// Where items of a type lie.
fn folder_of(kind: &str) -> String {
    match kind {
        "" | "post" => "_posts".to_owned(),
        "page" => "source".to_owned(),
        "attachment" => "attachments".to_owned(),
        kind if INTERNAL.contains(&kind) => format!("other/{kind}"),
        kind => match file_name(kind) {
            name if name.is_empty() => "other/unnamed".to_owned(),
            name => format!("_{name}"),
        },
    }
}

/// The types that WordPress keeps its own things in (wp-includes/post.php, `create_initial_post_types`: those that are not
/// public), and the forms of Jetpack.
const INTERNAL: [&str; 16] = [
    "revision",
    "nav_menu_item",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "feedback",
    "jp_pay_order",
    "jetpack_migration",
];

/// A slug as the name of a file.
fn file_name(slug: &str) -> String {
    const LONGEST: usize = 120;
    let decoded = percent_encoding::percent_decode_str(slug).decode_utf8_lossy();
    let safe = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c };
    let mut name: String = decoded.chars().map(safe).collect();
    while name.len() > LONGEST {
        name.pop();
    }
    name.trim_matches(['.', ' ', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Limits, unpack};

    /// The names of the files and the marks in front of them, and what was refused.
    fn unpacked(export: &str) -> (Vec<(String, String)>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("export.xml");
        std::fs::write(&file, export).unwrap();
        let unpacked = unpack(&file, Limits::default()).unwrap();
        let mut found = Vec::new();
        for entry in walkdir::WalkDir::new(&unpacked.folder).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(&unpacked.folder).unwrap().display().to_string();
                let text = std::fs::read_to_string(entry.path()).unwrap();
                found.push((name, text.chars().take(40).collect::<String>().replace('\n', "|")));
            }
        }
        (found, unpacked.refused.into_iter().map(|refused| format!("{}: {}", refused.name, refused.why)).collect())
    }

    fn export(items: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>\n{items}</channel></rss>"
        )
    }

    fn item(id: u32, kind: &str, slug: &str) -> String {
        format!(
            "<item><wp:post_id>{id}</wp:post_id>\n<wp:post_name>{slug}</wp:post_name><wp:post_type>{kind}</wp:post_type></item>\n"
        )
    }

    #[test]
    fn every_item_lies_in_a_file_of_its_own() {
        let items = [
            item(1, "post", "a"),
            item(2, "post", "A"),
            item(3, "page", "%e6%bd%ae"),
            item(4, "attachment", "../x"),
            item(5, "book", "b"),
            item(6, "nav_menu_item", ""),
            item(1, "post", "a"),
            item(1, "post", "other"),
        ];
        let (found, refused) = unpacked(&export(&items.concat()));
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "_book/b.xml",
            "_posts/A-2.xml",
            "_posts/a.xml",
            "_posts/other.xml",
            "attachments/-x.xml",
            "other/nav_menu_item/6.xml",
            "source/潮.xml",
            "wordpress.xml",
        ];
        assert_eq!(names, expected);
        assert!(found[1].1.starts_with("<?wxr line=\"5\"?><item>"), "{found:?}");
        assert_eq!(refused, [": the item on line 15 of the export came before"]);
    }

    #[test]
    fn an_item_may_say_what_it_likes_and_end_too_early() {
        let text =
            export("<item><content:encoded><![CDATA[</item> ]]> <item>]]></content:encoded></item><item><title>x");
        let (found, refused) = unpacked(text.strip_suffix("</channel></rss>").unwrap());
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(refused, [": the export ends within the item that begins on line 3"]);
    }

    #[test]
    fn an_item_may_be_longer_than_what_is_read_at_once() {
        let long = "x]] > <![CDATA[ ".repeat(PIECE / 4);
        let (found, _) =
            unpacked(&export(&format!("<item><content:encoded><![CDATA[{long}]]></content:encoded></item>").repeat(2)));
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
