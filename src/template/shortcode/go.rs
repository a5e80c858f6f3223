//! Templates of Go, as far as the shortcodes of blogs are simple: arguments, the body, `if`, `with` and variables. Whatever
//! else a template asks for is said to be unknown, and its shortcode stays as typed.

use std::collections::HashMap;

use crate::escape::escape_attribute;

/// A value of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Nil,
    /// A truth.
    Bool(bool),
    /// A number.
    Int(i64),
    /// Text that is escaped where it is shown.
    Text(String),
    /// HTML that is shown as it is.
    Html(String),
    /// Several.
    List(Vec<Value>),
    /// The page, the site, the arguments: known by its path alone.
    Object(String),
}

impl Value {
    /// Go: what counts as false is empty.
    fn is_true(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(truth) => *truth,
            Value::Int(number) => *number != 0,
            Value::Text(text) | Value::Html(text) => !text.is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Object(_) => true,
        }
    }

    fn text(&self) -> String {
        match self {
            Value::Nil | Value::Object(_) | Value::List(_) => String::new(),
            Value::Bool(truth) => truth.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Text(text) | Value::Html(text) => text.clone(),
        }
    }
}

/// What a template can ask for.
pub trait Host {
    /// A field of the shortcode or its page, such as `.Inner` or `.Page.Title`; `None` where it is not known.
    fn field(&self, path: &str) -> Option<Value>;

    /// What is in an object, by its keys; `None` where that is not known.
    fn entries(&self, path: &str) -> Option<Vec<(Value, Value)>>;

    /// A function; `None` where it is not known.
    fn call(&self, name: &str, args: &[Value]) -> Option<Value>;
}

/// Renders a template.
///
/// # Errors
/// What in it is not known.
pub fn render(template: &str, host: &dyn Host) -> Result<String, String> {
    let parts = parts(template)?;
    let mut nodes = parts.into_iter().peekable();
    let (tree, end) = block(&mut nodes, 0)?;
    if let Some(end) = end {
        return Err(format!("`{end}` ends nothing"));
    }
    let mut out = String::new();
    let mut scope = Scope { host, variables: HashMap::new(), work: 0 };
    scope.show(&tree, &Value::Object(".".to_owned()), &mut out)?;
    Ok(out)
}

enum Part {
    Text(String),
    Action(String),
}

/// Text and actions, the white space that `{{-` and `-}}` take away gone.
fn parts(template: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    let mut trims = false;
    loop {
        let (text, behind) = rest.split_once("{{").map_or((rest, None), |(text, behind)| (text, Some(behind)));
        let mut text = if trims { text.trim_start() } else { text };
        let Some(behind) = behind else {
            parts.push(Part::Text(text.to_owned()));
            return Ok(parts);
        };
        let behind = match behind.strip_prefix("- ") {
            Some(behind) => {
                text = text.trim_end();
                behind
            }
            None => behind,
        };
        parts.push(Part::Text(text.to_owned()));
        let is_comment = behind.trim_start().starts_with("/*");
        let end = match is_comment {
            true => behind.find("*/").and_then(|at| behind[at..].find("}}").map(|end| at + end)),
            false => end_of_action(behind),
        };
        let end = end.ok_or("an action has no end")?;
        let inner = &behind[..end];
        trims = inner.ends_with('-');
        if !is_comment {
            parts.push(Part::Action(inner.trim_end_matches('-').trim().to_owned()));
        }
        rest = &behind[end + 2..];
    }
}

/// The end of an action, strings passed over.
fn end_of_action(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '`' => quote = Some(c),
            None if text[at..].starts_with("}}") => return Some(at),
            None => {}
        }
    }
    None
}

enum Node {
    Text(String),
    Show(String),
    Set(String, String),
    Range(String, Vec<Node>, Vec<Node>),
    If { with: bool, branches: Vec<Branch>, other: Vec<Node> },
}

/// A condition, and what is shown where it holds.
type Branch = (String, Vec<Node>);

/// Blocks in blocks: nobody writes more.
const DEEPEST: u8 = 32;

/// Nodes up to `end` or `else`, which is given back.
fn block(
    parts: &mut std::iter::Peekable<std::vec::IntoIter<Part>>,
    depth: u8,
) -> Result<(Vec<Node>, Option<String>), String> {
    if depth > DEEPEST {
        return Err("blocks stand too deep in each other".to_owned());
    }
    let mut nodes = Vec::new();
    while let Some(part) = parts.next() {
        let action = match part {
            Part::Text(text) => {
                nodes.push(Node::Text(text));
                continue;
            }
            Part::Action(action) => action,
        };
        let (word, rest) = action.split_once(char::is_whitespace).unwrap_or((&action, ""));
        match word {
            "" => {}
            "end" | "else" => return Ok((nodes, Some(action))),
            "if" | "with" => nodes.push(branches(parts, (word == "with", rest), depth)?),
            "range" => nodes.push(range(parts, rest, depth)?),
            "define" | "block" | "template" | "break" | "continue" | "return" | "partial" | "partialCached" => {
                return Err(format!("`{word}` is not read here"));
            }
            _ => nodes.push(match assignment(&action) {
                Some((name, value)) => Node::Set(name.to_owned(), value.to_owned()),
                None => Node::Show(action.clone()),
            }),
        }
    }
    Ok((nodes, None))
}

fn range(parts: &mut std::iter::Peekable<std::vec::IntoIter<Part>>, over: &str, depth: u8) -> Result<Node, String> {
    let (inner, end) = block(parts, depth + 1)?;
    let other = match end.as_deref().map(str::trim) {
        Some("end") => Vec::new(),
        Some("else") => match block(parts, depth + 1)? {
            (other, Some(end)) if end == "end" => other,
            _ => return Err("an `else` has no end".to_owned()),
        },
        _ => return Err("a block has no end".to_owned()),
    };
    Ok(Node::Range(over.to_owned(), inner, other))
}

fn branches(
    parts: &mut std::iter::Peekable<std::vec::IntoIter<Part>>,
    (with, condition): (bool, &str),
    depth: u8,
) -> Result<Node, String> {
    let mut branches = Vec::new();
    let mut condition = condition.to_owned();
    loop {
        let (inner, end) = block(parts, depth + 1)?;
        branches.push((condition, inner));
        match end.as_deref().map(str::trim) {
            Some("end") => return Ok(Node::If { with, branches, other: Vec::new() }),
            Some("else") => {
                let (other, end) = block(parts, depth + 1)?;
                return match end.as_deref() {
                    Some("end") => Ok(Node::If { with, branches, other }),
                    _ => Err("an `else` has no end".to_owned()),
                };
            }
            Some(other) => {
                let rest = other.trim_start_matches("else").trim_start();
                let next = rest.strip_prefix(if with { "with" } else { "if" });
                condition = next.ok_or_else(|| format!("`{other}` is not read here"))?.trim().to_owned();
            }
            None => return Err("a block has no end".to_owned()),
        }
    }
}

/// `$name := value` and `$name = value`.
fn assignment(action: &str) -> Option<(&str, &str)> {
    let rest = action.strip_prefix('$')?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let behind = rest[end..].trim_start();
    let value =
        behind.strip_prefix(":=").or_else(|| behind.strip_prefix('=').filter(|value| !value.starts_with('=')))?;
    (end > 0).then(|| (&rest[..end], value.trim()))
}

struct Scope<'a> {
    host: &'a dyn Host,
    variables: HashMap<String, Value>,
    /// How often something was gone over.
    work: usize,
}

impl Scope<'_> {
    fn show(&mut self, nodes: &[Node], dot: &Value, out: &mut String) -> Result<(), String> {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Show(pipeline) => match self.pipeline(pipeline, dot)? {
                    Value::Html(html) => out.push_str(&html),
                    other => escape_attribute(&other.text(), out),
                },
                Node::Range(over, inner, other) => self.range(over, (inner, other), dot, out)?,
                Node::Set(name, pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    self.variables.insert(name.clone(), value);
                }
                Node::If { with, branches, other } => self.branch((*with, branches, other), dot, out)?,
            }
        }
        Ok(())
    }

    /// Everything in a list, or every argument, up to a number that no page has.
    fn range(
        &mut self,
        over: &str,
        (inner, other): (&[Node], &[Node]),
        dot: &Value,
        out: &mut String,
    ) -> Result<(), String> {
        const MOST: usize = 10_000;
        let (names, pipeline) = match over.split_once(":=") {
            Some((names, pipeline)) => {
                (names.split(',').map(|name| name.trim().trim_start_matches('$')).collect(), pipeline)
            }
            None => (Vec::new(), over),
        };
        let entries = match self.pipeline(pipeline.trim(), dot)? {
            Value::List(items) => items.into_iter().zip(0..).map(|(item, at)| (Value::Int(at), item)).collect(),
            Value::Object(path) => self.host.entries(&path).ok_or_else(|| unknown(&path))?,
            Value::Nil => Vec::new(),
            _ => return Err("`range` goes over what is no list".to_owned()),
        };
        self.work += entries.len();
        if self.work > MOST {
            return Err("`range` goes on too long".to_owned());
        }
        if entries.is_empty() {
            return self.show(other, dot, out);
        }
        for (key, value) in entries {
            match names.as_slice() {
                [one] => _ = self.variables.insert((*one).to_owned(), value.clone()),
                [first, second, ..] => {
                    self.variables.insert((*first).to_owned(), key);
                    self.variables.insert((*second).to_owned(), value.clone());
                }
                [] => {}
            }
            self.show(inner, &value, out)?;
        }
        Ok(())
    }

    fn branch(
        &mut self,
        (with, branches, other): (bool, &[Branch], &[Node]),
        dot: &Value,
        out: &mut String,
    ) -> Result<(), String> {
        for (condition, nodes) in branches {
            // `with $x := …` names what it is about
            let (name, pipeline) =
                assignment(condition).map_or((None, condition.as_str()), |(name, value)| (Some(name), value));
            let value = self.pipeline(pipeline, dot)?;
            if let Some(name) = name {
                self.variables.insert(name.to_owned(), value.clone());
            }
            if value.is_true() {
                return self.show(nodes, if with { &value } else { dot }, out);
            }
        }
        self.show(other, dot, out)
    }

    /// Commands, each of which gets what the one before it gave as its last argument.
    fn pipeline(&self, pipeline: &str, dot: &Value) -> Result<Value, String> {
        let tokens = tokens(pipeline)?;
        self.commands(&tokens, dot, 0)
    }

    fn commands(&self, tokens: &[Token], dot: &Value, depth: u8) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err("brackets stand too deep in each other".to_owned());
        }
        let mut given: Option<Value> = None;
        for command in tokens.split(|token| *token == Token::Pipe) {
            let Some((first, rest)) = command.split_first() else { return Err("a command is empty".to_owned()) };
            let mut args = rest.iter().map(|token| self.operand(token, dot, depth)).collect::<Result<Vec<_>, _>>()?;
            args.extend(given.take());
            given = Some(match first {
                Token::Word(word) if word.starts_with(['.', '$']) && !args.is_empty() => self.method(word, &args)?,
                Token::Word(word) if !word.starts_with(['.', '$']) && literal(word).is_none() => {
                    self.function(word, &args)?
                }
                operand if args.is_empty() => self.operand(operand, dot, depth)?,
                _ => return Err("a value is called as a function".to_owned()),
            });
        }
        given.ok_or_else(|| "an action is empty".to_owned())
    }

    fn operand(&self, token: &Token, dot: &Value, depth: u8) -> Result<Value, String> {
        match token {
            Token::Text(text) => Ok(Value::Text(text.clone())),
            Token::Group(tokens) => self.commands(tokens, dot, depth + 1),
            Token::Pipe => Err("a command is empty".to_owned()),
            Token::Word(word) => match word.as_str() {
                "." => Ok(dot.clone()),
                word if word.starts_with('.') => self.host.field(word).ok_or_else(|| unknown(word)),
                word if word.starts_with("$.") => self.host.field(&word[1..]).ok_or_else(|| unknown(word)),
                word if word.starts_with('$') => self.variables.get(&word[1..]).cloned().ok_or_else(|| unknown(word)),
                word => literal(word).map_or_else(|| self.function(word, &[]), Ok),
            },
        }
    }

    /// A method of the shortcode, such as `.Get`.
    fn method(&self, word: &str, args: &[Value]) -> Result<Value, String> {
        self.host.call(word.trim_start_matches('$'), args).ok_or_else(|| unknown(word))
    }

    fn function(&self, word: &str, args: &[Value]) -> Result<Value, String> {
        let name = word.rsplit_once('.').map_or(word, |(_, name)| name).to_lowercase();
        let text = |at: usize| args.get(at).map(Value::text).unwrap_or_default();
        let last = args.last().cloned().unwrap_or(Value::Nil);
        Ok(match name.as_str() {
            "safehtml" | "safeurl" | "safecss" | "safejs" | "safehtmlattr" | "htmlunescape" => Value::Html(last.text()),
            "not" => Value::Bool(!last.is_true()),
            "and" => args.iter().find(|arg| !arg.is_true()).cloned().unwrap_or(last),
            "or" => args.iter().find(|arg| arg.is_true()).cloned().unwrap_or(last),
            "eq" => Value::Bool(args.iter().skip(1).any(|arg| arg.text() == text(0))),
            "ne" => Value::Bool(text(0) != text(1)),
            "default" => {
                if last.is_true() {
                    last
                } else {
                    args.first().cloned().unwrap_or(Value::Nil)
                }
            }
            "cond" => {
                if args.first().is_some_and(Value::is_true) { args.get(1).cloned() } else { args.get(2).cloned() }
                    .unwrap_or(Value::Nil)
            }
            "len" => Value::Int(i64::try_from(last.text().chars().count()).unwrap_or(i64::MAX)),
            "lower" => Value::Text(last.text().to_lowercase()),
            "upper" => Value::Text(last.text().to_uppercase()),
            "trim" => Value::Text(text(0).trim_matches(|c| text(1).contains(c)).to_owned()),
            "trimspace" => Value::Text(last.text().trim().to_owned()),
            "trimprefix" => Value::Text(text(1).strip_prefix(text(0).as_str()).unwrap_or(&text(1)).to_owned()),
            "trimsuffix" => Value::Text(text(1).strip_suffix(text(0).as_str()).unwrap_or(&text(1)).to_owned()),
            "replace" => Value::Text(text(0).replace(&text(1), &text(2))),
            "hasprefix" => Value::Bool(text(0).starts_with(&text(1))),
            "hassuffix" => Value::Bool(text(0).ends_with(&text(1))),
            "print" => Value::Text(args.iter().map(Value::text).collect()),
            "printf" => Value::Text(printf(&text(0), args.get(1..).unwrap_or_default())),
            "split" => Value::List(text(0).split(text(1).as_str()).map(|part| Value::Text(part.to_owned())).collect()),
            "slice" => Value::List(args.to_vec()),
            "delimit" => match args.first() {
                Some(Value::List(items)) => {
                    Value::Text(items.iter().map(Value::text).collect::<Vec<_>>().join(&text(1)))
                }
                _ => return Err(unknown(word)),
            },
            "string" => Value::Text(last.text()),
            "int" => Value::Int(last.text().trim().parse().map_err(|_| unknown(word))?),
            _ => return self.host.call(word, args).ok_or_else(|| unknown(word)),
        })
    }
}

fn unknown(word: &str) -> String {
    format!("its template asks for `{word}`")
}

/// `%s`, `%d`, `%v` and `%q`.
fn printf(form: &str, args: &[Value]) -> String {
    let mut out = String::new();
    let mut args = args.iter();
    let mut chars = form.chars();
    while let Some(c) = chars.next() {
        match (c, c == '%') {
            (_, true) => match chars.next() {
                Some('q') => out.push_str(&format!("\"{}\"", args.next().map(Value::text).unwrap_or_default())),
                Some('%') => out.push('%'),
                Some(_) => out.push_str(&args.next().map(Value::text).unwrap_or_default()),
                None => out.push('%'),
            },
            (c, false) => out.push(c),
        }
    }
    out
}

fn literal(word: &str) -> Option<Value> {
    match word {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "nil" => Some(Value::Nil),
        number => number.parse().ok().map(Value::Int),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Group(Vec<Token>),
    Pipe,
}

fn tokens(pipeline: &str) -> Result<Vec<Token>, String> {
    let mut stack: Vec<Vec<Token>> = vec![Vec::new()];
    let mut rest = pipeline;
    while let Some(c) = rest.chars().next() {
        let top = stack.last_mut().ok_or("a bracket ends nothing")?;
        match c {
            c if c.is_whitespace() => rest = rest.trim_start(),
            '|' => {
                top.push(Token::Pipe);
                rest = &rest[1..];
            }
            '(' => {
                stack.push(Vec::new());
                rest = &rest[1..];
            }
            ')' => {
                let group = stack.pop().unwrap_or_default();
                stack.last_mut().ok_or("a bracket ends nothing")?.push(Token::Group(group));
                rest = &rest[1..];
                if rest.starts_with('.') {
                    return Err("its template asks for a field of what a function gives".to_owned());
                }
            }
            '"' | '`' | '\'' => {
                let (text, length) = quoted(rest).ok_or("a string has no end")?;
                top.push(Token::Text(text));
                rest = &rest[length..];
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "|()\"`".contains(c)).unwrap_or(rest.len());
                top.push(Token::Word(rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
        if stack.len() > usize::from(DEEPEST) {
            return Err("brackets stand too deep in each other".to_owned());
        }
    }
    match stack.len() {
        1 => Ok(stack.pop().unwrap_or_default()),
        _ => Err("a bracket has no end".to_owned()),
    }
}

/// A string of Go, and how long it is with its quotes.
fn quoted(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next()?;
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Some((out, at + 1));
        }
        match c {
            '\\' if quote != '`' => out.push(match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                other => other,
            }),
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Told;

    impl Host for Told {
        fn entries(&self, path: &str) -> Option<Vec<(Value, Value)>> {
            let entry = (Value::Text("k".to_owned()), Value::Text("v".to_owned()));
            (path == ".Params").then(|| vec![entry])
        }

        fn field(&self, path: &str) -> Option<Value> {
            match path {
                ".Inner" => Some(Value::Html("<b>in</b>".to_owned())),
                ".Params" => Some(Value::Object(path.to_owned())),
                _ => None,
            }
        }

        fn call(&self, name: &str, args: &[Value]) -> Option<Value> {
            match (name, args) {
                (".Get", [Value::Int(0)]) => Some(Value::Text("a<b".to_owned())),
                (".Get", [Value::Text(key)]) if key == "src" => Some(Value::Text("x.png".to_owned())),
                (".Get", _) => Some(Value::Nil),
                _ => None,
            }
        }
    }

    #[test]
    fn simple_templates_are_rendered() {
        for (template, expected) in [
            ("<i>{{ .Get 0 }}</i>", "<i>a&lt;b</i>"),
            ("{{ .Get 0 | safeHTML }}{{ .Inner }}", "a<b<b>in</b>"),
            ("{{- with .Get \"src\" -}} <img src=\"{{ . }}\"> {{- end }}", "<img src=\"x.png\">"),
            ("{{ with .Get \"alt\" }}y{{ else }}n{{ end }}", "n"),
            ("{{ $x := .Get \"alt\" | default \"z\" }}{{ if eq $x \"z\" }}{{ $x }}{{ else }}n{{ end }}", "z"),
            ("{{ if and (.Get \"src\") (not (.Get \"alt\")) }}y{{ end }}{{/* {{ no }} */}}", "y"),
            ("{{ printf \"%s-%d\" (.Get \"src\") 3 }}", "x.png-3"),
            ("{{ range $k, $v := .Params }}{{ $k }}={{ $v }}{{ end }}", "k=v"),
            ("{{ range split \"a,b\" \",\" }}[{{ . }}]{{ end }}", "[a][b]"),
            ("{{ if .Get \"alt\" }}a{{ else if .Get \"src\" }}b{{ end }}", "b"),
        ] {
            assert_eq!(render(template, &Told).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn what_is_not_known_is_said() {
        for template in [
            "{{ .Site.Params.x }}",
            "{{ range .Site.Pages }}{{ end }}",
            "{{ partial \"x\" . }}",
            "{{ if true }}",
            "{{ end }}",
            "{{ unknown 1 }}",
            "{{ (",
            "{{ \"a }}",
        ] {
            assert!(render(template, &Told).is_err(), "{template}");
        }
    }
}
