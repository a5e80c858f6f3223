//! How the blocks of gomarkdown begin (`parser/block.go`). Lengths are in bytes; 0 where it is something else.

use std::ops::Range;

use super::super::ends::Ends;

/// White space as gomarkdown has it (`IsSpace`).
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Where the first byte that is not `c` is, at `at` or behind it (`skipChar`).
pub fn skip(data: &[u8], at: usize, c: u8) -> usize {
    at + data[at.min(data.len())..].iter().take_while(|b| **b == c).count()
}

/// The same for at most so many bytes (`skipCharN`).
pub fn skip_most(data: &[u8], at: usize, c: u8, most: usize) -> usize {
    at + data[at.min(data.len())..].iter().take(most).take_while(|b| **b == c).count()
}

/// Where the next `c` is, or the end (`skipUntilChar`).
pub fn until(data: &[u8], at: usize, c: u8) -> usize {
    let at = at.min(data.len());
    data[at..].iter().position(|b| *b == c).map_or(data.len(), |offset| at + offset)
}

/// The length of the first line, its end included.
pub fn line(data: &[u8]) -> usize {
    (until(data, 0, b'\n') + 1).min(data.len())
}

/// A blank line with its end (`IsEmpty`).
pub fn blank(data: &[u8]) -> usize {
    let end = until(data, 0, b'\n');
    if !data[..end].iter().all(|b| matches!(b, b' ' | b'\t')) {
        return 0;
    }
    (end + 1).min(data.len())
}

/// A backslash stands before the byte, and none before that (`isBackslashEscaped`).
pub fn is_escaped(data: &[u8], at: usize) -> bool {
    data[..at].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

/// A heading by number signs and a space (`isPrefixHeading` with `SpaceHeadings`).
pub fn heading(data: &[u8]) -> bool {
    if data.first() != Some(&b'#') {
        return false;
    }
    data.get(skip_most(data, 0, b'#', 6)) == Some(&b' ')
}

/// A thematic break (`isHRule`).
pub fn rule(data: &[u8]) -> bool {
    let start = skip_most(data, 0, b' ', 3);
    let Some(&mark) = data.get(start).filter(|b| matches!(b, b'*' | b'-' | b'_')) else { return false };
    let line = &data[start..until(data, start, b'\n')];
    line.iter().all(|b| *b == mark || *b == b' ') && line.iter().filter(|b| **b == mark).count() >= 3
}

/// The level of a heading that is underlined by this line (`isUnderlinedHeading`).
pub fn underline(data: &[u8]) -> u8 {
    let (mark, level) = match data.first() {
        Some(b'=') => (b'=', 1),
        Some(b'-') => (b'-', 2),
        _ => return 0,
    };
    let end = skip(data, skip(data, 1, mark), b' ');
    if data.get(end) == Some(&b'\n') { level } else { 0 }
}

/// The mark of a quote's line (`quotePrefix`).
pub fn quote(data: &[u8]) -> usize {
    let start = skip_most(data, 0, b' ', 3);
    match (data.get(start), data.get(start + 1)) {
        (Some(b'>'), Some(b' ')) => start + 2,
        (Some(b'>'), _) => start + 1,
        _ => 0,
    }
}

/// The indentation of code (`codePrefix`).
pub fn code(data: &[u8]) -> usize {
    match data {
        [b'\t', ..] => 1,
        [b' ', b' ', b' ', b' ', ..] => 4,
        _ => 0,
    }
}

/// The mark of a bullet (`uliPrefix`).
pub fn bullet(data: &[u8]) -> usize {
    let at = skip_most(data, 0, b' ', 3);
    match (data.get(at), data.get(at + 1)) {
        (Some(b'*' | b'+' | b'-'), Some(b' ' | b'\t')) => at + 2,
        _ => 0,
    }
}

/// The mark of a number (`oliPrefix`).
pub fn number(data: &[u8]) -> usize {
    let start = skip_most(data, 0, b' ', 3);
    let at = start + data[start..].iter().take_while(|b| b.is_ascii_digit()).count();
    match (data.get(at), data.get(at + 1)) {
        (Some(b'.' | b')'), Some(b' ' | b'\t')) if at > start => at + 2,
        _ => 0,
    }
}

/// The mark of a definition (`dliPrefix`).
pub fn definition(data: &[u8]) -> usize {
    if matches!(data, [b':', b' ' | b'\t', ..]) { 2 } else { 0 }
}

/// A fence's line (`isFenceLine`).
pub struct Fence<'a> {
    /// Its length with the line end.
    pub length: usize,
    /// The marks.
    pub marks: &'a [u8],
    /// What stands behind them: the info.
    pub info: &'a [u8],
}

/// The opening line of a fence.
pub fn fence(data: &[u8]) -> Option<Fence<'_>> {
    let (start, end) = marks(data)?;
    let at = skip(data, end, b' ');
    let line_end = until(data, at, b'\n');
    let mut info = &data[at..line_end];
    if info.first() == Some(&b'{') {
        let close = info.iter().position(|b| *b == b'}')?;
        if info[close + 1..].iter().any(|b| *b != b' ') {
            return None;
        }
        info = info[1..close].trim_ascii();
    }
    Some(Fence { length: (line_end + 1).min(data.len()), marks: &data[start..end], info })
}

/// The line that closes a fence: the same marks and nothing else.
fn closing(data: &[u8], wanted: &[u8]) -> usize {
    let Some((start, end)) = marks(data).filter(|(start, end)| &data[*start..*end] == wanted) else { return 0 };
    debug_assert!(start < end);
    let at = skip(data, end, b' ');
    match data.get(at) {
        None => at,
        Some(b'\n') => at + 1,
        _ => 0,
    }
}

/// A line of a fence's marks and nothing else: the mark and how many there are.
pub fn bare_fence(data: &[u8]) -> Option<(u8, usize)> {
    let (start, end) = marks(data)?;
    matches!(data.get(skip(data, end, b' ')), Some(b'\n')).then(|| (data[start], end - start))
}

fn marks(data: &[u8]) -> Option<(usize, usize)> {
    let start = skip_most(data, 0, b' ', 3);
    let mark = *data.get(start).filter(|b| matches!(b, b'~' | b'`'))?;
    let end = skip(data, start, mark);
    (end - start >= 3).then_some((start, end))
}

/// A fenced block that begins at a place (`fencedCodeBlock`): the bytes of its content and its whole length, from
/// there. It must be closed; fences are known by their mark and their length.
pub fn fenced(text: &[u8], at: usize, ends: &mut Ends<(u8, usize)>) -> Option<(Range<usize>, usize)> {
    let data = &text[at..];
    let fence = fence(data)?;
    let (close, length) = ends.find_by(at + fence.length, (fence.marks[0], fence.marks.len()), || {
        let mut at = fence.length;
        while at < data.len() {
            let close = closing(&data[at..], fence.marks);
            if close > 0 {
                return Some((at, close));
            }
            at = until(data, at, b'\n') + 1;
        }
        None
    })?;
    Some((fence.length..close, close + length))
}

/// The length of the code span at the start of a text (`codeSpan`), 0 for none.
pub fn code_length(data: &[u8]) -> usize {
    code_span(data).unwrap_or(0)
}

/// The same; where there is none, how many of the ticks open nothing: with fewer of them the search could end.
pub fn code_span(data: &[u8]) -> Result<usize, usize> {
    let ticks = skip(data, 0, b'`');
    if ticks == 0 {
        return Err(0);
    }
    let (mut run, mut longest) = (0, 0);
    let mut at = ticks;
    while let Some(found) = memchr::memchr(b'`', &data[at..]) {
        at += found;
        run = skip(data, at, b'`') - at;
        if run >= ticks {
            return Ok(at + ticks);
        }
        longest = longest.max(run);
        at += run;
    }
    debug_assert!(run <= longest);
    Err(ticks - longest)
}

/// The length without line ends behind it.
pub fn trimmed(data: &[u8]) -> usize {
    data.len() - data.iter().rev().take_while(|b| **b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_known_by_their_first_bytes() {
        assert_eq!((bullet(b"  * a"), bullet(b"*a"), number(b"12) a"), number(b"1.a")), (4, 0, 4, 0));
        assert!(rule(b"* * *\n") && !rule(b"** a\n"));
        assert_eq!((blank(b" \t\nx"), blank(b"x"), blank(b"")), (3, 0, 0));
        assert_eq!(fenced(b"``` go\na\n```\nb", 0, &mut Ends::default()), Some((7..9, 13)));
        assert!(fenced(b"```\na\n", 0, &mut Ends::default()).is_none());
    }
}
