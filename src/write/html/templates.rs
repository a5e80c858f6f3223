//! The templates of the tree, and those that somebody has put in their place.

use std::io;
use std::path::Path;

use minijinja::{AutoEscape, Environment};

use crate::model::{Mistake, Place};
use crate::write::look;

/// Every template by its name.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/html/base.html")),
    ("page.html", include_str!("../../../templates/html/page.html")),
    ("front.html", include_str!("../../../templates/html/front.html")),
    ("list.html", include_str!("../../../templates/html/list.html")),
    ("terms.html", include_str!("../../../templates/html/terms.html")),
    ("search.html", include_str!("../../../templates/html/search.html")),
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

/// The stylesheet stands beside the templates by this name.
const STYLE_NAME: &str = "starter.css";

/// And so does the script of the search.
const SEARCH_NAME: &str = "search.js";
const SEARCH: &str = include_str!("../../../templates/html/search.js");

/// Templates of the user's own, by their names: those that are called like one of the built-in ones take its place, others are
/// there to be included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Templates(Vec<(String, String)>);

/// Why a folder of templates cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum TemplatesError {
    /// It cannot be read.
    #[error("{path}: the templates cannot be read")]
    Read {
        /// The folder or file.
        path: String,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// One of them is not right.
    #[error("a template has a mistake")]
    Wrong(#[from] Mistake),
}

impl Templates {
    /// The templates in a folder: every file that ends in `.html`, `.xml`, `.css` or `.js`.
    ///
    /// # Errors
    /// [`TemplatesError`] where one cannot be read, or is none.
    pub fn read(folder: &Path) -> Result<Self, TemplatesError> {
        let fails = |path: &Path, error| TemplatesError::Read { path: path.display().to_string(), error };
        let mut files = Vec::new();
        for entry in folder.read_dir().map_err(|error| fails(folder, error))? {
            let path = entry.map_err(|error| fails(folder, error))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_template = [".html", ".xml", ".css", ".js"].iter().any(|end| name.ends_with(end));
            if is_template && path.is_file() {
                let text = std::fs::read_to_string(&path).map_err(|error| fails(&path, error))?;
                check(&path, &name, &text)?;
                files.push((name, text));
            }
        }
        files.sort();
        Ok(Templates(files))
    }

    /// The stylesheet.
    pub(super) fn style(&self) -> &str {
        self.own(STYLE_NAME).unwrap_or(look::STYLE)
    }

    /// The script of the search.
    pub(super) fn search_script(&self) -> &str {
        self.own(SEARCH_NAME).unwrap_or(SEARCH)
    }

    fn own(&self, wanted: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str())
    }

    /// All templates, ready to render.
    pub(super) fn environment(&self) -> Environment<'static> {
        let mut environment = empty();
        for (name, text) in TEMPLATES {
            // the templates are part of the program; a test reads each of them
            let _ = environment.add_template(name, text);
        }
        for (name, text) in &self.0 {
            // each has been read before
            let _ = environment.add_template_owned(name.clone(), text.clone());
        }
        environment
    }
}

/// Every file that can be replaced, and what is in it, for whoever wants to begin with that.
pub fn exported() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.iter().copied().chain([(STYLE_NAME, look::STYLE), (SEARCH_NAME, SEARCH)])
}

fn empty() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(crate::write::escape);
    environment
}

fn check(path: &Path, name: &str, text: &str) -> Result<(), Mistake> {
    if name.ends_with(".css") || name.ends_with(".js") {
        return Ok(());
    }
    empty().template_from_named_str(name, text).map(drop).map_err(|error| {
        let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
        let quote = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default().to_owned();
        let message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Mistake { place: Place::at(path.display().to_string(), line, 1), message, quote }
    })
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
