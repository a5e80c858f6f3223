//! Which formulas of a Hexo blog a script set in the reader's browser, on every page; a post that says `mathjax: true` says
//! so for itself.

use crate::model::{Formulas, Map, Site, Value};

/// What the theme's configuration, or a renderer that loads MathJax, asks for.
pub fn marks(site: &Site, theme: &[Map]) -> Formulas {
    let package = site.root.text("package.json").unwrap_or_default();
    // hexo-renderer-mathjax (`index.js`) adds its script to every page
    let is_everywhere = package.contains("\"hexo-renderer-mathjax\"")
        || std::iter::once(&site.config).chain(theme).any(|config| is_on(config, 0));
    if is_everywhere { Formulas::Dollars } else { Formulas::Marked }
}

/// Whether formulas are turned on for all pages: NexT (`math.every_page`), Icarus (`plugins.mathjax`), Fluid
/// (`post.math.enable`), Butterfly (`math.use`) and others, which know pages of their own by `specific` and `per_page`.
fn is_on(config: &Map, depth: usize) -> bool {
    const DEEPEST: usize = 3;
    config.iter().any(|(key, value)| match (key.as_str(), value) {
        ("mathjax" | "katex" | "math", Value::Bool(on)) => *on,
        ("mathjax" | "katex" | "math", Value::Map(own)) => {
            let truth = |key: &str| own.get(key).and_then(Value::as_bool);
            let uses = own.get("use").and_then(Value::as_str).is_some_and(|engine| !engine.is_empty());
            let is_of_pages =
                truth("every_page") == Some(false) || truth("specific") == Some(true) || own.contains_key("per_page");
            let on = truth("enable") == Some(true) || (uses && truth("enable").is_none());
            truth("every_page") == Some(true) || (!is_of_pages && (on || is_on(own, depth + 1)))
        }
        (_, Value::Map(below)) if depth < DEEPEST => is_on(below, depth + 1),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontmatter::{Flavor, read_value};

    #[test]
    fn configurations_turn_formulas_on() {
        for (config, expected) in [
            ("mathjax: true", true),
            ("mathjax: false", false),
            ("math: {every_page: false, mathjax: {enable: true}}", false),
            ("math: {every_page: true, mathjax: {enable: true}}", true),
            ("mathjax: {enable: true, per_page: true}", false),
            ("post: {math: {enable: true, specific: true}}", false),
            ("post: {math: {enable: true, specific: false, engine: mathjax}}", true),
            ("plugins: {mathjax: true}", true),
            ("math: {use: mathjax, per_page: true}", false),
            ("mathjax: {every_page: true}", true),
            ("title: math", false),
        ] {
            let value = read_value(config, Flavor::Hexo).unwrap();
            assert_eq!(is_on(value.as_map().unwrap(), 0), expected, "{config}");
        }
    }
}
