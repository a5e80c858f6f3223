//! Where front matter ends and the body begins, by each generator's own rule.

use super::Flavor;

/// The syntax between the fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML.
    Yaml,
    /// JSON without its outer braces (Hexo's `;;;`).
    Json,
    /// JSON with them (Hugo).
    JsonObject,
    /// TOML.
    Toml,
}

/// A file cut at its fences; offsets count bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut<'a> {
    /// The text between the fences.
    pub data: &'a str,
    /// Where that text begins.
    pub data_start: usize,
    /// Where the body begins.
    pub body_start: usize,
    /// How the data are written.
    pub syntax: Syntax,
    /// There is an opening fence: what follows was meant as front matter beyond doubt.
    pub fenced: bool,
    /// What the generator does with such fences, where it does not take them for front matter.
    pub refused: Option<&'static str>,
}

/// Cuts a text whose line ends are `\n`; `None` where it has no front matter.
pub fn cut(text: &str, flavor: Flavor) -> Option<Cut<'_>> {
    match flavor {
        Flavor::Jekyll => jekyll(text),
        Flavor::Hexo => hexo(text),
        Flavor::Ink => ink(text),
        Flavor::Hugo => hugo(text),
        Flavor::Zola => between_fences(text, true),
    }
}

/// Hugo (`pageparser/pagelexer_intro.go`): white space, then `+++` or `---` alone on a line, up to a line that begins with
/// the same; or a JSON object.
fn hugo(text: &str) -> Option<Cut<'_>> {
    let start = text.len() - text.trim_start().len();
    if !text[start..].starts_with('{') {
        return between_fences(text, false);
    }
    let mut objects =
        serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Map<_, serde_json::Value>>();
    let end = objects.next().filter(Result::is_ok).map(|_| start + objects.byte_offset())?;
    let behind = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let body_start = if text[end..behind].trim().is_empty() { behind } else { end };
    let data = &text[start..end];
    Some(Cut { data, data_start: start, body_start, syntax: Syntax::JsonObject, fenced: true, refused: None })
}

/// Zola (`front_matter/split.rs`): white space, then `+++` or `---` alone on a line, up to the same alone on another one.
fn between_fences(text: &str, closes_alone: bool) -> Option<Cut<'_>> {
    let opener = text.len() - text.trim_start().len();
    let fence = ["+++", "---"].into_iter().find(|fence| text[opener..].starts_with(fence))?;
    let line_end = opener + text[opener..].find('\n')?;
    if !text[opener + fence.len()..line_end].trim().is_empty() {
        return None;
    }
    let data_start = line_end + 1;
    let mut start = data_start;
    for line in text[data_start..].split_inclusive('\n') {
        let end = start + line.len();
        if line.starts_with(fence) && (!closes_alone || line.trim_end() == fence) {
            let syntax = if fence == "+++" { Syntax::Toml } else { Syntax::Yaml };
            let data = &text[data_start..start];
            // the blank line that people leave behind the fence is no part of the text
            let body_start = end + usize::from(text[end..].starts_with('\n'));
            return Some(Cut { data, data_start, body_start, syntax, fenced: true, refused: None });
        }
        start = end;
    }
    None
}

/// Jekyll: `---` and white space on the first line; closed by the first line of `---` or `...` and white space;
/// blank lines behind it belong to the fence.
fn jekyll(text: &str) -> Option<Cut<'_>> {
    let data_start = jekyll_opener(text)?;
    let (data_end, after) = jekyll_closer(text, data_start)?;
    let body_start = after + blank_lines(text.get(after..)?);
    yaml(text, data_start, data_end, body_start)
}

/// Whether the first line is Jekyll's opening fence: then a file is a page and no static file, even where the
/// front matter is never closed.
pub fn opens_like_jekyll(text: &str) -> bool {
    jekyll_opener(text).is_some()
}

fn jekyll_opener(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("---")?;
    let end = rest.find('\n')?;
    rest.get(..end)?.chars().all(is_ruby_space).then_some("---".len() + end + 1)
}

/// The start of the closing line and the end of it.
fn jekyll_closer(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut start = from;
    for line in text.get(from..)?.split_inclusive('\n') {
        let end = start + line.len();
        let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        if rest.is_some_and(|rest| rest.chars().all(is_ruby_space)) {
            return Some((start, end));
        }
        start = end;
    }
    None
}

/// What Ruby's `\s` takes.
fn is_ruby_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{B}' | '\u{C}')
}

/// The length of the leading lines that hold nothing but white space.
fn blank_lines(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.chars().all(is_ruby_space)).map(str::len).sum()
}

/// Hexo: a fence of three or more `-` or `;` on the first line closed by one that begins alike; a file that only
/// begins like one has none; every other file ends its front matter at the first line that begins so.
fn hexo(text: &str) -> Option<Cut<'_>> {
    let opener = separator(text);
    if opener.is_empty() {
        return hexo_unfenced(text);
    }
    hexo_fenced(text, opener).or_else(|| hexo_loose(text, opener))
}

fn hexo_fenced<'a>(text: &'a str, opener: &'a str) -> Option<Cut<'a>> {
    let data_start = opener.len() + 1;
    let rest = text.get(opener.len()..)?.strip_prefix('\n')?;
    // Hexo asks for at least one character between the fences.
    let skipped = rest.chars().next()?.len_utf8();
    let found = rest.get(skipped..)?.find(&format!("\n{opener}"))?;
    let data_end = data_start + skipped + found;
    let closer_end = data_end + 1 + opener.len();
    Some(Cut {
        data: text.get(data_start..data_end)?,
        data_start,
        body_start: closer_end + usize::from(text.get(closer_end..)?.starts_with('\n')),
        syntax: syntax_of(opener),
        fenced: true,
        refused: None,
    })
}

/// A fence with blanks behind it, which Hexo takes for text, as it does a fence that is not closed with the
/// same number of characters.
fn hexo_loose<'a>(text: &'a str, opener: &'a str) -> Option<Cut<'a>> {
    let line_end = text.find('\n')?;
    if !text.get(opener.len()..line_end)?.trim().is_empty() {
        return None;
    }
    let data_start = line_end + 1;
    let mark = opener.get(..1)?;
    let mut start = data_start;
    for line in text.get(data_start..)?.split_inclusive('\n') {
        let end = start + line.len();
        if !separator(line).is_empty() && line.starts_with(mark) && line.trim() == separator(line) {
            let cut = Cut {
                data: text.get(data_start..start)?,
                data_start,
                body_start: end,
                syntax: syntax_of(opener),
                fenced: true,
                refused: Some("Hexo takes these fences for text, because they differ or have blanks behind them"),
            };
            return looks_like_fields(cut.data).then_some(cut);
        }
        start = end;
    }
    None
}

fn hexo_unfenced(text: &str) -> Option<Cut<'_>> {
    let skipped = text.chars().next()?.len_utf8();
    let rest = text.get(skipped..)?;
    let found = [rest.find("\n---"), rest.find("\n;;;")].into_iter().flatten().min()?;
    let data_end = skipped + found;
    let closer = separator(text.get(data_end + 1..)?);
    let closer_end = data_end + 1 + closer.len();
    Some(Cut {
        data: text.get(..data_end)?,
        data_start: 0,
        body_start: closer_end + usize::from(text.get(closer_end..)?.starts_with('\n')),
        syntax: syntax_of(closer),
        fenced: false,
        refused: None,
    })
}

/// The run of three or more `-` or `;` that a text begins with, or nothing.
fn separator(text: &str) -> &str {
    let run = |c: char| text.len() - text.trim_start_matches(c).len();
    let length = run('-').max(run(';'));
    if length < 3 { "" } else { text.get(..length).unwrap_or_default() }
}

fn syntax_of(separator: &str) -> Syntax {
    if separator.starts_with(';') { Syntax::Json } else { Syntax::Yaml }
}

/// Ink: the first `---` anywhere, even inside a title; without one, the whole file is front matter. A file that
/// begins with a fence has an empty front matter for Ink, which it rejects.
fn ink(text: &str) -> Option<Cut<'_>> {
    const FENCE: &str = "---";
    let lead = text.len() - text.trim_start().len();
    if let Some(rest) = text.get(lead..)?.strip_prefix(FENCE) {
        let data_start = lead + FENCE.len() + rest.find('\n')? + 1;
        let (data_end, body_start) = jekyll_closer(text, data_start)?;
        let mut cut = yaml(text, data_start, data_end, body_start)?;
        cut.refused = Some("Ink rejects a file that begins with a fence");
        return looks_like_fields(cut.data).then_some(cut);
    }
    let Some(data_end) = text.find(FENCE) else {
        let mut cut = yaml(text, 0, text.len(), text.len())?;
        cut.fenced = false;
        return Some(cut);
    };
    let closer_end = data_end + FENCE.len();
    let body_start = closer_end + usize::from(text.get(closer_end..)?.starts_with('\n'));
    let mut cut = yaml(text, 0, data_end, body_start)?;
    cut.fenced = false;
    Some(cut)
}

fn yaml(text: &str, data_start: usize, data_end: usize, body_start: usize) -> Option<Cut<'_>> {
    Some(Cut {
        data: text.get(data_start..data_end)?,
        data_start,
        body_start,
        syntax: Syntax::Yaml,
        fenced: true,
        refused: None,
    })
}

/// Whether the first line with anything on it is a key and a colon: then these lines were meant as front matter.
pub fn looks_like_fields(data: &str) -> bool {
    let mut lines = data.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.next().is_some_and(|line| super::repair::key_of(line).is_some())
}
