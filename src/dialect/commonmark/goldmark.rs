//! What goldmark does beside CommonMark, as Hugo sets it up.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag};
use regex::Regex;

use crate::tree::{Node, NodeKind};

/// goldmark's linkify extension: the bare addresses of running text become links.
pub fn link(nodes: &mut Vec<Node>) {
    let has_any = |node: &Node| matches!(&node.kind, NodeKind::Text(text) if !bare_addresses(text).is_empty());
    if !nodes.iter().any(has_any) {
        return;
    }
    for node in std::mem::take(nodes) {
        let NodeKind::Text(text) = &node.kind else {
            nodes.push(node);
            continue;
        };
        let of_text = |part: Range<usize>| {
            Node::new(NodeKind::Text(text[part.clone()].to_owned()), within(&node.span, text, part), Vec::new())
        };
        let mut from = 0;
        for (start, end) in bare_addresses(text) {
            if from < start {
                nodes.push(of_text(from..start));
            }
            let shown = &text[start..end];
            let link = NodeKind::Link { href: address_of(shown).into_owned(), title: None };
            nodes.push(Node::new(link, within(&node.span, text, start..end), vec![of_text(start..end)]));
            from = end;
        }
        if from < text.len() {
            nodes.push(of_text(from..text.len()));
        }
    }
}

/// The span of a part of a text; where the text is not as typed, that of the whole.
pub fn within(span: &Range<usize>, text: &str, part: Range<usize>) -> Range<usize> {
    if span.len() == text.len() { span.start + part.start..span.start + part.end } else { span.clone() }
}

/// A run of tildes in running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tildes {
    /// Where it begins.
    pub at: usize,
    /// One or two: longer ones strike nothing.
    pub length: usize,
    opens: bool,
    closes: bool,
}

/// The runs of tildes in a text that goldmark may read as marks (`extension/strikethrough.go`): single ones too, and within
/// words, as it reads `*`.
pub fn tildes(text: &str) -> Vec<Tildes> {
    let mut runs = Vec::new();
    let mut rest = 0;
    while let Some(found) = memchr::memchr(b'~', &text.as_bytes()[rest..]) {
        let at = rest + found;
        let length = text[at..].bytes().take_while(|byte| *byte == b'~').count();
        rest = at + length;
        let (before, behind) = (text[..at].chars().next_back(), text[rest..].chars().next());
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let is_mark = |c: Option<char>| c.is_some_and(is_punctuation);
        let opens = !is_blank(behind) && (!is_mark(behind) || is_blank(before) || is_mark(before));
        let closes = !is_blank(before) && (!is_mark(before) || is_blank(behind) || is_mark(behind));
        if length <= 2 && before != Some('\\') {
            runs.push(Tildes { at, length, opens, closes });
        }
    }
    runs
}

/// Go's `unicode.IsPunct` and `IsSymbol`, as far as texts have them.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || (!c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control())
}

/// Which runs strike out what stands between them: pairs of places in the list, none across another.
pub fn struck(runs: &[Tildes]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (place, run) in runs.iter().enumerate() {
        // goldmark (`parser/delimiter.go`, `CalcComsumption`)
        let fits = |opener: &Tildes| !((opener.closes || run.opens) && opener.length + run.length == 3);
        // nobody leaves more of them open
        const MOST: usize = 64;
        let from = open.len().saturating_sub(MOST);
        let fitting = open[from..].iter().rposition(|opener| fits(&runs[*opener]));
        let opener = fitting.map(|at| from + at).filter(|_| run.closes);
        match opener {
            Some(at) => {
                pairs.push((open[at], place));
                open.truncate(at);
            }
            None if run.opens => open.push(place),
            None => {}
        }
    }
    pairs
}

/// Strikes out in a tree what goldmark does and pulldown-cmark, which wants single tildes apart from words, does not.
pub fn strike(nodes: &mut Vec<Node>) {
    let has_tilde = |node: &Node| matches!(&node.kind, NodeKind::Text(text) if text.contains('~'));
    if !nodes.iter().any(has_tilde) {
        return;
    }
    // what stands on both sides of a run may be in other nodes: an object stands for each of them
    let mut flat = String::new();
    let mut starts = Vec::new();
    for node in nodes.iter() {
        starts.push(flat.len());
        match &node.kind {
            NodeKind::Text(text) => flat.push_str(text),
            NodeKind::SoftBreak | NodeKind::HardBreak => flat.push('\n'),
            _ => flat.push('x'),
        }
    }
    let addresses = bare_addresses(&flat);
    let is_free = |run: &Tildes| !addresses.iter().any(|(from, to)| (*from..*to).contains(&run.at));
    let runs: Vec<Tildes> = tildes(&flat).into_iter().filter(is_free).collect();
    let mut marks: Vec<Tildes> = Vec::new();
    for (open, close) in outermost(struck(&runs)) {
        if runs[open].length == runs[close].length {
            marks.extend([runs[open], runs[close]]);
        }
    }
    if !marks.is_empty() {
        cut_out(nodes, &starts, &marks);
    }
}

/// Pairs of which none stands in another, in order.
fn outermost(mut pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    pairs.sort_unstable();
    let mut outer: Vec<(usize, usize)> = Vec::new();
    for pair in pairs {
        if outer.last().is_none_or(|last| pair.0 > last.1) {
            outer.push(pair);
        }
    }
    outer
}

/// Puts what stands between each two marks into a node of its own. `starts` says where the nodes begin in the text that the
/// marks are places of.
fn cut_out(nodes: &mut Vec<Node>, starts: &[usize], marks: &[Tildes]) {
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len() + marks.len());
    let mut inner: Option<Node> = None;
    let mut marks = marks.iter().peekable();
    for (node, start) in std::mem::take(nodes).into_iter().zip(starts) {
        let Node { kind: NodeKind::Text(text), span, .. } = &node else {
            inner.as_mut().map_or(&mut out, |inner| &mut inner.children).push(node);
            continue;
        };
        let mut from = 0;
        let push = |part: Range<usize>, to: &mut Vec<Node>| {
            if !part.is_empty() {
                to.push(Node::new(NodeKind::Text(text[part.clone()].to_owned()), within(span, text, part), Vec::new()));
            }
        };
        while let Some(mark) = marks.next_if(|mark| mark.at < start + text.len()) {
            let at = mark.at - start;
            push(from..at, inner.as_mut().map_or(&mut out, |inner| &mut inner.children));
            from = at + mark.length;
            match inner.take() {
                Some(mut struck) => {
                    struck.span.end = within(span, text, at..from).end;
                    out.push(struck);
                }
                None => inner = Some(Node::new(NodeKind::Strike, within(span, text, at..from), Vec::new())),
            }
        }
        push(from..text.len(), inner.as_mut().map_or(&mut out, |inner| &mut inner.children));
    }
    out.extend(inner);
    *nodes = out;
}

/// The HTML that a text holds, each block and each tag: what goldmark leaves out where `unsafe` is off.
pub fn raw_html(text: &str) -> Vec<Range<usize>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut found: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => found.push(range),
            _ => {}
        }
    }
    found
}

/// Where goldmark leads a bare address.
pub fn address_of(shown: &str) -> Cow<'_, str> {
    if shown.starts_with("www.") {
        Cow::Owned(format!("http://{shown}"))
    } else if !shown.contains("://") {
        Cow::Owned(format!("mailto:{shown}"))
    } else {
        Cow::Borrowed(shown)
    }
}

/// The spans of bare addresses that goldmark turns into links.
pub fn bare_addresses(text: &str) -> Vec<(usize, usize)> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?:(?:https?|ftp)://[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+(?::\d+)?(?:[/#?][-a-zA-Z0-9@:%_+.~#$!?&/=();,'">^{}\[\]`]*)?"#,
            r#"|www\.[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+(?:[/#?][-a-zA-Z0-9@:%_+.~#!?&/=();,'">^{}\[\]`]*)?"#,
            r"|[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+)"
        ))
        .expect("a valid pattern")
    });
    let mut found = Vec::new();
    if !text.contains('@') && !text.contains("://") && !text.contains("www.") {
        return found;
    }
    let mut from = 0;
    while let Some(hit) = ADDRESS.find_at(text, from) {
        from = hit.end();
        let before = text[..hit.start()].chars().next_back();
        if !before.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(')) {
            // an address inside a word may be followed by one that begins after a trigger
            from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
            while from < hit.end() && !matches!(text.as_bytes()[from - 1], b' ' | b'*' | b'_' | b'~' | b'(') {
                from += text[from..].chars().next().map_or(1, char::len_utf8);
            }
            continue;
        }
        let shown = ended(hit.as_str());
        found.push((hit.start(), hit.start() + shown.len()));
    }
    found
}

/// An address without the marks behind it, and without brackets that close none of its own.
fn ended(address: &str) -> &str {
    let mut surplus = address.matches(')').count().saturating_sub(address.matches('(').count());
    let mut shown = address;
    loop {
        shown = shown.trim_end_matches(['?', '!', '.', ',', ':', '*', '_', '~']);
        match shown.strip_suffix(')').filter(|_| surplus > 0) {
            Some(rest) => (shown, surplus) = (rest, surplus - 1),
            None => return shown,
        }
    }
}

/// goldmark (`extension/typographer.go`): `<<` and `>>` are quotes, which pulldown-cmark does not make of them.
pub fn quoted(text: String) -> String {
    if text.contains("<<") || text.contains(">>") { text.replace("<<", "«").replace(">>", "»") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_before_what_is_not_theirs() {
        for (text, expected) in [
            ("(https://e.example/f).", "https://e.example/f"),
            ("https://e.example/f_(g)", "https://e.example/f_(g)"),
            ("https://e.example/f)))!)", "https://e.example/f"),
        ] {
            let found = bare_addresses(text);
            assert_eq!(&text[found[0].0..found[0].1], expected, "{text}");
        }
    }

    /// As Hugo 0.168 answers.
    #[test]
    fn tildes_strike_within_words() {
        for (text, expected) in [
            ("8~10 and 3~5", vec!["10 and 3"]),
            ("a ~b~ c", vec!["b"]),
            ("好~人~好", vec!["人"]),
            ("1.5~1.6~2.0~2.2", vec!["1.6"]),
            ("a~b", vec![]),
            ("a ~ b ~ c", vec![]),
            ("~~~a~~~", vec![]),
            ("~/.ssh and ~/.config", vec![]),
        ] {
            let runs = tildes(text);
            let found: Vec<&str> =
                struck(&runs).iter().map(|(a, b)| &text[runs[*a].at + runs[*a].length..runs[*b].at]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
