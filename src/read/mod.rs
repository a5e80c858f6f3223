//! Readers: each knows its generator and the model, and nothing of any target.
//!
//! A new source generator is one module and one row in [`READERS`].

mod address;
mod comments;
pub mod detect;
mod files;
pub mod hexo;
pub mod hugo;
pub mod ink;
pub mod jekyll;
mod lists;
mod menu;
pub mod wordpress;
pub mod zola;

use std::path::PathBuf;
use std::sync::Arc;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use crate::address::encoded;
use crate::archive::ArchiveError;
use crate::ledger::Ledger;
use crate::model::{Asset, Document, FeedFormat, List, Mistake, Moment, Place, Post, Site, Value};
use crate::source::{Refusal, SiteFile, SourceFolder};

/// Every reader, in the order in which detection asks them.
pub const READERS: &[&dyn Reader] =
    &[&jekyll::Jekyll, &hexo::Hexo, &ink::Ink, &hugo::Hugo, &zola::Zola, &wordpress::WordPress];

/// What the command line says about reading.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Stands in for the permalink rule of the configuration.
    pub permalink: Option<String>,
    /// The zone to use where the site names none; UTC if not given.
    pub zone: Option<(String, TimeZone)>,
    /// Stands in for the published address of the configuration (scheme, host and base path).
    pub base_url: Option<String>,
    /// The largest text that is read, in bytes; 16 MB where nothing is said.
    pub max_file_size: Option<u64>,
    /// The encoding of texts that are no UTF-8; guessed where nothing is said.
    pub encoding: Option<&'static Encoding>,
    /// The renderer by whose rules bodies are read, one of [`Reader::renderers`], instead of the one that is found.
    pub renderer: Option<String>,
    /// A copy of the folder with the blog's files, for sources that hold none ([`Reader::takes_media`]).
    pub media: Option<PathBuf>,
}

/// A source as it is opened: all that must be known before the first document is read.
pub struct Source {
    /// The site.
    pub site: Site,
    /// The files that are still to be looked at, in the order of their paths.
    pub files: Vec<SiteFile>,
    /// Files that are published and no documents, known already.
    pub assets: Vec<Asset>,
    /// How a file is read.
    pub documents: Box<dyn Documents>,
}

/// How the files of a source are read, each for itself: by many workers at once, and as often as one is needed.
pub trait Documents: Send + Sync {
    /// What a file is to the generator. One bad document is an entry in the ledger, never an error.
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found;
}

/// What a file of a source is.
pub enum Found {
    /// A document.
    Document(Box<Document>),
    /// A document that is not published, but that the templates of others can show.
    Unpublished(Box<Document>),
    /// A file that is published as it is.
    Asset(Asset),
    /// A file that lies in the folder of a document's own: where it is published hangs on where that is
    /// ([`Reader::held_assets`]).
    Held(Arc<str>),
    /// A feed that the author wrote as a template.
    Feed(List),
    /// A template of something that is no page: what it was served at. It is not taken over.
    LeftBehind(Arc<str>),
    /// Nothing that is published.
    Nothing,
}

/// A renderer of the old site's whose rules are not known here.
#[derive(Debug, Clone)]
pub struct Approximated {
    /// Its name.
    pub renderer: String,
    /// Where the blog names it.
    pub place: Place,
    /// By which rules bodies are read instead, and in what they differ.
    pub message: String,
}

/// A source generator.
pub trait Reader: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// What in this folder speaks for this generator: one short phrase each (`_config.yml`, `a _posts folder`);
    /// empty where nothing does.
    fn evidence(&self, folder: &SourceFolder) -> Vec<String>;

    /// Reads the configuration, and says which files there are and how each of them is read.
    ///
    /// # Errors
    /// Where there is nothing to read: a configuration with a mistake, content that is not where it says, no blog of
    /// this generator at all.
    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError>;

    /// The renderers by whose rules bodies can be read, the usual one first.
    fn renderers(&self) -> &'static [&'static str];

    /// Whether the source holds no files, so that a folder with them can be named beside it.
    fn takes_media(&self) -> bool {
        false
    }

    /// Whether a folder in which no document was found is a blog all the same.
    ///
    /// # Errors
    /// [`ReadError::NoBlog`] where it is none.
    fn without_documents(&self, folder: &SourceFolder) -> Result<(), ReadError> {
        let _ = folder;
        Ok(())
    }

    /// A date by the generator's own regimes; `None` where it would not take the value for one.
    fn date(&self, value: &Value, site: &Site) -> Option<Moment>;

    /// Tags by the generator's own rule for the shape of the value. Most take a list; one value is taken for a list of
    /// one, which Ink and Zola refuse, and is never split.
    fn tags(&self, value: &Value) -> Vec<String> {
        let texts: Vec<String> = match value {
            Value::List(items) => items.iter().filter_map(Value::to_text).collect(),
            other => other.to_text().into_iter().collect(),
        };
        texts.into_iter().filter(|tag| !tag.trim().is_empty()).collect()
    }

    /// Categories by the generator's own rule, as paths from the root. Most know a flat list only: each is a category of
    /// its own.
    fn categories(&self, value: &Value) -> Vec<Vec<String>> {
        self.tags(value).into_iter().map(|category| vec![category]).collect()
    }

    /// Fills in what the generator derives from the mapped fields and the path together: title, date,
    /// categories from folders, slug, and the old address by the permalink rule.
    fn finish(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger);

    /// Gives the files that documents hold in folders of their own ([`Found::Held`]) their addresses, which hang on those
    /// of the finished posts.
    fn held_assets(&self, held: Vec<Arc<str>>, posts: &[Post], ledger: &mut Ledger) -> Vec<Asset> {
        let _ = (held, posts, ledger);
        Vec::new()
    }

    /// The lists and feeds that the generator and its plugins make of the finished posts.
    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List>;

    /// What all documents together show of the site.
    fn seen_whole(&self, site: &mut Site, posts: &[Post], ledger: &mut Ledger) {
        let _ = (site, posts, ledger);
    }

    /// The renderer that the blog names, where its bodies are read by the rules of another one.
    fn approximated(&self, site: &Site) -> Option<Approximated> {
        let _ = site;
        None
    }

    /// What the blog calls its theme, by every name that it has for it.
    fn themes(&self, site: &Site) -> Vec<String> {
        let _ = site;
        Vec::new()
    }

    /// The folders of the theme, below the site's root, whose files were served from the root of the site. None of them
    /// is taken over.
    fn theme_folders(&self, site: &Site) -> Vec<String> {
        let _ = site;
        Vec::new()
    }

    /// What may have published something that nobody can see here, such as a plugin, in a few words; `None` where the
    /// old site had nothing but what is read.
    fn unseen(&self, site: &Site) -> Option<String>;

    /// What identifies a post to those who read a feed of this format.
    fn entry_id(&self, post: &Post, site: &Site, format: FeedFormat) -> String;
}

/// The address of a post with its host, as generators write it out.
fn permalink(post: &Post, site: &Site) -> String {
    format!("{}{}{}", site.host, site.base_path, encoded(&post.address))
}

/// Why a site as a whole could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such folder.
    #[error("{}: there is no such folder; name the one that holds the blog", .0.display())]
    NoSuchFolder(PathBuf),
    /// It is a file.
    #[error("{}: this is no folder; name the one that holds the blog", .0.display())]
    NotAFolder(PathBuf),
    /// The system does not give the folder.
    #[error("{}: the folder cannot be read", path.display())]
    FolderRefused {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// The configuration is there and cannot be read: without it every address would be another.
    #[error("{}: the configuration {refusal}", path.display())]
    ConfigRefused {
        /// The file.
        path: PathBuf,
        /// Why it is not read.
        #[source]
        refusal: Refusal,
    },
    /// The user asks for a renderer whose rules are not known.
    #[error("--renderer {named}: bodies of {generator} are read by the rules of {}", known.join(", "))]
    NoRenderer {
        /// What was asked for.
        named: String,
        /// The generator's name.
        generator: &'static str,
        /// The renderers that can be asked for.
        known: &'static [&'static str],
    },
    /// The user names a folder with files, and the source holds its own.
    #[error("--media: a blog of {0} holds its files itself")]
    NoMedia(&'static str),
    /// An export cannot be taken apart.
    #[error("{}: the export cannot be read", path.display())]
    NoExport {
        /// The folder that it lies in.
        path: PathBuf,
        /// Why not.
        #[source]
        error: Box<ArchiveError>,
    },
    /// A configuration says what is wrong.
    #[error("the configuration has a mistake")]
    WrongConfig(#[source] Mistake),
    /// The folder with the content, of which no configuration speaks, is not what it must be.
    #[error("{}: the folder with the content {wrong}", path.display())]
    NoContent {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        wrong: String,
    },
    /// Nothing in the folder is the generator's that was named.
    #[error("{}: this is no {generator} blog; {missing}", path.display())]
    NoBlog {
        /// The folder.
        path: PathBuf,
        /// The generator's name.
        generator: &'static str,
        /// What was looked for.
        missing: &'static str,
    },
    /// No generator, or more than one, was recognised.
    #[error("{message}")]
    Ambiguous {
        /// What was seen, and what to do.
        message: String,
    },
}

#[cfg(test)]
mod tests;
