//! Rendering a template: Liquid's own tags, and the way into Jekyll's.

use std::borrow::Cow;
use std::collections::HashMap;

use super::expression::{Comparison, Condition, Expression, Filtered, Step};
use super::filters;
use super::template::{Loop, Tag, TemplateNode};
use crate::model::{Map, Value};

/// What a template cannot do by itself: files, other documents, plugins' tags.
pub trait Host {
    /// A variable that no tag has set.
    fn global(&self, name: &str) -> Option<&Value>;
    /// The template of an included file.
    fn include(&mut self, file: &str, relative: bool) -> Option<Vec<TemplateNode>>;
    /// What a code block becomes.
    fn highlight(&mut self, arguments: &str, code: &str, before: &str) -> String;
    /// What another tag becomes.
    fn tag(&mut self, tag: &Tag, body: Option<&str>, page: &mut dyn FnMut(&Expression) -> Value) -> String;
    /// A filter that Liquid itself does not have.
    fn filter(&mut self, name: &str, input: &Value, arguments: &[Value]) -> Option<Value>;
}

/// Why a list of nodes ended early.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Renders templates with one set of variables.
pub struct Renderer<'h, H: Host> {
    host: &'h mut H,
    scopes: Vec<HashMap<String, Value>>,
    counters: HashMap<String, i64>,
    cycles: HashMap<String, usize>,
    last_changed: Option<String>,
    depth: usize,
    steps: usize,
}

/// Includes inside includes; Jekyll gives up at 100 as well.
const DEEPEST: usize = 60;
/// Nodes rendered at most: a loop over loops must end.
const MOST_STEPS: usize = 2_000_000;
/// Bytes shown at most.
const LONGEST: usize = 32 << 20;

impl<'h, H: Host> Renderer<'h, H> {
    /// A renderer without variables of its own.
    pub fn new(host: &'h mut H) -> Self {
        Renderer {
            host,
            scopes: vec![HashMap::new()],
            counters: HashMap::new(),
            cycles: HashMap::new(),
            last_changed: None,
            depth: 0,
            steps: 0,
        }
    }

    /// Renders nodes.
    pub fn render(&mut self, nodes: &[TemplateNode]) -> String {
        let mut out = String::new();
        self.nodes(nodes, &mut out);
        out
    }

    fn nodes(&mut self, nodes: &[TemplateNode], out: &mut String) -> Flow {
        for node in nodes {
            self.steps += 1;
            if self.steps > MOST_STEPS || out.len() > LONGEST {
                return Flow::Break;
            }
            let flow = self.node(node, out);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    fn node(&mut self, node: &TemplateNode, out: &mut String) -> Flow {
        match node {
            TemplateNode::Text(text) => out.push_str(text),
            TemplateNode::Output(filtered) => out.push_str(&filters::to_text(&self.filtered(filtered))),
            TemplateNode::Assign(name, filtered) => {
                let value = self.filtered(filtered);
                self.assign(name, value);
            }
            TemplateNode::Capture(name, body) => {
                let mut text = String::new();
                let flow = self.nodes(body, &mut text);
                self.assign(name, Value::String(text));
                return flow;
            }
            TemplateNode::Branches(branches) => {
                for (condition, body) in branches {
                    if self.holds(condition) {
                        return self.nodes(body, out);
                    }
                }
            }
            TemplateNode::Case(subject, branches) => return self.case(subject, branches, out),
            TemplateNode::For(repeat) => return self.repeat(repeat, out),
            TemplateNode::Break => return Flow::Break,
            TemplateNode::Continue => return Flow::Continue,
            TemplateNode::Cycle(group, values) => {
                let turn = self.cycles.entry(group.clone()).or_default();
                let at = *turn % values.len().max(1);
                *turn += 1;
                if let Some(value) = values.get(at) {
                    out.push_str(&filters::to_text(&self.value(value)));
                }
            }
            TemplateNode::Count(name, by) => {
                let counter = self.counters.entry(name.clone()).or_default();
                // increment shows the number before, decrement the one after
                let shown = if *by > 0 { *counter } else { *counter - 1 };
                *counter += by;
                out.push_str(&shown.to_string());
            }
            TemplateNode::IfChanged(body) => {
                let mut text = String::new();
                let flow = self.nodes(body, &mut text);
                if self.last_changed.as_ref() != Some(&text) {
                    out.push_str(&text);
                    self.last_changed = Some(text);
                }
                return flow;
            }
            TemplateNode::Include { file, parameters, relative } => self.include(file, parameters, *relative, out),
            TemplateNode::Highlight(arguments, body) => {
                let mut code = String::new();
                let flow = self.nodes(body, &mut code);
                let block = self.host.highlight(arguments, &code, out);
                out.push_str(&block);
                return flow;
            }
            TemplateNode::Tag(tag) => return self.tag(tag, out),
        }
        Flow::On
    }

    fn tag(&mut self, tag: &Tag, out: &mut String) -> Flow {
        let mut flow = Flow::On;
        let body = tag.body.as_ref().map(|(nodes, _)| {
            let mut text = String::new();
            flow = self.nodes(nodes, &mut text);
            text
        });
        let scopes = &self.scopes;
        let values: HashMap<&str, Value> = HashMap::new();
        let mut look_up = |expression: &Expression| match expression {
            Expression::Literal(value) => value.clone(),
            Expression::Path(steps) => match steps.first() {
                Some(Step::Name(name)) => scopes
                    .iter()
                    .rev()
                    .find_map(|scope| scope.get(name))
                    .or(values.get(name.as_str()))
                    .cloned()
                    .unwrap_or(Value::Null),
                _ => Value::Null,
            },
            _ => Value::Null,
        };
        let shown = self.host.tag(tag, body.as_deref(), &mut look_up);
        out.push_str(&shown);
        flow
    }

    fn include(
        &mut self,
        file: &[TemplateNode],
        parameters: &[(String, Expression)],
        relative: bool,
        out: &mut String,
    ) {
        if self.depth >= DEEPEST {
            return;
        }
        let name = self.render(file);
        let Some(template) = self.host.include(name.trim(), relative) else { return };
        let values: Map = parameters.iter().map(|(key, value)| (key.clone(), self.value(value))).collect();
        self.depth += 1;
        self.scopes.push(HashMap::from([("include".to_owned(), Value::Map(values))]));
        self.nodes(&template, out);
        self.scopes.pop();
        self.depth -= 1;
    }

    /// `assign` and `capture` set variables of the whole template, whatever loop they stand in.
    fn assign(&mut self, name: &str, value: Value) {
        if let Some(scope) = self.scopes.first_mut() {
            scope.insert(name.to_owned(), value);
        }
    }

    fn case(
        &mut self,
        subject: &Expression,
        branches: &[(Vec<Expression>, Vec<TemplateNode>)],
        out: &mut String,
    ) -> Flow {
        let subject = self.value(subject);
        let mut matched = false;
        for (values, body) in branches {
            let holds = if values.is_empty() {
                !matched
            } else {
                values.iter().any(|value| equal(&subject, value, &self.value(value)))
            };
            if holds {
                matched = true;
                let flow = self.nodes(body, out);
                if flow != Flow::On {
                    return flow;
                }
            }
        }
        Flow::On
    }

    fn repeat(&mut self, repeat: &Loop, out: &mut String) -> Flow {
        let mut items = items_of(self.value(&repeat.over));
        let number = |renderer: &Self, expression: &Option<Expression>| {
            expression.as_ref().and_then(|e| filters::to_number(&renderer.value(e))).map(|n| n.max(0.0) as usize)
        };
        let offset = number(self, &repeat.offset).unwrap_or(0).min(items.len());
        items.drain(..offset);
        if let Some(limit) = number(self, &repeat.limit) {
            items.truncate(limit);
        }
        if repeat.reversed {
            items.reverse();
        }
        if items.is_empty() {
            return self.nodes(&repeat.otherwise, out);
        }
        let columns = repeat.columns.as_ref().map(|columns| number(self, columns).unwrap_or(items.len()).max(1));
        let length = items.len();
        self.scopes.push(HashMap::new());
        for (at, item) in items.into_iter().enumerate() {
            if let Some(scope) = self.scopes.last_mut() {
                scope.insert(repeat.variable.clone(), item);
                scope.insert("forloop".to_owned(), loop_state(at, length));
            }
            match columns {
                None => {
                    if self.nodes(&repeat.body, out) == Flow::Break {
                        break;
                    }
                }
                Some(columns) => self.table_cell(repeat, at, length, columns, out),
            }
        }
        self.scopes.pop();
        Flow::On
    }

    fn table_cell(&mut self, repeat: &Loop, at: usize, length: usize, columns: usize, out: &mut String) {
        let (row, column) = (at / columns + 1, at % columns + 1);
        if column == 1 {
            out.push_str(&format!("<tr class=\"row{row}\">"));
            if row == 1 {
                out.push('\n');
            }
        }
        out.push_str(&format!("<td class=\"col{column}\">"));
        self.nodes(&repeat.body, out);
        out.push_str("</td>");
        if column == columns || at + 1 == length {
            out.push_str("</tr>\n");
        }
    }

    fn filtered(&mut self, filtered: &Filtered) -> Value {
        let mut value = self.value(&filtered.value);
        for filter in &filtered.filters {
            let arguments: Vec<Value> = filter.arguments.iter().map(|argument| self.value(argument)).collect();
            // lax mode: a filter that is not there lets the value pass
            if let Some(changed) = filters::apply(&filter.name, &value, &arguments)
                .or_else(|| self.host.filter(&filter.name, &value, &arguments))
            {
                value = changed;
            }
        }
        value
    }

    fn value(&self, expression: &Expression) -> Value {
        self.look_at(expression).into_owned()
    }

    /// A value where it is: `site` is large, and asked for a field at a time.
    fn look_at<'v>(&'v self, expression: &'v Expression) -> Cow<'v, Value> {
        match expression {
            Expression::Literal(value) => Cow::Borrowed(value),
            Expression::Empty | Expression::Blank => Cow::Owned(Value::String(String::new())),
            Expression::Path(steps) => self.path(steps),
            Expression::Range(from, to) => {
                let bound = |e: &Expression| filters::to_number(&self.value(e)).unwrap_or(0.0) as i64;
                let (from, to) = (bound(from), bound(to));
                Cow::Owned(Value::List((from..=to.min(from.saturating_add(100_000))).map(Value::Int).collect()))
            }
        }
    }

    fn path<'v>(&'v self, steps: &'v [Step]) -> Cow<'v, Value> {
        let nil = Cow::Owned(Value::Null);
        let Some((first, rest)) = steps.split_first() else { return nil };
        let name = match first {
            Step::Name(name) => Cow::Borrowed(name.as_str()),
            Step::Index(expression) => Cow::Owned(filters::to_text(&self.look_at(expression))),
        };
        let scoped = self.scopes.iter().rev().find_map(|scope| scope.get(&*name));
        let Some(mut value) = scoped.or_else(|| self.host.global(&name)).map(Cow::Borrowed) else { return nil };
        for step in rest {
            let next = match value {
                Cow::Borrowed(inside) => self.step(inside, step),
                Cow::Owned(inside) => self.step(&inside, step).map(|found| Cow::Owned(found.into_owned())),
            };
            match next {
                Some(next) => value = next,
                None => return nil,
            }
        }
        value
    }

    fn step<'v>(&self, value: &'v Value, step: &Step) -> Option<Cow<'v, Value>> {
        match step {
            Step::Name(name) => member(value, name),
            Step::Index(expression) => match &*self.look_at(expression) {
                Value::Int(at) => item(value, *at).map(Cow::Borrowed),
                key => member(value, &filters::to_text(key)),
            },
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Truthy(expression) => truthy(&self.look_at(expression)),
            Condition::Not(condition) => !self.holds(condition),
            Condition::And(left, right) => self.holds(left) && self.holds(right),
            Condition::Or(left, right) => self.holds(left) || self.holds(right),
            Condition::Compare(left, comparison, right) => {
                let (a, b) = (self.look_at(left), self.look_at(right));
                match comparison {
                    Comparison::Equal => equal(&a, right, &b) || equal(&b, left, &a),
                    Comparison::Different => !(equal(&a, right, &b) || equal(&b, left, &a)),
                    Comparison::Contains => filters::contains(&a, &b),
                    Comparison::Less => filters::compare(&a, &b).is_some_and(std::cmp::Ordering::is_lt),
                    Comparison::AtMost => filters::compare(&a, &b).is_some_and(std::cmp::Ordering::is_le),
                    Comparison::Greater => filters::compare(&a, &b).is_some_and(std::cmp::Ordering::is_gt),
                    Comparison::AtLeast => filters::compare(&a, &b).is_some_and(std::cmp::Ordering::is_ge),
                }
            }
        }
    }
}

/// Liquid: everything but nil and false.
pub fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

fn equal(a: &Value, written: &Expression, b: &Value) -> bool {
    match written {
        Expression::Empty => matches!(a, Value::String(_) | Value::List(_) | Value::Map(_)) && is_empty(a),
        Expression::Blank => a.is_empty() || a == &Value::Bool(false),
        _ => match (a, b) {
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                filters::to_number(a) == filters::to_number(b)
            }
            _ => a == b,
        },
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        other => other.is_empty(),
    }
}

/// What a loop loops over: a map gives pairs, a text itself.
fn items_of(value: Value) -> Vec<Value> {
    match value {
        Value::List(items) => items,
        Value::Map(map) => map.into_iter().map(|(key, value)| Value::List(vec![Value::String(key), value])).collect(),
        Value::String(text) if !text.is_empty() => vec![Value::String(text)],
        _ => Vec::new(),
    }
}

fn loop_state(at: usize, length: usize) -> Value {
    let int = |n: usize| Value::Int(n as i64);
    Value::Map(Map::from_iter([
        ("index".to_owned(), int(at + 1)),
        ("index0".to_owned(), int(at)),
        ("rindex".to_owned(), int(length - at)),
        ("rindex0".to_owned(), int(length - at - 1)),
        ("length".to_owned(), int(length)),
        ("first".to_owned(), Value::Bool(at == 0)),
        ("last".to_owned(), Value::Bool(at + 1 == length)),
    ]))
}

fn member<'v>(value: &'v Value, name: &str) -> Option<Cow<'v, Value>> {
    match (value, name) {
        (Value::Map(map), _) if map.contains_key(name) => map.get(name).map(Cow::Borrowed),
        (Value::Map(map), "size") => Some(Cow::Owned(Value::Int(map.len() as i64))),
        (Value::Map(map), "first") => {
            map.first().map(|(k, v)| Cow::Owned(Value::List(vec![Value::String(k.clone()), v.clone()])))
        }
        (Value::List(items), "size") => Some(Cow::Owned(Value::Int(items.len() as i64))),
        (Value::List(items), "first") => items.first().map(Cow::Borrowed),
        (Value::List(items), "last") => items.last().map(Cow::Borrowed),
        (Value::String(text), "size") => Some(Cow::Owned(Value::Int(text.chars().count() as i64))),
        _ => None,
    }
}

fn item(value: &Value, at: i64) -> Option<&Value> {
    let items = value.as_list()?;
    let at = if at < 0 { at + items.len() as i64 } else { at };
    items.get(usize::try_from(at).ok()?)
}
