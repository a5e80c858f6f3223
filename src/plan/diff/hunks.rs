//! The hunks of a unified diff. A line ends with `\n` and nothing else: a lone `\r` is a byte of its line, as it is to git.

use std::borrow::Cow;

use anstyle::{AnsiColor, Effects};
use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices, group_diff_ops};

/// Beyond so many lines in both texts together, what differs is shown as replaced as a whole: the search for the fewest
/// changes takes time by their square.
const MOST_LINES: usize = 20_000;

/// The marks of a patch.
pub struct Style {
    head: anstyle::Style,
    hunk: anstyle::Style,
    old: anstyle::Style,
    new: anstyle::Style,
    coloured: bool,
    to_read: bool,
}

impl Style {
    /// git's own colours, or none; and for a terminal no byte that would command it.
    pub fn of(coloured: bool, to_read: bool) -> Self {
        let colour = |colour: AnsiColor| if coloured { colour.on_default() } else { anstyle::Style::new() };
        let head = if coloured { anstyle::Style::new().bold() } else { anstyle::Style::new() };
        let (hunk, old, new) = (colour(AnsiColor::Cyan), colour(AnsiColor::Red), colour(AnsiColor::Green));
        Style { head, hunk, old, new, coloured, to_read }
    }

    /// Marks for lines that are new, and for lines that are gone.
    pub fn marks(&self, plus: &str, minus: &str) -> String {
        let (new, old) = (&self.new, &self.old);
        format!("{new}{plus}{}{old}{minus}{}", new.render_reset(), old.render_reset())
    }

    /// Lines as they are shown.
    fn shown<'t>(&self, lines: &[&'t [u8]]) -> Vec<Cow<'t, [u8]>> {
        let commands = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\n' | b'\t' | b'\r') || *byte == 0x7f;
        let shown = |line: &&'t [u8]| match self.to_read && line.iter().any(commands) {
            true => line.iter().map(|byte| if commands(byte) { b'?' } else { *byte }).collect::<Vec<u8>>().into(),
            false => Cow::Borrowed(*line),
        };
        lines.iter().map(shown).collect()
    }

    /// A line above the hunks.
    pub fn head(&self, line: &str) -> String {
        format!("{}{line}{}\n", self.head, self.head.render_reset())
    }
}

/// The changes from one list of lines to another, at most by a bounded amount of work.
pub fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    if old.len() + new.len() <= MOST_LINES {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let before = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = (&old[before..], &new[before..]);
    let behind = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_len, new_len) = (rest.0.len() - behind, rest.1.len() - behind);
    let mut changes = Vec::new();
    if before > 0 {
        changes.push(DiffOp::Equal { old_index: 0, new_index: 0, len: before });
    }
    match (old_len, new_len) {
        (0, 0) => {}
        (0, _) => changes.push(DiffOp::Insert { old_index: before, new_index: before, new_len }),
        (_, 0) => changes.push(DiffOp::Delete { old_index: before, old_len, new_index: before }),
        _ => changes.push(DiffOp::Replace { old_index: before, old_len, new_index: before, new_len }),
    }
    if behind > 0 {
        changes.push(DiffOp::Equal { old_index: before + old_len, new_index: before + new_len, len: behind });
    }
    changes
}

/// The lines of a text, their ends included.
pub fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// A hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The lines of the old text that it speaks of, from 0.
    pub old: std::ops::Range<usize>,
    /// The line that says so, and the lines.
    pub text: Vec<u8>,
}

/// The hunks from one text to another.
pub fn all(old: &[u8], new: &[u8], context: usize, style: &Style) -> Vec<Hunk> {
    let (old, new) = (lines(old), lines(new));
    let (old, new) = (style.shown(&old), style.shown(&new));
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) =
        (old.iter().map(|line| &**line).collect(), new.iter().map(|line| &**line).collect());
    group_diff_ops(changes(&old, &new), context).iter().filter_map(|group| hunk(group, &old, &new, style)).collect()
}

fn hunk(group: &[DiffOp], old: &[&[u8]], new: &[&[u8]], style: &Style) -> Option<Hunk> {
    let (first, last) = (group.first()?, group.last()?);
    let olds = first.old_range().start..last.old_range().end;
    let news = first.new_range().start..last.new_range().end;
    let at = format!("@@ -{} +{} @@", range(&olds), range(&news));
    let mut out = format!("{}{at}{}\n", style.hunk, style.hunk.render_reset()).into_bytes();
    for change in group {
        let (olds, news) = (&old[change.old_range()], &new[change.new_range()]);
        match change {
            DiffOp::Equal { .. } => {
                olds.iter().for_each(|line| plain(b' ', line, &anstyle::Style::new(), &mut out));
            }
            DiffOp::Replace { .. } if style.coloured && olds.len() == news.len() => {
                within_lines(olds, news, style, &mut out);
            }
            _ => {
                olds.iter().for_each(|line| plain(b'-', line, &style.old, &mut out));
                news.iter().for_each(|line| plain(b'+', line, &style.new, &mut out));
            }
        }
    }
    Some(Hunk { old: olds, text: out })
}

/// git: the number of the first line, from 1, and how many there are, unless it is one. Of none, the line above.
fn range(lines: &std::ops::Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn plain(mark: u8, line: &[u8], style: &anstyle::Style, out: &mut Vec<u8>) {
    let (text, ended) = line.strip_suffix(b"\n").map_or((line, false), |text| (text, true));
    out.extend(style.render().to_string().into_bytes());
    out.push(mark);
    out.extend(text);
    out.extend(style.render_reset().to_string().into_bytes());
    out.push(b'\n');
    if !ended {
        out.extend(b"\\ No newline at end of file\n");
    }
}

/// Lines of which each takes the place of one: the words that differ stand out.
fn within_lines(olds: &[&[u8]], news: &[&[u8]], style: &Style, out: &mut Vec<u8>) {
    let pairs: Vec<(String, String)> = olds.iter().zip(news).map(|(old, new)| marked(old, new, style)).collect();
    for (line, (old, _)) in olds.iter().zip(&pairs) {
        emphasised(b'-', line, old, &style.old, out);
    }
    for (line, (_, new)) in news.iter().zip(&pairs) {
        emphasised(b'+', line, new, &style.new, out);
    }
}

fn emphasised(mark: u8, line: &[u8], marked: &str, style: &anstyle::Style, out: &mut Vec<u8>) {
    if marked.is_empty() {
        return plain(mark, line, style, out);
    }
    out.extend(format!("{style}{}{marked}{}\n", char::from(mark), style.render_reset()).into_bytes());
    if !line.ends_with(b"\n") {
        out.extend(b"\\ No newline at end of file\n");
    }
}

/// Two lines with the words marked in which they differ; nothing where they have little in common.
fn marked(old: &[u8], new: &[u8], style: &Style) -> (String, String) {
    const LONGEST: usize = 2000;
    let text = |line| std::str::from_utf8(line).ok().map(|line: &str| line.trim_end_matches('\n'));
    let (Some(old), Some(new)) = (text(old), text(new)) else { return Default::default() };
    if old.len() + new.len() > LONGEST {
        return Default::default();
    }
    let words = TextDiff::from_words(old, new);
    if words.ratio() < 0.4 {
        return Default::default();
    }
    let mut sides = (String::new(), String::new());
    for change in words.iter_all_changes() {
        let strong = |side: &anstyle::Style| {
            let strong = side.effects(Effects::INVERT);
            format!("{strong}{}{}{side}", change.value(), strong.render_reset())
        };
        match change.tag() {
            similar::ChangeTag::Equal => {
                sides.0.push_str(change.value());
                sides.1.push_str(change.value());
            }
            similar::ChangeTag::Delete => sides.0.push_str(&strong(&style.old)),
            similar::ChangeTag::Insert => sides.1.push_str(&strong(&style.new)),
        }
    }
    sides
}
