//! What the user says of single documents, by their paths, where the blog does not say it itself.

use std::sync::Arc;

use globset::GlobSet;
use jiff::tz::TimeZone;

use crate::model::{Dialect, Document, Field, Site};

/// What is said of the documents whose paths match.
#[derive(Debug, Clone)]
pub struct Override {
    /// The paths below the source's root.
    pub paths: GlobSet,
    /// As they were typed.
    pub typed: Vec<String>,
    /// The language of the bodies.
    pub dialect: Option<Dialect>,
    /// The zone in which dates are read, by its name.
    pub zone: Option<(String, TimeZone)>,
    /// Fields that stand in for those of the front matter.
    pub fields: Vec<(String, Field)>,
}

impl Override {
    /// What decides how documents are read, for the next run to know whether it is still the same.
    pub(super) fn shown(&self) -> impl std::fmt::Debug {
        (&self.typed, self.dialect, self.zone.as_ref().map(|(name, _)| name), &self.fields)
    }
}

/// All of them, with the site as each of them sees it. Of two that match, the later one has the last word.
pub struct Overrides(Vec<(Override, Option<Arc<Site>>)>);

impl Overrides {
    /// What is said of a site's documents.
    pub fn new(overrides: &[Override], site: &Arc<Site>) -> Self {
        let seen = |of: &Override| {
            of.zone.as_ref().map(|(name, zone)| {
                let mut site = Site::clone(site);
                (site.zone, site.zone_name, site.zone_known) = (zone.clone(), name.clone(), true);
                Arc::new(site)
            })
        };
        Overrides(overrides.iter().map(|of| (of.clone(), seen(of))).collect())
    }

    /// Changes a document as it was read.
    pub fn apply(&self, document: &mut Document) {
        for (of, _) in self.of(&document.source.clone()) {
            document.body.dialect = of.dialect.unwrap_or(document.body.dialect);
            for (name, field) in &of.fields {
                document.fields.insert(name.clone(), field.clone());
            }
        }
    }

    /// The site as a document of this path sees it.
    pub fn site<'s>(&'s self, path: &str, site: &'s Arc<Site>) -> &'s Arc<Site> {
        self.of(path).filter_map(|(_, site)| site.as_ref()).last().unwrap_or(site)
    }

    fn of(&self, path: &str) -> impl Iterator<Item = &(Override, Option<Arc<Site>>)> {
        self.0.iter().filter(move |(of, _)| of.paths.is_match(path))
    }
}
