//! WordPress's exports (WXR: RSS with elements of WordPress's own), as far as whoever unpacks one and whoever reads what
//! was unpacked must agree on.
//!
//! Exports are not always XML that a strict parser takes: plugins put control characters, bare `&` and unescaped CDATA
//! into them, and WordPress's own importer goes on by regular expressions where its parsers stop
//! (wordpress-importer, `parsers/class-wxr-parser-regex.php`). They are read as leniently here.

mod element;
mod scan;

pub use element::Element;
pub use scan::{Token, next};

/// What every export names in its first lines (wp-admin/includes/export.php: `xmlns:wp`).
const NAMESPACE: &[u8] = b"wordpress.org/export/";

/// How much of a file is looked at to know an export; its comments on how to import it come before the namespace.
pub const HEAD: u64 = 64 << 10;

/// Whether the head of a file is that of an export, or of a piece of one that was unpacked.
pub fn is_export(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    head.starts_with(b"<") && memchr::memmem::find(head, NAMESPACE).is_some()
}

/// The line of the export on which a piece of it began, as the first thing in the piece; the rest of its first line stands
/// behind it, so that the lines of both run alike.
pub fn mark(line: u32) -> String {
    format!("{MARK}{line}\"?>")
}

const MARK: &str = "<?wxr line=\"";

/// Whether a file is a piece that was unpacked.
pub fn is_marked(head: &[u8]) -> bool {
    head.starts_with(MARK.as_bytes())
}

/// The line of the export on which a piece began; 1 where it does not say.
fn first_line(piece: &str) -> u32 {
    let line = piece.strip_prefix(MARK).and_then(|rest| rest.split('"').next());
    line.and_then(|line| line.parse().ok()).unwrap_or(1)
}
