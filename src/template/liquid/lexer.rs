//! Liquid's strict reading (`lexer.rb`, `parser.rb`): all or nothing.

use super::expression::{Comparison, Condition, Expression, Filter, Filtered, Step, is_space};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Lexeme<'a> {
    Text(&'a str),
    Number(&'a str),
    Name(&'a str),
    Compare(Comparison),
    DotDot,
    Sign(char),
}

fn lexemes(text: &str) -> Option<Vec<Lexeme<'_>>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while let Some(c) = rest.chars().next() {
        let (lexeme, length) = match c {
            '"' | '\'' => {
                let end = rest[1..].find(c)?;
                (Lexeme::Text(&rest[1..end + 1]), end + 2)
            }
            '=' | '!' | '<' | '>' => match rest.get(..2).and_then(Comparison::of) {
                Some(comparison) => (Lexeme::Compare(comparison), 2),
                None => (Lexeme::Compare(Comparison::of(&rest[..1])?), 1),
            },
            '.' if rest.starts_with("..") => (Lexeme::DotDot, 2),
            c if c.is_ascii_digit() || (c == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => {
                let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
                let mut length = 1 + digits(&rest[1..]);
                if rest[length..].starts_with('.') && digits(&rest[length + 1..]) > 0 {
                    length += 1 + digits(&rest[length + 1..]);
                }
                (Lexeme::Number(&rest[..length]), length)
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
                // `contains` with white space behind it, even at the beginning of a word
                match rest.strip_prefix("contains") {
                    Some(behind) if behind.starts_with(is_space) => (Lexeme::Compare(Comparison::Contains), 8),
                    _ => {
                        let length = length + usize::from(rest[length..].starts_with('?'));
                        (Lexeme::Name(&rest[..length]), length)
                    }
                }
            }
            '|' | '.' | ':' | ',' | '[' | ']' | '(' | ')' | '?' | '-' => (Lexeme::Sign(c), 1),
            _ => return None,
        };
        found.push(lexeme);
        rest = rest[length..].trim_start_matches(is_space);
    }
    Some(found)
}

struct Strict<'a> {
    lexemes: Vec<Lexeme<'a>>,
    at: usize,
    depth: usize,
}

impl<'a> Strict<'a> {
    fn new(text: &'a str) -> Option<Self> {
        Some(Strict { lexemes: lexemes(text)?, at: 0, depth: 0 })
    }

    fn peek(&self) -> Option<Lexeme<'a>> {
        self.lexemes.get(self.at).copied()
    }

    fn take(&mut self, lexeme: Lexeme<'_>) -> Option<()> {
        (self.peek() == Some(lexeme)).then(|| self.at += 1)
    }

    fn end(&self) -> Option<()> {
        (self.at == self.lexemes.len()).then_some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let Some(Lexeme::Name(name)) = self.peek() else { return None };
        self.at += 1;
        Some(name)
    }

    fn expression(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > 50 {
            return None;
        }
        let expression = match self.peek()? {
            Lexeme::Name(_) => self.variable()?,
            Lexeme::Text(text) => {
                self.at += 1;
                Expression::Text(text.into())
            }
            Lexeme::Number(text) => {
                self.at += 1;
                Expression::parse(text)
            }
            Lexeme::Sign('(') => {
                self.at += 1;
                let from = self.expression()?;
                self.take(Lexeme::DotDot)?;
                let to = self.expression()?;
                self.take(Lexeme::Sign(')'))?;
                Expression::Range(Box::new(from), Box::new(to))
            }
            _ => return None,
        };
        self.depth -= 1;
        Some(expression)
    }

    fn variable(&mut self) -> Option<Expression> {
        let first = self.name()?;
        let mut steps = vec![Step::Name(first.into())];
        loop {
            if self.take(Lexeme::Sign('[')).is_some() {
                steps.push(Step::Index(self.expression()?));
                self.take(Lexeme::Sign(']'))?;
            } else if self.take(Lexeme::Sign('.')).is_some() {
                steps.push(Step::Name(self.name()?.into()));
            } else {
                break;
            }
        }
        // a word alone can be a literal
        Some(if steps.len() == 1 { Expression::parse(first) } else { Expression::Path(steps) })
    }

    fn filter(&mut self) -> Option<Filter> {
        let mut filter = Filter { name: self.name()?.to_owned(), arguments: Vec::new(), named: Vec::new() };
        if self.take(Lexeme::Sign(':')).is_none() {
            return Some(filter);
        }
        loop {
            match (self.peek(), self.lexemes.get(self.at + 1)) {
                (Some(Lexeme::Name(name)), Some(Lexeme::Sign(':'))) => {
                    self.at += 2;
                    filter.named.push((name.to_owned(), self.expression()?));
                }
                _ => filter.arguments.push(self.expression()?),
            }
            if self.take(Lexeme::Sign(',')).is_none() {
                return Some(filter);
            }
        }
    }

    fn comparison(&mut self) -> Option<Condition> {
        let left = self.expression()?;
        let Some(Lexeme::Compare(comparison)) = self.peek() else { return Some(Condition::Truthy(left)) };
        self.at += 1;
        Some(Condition::Compare(left, comparison, self.expression()?))
    }
}

/// `expression | filter: a, b | …`, if it is just that.
pub fn filtered(text: &str) -> Option<Filtered> {
    let mut strict = Strict::new(text)?;
    let mut filtered = Filtered { value: strict.expression()?, filters: Vec::new() };
    while strict.take(Lexeme::Sign('|')).is_some() {
        filtered.filters.push(strict.filter()?);
    }
    strict.end()?;
    Some(filtered)
}

/// Comparisons between `and` and `or`, if it is just that.
pub fn condition(text: &str) -> Option<Condition> {
    let mut strict = Strict::new(text)?;
    let mut parts = Vec::new();
    loop {
        let condition = strict.comparison()?;
        match strict.peek() {
            Some(Lexeme::Name(word @ ("and" | "or"))) => {
                strict.at += 1;
                parts.push((condition, word.to_owned()));
            }
            _ => {
                parts.push((condition, String::new()));
                break;
            }
        }
    }
    strict.end()?;
    Some(Condition::joined(parts))
}

/// What a `for` says.
pub struct ForMarkup {
    /// The variable's name.
    pub variable: String,
    /// Variable and list as Liquid names the loop.
    pub name: String,
    /// What is looped over.
    pub over: Expression,
    /// `reversed`.
    pub reversed: bool,
    /// `limit:` and `offset:`.
    pub options: Vec<(String, Expression)>,
}

/// `variable in list reversed limit:… offset:…`, if it is just that.
pub fn for_markup(text: &str) -> Option<ForMarkup> {
    let mut strict = Strict::new(text)?;
    let variable = strict.name()?.to_owned();
    strict.take(Lexeme::Name("in"))?;
    let begin = strict.at;
    let over = strict.expression()?;
    let name = format!("{variable}-{}", shown(&strict.lexemes[begin..strict.at]));
    let reversed = strict.take(Lexeme::Name("reversed")).is_some();
    let mut options = Vec::new();
    while let Some(Lexeme::Name(option @ ("limit" | "offset"))) = strict.peek() {
        strict.at += 1;
        strict.take(Lexeme::Sign(':'))?;
        options.push((option.to_owned(), strict.expression()?));
    }
    strict.end()?;
    Some(ForMarkup { variable, name, over, reversed, options })
}

fn shown(lexemes: &[Lexeme<'_>]) -> String {
    let piece = |lexeme: &Lexeme<'_>| match lexeme {
        Lexeme::Text(text) => format!("\"{text}\""),
        Lexeme::Number(text) | Lexeme::Name(text) => (*text).to_owned(),
        Lexeme::DotDot => "..".to_owned(),
        Lexeme::Sign(c) => c.to_string(),
        Lexeme::Compare(_) => String::new(),
    };
    lexemes.iter().map(piece).collect()
}
