//! A file in its two parts: cutting, reading, and what becomes of what cannot be read.

use std::borrow::Cow;
use std::sync::Arc;

use super::fence::{self, Cut, Syntax};
use super::memo::{Key, Memo};
use super::repair::{self, Note};
use super::yaml::{self, Document, Mark, Root};
use super::{Flavor, Parts, SyntaxError, json, toml};
use crate::ledger::{Code, Ledger};
use crate::model::{Field, Fields, Place, Value};

pub(super) type Entries = Vec<(String, Value, Mark)>;

/// What came of the text between the fences.
enum Reading {
    /// Fields, perhaps none.
    Fields(Entries),
    /// No front matter to the generator: the whole file is the body.
    Text,
    /// Nothing that could be read: the whole file is the body, and the ledger says so.
    Unreadable(SyntaxError),
}

/// See [`super::split()`].
pub fn split(text: &str, file: impl Into<Arc<str>>, flavor: Flavor, memo: &Memo, ledger: &mut Ledger) -> Parts {
    let text = normalised(text);
    let Some(cut) = fence::cut(&text, flavor) else {
        return whole(&text, flavor == Flavor::Jekyll && fence::opens_like_jekyll(&text));
    };
    let mut scribe = Scribe { file: file.into(), first_line: line_of(&text, cut.data_start), flavor, ledger };
    let key = Key::of(&scribe.file, cut.data);
    let (reading, key) = match memo.take(&key) {
        Some(entries) => (Reading::Fields(entries), None),
        None => (read(&cut, &mut scribe), Some(key)),
    };
    match reading {
        Reading::Fields(entries) => {
            if let Some(key) = key {
                memo.keep(key, &entries);
            }
            if let Some(reason) = cut.refused {
                scribe.add(Code::FrontMatterRepaired, Mark { line: 1, column: 1 }, reason);
            }
            Parts {
                fields: scribe.fields(entries),
                body: text.get(cut.body_start..).unwrap_or_default().to_owned(),
                body_line: line_of(&text, cut.body_start),
                present: true,
            }
        }
        Reading::Text => whole(&text, false),
        Reading::Unreadable(error) => {
            let mark = Mark { line: error.line, column: error.column };
            let message = format!("the front matter cannot be read and was kept as text: {error}");
            scribe.add(Code::FrontMatterUnreadable, mark, message);
            whole(&text, cut.fenced)
        }
    }
}

fn whole(text: &str, present: bool) -> Parts {
    Parts { fields: Fields::new(), body: text.to_owned(), body_line: 1, present }
}

/// Without a byte order mark, and every line end as `\n`: all three generators' renderers see it so.
fn normalised(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The line on which an offset lies, from 1.
fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.get(..offset).unwrap_or(text);
    u32::try_from(memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1).unwrap_or(u32::MAX)
}

fn read(cut: &Cut<'_>, scribe: &mut Scribe<'_>) -> Reading {
    if cut.syntax == Syntax::Json {
        return match json::read(cut.data) {
            Some(entries) => Reading::Fields(entries),
            None if cut.fenced => Reading::Unreadable(broken("Hexo expects JSON between `;;;`")),
            None => Reading::Text,
        };
    }
    if cut.syntax == Syntax::JsonObject {
        let inner = cut.data.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(cut.data);
        let read = json::read(inner).map(Reading::Fields);
        return read.unwrap_or_else(|| Reading::Unreadable(broken("the JSON object is none")));
    }
    if cut.syntax == Syntax::Toml {
        return toml::read(cut.data).map_or_else(Reading::Unreadable, Reading::Fields);
    }
    let data = prepared(cut.data, scribe);
    match yaml::read(&data, scribe.flavor) {
        Ok(document) => from_document(document, &data, cut, scribe),
        Err(error) => mended(&data, cut, error, scribe),
    }
}

/// What a generator does to the text before its YAML parser sees it, and NUL characters, at which no parser goes on.
fn prepared<'a>(data: &'a str, scribe: &mut Scribe<'_>) -> Cow<'a, str> {
    let mut data = Cow::Borrowed(data);
    if let Some(at) = data.find('\0') {
        let mark = Mark { line: line_of(&data, at), column: 1 };
        scribe.add(Code::FrontMatterRepaired, mark, "NUL characters were taken out");
        data = Cow::Owned(data.replace('\0', ""));
    }
    if scribe.flavor == Flavor::Hexo {
        // js-yaml ends the last line itself, which counts in a block scalar that keeps its line ends.
        let last = if data.ends_with('\n') { "" } else { "\n" };
        data = Cow::Owned(hexo_tabs(&data) + last);
    }
    data
}

/// Hexo turns each tab at the start of a line, but the first, into two spaces.
pub(super) fn hexo_tabs(data: &str) -> String {
    let mut out = String::with_capacity(data.len() + 16);
    for (index, line) in data.split_inclusive('\n').enumerate() {
        let rest = if index == 0 { line } else { line.trim_start_matches('\t') };
        out.push_str(&"  ".repeat(line.len() - rest.len()));
        out.push_str(rest);
    }
    out
}

fn from_document(document: Document, data: &str, cut: &Cut<'_>, scribe: &mut Scribe<'_>) -> Reading {
    let flavor = scribe.flavor;
    match (document.root, flavor) {
        (Root::Mapping(entries), _) => {
            for (key, mark) in document.duplicates {
                scribe.duplicate(&key, mark);
            }
            if let Some(rest) = document.rest {
                let generator = flavor.name();
                let message = format!("{generator} reads the front matter down to here; the rest was left out");
                let line = usize::try_from(rest.line).unwrap_or(usize::MAX).saturating_sub(1);
                let quote = data.lines().nth(line).unwrap_or_default().to_owned();
                scribe.note(Note { mark: rest, message, quote });
            }
            Reading::Fields(entries)
        }
        (Root::Nothing, Flavor::Jekyll | Flavor::Hugo | Flavor::Zola) => Reading::Fields(Entries::new()),
        (Root::Nothing, Flavor::Hexo) => Reading::Text,
        (Root::Nothing, Flavor::Ink) => {
            let message = "Ink rejects a file without fields; it was taken as one with none";
            scribe.add(Code::FrontMatterRepaired, Mark { line: 1, column: 1 }, message);
            Reading::Fields(Entries::new())
        }
        // JavaScript takes a list for an object with the keys 0, 1, 2 …
        (Root::Other(Value::List(items)), Flavor::Hexo) => {
            let mark = Mark { line: 1, column: 1 };
            let entry = |(index, item): (usize, Value)| (index.to_string(), item, mark);
            Reading::Fields(items.into_iter().enumerate().map(entry).collect())
        }
        (Root::Other(_), Flavor::Hexo) if !cut.fenced || !fence::looks_like_fields(data) => Reading::Text,
        (Root::Other(_), _) => mended(data, cut, broken("it holds no fields"), scribe),
    }
}

fn broken(message: &str) -> SyntaxError {
    SyntaxError { line: 1, column: 1, message: message.to_owned() }
}

/// Reads what the generator rejects, where its meaning is plain.
fn mended(data: &str, cut: &Cut<'_>, error: SyntaxError, scribe: &mut Scribe<'_>) -> Reading {
    let flavor = scribe.flavor;
    let spaced = repair::without_tabs(data);
    if let Some((spaced, mark)) = &spaced
        && let Ok(Document { root: Root::Mapping(entries), duplicates, rest: None }) = yaml::read(spaced, flavor)
    {
        scribe.add(Code::FrontMatterRepaired, *mark, "tabs in the indentation were read as two spaces each");
        for (key, mark) in duplicates {
            scribe.duplicate(&key, mark);
        }
        return Reading::Fields(entries);
    }
    let data = spaced.as_ref().map_or(data, |(spaced, _)| spaced);
    let salvage = repair::by_lines(data, flavor);
    // Without an opening fence only lines that are all fields were meant as such.
    if salvage.entries.is_empty() || (!cut.fenced && salvage.strays > 0) {
        return if cut.fenced || fence::looks_like_fields(data) {
            Reading::Unreadable(error)
        } else {
            let mark = Mark { line: error.line, column: error.column };
            let generator = flavor.name();
            let message = format!("{generator} rejects this file ({error}); it was taken as text without front matter");
            scribe.add(Code::FrontMatterRepaired, mark, message);
            Reading::Text
        };
    }
    if salvage.notes.is_empty() {
        let mark = Mark { line: error.line, column: error.column };
        let message = format!("the front matter is not valid YAML ({error}) and was read line by line");
        scribe.add(Code::FrontMatterRepaired, mark, message);
    }
    for note in salvage.notes {
        scribe.note(note);
    }
    Reading::Fields(unique(salvage.entries, scribe))
}

/// Lets the last of equal keys win at the place of the first.
fn unique(entries: Entries, scribe: &mut Scribe<'_>) -> Entries {
    let mut kept: indexmap::IndexMap<String, (Value, Mark)> = indexmap::IndexMap::new();
    for (key, value, mark) in entries {
        match kept.get_mut(&key) {
            Some(known) => {
                known.0 = value;
                scribe.duplicate(&key, mark);
            }
            None => {
                kept.insert(key, (value, mark));
            }
        }
    }
    kept.into_iter().map(|(key, (value, mark))| (key, value, mark)).collect()
}

/// Writes entries for one file, whose front matter begins on a line of it.
struct Scribe<'a> {
    file: Arc<str>,
    first_line: u32,
    flavor: Flavor,
    ledger: &'a mut Ledger,
}

impl Scribe<'_> {
    fn place(&self, mark: Mark) -> Place {
        let line = self.first_line.saturating_add(mark.line).saturating_sub(1);
        Place { file: Arc::clone(&self.file), line, column: mark.column }
    }

    fn add(&mut self, code: Code, mark: Mark, message: impl Into<String>) {
        self.ledger.add(code, self.place(mark), message);
    }

    fn note(&mut self, note: Note) {
        self.ledger.add_quoting(Code::FrontMatterRepaired, self.place(note.mark), note.message, &note.quote);
    }

    fn duplicate(&mut self, key: &str, mark: Mark) {
        let message = match self.flavor {
            Flavor::Hexo => format!("`{key}` stands twice, which Hexo rejects; the last value was taken"),
            Flavor::Hugo | Flavor::Zola => {
                let name = self.flavor.name();
                format!("`{key}` stands twice, which {name} rejects; the last value was taken")
            }
            Flavor::Jekyll | Flavor::Ink => format!("`{key}` stands twice; the last value counts"),
        };
        self.add(Code::DuplicateKey, mark, message);
    }

    fn fields(&self, entries: Entries) -> Fields {
        entries.into_iter().map(|(key, value, mark)| (key, Field { value, place: self.place(mark) })).collect()
    }
}
