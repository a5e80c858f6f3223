//! Expressions, filters and conditions of Liquid 4, as Jekyll has them read: strictly, and where that fails in the
//! gem's lax way (`error_mode: warn`).

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::lexer;

/// A value in a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// Nothing.
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A quoted text.
    Text(Arc<str>),
    /// `empty`: equal to anything with nothing in it.
    Empty,
    /// `blank`.
    Blank,
    /// A variable with the way into it.
    Path(Vec<Step>),
    /// `(a..b)`.
    Range(Box<Expression>, Box<Expression>),
}

/// One step into a variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `.name`, or the variable itself.
    Name(Arc<str>),
    /// `[expression]`.
    Index(Expression),
}

/// An expression and the filters behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// The expression.
    pub value: Expression,
    /// The filters, in order.
    pub filters: Vec<Filter>,
}

/// A filter with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Expression>,
    /// Those with a name.
    pub named: Vec<(String, Expression)>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Always holds.
    Always,
    /// Holds when the value is neither nil nor false.
    Truthy(Expression),
    /// A comparison.
    Compare(Expression, Comparison, Expression),
    /// Both hold.
    And(Box<Condition>, Box<Condition>),
    /// One of them holds.
    Or(Box<Condition>, Box<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
}

/// The comparisons of Liquid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=` and `<>`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `contains`
    Contains,
}

/// Liquid (`liquid.rb`): `QuotedFragment`, a quoted text or a word that may have quoted texts in it.
pub(super) const FRAGMENT: &str = r#"(?:"[^"]*"|'[^']*'|(?:[^\s,|'"]|"[^"]*"|'[^']*')+)"#;

/// A pattern, with Ruby's meaning of `\w` and `\s`: ASCII.
pub(super) fn pattern(parts: &[&str]) -> Regex {
    let text = parts.concat().replace(r"\w", "[0-9A-Za-z_]");
    let text = text.replace(r"\s", r"[ \t\r\n\x0B\x0C]").replace(r"\S", r"[^ \t\r\n\x0B\x0C]");
    Regex::new(&text).expect("a valid pattern")
}

impl Expression {
    /// Liquid (`expression.rb`): what a piece of text means. Nothing is refused.
    pub fn parse(text: &str) -> Expression {
        match text.trim_matches(is_space) {
            "" | "nil" | "null" => Expression::Nil,
            "true" => Expression::Bool(true),
            "false" => Expression::Bool(false),
            "empty" => Expression::Empty,
            "blank" => Expression::Blank,
            text => Self::quoted(text)
                .or_else(|| Self::range(text))
                .or_else(|| Self::number(text))
                .unwrap_or_else(|| path(text)),
        }
    }

    fn quoted(text: &str) -> Option<Expression> {
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(Expression::Text(text.get(1..)?.strip_suffix(quote)?.into()))
    }

    fn range(text: &str) -> Option<Expression> {
        let inner = text.strip_prefix('(')?.strip_suffix(')')?;
        let (from, to) = inner.rsplit_once("..")?;
        // a range of ranges of ranges means nothing
        if inner.contains(is_space) || from.starts_with('(') {
            return None;
        }
        Some(Expression::Range(Box::new(Expression::parse(from)), Box::new(Expression::parse(to))))
    }

    fn number(text: &str) -> Option<Expression> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        {
            return None;
        }
        if !digits.contains('.') {
            return Some(text.parse().map_or_else(|_| Expression::Float(text.parse().unwrap_or(0.0)), Expression::Int));
        }
        // Ruby's `to_f` reads as far as it goes
        let end = text.match_indices('.').nth(1).map_or(text.len(), |(at, _)| at);
        Some(Expression::Float(text[..end].trim_end_matches('.').parse().unwrap_or(0.0)))
    }

    /// A parameter of `include`: Jekyll drops the backslashes before quotes.
    pub fn parse_parameter(text: &str) -> Expression {
        match text.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = text[1..].strip_suffix(quote).unwrap_or(&text[1..]);
                Expression::Text(inner.replace(&format!("\\{quote}"), &quote.to_string()).into())
            }
            _ => Expression::parse(text),
        }
    }
}

/// Ruby's white space.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Liquid (`variable_lookup.rb`): `a.b["c"][0]`; names and brackets are picked out of whatever stands there.
fn path(text: &str) -> Expression {
    let mut steps = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c == '['
            && let Some(end) = rest.find(']').filter(|end| *end > 1)
        {
            steps.push(Step::Index(Expression::parse(&rest[1..end])));
            at += end + 1;
        } else if is_word(c) {
            let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            let end = end + usize::from(rest[end..].starts_with('?'));
            steps.push(Step::Name(rest[..end].into()));
            at += end;
        } else if c == '[' && !rest.contains(']') {
            // no bracket closes any more
            at += 1;
            let tail = text[at..].replace('[', " ");
            if let Expression::Path(more) = path(&tail) {
                steps.extend(more);
            }
            break;
        } else {
            at += c.len_utf8();
        }
    }
    if steps.is_empty() { Expression::Nil } else { Expression::Path(steps) }
}

impl Filtered {
    /// Reads `expression | filter: a, b | …`.
    pub fn parse(text: &str) -> Filtered {
        lexer::filtered(text).unwrap_or_else(|| Self::lax(text))
    }

    /// Liquid (`variable.rb`, `lax_parse`): the first fragment is the value; an argument stands behind `:` or `,`.
    fn lax(text: &str) -> Filtered {
        static VALUE: LazyLock<Regex> = LazyLock::new(|| pattern(&["(?s)(", FRAGMENT, ")(.*)"]));
        static PIECES: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"(?:[\s,]|", FRAGMENT, ")+"]));
        static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"\w+"]));
        static ARGUMENTS: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"[:,]\s*(?:(\w+)\s*:\s*)?(", FRAGMENT, ")"]));
        let Some(found) = VALUE.captures(text) else { return Filtered { value: Expression::Nil, filters: Vec::new() } };
        let rest = &found[2];
        let pieces = rest.find('|').map_or("", |at| &rest[at + 1..]);
        let filters = PIECES.find_iter(pieces).filter_map(|piece| {
            let name = NAME.find(piece.as_str())?.as_str().to_owned();
            let (mut arguments, mut named) = (Vec::new(), Vec::new());
            for argument in ARGUMENTS.captures_iter(piece.as_str()) {
                let value = Expression::parse(&argument[2]);
                match argument.get(1) {
                    Some(name) => named.push((name.as_str().to_owned(), value)),
                    None => arguments.push(value),
                }
            }
            Some(Filter { name, arguments, named })
        });
        Filtered { value: Expression::parse(&found[1]), filters: filters.collect() }
    }
}

impl Comparison {
    /// By its sign.
    pub fn of(sign: &str) -> Option<Comparison> {
        Some(match sign {
            "==" => Comparison::Equal,
            "!=" | "<>" => Comparison::Different,
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            ">" => Comparison::Greater,
            ">=" => Comparison::AtLeast,
            "contains" => Comparison::Contains,
            _ => return None,
        })
    }
}

impl Condition {
    /// Reads a condition. Liquid evaluates `and` and `or` from the right, without precedence.
    pub fn parse(text: &str) -> Condition {
        lexer::condition(text).unwrap_or_else(|| Self::lax(text))
    }

    /// Joins conditions, each with the word that stands between it and the next one.
    pub(super) fn joined(mut parts: Vec<(Condition, String)>) -> Condition {
        // nobody types more, and what is nested without end cannot be dropped
        parts.truncate(500);
        let Some((mut condition, _)) = parts.pop() else { return Condition::Truthy(Expression::Nil) };
        while let Some((left, word)) = parts.pop() {
            let (left, right) = (Box::new(left), Box::new(condition));
            condition = if word == "or" { Condition::Or(left, right) } else { Condition::And(left, right) };
        }
        condition
    }

    /// Liquid (`if.rb`, `lax_parse`): fragments, and a comparison between the first two.
    fn lax(text: &str) -> Condition {
        static WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(&[FRAGMENT, r"|\S+"]));
        static SIMPLE: LazyLock<Regex> =
            LazyLock::new(|| pattern(&["(", FRAGMENT, r")\s*([=!<>a-z_]+)?\s*(", FRAGMENT, ")?"]));
        let mut parts = Vec::new();
        let mut from = 0;
        let simple = |piece: &str| {
            let Some(found) = SIMPLE.captures(piece) else { return Condition::Truthy(Expression::Nil) };
            let operand = |at: usize| Expression::parse(found.get(at).map_or("", |part| part.as_str()));
            match found.get(2).and_then(|sign| Comparison::of(sign.as_str())) {
                Some(comparison) => Condition::Compare(operand(1), comparison, operand(3)),
                None => Condition::Truthy(operand(1)),
            }
        };
        for word in WORDS.find_iter(text).filter(|word| matches!(word.as_str(), "and" | "or")) {
            parts.push((simple(&text[from..word.start()]), word.as_str().to_owned()));
            from = word.end();
        }
        parts.push((simple(&text[from..]), String::new()));
        Self::joined(parts)
    }
}
