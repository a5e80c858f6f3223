//! The templates of the tree.

use minijinja::{AutoEscape, Environment};

use crate::write::look;

/// Every template by its name.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/html/base.html")),
    ("page.html", include_str!("../../../templates/html/page.html")),
    ("front.html", include_str!("../../../templates/html/front.html")),
    ("list.html", include_str!("../../../templates/html/list.html")),
    ("terms.html", include_str!("../../../templates/html/terms.html")),
    ("404.html", include_str!("../../../templates/html/404.html")),
    ("term-list.html", include_str!("../../../templates/html/term-list.html")),
    ("teasers.html", include_str!("../../../templates/html/teasers.html")),
    ("years.html", include_str!("../../../templates/html/years.html")),
    ("comments.html", include_str!("../../../templates/html/comments.html")),
    ("scheme.html", look::SCHEME),
    ("atom.xml", include_str!("../../../templates/html/atom.xml")),
    ("rss.xml", include_str!("../../../templates/html/rss.xml")),
    ("sitemap.xml", include_str!("../../../templates/html/sitemap.xml")),
];

/// All of them, ready to render.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(crate::write::escape);
    for (name, text) in TEMPLATES {
        // the templates are part of the program; a test reads each of them
        let _ = environment.add_template(name, text);
    }
    environment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_right() {
        let mut environment = Environment::new();
        for (name, text) in TEMPLATES {
            environment.add_template(name, text).unwrap();
        }
    }
}
