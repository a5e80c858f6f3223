//! Liquid templates read into nodes, by the rules of the Ruby gem in its lax mode: what it accepts is accepted.

use std::ops::Range;

use super::expression::{Condition, Expression, Filtered};

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateNode {
    /// Text to show as it stands.
    Text(String),
    /// `{{ … }}`.
    Output(Filtered),
    /// `{% assign name = … %}`.
    Assign(String, Filtered),
    /// `{% capture name %}…{% endcapture %}`.
    Capture(String, Vec<TemplateNode>),
    /// `if`, `unless`, `elsif` and `else`: the first branch whose condition holds.
    Branches(Vec<(Condition, Vec<TemplateNode>)>),
    /// `{% case x %}{% when a, b %}…{% else %}`; an empty list of values is `else`.
    Case(Expression, Vec<(Vec<Expression>, Vec<TemplateNode>)>),
    /// `{% for x in … %}…{% else %}…{% endfor %}`, and `tablerow` with its columns.
    For(Box<Loop>),
    /// `{% break %}`.
    Break,
    /// `{% continue %}`.
    Continue,
    /// `{% cycle [group:] a, b %}`.
    Cycle(String, Vec<Expression>),
    /// `{% increment name %}` (by 1) and `{% decrement name %}` (by -1).
    Count(String, i64),
    /// `{% ifchanged %}…{% endifchanged %}`.
    IfChanged(Vec<TemplateNode>),
    /// `{% include file key=value %}`; `include_relative` looks beside the document.
    Include {
        /// The file's name; it can hold expressions.
        file: Vec<TemplateNode>,
        /// The parameters.
        parameters: Vec<(String, Expression)>,
        /// Beside the document instead of in the includes folder.
        relative: bool,
    },
    /// `{% highlight lang %}…{% endhighlight %}`: language and options as typed.
    Highlight(String, Vec<TemplateNode>),
    /// A tag of Jekyll or a plugin, with its arguments as typed and its body, if it has one.
    Tag(Tag),
}

/// A tag that is not part of the template language itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// What stands behind the name.
    pub arguments: String,
    /// The opening tag as typed.
    pub typed: String,
    /// Its place in the template.
    pub offset: usize,
    /// The body and the closing tag as typed, where the tag has an end.
    pub body: Option<(Vec<TemplateNode>, String)>,
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop {
    /// The variable's name.
    pub variable: String,
    /// What is looped over.
    pub over: Expression,
    /// `limit:`.
    pub limit: Option<Expression>,
    /// `offset:`.
    pub offset: Option<Expression>,
    /// `reversed`.
    pub reversed: bool,
    /// The columns of a `tablerow`; `None` for `for`.
    pub columns: Option<Option<Expression>>,
    /// What is repeated.
    pub body: Vec<TemplateNode>,
    /// What is shown when there is nothing.
    pub otherwise: Vec<TemplateNode>,
}

enum Token<'a> {
    Text(&'a str),
    Output(&'a str),
    Tag { inner: &'a str, range: Range<usize> },
}

/// Reads a template. Delimiters that never close are text; blocks that never close reach to the end.
pub fn parse(text: &str) -> Vec<TemplateNode> {
    let tokens = tokenize(text);
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    let mut nodes = Vec::new();
    while parser.at < parser.tokens.len() {
        nodes.extend(parser.block(&[]).0);
        if parser.at < parser.tokens.len() {
            // an end tag without a beginning
            nodes.push(TemplateNode::Text(parser.typed(parser.at).to_owned()));
            parser.at += 1;
        }
    }
    nodes
}

/// Cuts a template at its delimiters; `{%-` and `-%}` take white space off their neighbours.
fn tokenize(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut tokens: Vec<(Token<'_>, Range<usize>)> = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    let mut trim_next = false;
    let mut closes = Closes { text, output: None, tag: None };
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        let rest = &text[found..];
        let (is_tag, end) = if rest.starts_with("{{") {
            (false, closes.output(found + 2))
        } else if rest.starts_with("{%") {
            (true, closes.tag(found + 2))
        } else {
            at = found + 1;
            continue;
        };
        let Some(end) = end else {
            at = found + 2;
            continue;
        };
        let mut inner = &text[found + 2..end - 2];
        let trims_before = inner.starts_with('-');
        let trims_after = inner.ends_with('-') && inner.len() > usize::from(trims_before);
        inner = inner.strip_prefix('-').unwrap_or(inner);
        if trims_after {
            inner = inner.strip_suffix('-').unwrap_or(inner);
        }
        push_text(text, plain..found, std::mem::replace(&mut trim_next, trims_after), trims_before, &mut tokens);
        let token = if is_tag { Token::Tag { inner, range: found..end } } else { Token::Output(inner) };
        tokens.push((token, found..end));
        at = end;
        plain = end;
        if is_tag && inner.trim() == "raw" {
            let (body, after) = raw_body(text, end);
            tokens.pop();
            tokens.push((Token::Text(&text[body.clone()]), body));
            at = after;
            plain = after;
        }
    }
    push_text(text, plain..text.len(), trim_next, false, &mut tokens);
    tokens
}

/// Where delimiters close, remembered so that a text full of openers is read once.
struct Closes<'a> {
    text: &'a str,
    output: Option<Option<usize>>,
    tag: Option<Option<usize>>,
}

impl Closes<'_> {
    fn output(&mut self, from: usize) -> Option<usize> {
        next_close(self.text, from, "}}", &mut self.output)
    }

    fn tag(&mut self, from: usize) -> Option<usize> {
        next_close(self.text, from, "%}", &mut self.tag)
    }
}

fn next_close(text: &str, from: usize, close: &str, known: &mut Option<Option<usize>>) -> Option<usize> {
    match known {
        Some(None) => None,
        Some(Some(end)) if *end >= from + close.len() => Some(*end),
        _ => {
            let end = text[from..].find(close).map(|at| from + at + close.len());
            *known = Some(end);
            end
        }
    }
}

fn push_text<'a>(
    text: &'a str,
    range: Range<usize>,
    trim_start: bool,
    trim_end: bool,
    tokens: &mut Vec<(Token<'a>, Range<usize>)>,
) {
    let mut plain = &text[range.clone()];
    if trim_start {
        plain = plain.trim_start();
    }
    if trim_end {
        plain = plain.trim_end();
    }
    if !plain.is_empty() {
        tokens.push((Token::Text(plain), range));
    }
}

/// The body of `raw` up to its end tag, and where the text goes on.
fn raw_body(text: &str, from: usize) -> (Range<usize>, usize) {
    let mut at = from;
    while let Some(start) = text[at..].find("{%").map(|found| at + found) {
        let Some(end) = text[start + 2..].find("%}").map(|found| start + 2 + found + 2) else { break };
        if text[start + 2..end - 2].trim_matches(['-', ' ', '\t', '\n']) == "endraw" {
            return (from..start, end);
        }
        at = start + 2;
    }
    (from..text.len(), text.len())
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
}

/// Blocks inside blocks: nobody types more, and the stack stays small.
const DEEPEST: usize = 100;

impl<'a> Parser<'a> {
    fn typed(&self, at: usize) -> &'a str {
        &self.text[self.tokens[at].1.clone()]
    }

    /// Reads nodes up to a tag whose name is one of `ends`, or of any end; that tag is left in place.
    fn block(&mut self, ends: &[&str]) -> (Vec<TemplateNode>, Option<(&'a str, &'a str)>) {
        let mut nodes = Vec::new();
        while let Some((token, range)) = self.tokens.get(self.at) {
            match token {
                Token::Text(text) => nodes.push(TemplateNode::Text((*text).to_owned())),
                Token::Output(inner) => nodes.push(TemplateNode::Output(Filtered::parse(inner))),
                Token::Tag { inner, range: whole } => {
                    let (name, arguments) = split_name(inner);
                    if ends.contains(&name) || (ends.is_empty() && name.starts_with("end")) {
                        return (nodes, Some((name, arguments)));
                    }
                    let offset = range.start;
                    let whole = whole.clone();
                    self.at += 1;
                    self.depth += 1;
                    let node = if self.depth > DEEPEST { None } else { self.tag(name, arguments, &whole, offset) };
                    self.depth -= 1;
                    nodes.extend(node);
                    continue;
                }
            }
            self.at += 1;
        }
        (nodes, None)
    }

    /// Reads up to an end tag and passes it.
    fn body(&mut self, end: &str) -> Vec<TemplateNode> {
        let (nodes, _) = self.block(&[end]);
        self.at += 1;
        nodes
    }

    fn tag(&mut self, name: &'a str, arguments: &'a str, range: &Range<usize>, offset: usize) -> Option<TemplateNode> {
        Some(match name {
            "assign" => {
                let (variable, value) = arguments.split_once('=')?;
                TemplateNode::Assign(variable.trim().to_owned(), Filtered::parse(value))
            }
            "capture" => {
                TemplateNode::Capture(arguments.trim().trim_matches(['"', '\'']).to_owned(), self.body("endcapture"))
            }
            "if" => self.branches(Condition::parse(arguments), "endif"),
            "unless" => self.branches(Condition::Not(Box::new(Condition::parse(arguments))), "endunless"),
            "case" => self.case(arguments),
            "for" => self.repeat(arguments, None, "endfor"),
            "tablerow" => self.repeat(arguments, Some(option(arguments, "cols:")), "endtablerow"),
            "break" => TemplateNode::Break,
            "continue" => TemplateNode::Continue,
            "cycle" => cycle(arguments),
            "increment" => TemplateNode::Count(arguments.trim().to_owned(), 1),
            "decrement" => TemplateNode::Count(arguments.trim().to_owned(), -1),
            "ifchanged" => TemplateNode::IfChanged(self.body("endifchanged")),
            "comment" => {
                self.body("endcomment");
                return None;
            }
            "include" | "include_relative" => include(arguments, name == "include_relative"),
            "highlight" => TemplateNode::Highlight(arguments.trim().to_owned(), self.body("endhighlight")),
            _ => self.plugin(name, arguments, range, offset),
        })
    }

    fn branches(&mut self, first: Condition, end: &str) -> TemplateNode {
        let mut branches = Vec::new();
        let mut condition = first;
        loop {
            let (nodes, stop) = self.block(&[end, "elsif", "else"]);
            self.at += 1;
            branches.push((condition, nodes));
            condition = match stop {
                Some(("elsif", arguments)) => Condition::parse(arguments),
                Some(("else", _)) => Condition::Always,
                _ => return TemplateNode::Branches(branches),
            };
        }
    }

    fn case(&mut self, subject: &str) -> TemplateNode {
        let mut branches = Vec::new();
        // what stands before the first `when` is not shown
        let (_, mut stop) = self.block(&["endcase", "when", "else"]);
        self.at += 1;
        loop {
            let values = match stop {
                Some(("when", arguments)) => when_values(arguments),
                Some(("else", _)) => Vec::new(),
                _ => return TemplateNode::Case(Expression::parse(subject), branches),
            };
            let (nodes, next) = self.block(&["endcase", "when", "else"]);
            self.at += 1;
            branches.push((values, nodes));
            stop = next;
        }
    }

    fn repeat(&mut self, arguments: &str, columns: Option<Option<Expression>>, end: &str) -> TemplateNode {
        let (variable, rest) = arguments.split_once(" in ").unwrap_or((arguments, ""));
        let over = rest.split_whitespace().next().unwrap_or("");
        let over = match rest.trim().strip_prefix('(').and_then(|range| range.split_once(')')) {
            Some((range, _)) => Expression::parse(&format!("({range})")),
            None => Expression::parse(over),
        };
        let (body, stop) = self.block(&[end, "else"]);
        self.at += 1;
        let otherwise = if matches!(stop, Some(("else", _))) { self.body(end) } else { Vec::new() };
        TemplateNode::For(Box::new(Loop {
            variable: variable.trim().to_owned(),
            over,
            limit: option(rest, "limit:"),
            offset: option(rest, "offset:"),
            reversed: rest.split_whitespace().any(|word| word == "reversed"),
            columns,
            body,
            otherwise,
        }))
    }

    fn plugin(&mut self, name: &str, arguments: &str, range: &Range<usize>, offset: usize) -> TemplateNode {
        let end = format!("end{name}");
        let has_end = self.tokens[self.at..]
            .iter()
            .any(|(token, _)| matches!(token, Token::Tag { inner, .. } if split_name(inner).0 == end));
        let body = if has_end && !name.is_empty() {
            let (nodes, _) = self.block(&[&end]);
            let typed = self.tokens.get(self.at).map_or("", |_| self.typed(self.at)).to_owned();
            self.at += 1;
            Some((nodes, typed))
        } else {
            None
        };
        TemplateNode::Tag(Tag {
            name: name.to_owned(),
            arguments: arguments.trim().to_owned(),
            typed: self.text[range.clone()].to_owned(),
            offset,
            body,
        })
    }
}

fn split_name(inner: &str) -> (&str, &str) {
    let inner = inner.trim();
    match inner.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')) {
        Some(end) => (&inner[..end], &inner[end..]),
        None => (inner, ""),
    }
}

/// The value behind `name:` among a tag's arguments.
fn option(arguments: &str, name: &str) -> Option<Expression> {
    let (_, rest) = arguments.split_once(name)?;
    rest.trim_start().split([' ', ',', '\n']).next().map(Expression::parse)
}

fn when_values(arguments: &str) -> Vec<Expression> {
    super::expression::split_outside_quotes(&arguments.replace(" or ", ","), ',')
        .into_iter()
        .map(Expression::parse)
        .collect()
}

fn cycle(arguments: &str) -> TemplateNode {
    let (group, values) = match super::expression::split_outside_quotes(arguments, ':').as_slice() {
        [group, rest] => ((*group).trim().to_owned(), (*rest).to_owned()),
        _ => (arguments.trim().to_owned(), arguments.to_owned()),
    };
    let values = super::expression::split_outside_quotes(&values, ',').into_iter().map(Expression::parse).collect();
    TemplateNode::Cycle(group, values)
}

/// Jekyll (`include.rb`): a file name that can hold expressions, then `key="value"`, `key='value'` or `key=variable`.
fn include(arguments: &str, relative: bool) -> TemplateNode {
    let arguments = arguments.trim();
    let end = if arguments.contains("{{") {
        arguments.rfind("}}").map_or(arguments.len(), |at| {
            let rest = &arguments[at..];
            at + rest.find(char::is_whitespace).unwrap_or(rest.len())
        })
    } else {
        arguments.find(char::is_whitespace).unwrap_or(arguments.len())
    };
    let (file, mut rest) = arguments.split_at(end);
    let mut parameters = Vec::new();
    while let Some((key, value)) = rest.split_once('=') {
        let value = value.trim_start();
        let length = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => closing_quote(value, quote),
            _ => value.find(char::is_whitespace).unwrap_or(value.len()),
        };
        parameters.push((key.trim().to_owned(), Expression::parse_parameter(&value[..length])));
        rest = &value[length..];
    }
    TemplateNode::Include { file: parse(file.trim_matches(['"', '\''])), parameters, relative }
}

/// The length of a quoted value; a backslash keeps a quote from closing it.
fn closing_quote(value: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in value.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    value.len()
}
