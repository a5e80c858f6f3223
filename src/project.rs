//! The project file: how one blog is converted, written down once.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSetBuilder};
use indexmap::IndexMap;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use crate::convert::Override;
use crate::mapping::error_at;
use crate::model::{Dialect, Field, Mistake, Value};

/// The project file's name.
pub const PROJECT: &str = "postferry.toml";

/// A project file as it stands. Its keys are the long options of the command line; paths are taken from its folder.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Project {
    /// The blog.
    pub source: Option<PathBuf>,
    /// The revision of its repository.
    pub rev: Option<String>,
    /// Its generator.
    pub from: Option<String>,
    /// The target.
    pub to: Option<String>,
    /// The folder or the archive to write.
    pub out: Option<PathBuf>,
    /// Mapping files.
    #[serde(default)]
    pub mapping: Vec<PathBuf>,
    /// The permalink pattern.
    pub permalink: Option<String>,
    /// The time zone.
    pub timezone: Option<String>,
    /// The address at which the blog is published.
    pub base_url: Option<String>,
    /// The encoding of texts that are no UTF-8.
    pub encoding: Option<String>,
    /// The renderer of Markdown by whose rules bodies are read.
    pub renderer: Option<String>,
    /// The hosts that get redirects.
    #[serde(default)]
    pub redirects: Vec<String>,
    /// Whether documents hold their own images.
    #[serde(default)]
    pub bundles: bool,
    /// How links between documents are written.
    pub links: Option<String>,
    /// Whether links lead from file to file.
    #[serde(default)]
    pub relative: bool,
    /// Whether readers of plain HTML can search it.
    #[serde(default)]
    pub search: bool,
    /// Templates of the user's own.
    pub templates: Option<PathBuf>,
    /// The templates to write.
    pub theme: Option<String>,
    /// How the blog's own files are brought over.
    pub assets: Option<String>,
    /// What is done with files that were changed by hand.
    pub on_edit: Option<String>,
    /// Whether what is planned no more is removed.
    #[serde(default)]
    pub prune: bool,
    /// What makes the exit code 1.
    #[serde(default)]
    pub deny: Vec<String>,
    /// Where the ledger is written.
    #[serde(default)]
    pub report: Vec<PathBuf>,
    /// What is said of single documents.
    #[serde(default, rename = "override")]
    overrides: Vec<RawOverride>,
    /// The shelf of `postferry batch`.
    #[serde(default)]
    pub batch: Batch,
}

/// The shelf of a batch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Blogs, and folders and archives with blogs in them.
    #[serde(default)]
    pub sources: Vec<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOverride {
    paths: Vec<Spanned<String>>,
    dialect: Option<Spanned<String>>,
    zone: Option<Spanned<String>>,
    #[serde(default)]
    fields: IndexMap<String, Spanned<toml::Value>>,
}

/// The dialects by their names in project files.
const DIALECTS: [(&str, Dialect); 7] = [
    ("kramdown", Dialect::Kramdown),
    ("marked", Dialect::Marked),
    ("gomarkdown", Dialect::Gomarkdown),
    ("goldmark", Dialect::Goldmark),
    ("pulldown-cmark", Dialect::Pulldown),
    ("html", Dialect::Html),
    ("wordpress", Dialect::WordPress),
];

impl Project {
    /// Reads a file; `file` is the name for messages, from whose folder paths are taken.
    ///
    /// # Errors
    /// [`Mistake`] for anything that is not TOML, and for keys that no project file has.
    pub fn parse(text: &str, file: &Path) -> Result<Project, Mistake> {
        let name = file.display().to_string();
        let mut project: Project = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            error_at(text, &name, at, error.message().to_owned())
        })?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let single =
            [&mut project.source, &mut project.out, &mut project.templates].into_iter().filter_map(Option::as_mut);
        let several = [&mut project.mapping, &mut project.report, &mut project.batch.sources];
        single.chain(several.into_iter().flatten()).for_each(|path| *path = folder.join(&*path));
        Ok(project)
    }

    /// What it says of single documents; `text` and `file` are those that it was read from.
    ///
    /// # Errors
    /// [`Mistake`] where a pattern, a dialect or a zone is none.
    pub fn overrides(&self, text: &str, file: &Path) -> Result<Vec<Override>, Mistake> {
        let name = file.display().to_string();
        let wrong = |at: usize, message: String| error_at(text, &name, at, message);
        self.overrides.iter().map(|raw| raw.read(&wrong)).collect()
    }
}

impl RawOverride {
    fn read(&self, wrong: &dyn Fn(usize, String) -> Mistake) -> Result<Override, Mistake> {
        let mut paths = GlobSetBuilder::new();
        for path in &self.paths {
            let glob = GlobBuilder::new(path.get_ref().trim_start_matches("./")).literal_separator(true).build();
            paths.add(glob.map_err(|error| wrong(path.span().start, format!("this is no pattern: {}", error.kind())))?);
        }
        let at = self.paths.first().map_or(0, |path| path.span().start);
        let paths = paths.build().map_err(|error| wrong(at, error.to_string()))?;
        let dialect = self.dialect.as_ref().map(|typed| {
            let found = DIALECTS.iter().find(|(name, _)| name == typed.get_ref()).map(|(_, dialect)| *dialect);
            let known: Vec<&str> = DIALECTS.iter().map(|(name, _)| *name).collect();
            let message = || format!("there is no dialect `{}`; known are {}", typed.get_ref(), known.join(", "));
            found.ok_or_else(|| wrong(typed.span().start, message()))
        });
        let zone = self.zone.as_ref().map(|typed| {
            let zone = TimeZone::get(typed.get_ref()).map(|zone| (typed.get_ref().clone(), zone));
            let message = || format!("there is no time zone `{}`; write it as Europe/Paris or UTC", typed.get_ref());
            zone.map_err(|_| wrong(typed.span().start, message()))
        });
        let field = |(name, typed): (&String, &Spanned<toml::Value>)| {
            // where it stands, in the words of a mistake
            let place = wrong(typed.span().start, String::new()).place;
            (name.clone(), Field { value: Value::from(typed.get_ref()), place })
        };
        Ok(Override {
            paths,
            typed: self.paths.iter().map(|path| path.get_ref().clone()).collect(),
            dialect: dialect.transpose()?,
            zone: zone.transpose()?,
            fields: self.fields.iter().map(field).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Override>, Mistake> {
        let file = Path::new("blog/postferry.toml");
        Project::parse(text, file)?.overrides(text, file)
    }

    #[test]
    fn paths_are_taken_from_the_files_folder() {
        let text = "source = \".\"\nout = \"../new\"\nmapping = [\"fields.toml\"]\n";
        let project = Project::parse(text, Path::new("blog/postferry.toml")).expect("a project");
        assert_eq!(project.out.as_deref(), Some(Path::new("blog/../new")));
        assert_eq!(project.mapping, [Path::new("blog/fields.toml")]);
    }

    #[test]
    fn mistakes_are_quoted() {
        let told = |text: &str| parse(text).map(|_| ()).unwrap_err().to_string();
        assert!(
            told("sauce = 1\n").starts_with("blog/postferry.toml:1:1: unknown field `sauce`"),
            "{}",
            told("sauce = 1\n")
        );
        let with = |line: &str| told(&format!("[[override]]\npaths = [\"_posts/*\"]\n{line}\n"));
        assert!(with("dialect = \"textile\"").starts_with("blog/postferry.toml:3:11: there is no dialect `textile`"));
        assert!(with("zone = \"Mars\"").contains("there is no time zone `Mars`"));
        assert!(told("[[override]]\npaths = [\"[\"]\n").contains(":2:10: this is no pattern"));
    }

    #[test]
    fn fields_have_their_places() {
        let read = parse("[[override]]\npaths = [\"a/*.md\"]\nfields.layout = \"post\"\nfields.n = [1, true]\n")
            .expect("read");
        assert!(read[0].paths.is_match("a/b.md") && !read[0].paths.is_match("a/b/c.md"));
        let (name, field) = &read[0].fields[1];
        assert_eq!((name.as_str(), field.place.to_string().as_str()), ("n", "blog/postferry.toml:4:12"));
        assert_eq!(field.value, Value::List(vec![Value::Int(1), Value::Bool(true)]));
    }
}
