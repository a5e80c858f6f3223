//! Expressions, filters and conditions of Liquid, in the gem's lax reading.

use crate::model::Value;

/// A value in a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A literal.
    Literal(Value),
    /// `empty`: equal to anything with nothing in it.
    Empty,
    /// `blank`: equal to anything with nothing but white space in it.
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
    Name(String),
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

impl Expression {
    /// Reads an expression; what makes no sense is nil, as in lax mode.
    pub fn parse(text: &str) -> Expression {
        let text = text.trim();
        match text {
            "" | "nil" | "null" => return Expression::Literal(Value::Null),
            "true" => return Expression::Literal(Value::Bool(true)),
            "false" => return Expression::Literal(Value::Bool(false)),
            "empty" => return Expression::Empty,
            "blank" => return Expression::Blank,
            _ => {}
        }
        if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let rest = &text[1..];
            return Expression::Literal(Value::String(rest[..rest.find(quote).unwrap_or(rest.len())].to_owned()));
        }
        if let Some((from, to)) =
            text.strip_prefix('(').and_then(|range| range.strip_suffix(')')).and_then(|range| range.split_once(".."))
        {
            return Expression::Range(Box::new(Expression::parse(from)), Box::new(Expression::parse(to)));
        }
        if let Ok(number) = text.parse::<i64>() {
            return Expression::Literal(Value::Int(number));
        }
        if text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && let Ok(number) = text.parse::<f64>()
        {
            return Expression::Literal(Value::Float(number));
        }
        path(text)
    }

    /// A parameter of `include`: Jekyll drops the backslashes before quotes.
    pub fn parse_parameter(text: &str) -> Expression {
        match text.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = text[1..].strip_suffix(quote).unwrap_or(&text[1..]);
                Expression::Literal(Value::String(inner.replace(&format!("\\{quote}"), &quote.to_string())))
            }
            _ => Expression::parse(text),
        }
    }
}

/// `a.b["c"][0]`; the gem's scan takes names of letters, digits, `_` and `-`.
fn path(text: &str) -> Expression {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '[' {
            let Some(end) = matching_bracket(rest) else { break };
            steps.push(Step::Index(Expression::parse(&rest[1..end])));
            rest = &rest[end + 1..];
        } else if is_name(c) {
            let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            let name = rest[..end].trim_end_matches('?');
            steps.push(Step::Name(name.to_owned()));
            rest = &rest[end..];
        } else if c == '.' {
            rest = &rest[1..];
        } else {
            break;
        }
    }
    if steps.is_empty() { Expression::Literal(Value::Null) } else { Expression::Path(steps) }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '?')
}

fn matching_bracket(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        if depth > 20 {
            return None;
        }
    }
    None
}

impl Filtered {
    /// Reads `expression | filter: a, b | …`.
    pub fn parse(text: &str) -> Filtered {
        let mut parts = split_outside_quotes(text, '|').into_iter();
        let value = first_value(parts.next().unwrap_or(""));
        let filters = parts
            .filter_map(|part| {
                let part = part.trim();
                let (name, arguments) = match part.find([':', ' ']) {
                    Some(at) => (&part[..at], part[at..].trim_start().trim_start_matches(':')),
                    None => (part, ""),
                };
                let arguments =
                    split_outside_quotes(arguments, ',').into_iter().map(str::trim).filter(|a| !a.is_empty());
                let arguments = arguments.map(first_value).collect();
                (!name.is_empty()).then(|| Filter { name: name.to_owned(), arguments })
            })
            .collect();
        Filtered { value, filters }
    }
}

/// Lax mode: of several words the first is the value.
fn first_value(text: &str) -> Expression {
    let text = text.trim();
    if text.starts_with(['"', '\'', '(']) {
        return Expression::parse(text);
    }
    let mut depth = 0usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            (None, c) if c.is_whitespace() && depth == 0 => return Expression::parse(&text[..at]),
            _ => {}
        }
    }
    Expression::parse(text)
}

/// Splits at a character that stands outside quotes.
pub fn split_outside_quotes(text: &str, at: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut quote = None;
    let mut from = 0;
    for (offset, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, c) if c == at => {
                parts.push(&text[from..offset]);
                from = offset + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

impl Condition {
    /// Reads a condition. Liquid evaluates `and` and `or` from the right, without precedence.
    pub fn parse(text: &str) -> Condition {
        let words = words(text);
        Self::from_words(&words, 0)
    }

    fn from_words(words: &[String], depth: usize) -> Condition {
        let joint = words.iter().position(|word| word == "and" || word == "or");
        match joint {
            Some(at) if depth < 100 => {
                let left = Box::new(Self::simple(&words[..at]));
                let right = Box::new(Self::from_words(&words[at + 1..], depth + 1));
                if words[at] == "and" { Condition::And(left, right) } else { Condition::Or(left, right) }
            }
            _ => Self::simple(words),
        }
    }

    fn simple(words: &[String]) -> Condition {
        let value = |at: usize| words.get(at).map_or(Expression::Literal(Value::Null), |word| Expression::parse(word));
        let comparison = words.get(1).and_then(|word| {
            Some(match word.as_str() {
                "==" => Comparison::Equal,
                "!=" | "<>" => Comparison::Different,
                "<" => Comparison::Less,
                "<=" => Comparison::AtMost,
                ">" => Comparison::Greater,
                ">=" => Comparison::AtLeast,
                "contains" => Comparison::Contains,
                _ => return None,
            })
        });
        match comparison {
            Some(comparison) => Condition::Compare(value(0), comparison, value(2)),
            None => Condition::Truthy(value(0)),
        }
    }
}

/// Words, quoted strings and operators of a condition.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    let mut brackets = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' => {
                word.push(c);
                for inner in chars.by_ref() {
                    word.push(inner);
                    if inner == c {
                        break;
                    }
                }
            }
            '=' | '!' | '<' | '>' if brackets == 0 => {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                let mut operator = c.to_string();
                if let Some(next) = chars.next_if(|next| matches!(next, '=' | '>')) {
                    operator.push(next);
                }
                words.push(operator);
            }
            c if c.is_whitespace() && brackets == 0 => {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)))
            }
            c => {
                match c {
                    '[' => brackets += 1,
                    ']' => brackets = brackets.saturating_sub(1),
                    _ => {}
                }
                word.push(c);
            }
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}
