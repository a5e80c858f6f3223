//! Reading what the generator rejects, line by line, where the meaning is plain.

use super::Flavor;
use super::yaml::{self, Document, Mark, Root};
use crate::model::{Map, Value};

/// What was done to one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub mark: Mark,
    /// What, in one sentence.
    pub message: String,
    /// The source text.
    pub quote: String,
}

/// Fields read in spite of errors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Salvage {
    /// The fields, in order.
    pub entries: Vec<(String, Value, Mark)>,
    /// What was done.
    pub notes: Vec<Note>,
    /// Lines that belong to no field; they are in the notes as well.
    pub strays: usize,
}

/// A line that begins a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyLine<'a> {
    /// The key, without quotes.
    pub key: &'a str,
    /// What stands behind the colon.
    pub value: &'a str,
}

/// How deep mappings inside a broken mapping are followed.
const DEEPEST: usize = 8;

/// Cuts the text at the lines that begin with a key, reads each piece alone, and takes what is behind the colon
/// as text where a piece is no YAML.
pub fn by_lines(data: &str, flavor: Flavor) -> Salvage {
    let lines: Vec<Line<'_>> = data.lines().zip(1..).map(|(text, number)| Line { text, number, cut: 0 }).collect();
    let mut salvage = Salvage::default();
    pieces(&lines, flavor, DEEPEST, &mut salvage);
    salvage
}

/// Two spaces for each leading tab, as Hexo reads them; `None` where there are none.
pub fn without_tabs(data: &str) -> Option<(String, Mark)> {
    let mut first = None;
    let mut out = String::with_capacity(data.len() + 16);
    for (index, line) in data.split_inclusive('\n').enumerate() {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let (blanks, rest) = line.split_at(indent);
        if blanks.contains('\t') {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            first = first.or(Some(Mark { line: number, column: 1 }));
        }
        out.push_str(&blanks.replace('\t', "  "));
        out.push_str(rest);
    }
    first.map(|mark| (out, mark))
}

/// Reads a line as a key: `key: value`, `"key": value`, and where the blank is missing (`key:value`) or the colon
/// is a wide one (`key：value`) if the key is a plain name.
pub fn key_of(line: &str) -> Option<KeyLine<'_>> {
    const LONGEST: usize = 80;
    if let Some(quote) = line.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (key, rest) = line.get(1..)?.split_once(quote)?;
        let value = rest.trim_start().strip_prefix(':')?;
        return Some(KeyLine { key, value: value.trim() });
    }
    if line.starts_with([' ', '\t', '#', '[', ']', '{', '}', ',', '|', '>', '&', '*', '%', '`', '@']) {
        return None;
    }
    if line.starts_with("- ") || line.starts_with("? ") {
        return None;
    }
    let (key, value) = ends_key(line, LONGEST)?;
    let key = key.trim_end();
    if key.is_empty() { None } else { Some(KeyLine { key, value: value.trim() }) }
}

fn ends_key(line: &str, longest: usize) -> Option<(&str, &str)> {
    let near = line.char_indices().nth(longest).map_or(line, |(end, _)| line.get(..end).unwrap_or(line));
    let name = near.len() - near.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-').len();
    for (at, colon) in near.match_indices([':', '：']) {
        let value = line.get(at + colon.len()..)?;
        let spaced = colon == ":" && (value.is_empty() || value.starts_with([' ', '\t']));
        let loose = at == name && at > 0 && !value.starts_with("//") && !value.starts_with(':');
        if spaced || loose {
            return Some((line.get(..at)?, value));
        }
    }
    None
}

#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    number: u32,
    /// Columns taken off the front.
    cut: u32,
}

impl<'a> Line<'a> {
    fn is_blank(&self) -> bool {
        let text = self.text.trim_start();
        text.is_empty() || text.starts_with('#') || matches!(self.text.trim_end(), "---" | "...")
    }

    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    /// The line without so many characters of its indentation.
    fn outdented(&self, by: usize) -> Line<'a> {
        let by = by.min(self.indent());
        let cut = u32::try_from(by).unwrap_or(u32::MAX);
        Line { text: self.text.get(by..).unwrap_or_default(), number: self.number, cut: self.cut + cut }
    }

    fn mark(&self) -> Mark {
        Mark { line: self.number, column: self.cut + 1 }
    }
}

/// Cuts lines into pieces that begin with a key at the margin.
fn pieces(lines: &[Line<'_>], flavor: Flavor, depth: usize, salvage: &mut Salvage) {
    let mut piece: Vec<Line<'_>> = Vec::new();
    for line in lines {
        let first = piece.is_empty() && !line.is_blank();
        // A first line that is indented by mistake begins a field all the same.
        let line = if first { line.outdented(line.indent()) } else { *line };
        if key_of(line.text).is_some() {
            read_piece(&piece, flavor, depth, salvage);
            piece.clear();
            piece.push(line);
        } else if !piece.is_empty() {
            let continues = line.is_blank() || line.indent() > 0 || line.text.starts_with('-');
            salvage.strays += usize::from(!continues);
            piece.push(line);
        } else if first {
            salvage.strays += 1;
            salvage.note(&line, "this line is no field and was left out".to_owned());
        }
    }
    read_piece(&piece, flavor, depth, salvage);
}

fn read_piece(piece: &[Line<'_>], flavor: Flavor, depth: usize, salvage: &mut Salvage) {
    let Some(head) = piece.first() else { return };
    let text = piece.iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
    let problem = match yaml::read(&text, flavor) {
        Ok(Document { root: Root::Mapping(entries), duplicates, rest: None }) if duplicates.is_empty() => {
            for (key, value, mark) in entries {
                let mark = Mark { line: head.number + mark.line - 1, column: mark.column + head.cut };
                salvage.entries.push((key, value, mark));
            }
            return;
        }
        Ok(_) => "a blank is missing behind the colon".to_owned(),
        Err(error) => error.message,
    };
    salvage_piece(piece, flavor, depth, &problem, salvage);
}

/// Takes a piece that is no YAML apart by its shape.
fn salvage_piece(piece: &[Line<'_>], flavor: Flavor, depth: usize, problem: &str, salvage: &mut Salvage) {
    let Some((head, more)) = piece.split_first() else { return };
    let Some(KeyLine { key, value }) = key_of(head.text) else { return };
    let more: Vec<Line<'_>> = more.iter().filter(|line| !line.is_blank()).copied().collect();
    let keys_below = more.first().is_some_and(|line| key_of(line.text.trim_start()).is_some());
    let items_below = more.first().is_some_and(|line| line.text.trim_start().starts_with("- "));
    let margin = more.iter().map(Line::indent).min().unwrap_or(0);
    let outdented: Vec<Line<'_>> = more.iter().map(|line| line.outdented(margin)).collect();
    let (taken, found) = if keys_below && depth > 0 && !value.is_empty() {
        read_piece(&[*head], flavor, depth, salvage);
        salvage.note(head, format!("the lines below `{key}` are indented by mistake and were read as fields"));
        pieces(&outdented, flavor, depth - 1, salvage);
        return;
    } else if keys_below && depth > 0 {
        let mut inner = Salvage::default();
        pieces(&outdented, flavor, depth - 1, &mut inner);
        salvage.notes.extend(inner.notes);
        let map: Map = inner.entries.into_iter().map(|(key, value, _)| (key, value)).collect();
        ("line by line", Value::Map(map))
    } else if items_below && value.is_empty() {
        ("item by item", Value::List(items(&more, flavor)))
    } else {
        let rest = more.iter().map(|line| line.text.trim());
        let whole: Vec<&str> = std::iter::once(value).chain(rest).filter(|part| !part.is_empty()).collect();
        ("as it stands", loose_scalar(&whole.join(" "), flavor))
    };
    salvage.note(head, format!("`{key}` is not valid YAML ({problem}); its value was taken {taken}"));
    salvage.entries.push((key.to_owned(), found, head.mark()));
}

/// The items of a list, each read alone.
fn items(lines: &[Line<'_>], flavor: Flavor) -> Vec<Value> {
    let mut texts: Vec<String> = Vec::new();
    for line in lines {
        let text = line.text.trim();
        match (text.strip_prefix('-'), texts.last_mut()) {
            (Some(item), _) => texts.push(item.trim().to_owned()),
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(text);
            }
            (None, None) => texts.push(text.to_owned()),
        }
    }
    texts.iter().map(|text| item(text, flavor)).collect()
}

fn item(text: &str, flavor: Flavor) -> Value {
    match yaml::read(text, flavor).map(|document| document.root) {
        Ok(Root::Nothing) => Value::Null,
        Ok(Root::Other(value)) => value,
        Ok(Root::Mapping(entries)) => Value::Map(entries.into_iter().map(|(key, value, _)| (key, value)).collect()),
        Err(_) => loose_scalar(text, flavor),
    }
}

/// A value that is no YAML: a list in brackets where it is one from end to end, without the quotes around it
/// where there are any, and otherwise as it stands.
fn loose_scalar(text: &str, flavor: Flavor) -> Value {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Value::List(
            split_list(inner).into_iter().filter(|part| !part.is_empty()).map(|part| item(part, flavor)).collect(),
        );
    }
    for quote in ['"', '\''] {
        let Some(rest) = text.strip_prefix(quote) else { continue };
        if let Some(inner) = rest.strip_suffix(quote) {
            let escaped = if quote == '"' { "\\\"" } else { "''" };
            return Value::String(inner.replace(escaped, &quote.to_string()));
        }
        if !rest.contains(quote) {
            return Value::from(rest);
        }
    }
    flavor.plain(text)
}

/// Parts between commas that stand outside quotes and brackets.
fn split_list(inner: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote, mut nesting, mut blank) = (0, None, 0_usize, true);
    for (at, c) in inner.char_indices() {
        let opens = blank;
        blank = (blank && c.is_whitespace()) || (c == ',' && nesting == 0 && quote.is_none());
        match c {
            '"' | '\'' if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() && opens => quote = Some(c),
            _ if quote.is_some() => {}
            '[' | '{' => nesting += 1,
            ']' | '}' => nesting = nesting.saturating_sub(1),
            ',' if nesting == 0 => {
                parts.push(inner.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inner.get(start..).unwrap_or_default().trim());
    parts
}

impl Salvage {
    fn note(&mut self, line: &Line<'_>, message: String) {
        self.notes.push(Note { mark: line.mark(), message, quote: line.text.to_owned() });
    }
}
