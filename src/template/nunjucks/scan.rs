//! Finding tags in a Hexo post the way Hexo does before it renders Markdown: fenced code is out of reach, code
//! spans and comments are passed over.

use std::ops::Range;

/// A piece of a body. Ranges are bytes of the scanned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text, code and comments included: nothing to expand.
    Text(Range<usize>),
    /// `{{ expression }}`.
    Variable {
        /// All of it.
        range: Range<usize>,
        /// The expression.
        inner: Range<usize>,
    },
    /// `{# comment #}`: shows nothing.
    Comment(Range<usize>),
    /// `{% name arguments %}`, with its body up to `{% endname %}` where there is one.
    Tag {
        /// All of it.
        range: Range<usize>,
        /// Name and arguments.
        inner: Range<usize>,
        /// What stands between the tag and its end tag.
        body: Option<Range<usize>>,
    },
}

/// Cuts a text into pieces, in order and without gaps.
pub fn scan(text: &str) -> Vec<Piece> {
    let fences = fences(text);
    let mut scanner = Scanner {
        text,
        fences: &fences,
        pieces: Vec::new(),
        plain: 0,
        no_end: Vec::new(),
        work: 64 * text.len() + (1 << 20),
    };
    scanner.run();
    scanner.pieces
}

struct Scanner<'a> {
    text: &'a str,
    fences: &'a [Range<usize>],
    pieces: Vec<Piece>,
    /// Where the text that is not yet a piece begins.
    plain: usize,
    /// Names whose end tag does not occur behind some place already looked at.
    no_end: Vec<String>,
    /// Bytes that may still be looked at for ends that do not come: the work is bounded.
    work: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut fence = 0;
        while at < bytes.len() {
            if let Some(code) = self.fences.get(fence)
                && at >= code.start
            {
                at = at.max(code.end);
                fence += 1;
                continue;
            }
            at = match bytes[at] {
                b'`' if at == 0 || bytes[at - 1] != b'\\' => self.code_span(at),
                b'<' if self.text[at..].starts_with("<!--") => find(self.text, at + 4, "-->").unwrap_or(bytes.len()),
                b'{' => self.braces(at),
                _ => at + 1,
            };
        }
        self.flush(bytes.len());
    }

    /// A code span ends at an equal run of backticks before the next blank line; otherwise the run is text.
    fn code_span(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let run = bytes[at..].iter().take_while(|b| **b == b'`').count();
        let mut from = at + run;
        while from < bytes.len() {
            match bytes[from] {
                b'`' => {
                    let closing = bytes[from..].iter().take_while(|b| **b == b'`').count();
                    from += closing;
                    if closing == run {
                        return from;
                    }
                }
                b'\n' if bytes.get(from + 1) == Some(&b'\n') => break,
                _ => from += 1,
            }
        }
        at + run
    }

    fn braces(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        if rest.starts_with("{{") {
            // Hexo: a lone `}` outside quotes ends the search
            if let Some(end) = self.closing(at + 2, "}}") {
                self.push(at, Piece::Variable { range: at..end, inner: at + 2..end - 2 });
                return end;
            }
            return at + 2;
        }
        if rest.starts_with("{#")
            && let Some(end) = find(self.text, at + 2, "#}")
        {
            self.push(at, Piece::Comment(at..end));
            return end;
        }
        if rest.starts_with("{%")
            && let Some(end) = self.closing(at + 2, "%}")
        {
            return self.tag(at, end);
        }
        at + 1
    }

    fn tag(&mut self, at: usize, open_end: usize) -> usize {
        let inner = at + 2..open_end - 2;
        let name = name_of(&self.text[inner.clone()]).to_owned();
        let body = if name.is_empty() || self.no_end.contains(&name) { None } else { self.end_tag(&name, open_end) };
        let (end, body) = match body {
            Some((from, to)) => (to, Some(open_end..from)),
            None => {
                self.no_end.push(name);
                (open_end, None)
            }
        };
        self.push(at, Piece::Tag { range: at..end, inner, body });
        end
    }

    /// The next `{% endname %}` that is not inside fenced code; nested tags of the same name are counted.
    fn end_tag(&self, name: &str, from: usize) -> Option<(usize, usize)> {
        let wanted = format!("end{name}");
        let mut depth = 0usize;
        let mut at = from;
        while let Some(start) = find(self.text, at, "{%").map(|end| end - 2) {
            let end = find(self.text, start + 2, "%}")?;
            at = end;
            let inside_code = self.fences.iter().any(|code| code.start <= start && start < code.end);
            let found = name_of(&self.text[start + 2..end - 2]);
            if found == wanted && (name != "raw" || !inside_code) {
                if depth == 0 {
                    return Some((start, end));
                }
                depth -= 1;
            } else if found == name && name != "raw" && !inside_code {
                depth += 1;
            }
        }
        None
    }

    /// The end of a delimiter outside quotes.
    fn closing(&mut self, from: usize, delimiter: &str) -> Option<usize> {
        let end = if self.work > 0 { self.closing_within(from, delimiter) } else { None };
        self.work = self.work.saturating_sub(end.unwrap_or(self.text.len()) - from);
        end
    }

    fn closing_within(&self, from: usize, delimiter: &str) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut quote = None;
        for at in from..bytes.len() {
            match (quote, bytes[at]) {
                (None, b'"' | b'\'') => quote = Some(bytes[at]),
                (Some(open), b) if open == b => quote = None,
                (None, b'}') if delimiter == "}}" && bytes.get(at + 1) != Some(&b'}') => return None,
                (None, _) if self.text[..].as_bytes()[at..].starts_with(delimiter.as_bytes()) => return Some(at + 2),
                _ => {}
            }
        }
        None
    }

    fn push(&mut self, at: usize, piece: Piece) {
        self.flush(at);
        self.plain = match &piece {
            Piece::Text(range) | Piece::Comment(range) => range.end,
            Piece::Variable { range, .. } | Piece::Tag { range, .. } => range.end,
        };
        self.pieces.push(piece);
    }

    fn flush(&mut self, end: usize) {
        if self.plain < end {
            self.pieces.push(Piece::Text(self.plain..end));
            self.plain = end;
        }
    }
}

/// The first word of a tag.
pub fn name_of(inner: &str) -> &str {
    inner.trim_matches(['-', ' ', '\t', '\n', '\r']).split_whitespace().next().unwrap_or("")
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| from + at + what.len())
}

/// Hexo (`backtick_code_block.js`): fences of three or more backticks or tildes at a line's start, behind at most
/// three `>` or one list marker, closed by the same fence.
pub fn fences(text: &str) -> Vec<Range<usize>> {
    let mut fences = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
        let content = content.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('.').trim_start();
        let quoted = line.trim_start_matches([' ', '\t', '>']);
        match &open {
            None => {
                let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'));
                if let Some(mark) = mark {
                    let run: String = content.chars().take_while(|c| *c == mark).collect();
                    if run.len() >= 3 && !content[run.len()..].contains('`') {
                        open = Some((start, run));
                    }
                }
            }
            Some((from, fence)) if quoted.trim_end() == fence => {
                fences.push(*from..start + line.len());
                open = None;
            }
            Some(_) => {}
        }
        start += line.len();
    }
    fences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str) -> Vec<&str> {
        scan(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Variable { range, .. } | Piece::Comment(range) | Piece::Tag { range, .. } => Some(&text[range]),
            })
            .collect()
    }

    #[test]
    fn code_is_passed_over() {
        assert_eq!(tags("`{{ a }}` {{ b }}\n```\n{% c %}\n```\n{% d %}"), ["{{ b }}", "{% d %}"]);
    }

    #[test]
    fn blocks_reach_to_their_end_tag() {
        assert_eq!(tags("{% note %}a {% b %}{% endnote %}{# c #}"), ["{% note %}a {% b %}{% endnote %}", "{# c #}"]);
        assert_eq!(tags("{% note %} never closed"), ["{% note %}"]);
    }

    #[test]
    fn a_single_closing_brace_ends_the_search() {
        assert_eq!(tags("{{ a } b }}"), Vec::<&str>::new());
    }

    #[test]
    fn pieces_cover_the_text() {
        let text = "a {{ b }} c {% d %}e{% endd %} {% f";
        let mut at = 0;
        for piece in scan(text) {
            let (Piece::Text(range) | Piece::Comment(range) | Piece::Variable { range, .. } | Piece::Tag { range, .. }) =
                piece;
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, text.len());
    }
}
