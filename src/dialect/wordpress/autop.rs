//! Paragraphs and breaks out of blank lines and line ends (wp-includes/formatting.php, `wpautop`), by its own steps in its
//! own order: its answers are often no HTML that one would have written, and pages look as they do because of them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::split::in_tags;

/// `$allblocks`.
const BLOCKS: &str = "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|\
                      blockquote|address|math|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|\
                      nav|figure|figcaption|details|menu|summary)";

/// A pattern in which `BLOCKS` stands for the blocks and `\s` for white space as PHP knows it.
fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("BLOCKS", BLOCKS).replace(r"\s", r"[\t\n\x0b\x0c\r ]")).expect("a valid pattern")
}

macro_rules! patterns {
    ($( $name:ident = $pattern:literal; )+) => { $( static $name: LazyLock<Regex> = LazyLock::new(|| pattern($pattern)); )+ };
}

patterns! {
    TWO_BREAKS = r"<br\s*/?>\s*<br\s*/?>";
    BEFORE_BLOCK = r"(<BLOCKS[\s/>])";
    BEHIND_BLOCK = r"(</BLOCKS>)";
    BEHIND_RULE = r"(<hr\s*?/?>)";
    BEFORE_OPTION = r"\s*<option";
    BEHIND_OPTION = r"</option>\s*";
    IN_OBJECT = r"(<object[^>]*>)\s*";
    END_OF_OBJECT = r"\s*</object>";
    PARAM = r"\s*(</?(?:param|embed)[^>]*>)\s*";
    IN_MEDIA = r"([<\[](?:audio|video)[^>\]]*[>\]])\s*";
    END_OF_MEDIA = r"\s*([<\[]/(?:audio|video)[>\]])";
    SOURCE = r"\s*(<(?:source|track)[^>]*>)\s*";
    BEFORE_CAPTION = r"\s*(<figcaption[^>]*>)";
    BEHIND_CAPTION = r"</figcaption>\s*";
    BLANK_LINES = r"\n\n+";
    PARTS = r"\n\s*\n";
    EMPTY = r"<p>\s*</p>";
    UNCLOSED = r"<p>([^<]+)</(div|address|form)>";
    ONLY_BLOCK = r"<p>\s*(</?BLOCKS[^>]*>)\s*</p>";
    ITEM = r"<p>(<li.+?)</p>";
    QUOTE = r"(?i)<p><blockquote([^>]*)>";
    OPENED_BLOCK = r"<p>\s*(</?BLOCKS[^>]*>)";
    CLOSED_BLOCK = r"(</?BLOCKS[^>]*>)\s*</p>";
    BREAK_BEHIND = r"(</?BLOCKS[^>]*>)\s*<br />";
    BREAK_BEFORE = r"<br />(\s*</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)[^>]*>)";
    PRESERVED = r"<(script|style|svg)";
}

/// What stands for a line end in a tag.
const LINE_END_IN_TAG: &str = " <!-- wpnl --> ";

/// What stands for a line end that is none of a text (`_autop_newline_preservation_helper`).
const PRESERVED_LINE_END: &str = "<WPPreserveNewline />";

/// A text with its paragraphs and breaks.
pub fn autop(text: &str) -> String {
    if text.trim_matches([' ', '\n', '\r', '\t', '\x0b', '\0']).is_empty() {
        return String::new();
    }
    let padded = format!("{text}\n");
    let (text, pre) = without_pre(&padded);
    let text = set_apart(text);
    let text = collapsed(in_tags(&text, '\n', LINE_END_IN_TAG).into_owned());
    let text = with_breaks(paragraphs(&text));
    let text = with_pre(&text, &pre);
    if !text.contains("<!-- wpnl -->") {
        return text;
    }
    text.replace(LINE_END_IN_TAG, "\n").replace("<!-- wpnl -->", "\n")
}

/// Writes a pattern's matches anew; most patterns have none in most texts.
fn replace(text: &mut String, pattern: &Regex, with: &str) {
    if let Cow::Owned(changed) = pattern.replace_all(text, with) {
        *text = changed;
    }
}

/// Elements for text as it is are put aside.
fn without_pre(text: &str) -> (String, Vec<&str>) {
    let mut pre = Vec::new();
    if !text.contains("<pre") {
        return (text.to_owned(), pre);
    }
    let (parts, last) = text.rsplit_once("</pre>").map_or((None, text), |(parts, last)| (Some(parts), last));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for part in parts.into_iter().flat_map(|parts| parts.split("</pre>")) {
        let end = at + part.len() + "</pre>".len();
        match part.find("<pre") {
            // an end without a beginning goes
            None => out.push_str(part),
            Some(start) => {
                out.push_str(&part[..start]);
                out.push_str(&placeholder(pre.len()));
                pre.push(&text[at + start..end]);
            }
        }
        at = end;
    }
    out.push_str(last);
    (out, pre)
}

fn placeholder(number: usize) -> String {
    format!("<pre wp-pre-tag-{number}></pre>")
}

fn with_pre(text: &str, pre: &[&str]) -> String {
    if pre.is_empty() {
        return text.to_owned();
    }
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| pattern(r"<pre wp-pre-tag-([0-9]+)></pre>"));
    let put = |found: &Captures<'_>| {
        let known = found[1].parse().ok().and_then(|at: usize| pre.get(at));
        known.map_or_else(|| found[0].to_owned(), |pre| (*pre).to_owned())
    };
    PLACEHOLDER.replace_all(text, put).into_owned()
}

/// Blank lines around blocks.
fn set_apart(mut text: String) -> String {
    replace(&mut text, &TWO_BREAKS, "\n\n");
    replace(&mut text, &BEFORE_BLOCK, "\n\n$1");
    replace(&mut text, &BEHIND_BLOCK, "$1\n\n");
    replace(&mut text, &BEHIND_RULE, "$1\n\n");
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// No line ends where an element holds nothing but elements.
fn collapsed(mut text: String) -> String {
    if text.contains("<option") {
        replace(&mut text, &BEFORE_OPTION, "<option");
        replace(&mut text, &BEHIND_OPTION, "</option>");
    }
    if text.contains("</object>") {
        replace(&mut text, &IN_OBJECT, "$1");
        replace(&mut text, &END_OF_OBJECT, "</object>");
        replace(&mut text, &PARAM, "$1");
    }
    if text.contains("<source") || text.contains("<track") {
        replace(&mut text, &IN_MEDIA, "$1");
        replace(&mut text, &END_OF_MEDIA, "$1");
        replace(&mut text, &SOURCE, "$1");
    }
    if text.contains("<figcaption") {
        replace(&mut text, &BEFORE_CAPTION, "$1");
        replace(&mut text, &BEHIND_CAPTION, "</figcaption>");
    }
    replace(&mut text, &BLANK_LINES, "\n\n");
    text
}

/// Every part between blank lines is a paragraph, but for what is taken out of one again.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for part in PARTS.split(text).filter(|part| !part.is_empty()) {
        out.push_str("<p>");
        out.push_str(part.trim_matches('\n'));
        out.push_str("</p>\n");
    }
    replace(&mut out, &EMPTY, "");
    replace(&mut out, &UNCLOSED, "<p>$1</p></$2>");
    replace(&mut out, &ONLY_BLOCK, "$1");
    replace(&mut out, &ITEM, "$1");
    replace(&mut out, &QUOTE, "<blockquote$1><p>");
    out = out.replace("</blockquote></p>", "</p></blockquote>");
    replace(&mut out, &OPENED_BLOCK, "$1");
    replace(&mut out, &CLOSED_BLOCK, "$1");
    out
}

/// Line ends become breaks.
fn with_breaks(text: String) -> String {
    let text = preserved(&text).replace("<br>", "<br />").replace("<br/>", "<br />");
    let mut text = broken(&text).replace(PRESERVED_LINE_END, "\n");
    replace(&mut text, &BREAK_BEHIND, "$1");
    replace(&mut text, &BREAK_BEFORE, "$1");
    // `$` stands before a last line end as well
    let end = text.strip_suffix('\n').unwrap_or(&text);
    match end.strip_suffix("\n</p>") {
        Some(before) => format!("{before}</p>{}", &text[end.len()..]),
        None => text,
    }
}

/// `/<(script|style|svg).*?<\/\1>/s`: their line ends stay.
fn preserved(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut at = 0;
    let mut unclosed: Vec<&str> = Vec::new();
    while let Some(found) = PRESERVED.captures_at(text, at) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { break };
        let end = format!("</{}>", name.as_str());
        let closed = if unclosed.contains(&name.as_str()) { None } else { text[whole.end()..].find(&end) };
        let Some(length) = closed else {
            // none of this name is closed behind
            unclosed.push(name.as_str());
            out.push_str(&text[at..whole.end()]);
            at = whole.end();
            continue;
        };
        let behind = whole.end() + length + end.len();
        out.push_str(&text[at..whole.start()]);
        out.push_str(&text[whole.start()..behind].replace('\n', PRESERVED_LINE_END));
        at = behind;
    }
    if at == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// `|(?<!<br />)\s*\n|`: white space up to its last line end becomes a break, from its second character on where its first
/// one stands behind a break.
fn broken(text: &str) -> String {
    let is_space = |byte: &u8| matches!(byte, b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ');
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let (mut rest, mut at) = (0, 0);
    while let Some(start) = bytes[at..].iter().position(is_space).map(|found| at + found) {
        let end = start + bytes[start..].iter().take_while(|byte| is_space(byte)).count();
        at = end;
        let from = if text[..start].ends_with("<br />") { start + 1 } else { start };
        let Some(last) = bytes[from..end].iter().rposition(|byte| *byte == b'\n').map(|last| from + last) else {
            continue;
        };
        out.push_str(&text[rest..from]);
        out.push_str("<br />\n");
        rest = last + 1;
    }
    out.push_str(&text[rest..]);
    out
}
