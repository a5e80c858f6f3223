//! A finished site as a web server shows it: which file answers an address, and with what.
//!
//! Nothing outside the folder is ever read, whatever an address or a link in the folder says, and nothing of postferry's
//! own is shown.

use std::fs::File;
use std::io;
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use percent_encoding::percent_decode_str;

use crate::address::encoded;
use crate::plan::{MANIFEST, OWN};

/// A folder that is shown below a base path.
pub struct Shown {
    dir: Dir,
    base_path: String,
}

/// What there is at an address.
pub enum Answer {
    /// A file.
    File {
        /// What it holds.
        file: File,
        /// How long it is, in bytes.
        length: u64,
        /// Its media type.
        kind: String,
    },
    /// Something elsewhere.
    Moved(String),
    /// Nothing; the site's own page for that, if it has one.
    Nothing(Option<File>),
}

impl Shown {
    /// A folder, and the path below which its addresses begin: empty, or such as `/blog`.
    ///
    /// # Errors
    /// Where the folder cannot be opened.
    pub fn open(folder: &Path, base_path: &str) -> io::Result<Self> {
        let dir = Dir::open_ambient_dir(folder, ambient_authority())?;
        Ok(Shown { dir, base_path: base_path.trim_end_matches('/').to_owned() })
    }

    /// What there is at an address, as it is asked for: with its base path, encoded, with or without a query.
    pub fn answer(&self, asked: &str) -> Answer {
        let (path, query) = asked.split_at(asked.find(['?', '#']).unwrap_or(asked.len()));
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        let Some(below) = path.strip_prefix(&self.base_path).filter(|below| below.starts_with('/')) else {
            let home = path == "/" || path == self.base_path;
            return if home { Answer::Moved(format!("{}/", encoded(&self.base_path))) } else { self.nothing() };
        };
        let name = below.trim_start_matches('/');
        let is_own = |part: &str| part == ".." || part == MANIFEST || part == OWN;
        if name.split('/').any(is_own) || name.contains(['\0', '\\']) {
            return self.nothing();
        }
        let folder = name.trim_end_matches('/');
        let index = format!("{folder}/index.html").trim_start_matches('/').to_owned();
        let is_folder = name.is_empty() || name.ends_with('/');
        if !is_folder && let Some(found) = self.file(name) {
            return found;
        }
        if is_folder {
            return self.file(&index).unwrap_or_else(|| self.nothing());
        }
        if self.dir.open(&index).is_ok() {
            return Answer::Moved(format!("{}{}/{query}", encoded(&self.base_path), encoded(below)));
        }
        self.file(&format!("{name}.html")).unwrap_or_else(|| self.nothing())
    }

    /// `None` where there is no such file, or none that may be shown.
    fn file(&self, name: &str) -> Option<Answer> {
        // what is no file, such as a named pipe, is not opened: nobody may ever write into it
        if !self.dir.metadata(name).ok()?.is_file() {
            return None;
        }
        let file = self.dir.open(name).ok()?.into_std();
        let length = file.metadata().ok()?.len();
        Some(Answer::File { file, length, kind: kind(name) })
    }

    fn nothing(&self) -> Answer {
        Answer::Nothing(match self.file("404.html") {
            Some(Answer::File { file, .. }) => Some(file),
            _ => None,
        })
    }
}

/// The media type of a file by its name; texts are UTF-8.
fn kind(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = kind.type_() == "text"
        || ["json", "javascript", "xml"].iter().any(|end| kind.subtype().as_str().ends_with(end))
        || kind.suffix().is_some_and(|suffix| suffix == "xml" || suffix == "json");
    if is_text { format!("{}; charset=utf-8", kind.essence_str()) } else { kind.essence_str().to_owned() }
}

/// What a `Range` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// All: it asks for none, for several pieces, or for what nobody understands.
    Whole,
    /// The bytes from the first of these to the one before the second.
    Bytes(u64, u64),
    /// What is behind the end.
    Beyond,
}

/// The piece of a file that a `Range` asks for (RFC 9110, 14.1.2).
pub fn piece(asked: &str, length: u64) -> Piece {
    let Some((from, to)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Piece::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let is_open = |text: &str| text.trim().is_empty();
    let (from, to) = match (number(from), number(to)) {
        (Some(from), Some(to)) => (from, to.saturating_add(1).min(length)),
        (Some(from), None) if is_open(to) => (from, length),
        (None, Some(last)) if is_open(from) => (length.saturating_sub(last), length),
        _ => return Piece::Whole,
    };
    match (from, to) {
        _ if from >= length => Piece::Beyond,
        _ if from < to => Piece::Bytes(from, to),
        _ => Piece::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_piece_of_what_is_there() {
        for (asked, expected) in [
            ("bytes=0-1", Piece::Bytes(0, 2)),
            ("bytes=5-", Piece::Bytes(5, 10)),
            ("bytes=5-99", Piece::Bytes(5, 10)),
            ("bytes=-3", Piece::Bytes(7, 10)),
            ("bytes=-99", Piece::Bytes(0, 10)),
            ("bytes=10-", Piece::Beyond),
            ("bytes=0-18446744073709551615", Piece::Bytes(0, 10)),
            ("bytes=0-1,3-4", Piece::Whole),
            ("bytes=3-1", Piece::Whole),
            ("lines=0-1", Piece::Whole),
        ] {
            assert_eq!(piece(asked, 10), expected, "{asked}");
        }
    }

    #[test]
    fn texts_say_how_they_are_to_be_read() {
        for (name, expected) in [
            ("a.html", "text/html; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("a.png", "image/png"),
            ("a.woff2", "font/woff2"),
            ("a.wasm", "application/wasm"),
            ("CNAME", "application/octet-stream"),
        ] {
            assert_eq!(kind(name), expected);
        }
    }
}
