//! What is shown of differences, and of which files.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::hunks::{self, Hunk, Style};
use super::stat::Row;
use super::{Sides, git, stat};

/// The form of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A patch.
    #[default]
    Patch,
    /// How many lines of each file.
    Stat,
    /// The paths of the files.
    Names,
}

/// How differences are shown.
#[derive(Debug, Clone)]
pub struct Show {
    /// Their form.
    pub form: Form,
    /// How many lines around a change are shown.
    pub context: usize,
    /// With colours, and the words marked that have changed within lines.
    pub coloured: bool,
    /// For a person: what is no text is named only.
    pub to_read: bool,
    paths: Option<GlobSet>,
}

impl Default for Show {
    fn default() -> Self {
        Show { form: Form::Patch, context: 3, coloured: false, to_read: false, paths: None }
    }
}

impl Show {
    /// In a form, with so many lines around a change, for programs.
    pub fn new(form: Form, context: usize) -> Self {
        Show { form, context, ..Show::default() }
    }

    /// The same for a person.
    #[must_use]
    pub fn read_by_a_person(self, coloured: bool, to_read: bool) -> Self {
        Show { coloured, to_read, ..self }
    }

    /// The same for these files alone: paths below the output folder or below the source, folders among them, or
    /// patterns of such.
    ///
    /// # Errors
    /// Where a pattern is none, with what is wrong.
    pub fn only(self, paths: &[String]) -> Result<Self, String> {
        if paths.is_empty() {
            return Ok(self);
        }
        let mut set = GlobSetBuilder::new();
        for path in paths {
            let path = path.trim_start_matches("./").trim_end_matches('/');
            for pattern in [path.to_owned(), format!("{path}/**")] {
                let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
                set.add(glob.map_err(|error| error.to_string())?);
            }
        }
        let paths = Some(set.build().map_err(|error| error.to_string())?);
        Ok(Show { paths, ..self })
    }

    /// The hunks from one text to another, as they are shown.
    pub fn hunks(&self, old: &str, new: &str) -> Vec<Hunk> {
        hunks::all(old.as_bytes(), new.as_bytes(), self.context, &Style::of(self.coloured, self.to_read))
    }

    /// Whether a file is shown, by its path and that of its source.
    pub fn has(&self, path: &str, source: Option<&str>) -> bool {
        let meant = |set: &GlobSet| set.is_match(path) || source.is_some_and(|source| set.is_match(source));
        self.paths.as_ref().is_none_or(meant)
    }

    /// What is shown of a file that differs.
    pub(super) fn of(&self, sides: &Sides<'_>) -> (Vec<u8>, Option<Row>) {
        match self.form {
            Form::Patch => (git::patch(sides, self), None),
            Form::Names => (format!("{}\n", sides.path).into_bytes(), None),
            Form::Stat => (Vec::new(), Some(stat::row(sides))),
        }
    }
}
