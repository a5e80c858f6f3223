//! `{{ … }}` and Nunjucks statements: evaluated with the front matter as context, as Hexo does.

use std::sync::LazyLock;

use minijinja::value::Value as Jinja;
use minijinja::{Environment, UndefinedBehavior};
use regex::Regex;

use crate::model::{Map, Opened, Value};
use crate::template::Blog;

/// Statements of the template language itself.
pub fn is_statement(name: &str) -> bool {
    matches!(name, "if" | "for" | "set" | "macro")
}

/// What an expression shows. Nunjucks shows nothing for what is not defined, however deep the path; a call of
/// something that is not defined is an error.
pub fn evaluate(expression: &str, post: &Opened, blog: &Blog) -> Result<String, String> {
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$").expect("a valid pattern"));
    let expression = expression.trim().trim_matches('-').trim();
    if PATH.is_match(expression) {
        return Ok(lookup(expression, post, blog).and_then(|value| value.to_text()).unwrap_or_default());
    }
    render(&format!("{{{{ {expression} }}}}"), post, blog)
}

/// Renders a template with the front matter as context.
pub fn render(template: &str, post: &Opened, _blog: &Blog) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    let fields = post.details.fields.iter().map(|(key, field)| (key.clone(), to_jinja(&field.value)));
    environment.render_str(template, fields.collect::<Jinja>()).map_err(|error| error.to_string())
}

fn lookup(path: &str, post: &Opened, _blog: &Blog) -> Option<Value> {
    let mut parts = path.split('.');
    let mut value = &post.details.fields.get(parts.next()?)?.value;
    for part in parts {
        value = value.as_map()?.get(part)?;
    }
    Some(value.clone())
}

fn to_jinja(value: &Value) -> Jinja {
    match value {
        Value::Null => Jinja::from(()),
        Value::Bool(b) => Jinja::from(*b),
        Value::Int(i) => Jinja::from(*i),
        Value::Float(f) => Jinja::from(*f),
        Value::String(s) => Jinja::from(s.as_str()),
        Value::Date(d) => Jinja::from(d.raw.as_str()),
        Value::List(items) => items.iter().map(to_jinja).collect(),
        Value::Map(map) => map_to_jinja(map),
    }
}

fn map_to_jinja(map: &Map) -> Jinja {
    map.iter().map(|(key, value)| (key.clone(), to_jinja(value))).collect()
}
