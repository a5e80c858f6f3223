//! Which formulas of a Hexo blog a script set in the reader's browser, on every page; a post that says `mathjax: true` says
//! so for itself.

use crate::model::{Formulas, Map, Site, Value};

/// What the theme's configuration, or a renderer that loads MathJax, asks for.
pub fn marks(site: &Site, theme: &[Map]) -> Formulas {
    let package = site.root.text("package.json").unwrap_or_default();
    // hexo-renderer-mathjax (`index.js`) adds its script to every page
    let is_said = || std::iter::once(&site.config).chain(theme).find_map(|config| says(config, 0)).unwrap_or(false);
    let is_everywhere = package.contains("\"hexo-renderer-mathjax\"") || is_said();
    if is_everywhere { Formulas::Dollars } else { Formulas::Marked }
}

/// Whether a configuration turns formulas on for all pages, if it speaks of them: NexT (`math.every_page`), Icarus
/// (`plugins.mathjax`), Fluid (`post.math.enable`), Butterfly (`math.use`) and others, which know pages of their own by
/// `specific` and `per_page`.
fn says(config: &Map, depth: usize) -> Option<bool> {
    const DEEPEST: usize = 3;
    let said = config.iter().filter_map(|(key, value)| match (key.as_str(), value) {
        ("mathjax" | "katex" | "math", Value::Bool(on)) => Some(*on),
        ("mathjax" | "katex" | "math", Value::Map(own)) => {
            let truth = |key: &str| own.get(key).and_then(Value::as_bool);
            let uses = own.get("use").and_then(Value::as_str).is_some_and(|engine| !engine.is_empty());
            let is_of_pages =
                truth("every_page") == Some(false) || truth("specific") == Some(true) || own.contains_key("per_page");
            let on = truth("enable") == Some(true) || (uses && truth("enable").is_none());
            let within = || depth < DEEPEST && says(own, depth + 1) == Some(true);
            Some(truth("every_page") == Some(true) || (!is_of_pages && (on || within())))
        }
        (_, Value::Map(below)) if depth < DEEPEST => says(below, depth + 1),
        _ => None,
    });
    // one engine of several is enough
    said.reduce(|one, other| one || other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontmatter::{Flavor, read_value};

    #[test]
    fn configurations_turn_formulas_on() {
        for (config, expected) in [
            ("mathjax: true", Some(true)),
            ("mathjax: false", Some(false)),
            ("math: {every_page: false, mathjax: {enable: true}}", Some(false)),
            ("math: {every_page: true, mathjax: {enable: true}}", Some(true)),
            ("mathjax: {enable: true, per_page: true}", Some(false)),
            ("post: {math: {enable: true, specific: true}}", Some(false)),
            ("post: {math: {enable: true, specific: false, engine: mathjax}}", Some(true)),
            ("plugins: {mathjax: true}", Some(true)),
            ("math: {use: mathjax, per_page: true}", Some(false)),
            ("mathjax: {every_page: true}", Some(true)),
            ("title: math", None),
        ] {
            let value = read_value(config, Flavor::Hexo).unwrap();
            assert_eq!(says(value.as_map().unwrap(), 0), expected, "{config}");
        }
    }

    #[test]
    fn the_blogs_own_word_stands_before_the_themes() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            std::fs::write(path, text).expect("written");
        };
        write("_config.yml", "title: T\ntheme: x\n");
        write("source/a.md", "");
        write("themes/x/_config.yml", "mathjax: true\n");
        let read = || {
            let root = crate::source::SourceFolder::open(folder.path()).expect("a source");
            let mut ledger = crate::ledger::Ledger::default();
            let source = crate::read::Reader::open(&super::super::Hexo, &root, &Default::default(), &mut ledger);
            source.expect("a blog").site.formulas
        };
        assert_eq!(read(), Formulas::Dollars);
        write("_config.x.yml", "mathjax: false\n");
        assert_eq!(read(), Formulas::Marked);
    }
}
