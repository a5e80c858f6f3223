//! Bytes to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::ledger::{Code, Ledger};
use crate::model::Place;

/// Decodes a file's bytes: by its byte order mark (which is taken off), else as UTF-8, else as `named`, which the user
/// knows, or by a guess that is entered in the ledger. A NUL stays what it is.
pub fn decode(bytes: &[u8], file: &str, named: Option<&'static Encoding>, ledger: &mut Ledger) -> String {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) if encoding == UTF_16BE || encoding == UTF_16LE => {
            let (text, malformed) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
            let message = format!("the file is {}, by its byte order mark{}", encoding.name(), damage(malformed));
            ledger.add(Code::EncodingGuessed, Place::file(file), message);
            text.into_owned()
        }
        Some((_, length)) => decode_plain(bytes.get(length..).unwrap_or_default(), file, None, ledger),
        None => match utf_16_without_mark(bytes) {
            Some(encoding) if named == Some(encoding) => decode_as(encoding, bytes, file, ledger),
            Some(encoding) => {
                let (text, malformed) = encoding.decode_without_bom_handling(bytes);
                let message = format!("the file is {} without a byte order mark{}", encoding.name(), damage(malformed));
                ledger.add(Code::EncodingGuessed, Place::file(file), message);
                text.into_owned()
            }
            None => decode_plain(bytes, file, named, ledger),
        },
    }
}

/// What the user says needs no entry, but where it does not hold.
fn decode_as(encoding: &'static Encoding, bytes: &[u8], file: &str, ledger: &mut Ledger) -> String {
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    if malformed {
        let message =
            format!("the file is not {}, as --encoding says: broken bytes were read as \u{FFFD}", encoding.name());
        ledger.add(Code::EncodingGuessed, Place::file(file), message);
    }
    text.into_owned()
}

/// A text that begins with two characters of ASCII, each in two bytes, and has a whole number of pairs: front matter and
/// configurations do, and nothing that is UTF-8.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let is_sign = |byte: u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    match bytes {
        [a, 0, b, 0, ..] if is_sign(*a) && is_sign(*b) && bytes.len().is_multiple_of(2) => Some(UTF_16LE),
        [0, a, 0, b, ..] if is_sign(*a) && is_sign(*b) && bytes.len().is_multiple_of(2) => Some(UTF_16BE),
        _ => None,
    }
}

fn decode_plain(bytes: &[u8], file: &str, named: Option<&'static Encoding>, ledger: &mut Ledger) -> String {
    match (std::str::from_utf8(bytes), named) {
        (Ok(text), _) => text.to_owned(),
        (Err(_), Some(encoding)) => decode_as(encoding, bytes, file, ledger),
        (Err(error), None) => {
            let (text, message) = guess(bytes);
            ledger.add(Code::EncodingGuessed, place(bytes, error.valid_up_to(), file), message);
            text.into_owned()
        }
    }
}

/// One broken character in a file that is UTF-8 otherwise is damage, not another encoding.
fn guess(bytes: &[u8]) -> (Cow<'_, str>, String) {
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let sound = lossy.chars().filter(|c| !c.is_ascii()).count().saturating_sub(broken);
    const SOUND_PER_BROKEN: usize = 10;
    if sound > broken * SOUND_PER_BROKEN {
        let message = "the file is UTF-8 but for broken bytes, which were read as \u{FFFD}".to_owned();
        return (lossy, message);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let message = format!("the file is not UTF-8 and was read as {}{}", encoding.name(), damage(malformed));
    (text, message)
}

fn damage(malformed: bool) -> &'static str {
    if malformed { ", with broken bytes read as \u{FFFD}" } else { "" }
}

/// The line and column of the first byte that is not UTF-8.
fn place(bytes: &[u8], offset: usize, file: &str) -> Place {
    let before = bytes.get(..offset).and_then(|sound| std::str::from_utf8(sound).ok()).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Place::at(file, number(line), number(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, Vec<String>) {
        decoded_as(None, bytes)
    }

    fn decoded_as(named: Option<&'static Encoding>, bytes: &[u8]) -> (String, Vec<String>) {
        let mut ledger = Ledger::default();
        let text = decode(bytes, "post.md", named, &mut ledger);
        (text, ledger.entries().iter().map(|entry| format!("{} {}", entry.place, entry.message)).collect())
    }

    #[test]
    fn utf_8_needs_no_entry() {
        assert_eq!(decoded("标题\0é".as_bytes()), ("标题\0é".to_owned(), vec![]));
        assert_eq!(decoded(b"\xEF\xBB\xBFtitle"), ("title".to_owned(), vec![]));
        assert_eq!(decoded(b""), (String::new(), vec![]));
    }

    #[test]
    fn utf_16_is_told_by_its_mark() {
        let (text, entries) = decoded(b"\xFF\xFEa\0\x2D\x4E");
        assert_eq!(text, "a中");
        assert_eq!(entries, ["post.md the file is UTF-16LE, by its byte order mark"]);
        assert_eq!(decoded(b"\xFE\xFF\0a").0, "a");
        let (text, entries) = decoded(b"-\0-\0\x2D\x4E");
        assert_eq!(text, "--中");
        assert_eq!(entries, ["post.md the file is UTF-16LE without a byte order mark"]);
        assert_eq!(decoded(b"\0-\0-\x4E\x2D").0, "--中");
    }

    #[test]
    fn other_encodings_are_guessed_and_said() {
        let (gbk, _, _) = encoding_rs::GBK.encode("title: 你好\n这是一篇很老的博客文章，用的是国标编码。\n");
        let (text, entries) = decoded(&gbk);
        assert!(text.starts_with("title: 你好\n"), "{text}");
        assert_eq!(entries, ["post.md:1:8 the file is not UTF-8 and was read as GBK"]);
    }

    #[test]
    fn what_the_user_knows_is_not_guessed() {
        // Baltic, which a guess takes for Western
        assert_ne!(decoded(b"a\xF0").0, "aš");
        assert_eq!(decoded_as(Some(encoding_rs::ISO_8859_13), b"a\xF0"), ("aš".to_owned(), vec![]));
        assert_eq!(decoded_as(Some(UTF_16LE), b"-\0-\0\x2D\x4E"), ("--中".to_owned(), vec![]));
        // other files of the blog may be UTF-8
        assert_eq!(decoded_as(Some(encoding_rs::ISO_8859_13), "標題".as_bytes()), ("標題".to_owned(), vec![]));
        let (_, entries) = decoded_as(Some(encoding_rs::EUC_KR), b"a\xFF");
        assert_eq!(entries, ["post.md the file is not EUC-KR, as --encoding says: broken bytes were read as \u{FFFD}"]);
    }

    #[test]
    fn a_broken_byte_does_not_change_the_encoding() {
        let bytes = [b"\xFFa", "一二三四五六七八九十百千".as_bytes()].concat();
        let (text, entries) = decoded(&bytes);
        assert!(text.starts_with("\u{FFFD}a一二"));
        assert!(entries[0].contains("broken bytes"), "{entries:?}");
    }
}
