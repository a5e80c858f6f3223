//! A patch of one file as git writes it (`diff.c`, `quote.c`).

use sha1::{Digest, Sha1};

use super::hunks::{self, Style};
use super::{Show, Sides, binary};

/// The mode of every file that postferry writes.
const MODE: &str = "100644";

/// The patch of a file.
pub fn patch(sides: &Sides<'_>, show: &Show) -> Vec<u8> {
    let Sides { path, old, new } = sides;
    let style = Style::of(show.coloured, show.to_read);
    let (a, b) = (quoted("a/", path), quoted("b/", path));
    let mut out = Vec::new();
    let mut head = |line: String| out.extend(style.head(&line).into_bytes());
    head(format!("diff --git {a} {b}"));
    match (old, new) {
        (None, Some(_)) => head(format!("new file mode {MODE}")),
        (Some(_), None) => head(format!("deleted file mode {MODE}")),
        _ => {}
    }
    let mode = if old.is_some() && new.is_some() { format!(" {MODE}") } else { String::new() };
    let (old_id, new_id) = (id(old.as_deref()), id(new.as_deref()));
    head(format!("index {old_id}..{new_id}{mode}"));
    let (before, after) = (old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
    if !is_text(before) || !is_text(after) {
        if show.to_read {
            let name =
                |name: &str, side: &Option<Vec<u8>>| if side.is_some() { name.to_owned() } else { "/dev/null".into() };
            head(format!("Binary files {} and {} differ", name(&a, old), name(&b, new)));
        } else {
            binary::write(before, after, &mut out);
        }
        return out;
    }
    // git says nothing more of files in which no line stands
    if !before.is_empty() || !after.is_empty() {
        head(format!("--- {}", named(&a, path, old.is_some())));
        head(format!("+++ {}", named(&b, path, new.is_some())));
        hunks::all(before, after, show.context, &style).iter().for_each(|hunk| out.extend(&hunk.text));
    }
    out
}

/// The name in a line of `---` and `+++`: a tab ends it where it holds white space, or readers would cut it off there.
fn named(name: &str, path: &str, is_there: bool) -> String {
    match is_there {
        false => "/dev/null".to_owned(),
        true if path.contains(' ') && !name.starts_with('"') => format!("{name}\t"),
        true => name.to_owned(),
    }
}

/// git (`buffer_is_binary` in `xdiff-interface.c`): what holds a zero byte among the first 8,000 is no text.
pub fn is_text(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(8000)]).is_none()
}

/// The name that git gives to a content (`git hash-object`).
fn id(content: Option<&[u8]>) -> String {
    let Some(content) = content else { return "0".repeat(40) };
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", content.len()));
    hasher.update(content);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path as git writes it (`quote_c_style`, with `core.quotePath` on): bytes beyond ASCII, control characters, quotes and
/// backslashes as in a text of C.
fn quoted(prefix: &str, path: &str) -> String {
    if path.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\') {
        return format!("{prefix}{path}");
    }
    let mut out = format!("\"{prefix}");
    for byte in path.bytes() {
        match byte {
            0x07 => out.push_str("\\a"),
            0x08 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x20..0x7f => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}
