//! The normalizer: where every field goes, said by mapping files.

use crate::ledger::Ledger;
use crate::model::{Document, Post, Site};
use crate::read::Reader;

/// The effective mapping: the built-in file of a source generator with the user's files layered on top.
#[derive(Debug, Clone)]
pub struct Mapping {}

impl Mapping {
    /// Applies the mapping to one document. Every field ends up in the post, in its extra data or in the ledger.
    pub fn normalize(&self, document: Document, site: &Site, reader: &dyn Reader, ledger: &mut Ledger) -> Post {
        let _ = (document, site, reader, ledger);
        todo!()
    }
}
