//! Rendering a template: Liquid's own tags, and the way into Jekyll's.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::tz::{Offset, TimeZone};

use super::expression::{Comparison, Condition, Expression, Filtered, Step};
use super::filters;
use super::number::to_integer;
use super::template::{Loop, Tag, TemplateNode};
use super::value::{LiquidMap, LiquidValue, LoopState, Text};
use crate::model::Moment;

/// What a template cannot do by itself: files, other documents, plugins' tags.
pub trait Host<'v> {
    /// A variable that no tag has set.
    fn global(&self, name: &str) -> Option<LiquidValue<'v>>;
    /// The zone whose clocks dates are shown on.
    fn zone(&self) -> &TimeZone;
    /// When the site counts as built.
    fn built(&self) -> Moment;
    /// The template of an included file.
    fn include(&mut self, file: &str, relative: bool) -> Option<Arc<Vec<TemplateNode>>>;
    /// What a code block becomes.
    fn highlight(&mut self, arguments: &str, code: &str, before: &str) -> String;
    /// What another tag becomes.
    fn tag(&mut self, tag: &Tag, call: Call<'_, 'v>) -> String;
    /// A filter that Liquid itself does not have.
    fn filter(&mut self, name: &str, input: &LiquidValue<'v>) -> Option<LiquidValue<'v>>;
    /// A part of the template that Jekyll would stop at; it is shown as typed.
    fn stray(&mut self, typed: &str, offset: usize);
    /// Something that cannot be known, or went on for too long.
    fn give_up(&mut self, what: &str);
}

/// A tag as it is called.
pub struct Call<'r, 'v> {
    /// The arguments, with the values of their expressions.
    pub arguments: &'r str,
    /// The rendered body, if the tag has one.
    pub body: Option<&'r str>,
    /// The value of a variable.
    pub look_up: &'r dyn Fn(&str) -> LiquidValue<'v>,
}

/// Why a list of nodes ended early.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Renders templates with one set of variables.
pub struct Renderer<'h, 'v, H: Host<'v>> {
    pub(super) host: &'h mut H,
    scopes: Vec<HashMap<Arc<str>, LiquidValue<'v>>>,
    counters: HashMap<Arc<str>, i64>,
    cycles: HashMap<String, usize>,
    /// Where the last loop of each name ended.
    ends: HashMap<String, usize>,
    around: Option<Rc<LoopState>>,
    last_changed: Option<String>,
    depth: usize,
    steps: usize,
}

/// Includes inside includes; Jekyll gives up at 100 as well.
const DEEPEST: usize = 60;
/// Nodes rendered at most: a loop over loops must end.
const MOST_STEPS: usize = 2_000_000;
/// Bytes shown at most.
const LONGEST: usize = 8 << 20;

impl<'h, 'v, H: Host<'v>> Renderer<'h, 'v, H> {
    /// A renderer without variables of its own.
    pub fn new(host: &'h mut H) -> Self {
        Renderer {
            host,
            scopes: vec![HashMap::new()],
            counters: HashMap::new(),
            cycles: HashMap::new(),
            ends: HashMap::new(),
            around: None,
            last_changed: None,
            depth: 0,
            steps: 0,
        }
    }

    /// Renders a whole template.
    pub fn render(&mut self, nodes: &[TemplateNode]) -> String {
        let mut out = String::new();
        self.nodes(nodes, &mut out);
        out
    }

    fn nodes(&mut self, nodes: &[TemplateNode], out: &mut String) -> Flow {
        for node in nodes {
            if !self.may_go_on(out.len()) {
                return Flow::Break;
            }
            let flow = self.node(node, out);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    /// Counts a step; too many of them end the template.
    pub(super) fn may_go_on(&mut self, shown: usize) -> bool {
        if self.steps > MOST_STEPS {
            return false;
        }
        self.steps += 1;
        if self.steps > MOST_STEPS || shown > LONGEST {
            self.steps = MOST_STEPS + 1;
            self.host.give_up("the template goes on for too long, and was cut off");
        }
        self.steps <= MOST_STEPS
    }

    /// Whether a text of so many bytes may be made; if not, the template ends.
    fn may_hold(&mut self, bytes: usize) -> bool {
        if bytes > LONGEST && self.steps <= MOST_STEPS {
            self.steps = MOST_STEPS + 1;
            self.host.give_up("the template makes too much of its text, and was cut off");
        }
        self.steps <= MOST_STEPS
    }

    /// Counts the work of a filter by what it reads and makes; false where that is too much.
    fn may_filter(&mut self, name: &str, value: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> bool {
        /// Bytes that take as long as any other step.
        const AS_A_STEP: usize = 128;
        let weight = |value: &LiquidValue<'v>| value.weight(LONGEST + 1);
        let argument = |at: usize| arguments.get(at).map_or(0, weight);
        let read = arguments.iter().map(weight).fold(weight(value), usize::saturating_add);
        let made = match (name, value) {
            ("replace", _) => (weight(value) / argument(0).max(1) + 1).saturating_mul(argument(1)),
            ("join", LiquidValue::List(items)) => items.len().saturating_mul(argument(0)),
            _ => 0,
        };
        let bytes = read.saturating_add(made);
        self.steps = self.steps.saturating_add((bytes.min(LONGEST) / AS_A_STEP).min(MOST_STEPS));
        self.may_hold(bytes) && self.may_go_on(0)
    }

    fn node(&mut self, node: &TemplateNode, out: &mut String) -> Flow {
        match node {
            TemplateNode::Text(text) => out.push_str(text),
            TemplateNode::Output(filtered) => {
                let value = self.filtered(filtered);
                if self.may_hold(value.weight(LONGEST + 1).saturating_add(out.len())) {
                    value.show(out);
                }
            }
            TemplateNode::Assign(name, filtered) => {
                let value = self.filtered(filtered);
                self.assign(name, value);
            }
            TemplateNode::Capture(name, body) => {
                let mut text = String::new();
                let flow = self.nodes(body, &mut text);
                self.assign(name, text.into());
                return flow;
            }
            TemplateNode::Branches(branches) => {
                let holding = branches.iter().find(|(condition, _)| self.holds(condition));
                return holding.map_or(Flow::On, |(_, body)| self.nodes(body, out));
            }
            TemplateNode::Case(subject, branches) => return self.case(subject, branches, out),
            TemplateNode::For(repeat) => return self.repeat(repeat, out),
            TemplateNode::Table(table) => return self.table(table, out),
            TemplateNode::Break => return Flow::Break,
            TemplateNode::Continue => return Flow::Continue,
            TemplateNode::Cycle(group, values) => {
                let group = self.value(group).to_text();
                let turn = self.cycles.entry(group).or_default();
                let at = *turn;
                *turn = if at + 1 >= values.len() { 0 } else { at + 1 };
                if let Some(value) = values.get(at) {
                    self.value(value).show(out);
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
            TemplateNode::Blank(node) => return self.node(node, &mut String::new()),
            TemplateNode::Include { file, parameters, relative } => {
                return self.include(file, parameters.as_deref(), *relative, out);
            }
            TemplateNode::Highlight(arguments, body) => {
                let mut code = String::new();
                let flow = self.nodes(body, &mut code);
                let block = self.host.highlight(arguments, &code, out);
                out.push_str(&block);
                return flow;
            }
            TemplateNode::Tag(tag) => return self.tag(tag, out),
            TemplateNode::Stray { typed, offset } => {
                self.host.stray(typed, *offset);
                out.push_str(typed);
            }
        }
        Flow::On
    }

    fn tag(&mut self, tag: &Tag, out: &mut String) -> Flow {
        let mut flow = Flow::On;
        let arguments = self.render(&tag.arguments);
        let body = tag.body.as_ref().map(|(nodes, _)| {
            let mut text = String::new();
            flow = self.nodes(nodes, &mut text);
            text
        });
        let scopes = &self.scopes;
        let look_up = |name: &str| match scopes.iter().rev().find_map(|scope| scope.get(name)) {
            Some(value) => value.clone(),
            None => LiquidValue::Nil,
        };
        let call = Call { arguments: &arguments, body: body.as_deref(), look_up: &look_up };
        let shown = self.host.tag(tag, call);
        out.push_str(&shown);
        flow
    }

    /// Jekyll (`include.rb`): `include` holds the parameters; without any, those of the file around it.
    fn include(
        &mut self,
        file: &[TemplateNode],
        parameters: Option<&[(Arc<str>, Expression)]>,
        relative: bool,
        out: &mut String,
    ) -> Flow {
        if self.depth >= DEEPEST {
            self.host.give_up("files that include each other without end");
            return Flow::On;
        }
        let name = self.render(file);
        let Some(template) = self.host.include(name.trim(), relative) else { return Flow::On };
        let mut scope = HashMap::new();
        if let Some(parameters) = parameters {
            let values: IndexMap<Text<'v>, LiquidValue<'v>> =
                parameters.iter().map(|(key, value)| (Text::Shared(key.clone()), self.value(value))).collect();
            scope.insert("include".into(), LiquidValue::Map(LiquidMap::Made(Rc::new(values))));
        }
        self.depth += 1;
        self.scopes.push(scope);
        let flow = self.nodes(&template, out);
        self.scopes.pop();
        self.depth -= 1;
        flow
    }

    /// `assign` and `capture` set variables of the whole template, whatever loop they stand in.
    fn assign(&mut self, name: &Arc<str>, value: LiquidValue<'v>) {
        if let Some(scope) = self.scopes.first_mut() {
            scope.insert(name.clone(), value);
        }
    }

    /// Renders with a variable of its own (`context.stack`).
    pub(super) fn with<T>(&mut self, name: &str, value: LiquidValue<'v>, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(HashMap::from([(name.into(), value)]));
        let result = inside(self);
        self.scopes.pop();
        result
    }

    /// Liquid (`case.rb`): each value that fits shows its branch, `else` only where none did.
    fn case(
        &mut self,
        subject: &Expression,
        branches: &[(Vec<Expression>, Vec<TemplateNode>)],
        out: &mut String,
    ) -> Flow {
        let mut matched = false;
        for (values, body) in branches {
            let fits = match (values.is_empty(), matched) {
                (true, true) => 0,
                (true, false) => return self.nodes(body, out),
                (false, _) => {
                    let subject = self.value(subject);
                    values.iter().filter(|value| subject.equals(&self.value(value))).count()
                }
            };
            for _ in 0..fits {
                matched = true;
                let flow = self.nodes(body, out);
                if flow != Flow::On {
                    return flow;
                }
            }
        }
        Flow::On
    }

    /// The items of a loop between its bounds, and where they end in the list (`for.rb`, `utils.rb`).
    fn items(&self, repeat: &Loop) -> (Vec<LiquidValue<'v>>, usize) {
        let number = |expression: &Expression| usize::try_from(to_integer(&self.value(expression))).unwrap_or(0);
        let offset = match &repeat.offset {
            Some(Expression::Path(steps)) if steps.as_slice() == [Step::Name("continue".into())] => {
                self.ends.get(&repeat.name).copied().unwrap_or(0)
            }
            Some(offset) => number(offset),
            None => 0,
        };
        let limit = repeat.limit.as_ref().map(|limit| self.value(limit)).filter(LiquidValue::is_truthy);
        let limit = limit.map_or(usize::MAX, |limit| usize::try_from(to_integer(&limit)).unwrap_or(0));
        let mut items: Vec<LiquidValue<'v>> = match self.value(&repeat.over) {
            LiquidValue::List(list) => {
                let end = list.len().min(offset.saturating_add(limit));
                (offset..end).filter_map(|at| list.get(at)).collect()
            }
            // a text is looped over as a whole
            LiquidValue::Text(text) if text.is_empty() => Vec::new(),
            text @ LiquidValue::Text(_) => vec![text],
            other => other.enumerate().unwrap_or_default().into_iter().skip(offset).take(limit).collect(),
        };
        if repeat.reversed {
            items.reverse();
        }
        let end = offset + items.len();
        (items, end)
    }

    fn repeat(&mut self, repeat: &Loop, out: &mut String) -> Flow {
        let (items, end) = self.items(repeat);
        self.ends.insert(repeat.name.clone(), end);
        if items.is_empty() {
            return self.nodes(&repeat.otherwise, out);
        }
        let around = self.around.take();
        let mut state = LoopState {
            name: repeat.name.clone(),
            length: items.len(),
            parent: around.clone(),
            ..LoopState::default()
        };
        self.scopes.push(HashMap::new());
        for (at, item) in items.into_iter().enumerate() {
            state.at = at;
            let shared = Rc::new(state.clone());
            self.around = Some(shared.clone());
            if let Some(scope) = self.scopes.last_mut() {
                scope.insert(repeat.variable.clone(), item);
                scope.insert("forloop".into(), LiquidValue::Map(LiquidMap::Loop(shared)));
            }
            if self.nodes(&repeat.body, out) == Flow::Break || self.steps > MOST_STEPS {
                break;
            }
        }
        self.scopes.pop();
        self.around = around;
        Flow::On
    }

    /// Liquid (`table_row.rb`).
    fn table(&mut self, table: &Loop, out: &mut String) -> Flow {
        if !self.value(&table.over).is_truthy() {
            return Flow::On;
        }
        let (items, _) = self.items(table);
        let columns = table.columns.as_ref().map_or(0, |columns| to_integer(&self.value(columns)));
        let columns = usize::try_from(columns).unwrap_or(0);
        let mut state = LoopState { length: items.len(), columns: Some(columns), ..LoopState::default() };
        let mut flow = Flow::On;
        out.push_str("<tr class=\"row1\">\n");
        self.scopes.push(HashMap::new());
        for (at, item) in items.into_iter().enumerate() {
            state.at = at;
            if let Some(scope) = self.scopes.last_mut() {
                scope.insert(table.variable.clone(), item);
                scope.insert("tablerowloop".into(), LiquidValue::Map(LiquidMap::Loop(Rc::new(state.clone()))));
            }
            out.push_str(&format!("<td class=\"col{}\">", state.column(columns)));
            let ended = self.nodes(&table.body, out);
            if ended != Flow::On {
                flow = ended;
            }
            out.push_str("</td>");
            if state.column(columns) == columns && at + 1 < state.length {
                out.push_str(&format!("</tr>\n<tr class=\"row{}\">", at / columns + 2));
            }
        }
        self.scopes.pop();
        out.push_str("</tr>\n");
        flow
    }

    /// The value of an expression with its filters.
    pub(super) fn filtered(&mut self, filtered: &Filtered) -> LiquidValue<'v> {
        let mut value = self.value(&filtered.value);
        if filtered.filters.first().is_some_and(|filter| filters::means_now(&filter.name, &filtered.value)) {
            value = LiquidValue::Time(self.host.built());
        }
        for filter in &filtered.filters {
            let mut arguments: Vec<LiquidValue<'v>> = filter.arguments.iter().map(|e| self.value(e)).collect();
            if !filter.named.is_empty() {
                let named = filter.named.iter().map(|(name, e)| (Text::Shared(name.as_str().into()), self.value(e)));
                arguments.push(LiquidValue::Map(LiquidMap::Made(Rc::new(named.collect()))));
            }
            if !self.may_filter(&filter.name, &value, &arguments) {
                return LiquidValue::Nil;
            }
            let changed = self
                .query(&filter.name, &value, &arguments)
                .or_else(|| filters::apply(&filter.name, &value, &arguments, self.host.zone()))
                .or_else(|| self.host.filter(&filter.name, &value));
            // a filter that is not there lets the value pass
            value = changed.unwrap_or(value);
            if let Some(why) = filters::unknowable(&filter.name, &filtered.value) {
                self.host.give_up(why);
            }
        }
        value
    }

    /// The value of an expression.
    pub(super) fn value(&self, expression: &Expression) -> LiquidValue<'v> {
        match expression {
            Expression::Nil => LiquidValue::Nil,
            Expression::Bool(b) => LiquidValue::Bool(*b),
            Expression::Int(i) => LiquidValue::Int(*i),
            Expression::Float(f) => LiquidValue::Float(*f),
            Expression::Text(text) => LiquidValue::Text(Text::Shared(text.clone())),
            Expression::Empty => LiquidValue::Empty,
            Expression::Blank => LiquidValue::Blank,
            Expression::Path(steps) => self.path(steps).unwrap_or(LiquidValue::Nil),
            Expression::Range(from, to) => {
                LiquidValue::Range(to_integer(&self.value(from)), to_integer(&self.value(to)))
            }
        }
    }

    fn path(&self, steps: &[Step]) -> Option<LiquidValue<'v>> {
        let (first, rest) = steps.split_first()?;
        let mut value = match first {
            Step::Name(name) => self.variable(name)?,
            Step::Index(expression) => self.variable(&self.value(expression).to_text())?,
        };
        for step in rest {
            value = match step {
                Step::Name(name) => value.member(name)?,
                Step::Index(expression) => match (&value, self.value(expression)) {
                    (LiquidValue::List(_), LiquidValue::Int(at)) => value.item(at)?,
                    (LiquidValue::Map(map), key) => map.get(&key.to_text())?,
                    _ => return None,
                },
            };
        }
        Some(match value {
            // SafeYAML reads a clock time as UTC and shows it on the clocks of the site
            LiquidValue::Clock(civil) => Moment::from_offset(civil, Offset::UTC)
                .map_or(LiquidValue::Nil, |moment| LiquidValue::Time(moment.in_zone(self.host.zone()))),
            value => value,
        })
    }

    fn variable(&self, name: &str) -> Option<LiquidValue<'v>> {
        let scoped = self.scopes.iter().rev().find_map(|scope| scope.get(name)).cloned();
        scoped
            .or_else(|| self.counters.get(name).map(|count| LiquidValue::Int(*count)))
            .or_else(|| self.host.global(name))
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Truthy(expression) => self.value(expression).is_truthy(),
            Condition::Not(condition) => !self.holds(condition),
            Condition::And(left, right) => self.holds(left) && self.holds(right),
            Condition::Or(left, right) => self.holds(left) || self.holds(right),
            Condition::Compare(left, comparison, right) => {
                let (a, b) = (self.value(left), self.value(right));
                match comparison {
                    Comparison::Equal => a.equals(&b),
                    Comparison::Different => !a.equals(&b),
                    Comparison::Contains => a.contains(&b),
                    Comparison::Less => a.ordered(&b).is_some_and(std::cmp::Ordering::is_lt),
                    Comparison::AtMost => a.ordered(&b).is_some_and(std::cmp::Ordering::is_le),
                    Comparison::Greater => a.ordered(&b).is_some_and(std::cmp::Ordering::is_gt),
                    Comparison::AtLeast => a.ordered(&b).is_some_and(std::cmp::Ordering::is_ge),
                }
            }
        }
    }
}
