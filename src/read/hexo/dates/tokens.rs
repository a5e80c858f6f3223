//! The parts of a date that V8 tells apart (`dateparser.h`, `DateStringTokenizer`).

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// Digits: their value, of which nine count, and how many there are.
    Number(i32, usize),
    /// `:`, `-`, `+`, `.` or `)`.
    Symbol(u8),
    /// A word, its first three letters and its length known.
    Word(Word, usize),
    Space,
    /// `(` with all that it encloses, or a mark that means nothing.
    Other,
    End,
}

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Month(i32),
    /// The hours to add to one of twelve.
    HalfOfDay(i32),
    /// Hours east of Greenwich.
    Zone(i32),
    /// The `T` between date and time.
    Separator,
    Unknown,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ZONES: [(&str, i32); 12] = [
    ("ut", 0),
    ("utc", 0),
    ("z", 0),
    ("gmt", 0),
    ("cdt", -5),
    ("cst", -6),
    ("edt", -4),
    ("est", -5),
    ("mdt", -6),
    ("mst", -7),
    ("pdt", -7),
    ("pst", -8),
];

/// Reads part after part.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    next: Token,
}

impl<'a> Tokens<'a> {
    /// The parts of a text.
    pub fn new(text: &'a str) -> Self {
        let mut tokens = Tokens { text, next: Token::End };
        tokens.next = tokens.scan();
        tokens
    }

    /// The next part, left where it is.
    pub fn peek(&self) -> Token {
        self.next
    }

    /// The next part.
    pub fn next(&mut self) -> Token {
        let token = self.next;
        self.next = self.scan();
        token
    }

    /// Whether a symbol is next, which is passed over.
    pub fn skip(&mut self, symbol: u8) -> bool {
        let found = self.next == Token::Symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    fn scan(&mut self) -> Token {
        let Some(first) = self.text.chars().next() else { return Token::End };
        match first {
            '0'..='9' => {
                let digits = self.take(|c| c.is_ascii_digit());
                let counted = digits.trim_start_matches('0').bytes().take(9);
                Token::Number(counted.fold(0, |n, digit| n * 10 + i32::from(digit - b'0')), digits.len())
            }
            ':' | '-' | '+' | '.' | ')' => {
                self.text = &self.text[1..];
                Token::Symbol(first as u8)
            }
            _ if first.is_whitespace() || first == '\u{feff}' => {
                self.take(|c| c.is_whitespace() || c == '\u{feff}');
                Token::Space
            }
            'A'.. => {
                let word = self.take(|c| c >= 'A' && !c.is_whitespace() && c != '\u{feff}');
                // V8 counts in UTF-16
                Token::Word(meaning(word), word.encode_utf16().count())
            }
            '(' => {
                self.pass_parentheses();
                Token::Other
            }
            _ => {
                self.text = &self.text[first.len_utf8()..];
                Token::Other
            }
        }
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.text.split_at(self.text.find(|c| !wanted(c)).unwrap_or(self.text.len()));
        self.text = rest;
        taken
    }

    /// `InputReader::SkipParentheses`.
    fn pass_parentheses(&mut self) {
        let mut open = 0usize;
        for (at, c) in self.text.char_indices() {
            match c {
                '(' => open += 1,
                ')' => open -= 1,
                _ => continue,
            }
            if open == 0 {
                self.text = &self.text[at + 1..];
                return;
            }
        }
        self.text = "";
    }
}

/// `KeywordTable::Lookup`: of a month the first three letters count, every other word is compared whole.
fn meaning(word: &str) -> Word {
    let lower = word.to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| lower.starts_with(month));
    if let Some(month) = month {
        return Word::Month(month as i32 + 1);
    }
    match lower.as_str() {
        "am" => Word::HalfOfDay(0),
        "pm" => Word::HalfOfDay(12),
        "t" => Word::Separator,
        _ => ZONES.iter().find(|(name, _)| *name == lower).map_or(Word::Unknown, |(_, hours)| Word::Zone(*hours)),
    }
}
