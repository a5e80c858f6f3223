//! Liquid templates read into nodes, by the rules of the Ruby gem: what it accepts is accepted. What it refuses, and
//! Jekyll with it, stays text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::expression::{Condition, Expression, FRAGMENT, Filtered, is_space, pattern};
use super::lexer::{self, ForMarkup};
use super::tokens::{Token, tokenize};

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateNode {
    /// Text to show as it stands.
    Text(String),
    /// `{{ … }}`.
    Output(Filtered),
    /// `{% assign name = … %}`.
    Assign(Arc<str>, Filtered),
    /// `{% capture name %}…{% endcapture %}`.
    Capture(Arc<str>, Vec<TemplateNode>),
    /// `if`, `unless`, `elsif` and `else`: the first branch whose condition holds.
    Branches(Vec<(Condition, Vec<TemplateNode>)>),
    /// `{% case x %}{% when a, b %}…{% else %}`; an empty list of values is `else`.
    Case(Expression, Vec<(Vec<Expression>, Vec<TemplateNode>)>),
    /// `{% for x in … %}…{% else %}…{% endfor %}`.
    For(Box<Loop>),
    /// `{% tablerow x in … cols:3 %}…{% endtablerow %}`.
    Table(Box<Loop>),
    /// `{% break %}`.
    Break,
    /// `{% continue %}`.
    Continue,
    /// `{% cycle [group:] a, b %}`.
    Cycle(Expression, Vec<Expression>),
    /// `{% increment name %}` (by 1) and `{% decrement name %}` (by -1).
    Count(Arc<str>, i64),
    /// `{% ifchanged %}…{% endifchanged %}`.
    IfChanged(Vec<TemplateNode>),
    /// A block of nothing but white space and assignments: evaluated and not shown.
    Blank(Box<TemplateNode>),
    /// `{% include file key=value %}`; `include_relative` looks beside the document.
    Include {
        /// The file's name; it can hold expressions.
        file: Vec<TemplateNode>,
        /// The parameters; without any, those of the include around this one stay.
        parameters: Option<Vec<(Arc<str>, Expression)>>,
        /// Beside the document instead of in the includes folder.
        relative: bool,
    },
    /// `{% highlight lang %}…{% endhighlight %}`: language and options as typed.
    Highlight(String, Vec<TemplateNode>),
    /// A tag of Jekyll or a plugin, with its arguments and its body, if it has one.
    Tag(Tag),
    /// What Jekyll would stop at: a block that never closes, an end without a beginning. It is shown as typed.
    Stray {
        /// The tag as typed.
        typed: String,
        /// Its place in the template.
        offset: usize,
    },
}

/// A tag that is not part of the template language itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// What stands behind the name; it can hold expressions.
    pub arguments: Vec<TemplateNode>,
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
    pub variable: Arc<str>,
    /// Variable and list: loops of one name go on where the last one ended (`offset: continue`).
    pub name: String,
    /// What is looped over.
    pub over: Expression,
    /// `reversed`.
    pub reversed: bool,
    /// `limit:`.
    pub limit: Option<Expression>,
    /// `offset:`.
    pub offset: Option<Expression>,
    /// `cols:`.
    pub columns: Option<Expression>,
    /// What is repeated.
    pub body: Vec<TemplateNode>,
    /// What is shown when there is nothing.
    pub otherwise: Vec<TemplateNode>,
}

/// Reads a template. Delimiters and blocks that never close are text.
pub fn parse(text: &str) -> Vec<TemplateNode> {
    let tokens = tokenize(text);
    let mut last_ends = HashMap::new();
    let mut comment_ends = 0usize;
    for (at, (token, _)) in tokens.iter().enumerate() {
        if let Token::Tag(name, _) = token
            && let Some(name) = name.strip_prefix("end")
        {
            last_ends.insert(name, at);
            comment_ends += usize::from(name == "comment");
        }
    }
    let mut parser = Parser { text, last_ends, open: vec![Block::new("", "", 0..0)] };
    // comments that are open
    let mut comments = 0usize;
    for (at, (token, range)) in tokens.into_iter().enumerate() {
        match token {
            Token::Tag("comment", _) if comment_ends > comments => comments += 1,
            Token::Tag("endcomment", _) if comments > 0 => (comments, comment_ends) = (comments - 1, comment_ends - 1),
            _ if comments > 0 => {}
            Token::Text(text) | Token::Raw(text) => parser.push(TemplateNode::Text(text.to_owned())),
            Token::Output(inner) => parser.push(TemplateNode::Output(Filtered::parse(inner))),
            Token::Tag(name, arguments) => parser.tag(name, arguments, range, at),
        }
    }
    parser.finish()
}

/// A block whose end has not come yet.
struct Block<'a> {
    name: &'a str,
    arguments: &'a str,
    range: Range<usize>,
    /// The parts that are read, each with the tag that it began with.
    parts: Vec<Part<'a>>,
    nodes: Vec<TemplateNode>,
    /// The tag that the current part began with.
    part: (&'a str, &'a str),
    /// Where the tags between the parts stand.
    marks: Vec<Range<usize>>,
}

impl<'a> Block<'a> {
    fn new(name: &'a str, arguments: &'a str, range: Range<usize>) -> Self {
        Block {
            name,
            arguments,
            range,
            parts: Vec::new(),
            nodes: Vec::new(),
            part: (name, arguments),
            marks: Vec::new(),
        }
    }

    fn next_part(&mut self, name: &'a str, arguments: &'a str) {
        let nodes = std::mem::take(&mut self.nodes);
        let (part, part_arguments) = std::mem::replace(&mut self.part, (name, arguments));
        self.parts.push((part, part_arguments, nodes));
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Where the last end tag of each name stands.
    last_ends: HashMap<&'a str, usize>,
    /// The blocks that are open, inside out; the first is the template itself.
    open: Vec<Block<'a>>,
}

/// Blocks inside blocks; Liquid gives up at 100 as well.
const DEEPEST: usize = 100;

const BLOCKS: &[&str] = &["if", "unless", "case", "for", "tablerow", "capture", "ifchanged", "highlight", "comment"];

impl<'a> Parser<'a> {
    fn current(&mut self) -> &mut Block<'a> {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    fn push(&mut self, node: TemplateNode) {
        self.current().nodes.push(node);
    }

    fn stray(&mut self, range: &Range<usize>) {
        let node = TemplateNode::Stray { typed: self.text[range.clone()].to_owned(), offset: range.start };
        self.push(node);
    }

    fn closes_later(&self, name: &str, at: usize) -> bool {
        self.last_ends.get(name).is_some_and(|&end| end > at)
    }

    fn tag(&mut self, name: &'a str, arguments: &'a str, range: Range<usize>, at: usize) {
        let inside = self.current().name;
        let known = BLOCKS.contains(&name);
        match name {
            "else" if matches!(inside, "if" | "unless" | "case" | "for") => self.part(name, arguments, range),
            "elsif" if matches!(inside, "if" | "unless") => self.part(name, arguments, range),
            "when" if inside == "case" => self.part(name, arguments, range),
            "else" | "elsif" | "when" => self.stray(&range),
            _ if name.starts_with("end") => match self.open.iter().rposition(|block| block.name == &name[3..]) {
                Some(open) if open > 0 => {
                    // what was opened in between never closes
                    while self.open.len() > open + 1 {
                        self.give_up();
                    }
                    self.close(range);
                }
                _ => self.stray(&range),
            },
            _ if !name.is_empty() && self.closes_later(name, at) && self.open.len() <= DEEPEST && !is_single(name) => {
                self.open.push(Block::new(name, arguments, range));
            }
            _ if known || name == "raw" => self.stray(&range),
            _ => {
                let node = single(name, arguments, &self.text[range.clone()], range.start);
                self.push(node);
            }
        }
    }

    fn part(&mut self, name: &'a str, arguments: &'a str, range: Range<usize>) {
        let block = self.current();
        block.next_part(name, arguments);
        block.marks.push(range);
    }

    /// A block that never closes: its tags are text, and what stands in it belongs to the block around it.
    fn give_up(&mut self) {
        let Some(mut block) = self.open.pop() else { return };
        block.next_part("", "");
        self.stray(&block.range.clone());
        let mut marks = block.marks.into_iter();
        for (_, _, nodes) in block.parts {
            self.current().nodes.extend(nodes);
            if let Some(mark) = marks.next() {
                self.stray(&mark);
            }
        }
    }

    fn close(&mut self, range: Range<usize>) {
        let Some(mut block) = self.open.pop() else { return };
        block.next_part("", "");
        match block.built(self.text, &self.text[range]) {
            Some(node) => self.push(node),
            None => {
                // arguments that Liquid refuses
                self.open.push(block);
                self.give_up();
            }
        }
    }

    fn finish(mut self) -> Vec<TemplateNode> {
        while self.open.len() > 1 {
            self.give_up();
        }
        self.open.pop().map(|block| block.nodes).unwrap_or_default()
    }
}

/// Tags of Liquid and Jekyll that have no end, whatever else stands in the text.
fn is_single(name: &str) -> bool {
    const SINGLE: &[&str] = &[
        "assign",
        "break",
        "continue",
        "cycle",
        "increment",
        "decrement",
        "include",
        "include_relative",
        "include_cached",
        "link",
        "post_url",
    ];
    SINGLE.contains(&name)
}

impl<'a> Block<'a> {
    /// The block as a node; `None`, and nothing taken, where its arguments make no sense.
    fn built(&mut self, text: &str, end: &str) -> Option<TemplateNode> {
        // Liquid (`block.rb`): a block is blank when everything in it is
        let blank = self.parts.iter().all(|(_, _, nodes)| nodes.iter().all(is_blank));
        let arguments = self.arguments;
        let node = match self.name {
            "if" | "unless" => TemplateNode::Branches(self.parts.drain(..).map(branch).collect()),
            // what stands before the first `when` is not shown
            "case" => TemplateNode::Case(first_fragment(arguments)?, self.parts.drain(..).skip(1).map(when).collect()),
            "for" => {
                let markup = lexer::for_markup(arguments).or_else(|| lax_for(arguments))?;
                TemplateNode::For(Box::new(self.repeat(markup)))
            }
            "tablerow" => {
                let markup = lax_for(arguments)?;
                TemplateNode::Table(Box::new(self.repeat(markup)))
            }
            "capture" => TemplateNode::Capture(variable_name(arguments)?, self.body()),
            "ifchanged" => TemplateNode::IfChanged(self.body()),
            "highlight" => TemplateNode::Highlight(arguments.to_owned(), self.body()),
            name => {
                return Some(TemplateNode::Tag(Tag {
                    name: name.to_owned(),
                    arguments: parse_inner(arguments),
                    typed: text[self.range.clone()].to_owned(),
                    offset: self.range.start,
                    body: Some((self.body(), end.to_owned())),
                }));
            }
        };
        let shows = !blank || matches!(node, TemplateNode::Capture(..));
        Some(if shows { node } else { TemplateNode::Blank(Box::new(node)) })
    }

    fn body(&mut self) -> Vec<TemplateNode> {
        self.parts.drain(..).next().map(|(_, _, nodes)| nodes).unwrap_or_default()
    }

    fn repeat(&mut self, markup: ForMarkup) -> Loop {
        let option =
            |wanted: &str| markup.options.iter().rev().find(|(name, _)| name == wanted).map(|(_, e)| e.clone());
        let mut bodies = self.parts.drain(..).map(|(_, _, nodes)| nodes);
        Loop {
            limit: option("limit"),
            offset: option("offset"),
            columns: option("cols"),
            variable: markup.variable.into(),
            name: markup.name,
            over: markup.over,
            reversed: markup.reversed,
            body: bodies.next().unwrap_or_default(),
            otherwise: bodies.next().unwrap_or_default(),
        }
    }
}

type Part<'a> = (&'a str, &'a str, Vec<TemplateNode>);

fn branch((name, arguments, nodes): Part<'_>) -> (Condition, Vec<TemplateNode>) {
    let condition = match name {
        "else" => Condition::Always,
        "unless" => Condition::Not(Box::new(Condition::parse(arguments))),
        _ => Condition::parse(arguments),
    };
    (condition, nodes)
}

fn when((name, arguments, nodes): Part<'_>) -> (Vec<Expression>, Vec<TemplateNode>) {
    (if name == "else" { Vec::new() } else { when_values(arguments) }, nodes)
}

fn is_blank(node: &TemplateNode) -> bool {
    match node {
        TemplateNode::Text(text) => text.chars().all(is_space),
        TemplateNode::Assign(..) | TemplateNode::Capture(..) | TemplateNode::Blank(_) => true,
        _ => false,
    }
}

/// A tag without an end.
fn single(name: &str, arguments: &str, typed: &str, offset: usize) -> TemplateNode {
    static ASSIGN: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"(?s)([\w\-.\[\]()]+)\s*=\s*(.*)"]));
    let count = |by| TemplateNode::Count(arguments.into(), by);
    let stray = || TemplateNode::Stray { typed: typed.to_owned(), offset };
    match name {
        "assign" => ASSIGN
            .captures(arguments)
            .map_or_else(stray, |found| TemplateNode::Assign(found[1].into(), Filtered::parse(&found[2]))),
        "break" => TemplateNode::Break,
        "continue" => TemplateNode::Continue,
        "cycle" => cycle(arguments, offset),
        "increment" => count(1),
        "decrement" => count(-1),
        // jekyll-include-cache: the same, kept for the next time
        "include" | "include_cached" | "include_relative" => include(arguments, name == "include_relative"),
        _ => TemplateNode::Tag(Tag {
            name: name.to_owned(),
            arguments: parse_inner(arguments),
            typed: typed.to_owned(),
            offset,
            body: None,
        }),
    }
}

/// The template in a tag's arguments. An expression alone can be in it.
fn parse_inner(arguments: &str) -> Vec<TemplateNode> {
    if arguments.contains("{{") { parse(arguments) } else { vec![TemplateNode::Text(arguments.to_owned())] }
}

fn first_fragment(text: &str) -> Option<Expression> {
    static FIRST: LazyLock<Regex> = LazyLock::new(|| pattern(&[FRAGMENT]));
    FIRST.find(text).map(|found| Expression::parse(found.as_str()))
}

fn variable_name(arguments: &str) -> Option<Arc<str>> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"[\w\-.\[\]()]+"]));
    NAME.find(arguments).map(|found| found.as_str().into())
}

/// Liquid (`for.rb`, `table_row.rb`): what is not understood is passed over.
fn lax_for(arguments: &str) -> Option<ForMarkup> {
    static FOR: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"([\w-]+)\s+in\s+(", FRAGMENT, r"+)\s*(reversed)?"]));
    static OPTIONS: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"(\w+)\s*:\s*(", FRAGMENT, ")"]));
    let found = FOR.captures(arguments)?;
    Some(ForMarkup {
        variable: found[1].to_owned(),
        name: format!("{}-{}", &found[1], &found[2]),
        over: Expression::parse(&found[2]),
        reversed: found.get(3).is_some(),
        options: OPTIONS
            .captures_iter(arguments)
            .map(|option| (option[1].to_owned(), Expression::parse(&option[2])))
            .collect(),
    })
}

fn when_values(arguments: &str) -> Vec<Expression> {
    static WHEN: LazyLock<Regex> =
        LazyLock::new(|| pattern(&[r"(?s)^\s*(", FRAGMENT, r")(?:(?:\s+or\s+|\s*,\s*)(", FRAGMENT, ".*))?"]));
    let mut values = Vec::new();
    let mut rest = arguments;
    while let Some(found) = WHEN.captures(rest) {
        values.push(Expression::parse(&found[1]));
        match found.get(2) {
            Some(more) if values.len() < 1000 => rest = more.as_str(),
            _ => break,
        }
    }
    if values.is_empty() { vec![Expression::Nil] } else { values }
}

/// Liquid (`cycle.rb`): without a name, the values are the name; a variable among them is another one in each tag.
fn cycle(arguments: &str, offset: usize) -> TemplateNode {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| pattern(&[r#"(?s)^("[^"]*"|'[^']*'|(?:[^\s,|'":]|"[^"]*"|'[^']*')+)\s*:\s*(.*)"#]));
    let (group, values) = match NAMED.captures(arguments) {
        Some(found) => (Some(Expression::parse(&found[1])), found.get(2).map_or("", |values| values.as_str())),
        None => (None, arguments),
    };
    let values: Vec<Expression> = values.split(',').filter_map(first_fragment).collect();
    let group = group.unwrap_or_else(|| {
        let variable = values.iter().any(|value| matches!(value, Expression::Path(_) | Expression::Range(..)));
        let place = if variable { offset } else { 0 };
        Expression::Text(format!("{values:?} {place}").into())
    });
    TemplateNode::Cycle(group, values)
}

/// Jekyll (`include.rb`): a file name that can hold expressions, then `key="value"`, `key='value'` or `key=variable`.
fn include(arguments: &str, relative: bool) -> TemplateNode {
    static PARAMETERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&[r#"(?s)([\w-]+)\s*=\s*("[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|[\w.-]+)"#])
    });
    let end = if arguments.contains("{{") {
        arguments.rfind("}}").map_or(arguments.len(), |at| {
            let rest = &arguments[at..];
            at + rest.find(is_space).unwrap_or(rest.len())
        })
    } else {
        arguments.find(is_space).unwrap_or(arguments.len())
    };
    let (file, rest) = arguments.split_at(end);
    let parameters =
        PARAMETERS.captures_iter(rest).map(|found| (found[1].into(), Expression::parse_parameter(&found[2]))).collect();
    let given = !rest.is_empty() || arguments.contains("{{");
    TemplateNode::Include {
        file: parse_inner(file.trim_matches(['"', '\''])),
        parameters: given.then_some(parameters),
        relative,
    }
}
