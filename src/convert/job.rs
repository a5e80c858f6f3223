//! What is to be converted, and how.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::Override;
use crate::address::Host;
use crate::archive::Unpacked;
use crate::mapping::UserFile;
use crate::read::{ReadOptions, Reader};
use crate::write::html::Templates;
use crate::write::{Theme, Writer};

/// A conversion, every option checked.
#[non_exhaustive]
pub struct Job {
    /// The source's folder.
    pub source: PathBuf,
    /// The archive that it was unpacked from, if it was.
    pub unpacked: Option<Arc<Unpacked>>,
    /// The source generator; found by itself where it is `None`.
    pub reader: Option<&'static dyn Reader>,
    /// The target.
    pub writer: &'static dyn Writer,
    /// What the command line says about reading.
    pub options: ReadOptions,
    /// The user's mapping files, in order.
    pub mappings: Vec<UserFile>,
    /// What the user says of single documents.
    pub overrides: Vec<Override>,
    /// Which theme to write.
    pub theme: Theme,
    /// The user's own templates, for plain HTML.
    pub templates: Templates,
    /// The hosts that get redirects.
    pub redirects: Vec<&'static Host>,
    /// How links between documents are written.
    pub links: Links,
    /// Whether documents hold their own images.
    pub bundles: bool,
    /// Whether readers of plain HTML can search it.
    pub search: bool,
    /// When the old site counts as built: its templates can ask for it.
    pub built: Timestamp,
    /// Whether contents of documents are given one by one ([`super::Given`]).
    pub is_given: bool,
    /// What the last run has left in the output folder ([`crate::plan::memory`]), so that documents that have not changed
    /// are not carried over again.
    pub memory: Option<Vec<u8>>,
}

impl Job {
    /// The conversion of a folder for a target: the generator is found by itself, everything else as the command line
    /// has it where nothing is said.
    pub fn new(source: impl Into<PathBuf>, writer: &'static dyn Writer) -> Self {
        Job {
            source: source.into(),
            unpacked: None,
            reader: None,
            writer,
            options: ReadOptions::default(),
            mappings: Vec::new(),
            overrides: Vec::new(),
            theme: Theme::default(),
            templates: Templates::default(),
            redirects: Vec::new(),
            links: Links::default(),
            bundles: false,
            search: false,
            built: Timestamp::now(),
            is_given: false,
            memory: None,
        }
    }
}

/// How links between documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Links {
    /// As addresses from the root of the host, as typed wherever that leads right.
    #[default]
    Addresses,
    /// In the target's own form, by the files of the documents: `{{< relref >}}` in Hugo, `@/` in Zola. Plain HTML has
    /// no form of its own.
    Native,
    /// From file to file, so that plain HTML opens without a server. No other target has finished pages.
    Relative,
}
