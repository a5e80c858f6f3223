//! Readers: each knows its generator and the model, and nothing of any target.
//!
//! A new source generator is one module and one row in [`READERS`].

mod address;
pub mod detect;
mod files;
pub mod hexo;
pub mod ink;
pub mod jekyll;
mod lists;

use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::address::encoded;
use crate::ledger::Ledger;
use crate::model::{Asset, Body, Document, FeedFormat, Fields, List, Moment, Post, Site, Source, Value};
use crate::source::{Refusal, SourceFolder};

/// Every reader, in the order in which detection asks them.
pub const READERS: &[&dyn Reader] = &[&jekyll::Jekyll, &hexo::Hexo, &ink::Ink];

/// What the command line says about reading.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Stands in for the permalink rule of the configuration.
    pub permalink: Option<String>,
    /// The zone to use where the site names none; UTC if not given.
    pub zone: Option<(String, TimeZone)>,
    /// Stands in for the published address of the configuration (scheme, host and base path).
    pub base_url: Option<String>,
}

/// A source generator.
pub trait Reader: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// What in this folder speaks for this generator: one short phrase each (`_config.yml`, `a _posts folder`);
    /// empty where nothing does.
    fn evidence(&self, folder: &SourceFolder) -> Vec<String>;

    /// Reads configuration, documents and assets. One bad document is an entry in the ledger, never an error.
    ///
    /// # Errors
    /// Where there is nothing to read: a configuration with a mistake, content that is not where it says, no blog of
    /// this generator at all.
    fn read(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError>;

    /// Reads the file of one document once more: its body, byte for byte as [`Reader::read`] saw it, and the front matter
    /// in the file itself, without what defaults of the configuration and the path add. What there was to say about
    /// the file has been said the first time.
    ///
    /// # Errors
    /// Where the file cannot be read any more.
    fn reread(&self, site: &Site, source: &str) -> Result<(Fields, Body), Refusal>;

    /// A date by the generator's own regimes; `None` where it would not take the value for one.
    fn date(&self, value: &Value, site: &Site) -> Option<Moment>;

    /// Tags by the generator's own rule for the shape of the value.
    fn tags(&self, value: &Value) -> Vec<String>;

    /// Categories by the generator's own rule, as paths from the root.
    fn categories(&self, value: &Value) -> Vec<Vec<String>>;

    /// Fills in what the generator derives from the mapped fields and the path together: title, date,
    /// categories from folders, slug, and the old address by the permalink rule.
    fn finish(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger);

    /// Gives the files that documents hold in folders of their own ([`Source::held`]) their addresses, which hang on those
    /// of the finished posts.
    fn held_assets(&self, held: Vec<String>, posts: &[Post], ledger: &mut Ledger) -> Vec<Asset> {
        let _ = (held, posts, ledger);
        Vec::new()
    }

    /// The lists and feeds that the generator and its plugins make of the finished posts.
    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List>;

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
    /// The folder is not there or not a folder.
    #[error("{}: {reason}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A configuration file does not parse.
    #[error("{file}:{line}:{column}: {message}")]
    Config {
        /// The file, below the site's root.
        file: String,
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
        /// What the parser says.
        message: String,
        /// The line itself.
        quote: String,
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
