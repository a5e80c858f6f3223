//! Zola's shortcodes: templates of Tera, of which most are templates of minijinja as well.

use std::collections::BTreeMap;

use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value, context};

use super::{Call, inline_markdown, markdown};
use crate::model::Opened;
use crate::template::Blog;

/// Zola had these built in before 0.16 (`templates/builtins/shortcodes`).
const BUILT_IN: [(&str, &str); 4] = [
    (
        "youtube",
        r#"<div><iframe src="https://www.youtube-nocookie.com/embed/{{ id }}{% if playlist %}?list={{ playlist }}{% endif %}" allowfullscreen></iframe></div>"#,
    ),
    ("vimeo", r#"<div><iframe src="//player.vimeo.com/video/{{ id }}" allowfullscreen></iframe></div>"#),
    ("streamable", r#"<div><iframe src="https://streamable.com/e/{{ id }}" allowfullscreen></iframe></div>"#),
    ("gist", r#"<div><script src="{{ url }}.js{% if file %}?file={{ file }}{% endif %}"></script></div>"#),
];

/// The steps of a template: loops end.
const MOST_STEPS: u64 = 200_000;

/// What a shortcode shows.
///
/// # Errors
/// Why nobody knows.
pub fn shown(call: &Call<'_>, post: &Opened, blog: &Blog) -> Result<String, String> {
    let (template, is_html) = template(call.name, blog).ok_or("no template of the site has its name")?;
    let mut environment = environment(post, blog);
    environment.set_auto_escape_callback(move |_| if is_html { AutoEscape::Html } else { AutoEscape::None });
    let args: BTreeMap<String, Value> =
        call.args.iter().filter_map(|arg| Some((arg.key.clone()?, typed(&arg.value)))).collect();
    let site = &blog.site;
    let base_url = format!("{}{}", site.host, site.base_path);
    let values = context! {
        body => call.body.unwrap_or_default().trim(),
        nth => call.before + 1,
        lang => site.language.as_deref(),
        config => context! { base_url => &base_url, title => &site.title },
        page => context! {
            path => &*post.address,
            permalink => format!("{base_url}{}", post.address),
            slug => &post.slug,
            title => &post.title,
            relative_path => post.source.strip_prefix("content/").unwrap_or(&post.source),
        },
        ..Value::from(args)
    };
    environment.render_str(&template, values).map_err(|error| format!("its template cannot be read here ({error})"))
}

/// What templates can call, as Tera and Zola have it, and minijinja not or with other arguments.
fn environment(post: &Opened, blog: &Blog) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(MOST_STEPS));
    // Tera: what is not there is false, and so is what would be in it
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    let (site, dialect) = (blog.site.clone(), post.dialect);
    environment.add_filter("markdown", move |text: String, options: Kwargs| {
        let inline = options.get::<Option<bool>>("inline")?.unwrap_or(false);
        let page = if inline { inline_markdown(&text, dialect, &site) } else { markdown(&text, dialect, &site) };
        Ok::<_, Error>(Value::from_safe_string(page))
    });
    environment.add_filter("replace", |text: String, options: Kwargs| {
        let (from, to): (String, String) = (options.get("from")?, options.get("to")?);
        Ok::<_, Error>(text.replace(&from, &to))
    });
    environment.add_filter("split", |text: String, options: Kwargs| {
        let pattern: String = options.get("pat")?;
        Ok::<_, Error>(text.split(&pattern).map(str::to_owned).collect::<Vec<_>>())
    });
    environment.add_filter("trim_start_matches", |text: String, options: Kwargs| {
        let pattern: String = options.get("pat")?;
        Ok::<_, Error>(text.trim_start_matches(&pattern).to_owned())
    });
    environment.add_filter("trim_end_matches", |text: String, options: Kwargs| {
        let pattern: String = options.get("pat")?;
        Ok::<_, Error>(text.trim_end_matches(&pattern).to_owned())
    });
    environment.add_filter("default", |value: Value, options: Kwargs| {
        let other: Value = options.get("value")?;
        Ok::<_, Error>(if value.is_undefined() || value.is_none() { other } else { value })
    });
    environment.add_filter("nth", |list: Vec<Value>, options: Kwargs| {
        let at: usize = options.get("n")?;
        Ok::<_, Error>(list.get(at).cloned().unwrap_or_default())
    });
    environment.add_filter("join", |list: Vec<Value>, options: Kwargs| {
        let between: Option<String> = options.get("sep")?;
        let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
        Ok::<_, Error>(texts.join(&between.unwrap_or_default()))
    });
    environment.add_filter("slugify", |text: String| slug::slugify(text));
    environment.add_filter("as_str", |value: Value| value.to_string());
    environment.add_test("ending_with", |text: String, end: String| text.ends_with(&end));
    environment.add_test("starting_with", |text: String, start: String| text.starts_with(&start));
    environment.add_test("containing", |text: String, part: String| text.contains(&part));
    let base_url = format!("{}{}", blog.site.host, blog.site.base_path);
    environment.add_function("get_url", move |options: Kwargs| {
        let path: String = options.get("path")?;
        Ok::<_, Error>(format!("{base_url}/{}", path.trim_start_matches('/')))
    });
    // what pictures measure is the theme's matter
    environment
        .add_function("get_image_metadata", |_: Kwargs| Ok::<_, Error>(Value::from(BTreeMap::<String, Value>::new())));
    environment
}

/// A value by its form.
fn typed(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(serde_json::Value::Bool(truth)) => Value::from(truth),
        Ok(serde_json::Value::Number(number)) if number.is_i64() => Value::from(number.as_i64()),
        Ok(serde_json::Value::Number(number)) => Value::from(number.as_f64()),
        Ok(serde_json::Value::Array(items)) => {
            items.iter().map(|item| Value::from(item.as_str().unwrap_or_default())).collect()
        }
        _ => Value::from(text),
    }
}

/// The site's template, its theme's, or the built-in one; whether it is HTML.
fn template(name: &str, blog: &Blog) -> Option<(String, bool)> {
    let site = &blog.site;
    let theme = site.setting("theme").and_then(|theme| theme.to_text());
    let folders = std::iter::once("templates/shortcodes".to_owned())
        .chain(theme.map(|theme| format!("themes/{theme}/templates/shortcodes")));
    for folder in folders {
        for (end, is_html) in [("html", true), ("md", false)] {
            if let Ok(text) = site.root.text(&format!("{folder}/{name}.{end}")) {
                return Some((text, is_html));
            }
        }
    }
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| ((*text).to_owned(), true))
}
