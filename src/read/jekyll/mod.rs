//! Jekyll.

use std::path::Path;

use super::{ReadError, ReadOptions, Reader};
use crate::ledger::Ledger;
use crate::model::{Document, Moment, Post, Site, Source, Value};

/// The reader.
pub struct Jekyll;

impl Reader for Jekyll {
    fn name(&self) -> &'static str {
        "jekyll"
    }

    fn evidence(&self, _root: &Path) -> Vec<String> {
        Vec::new()
    }

    fn read(&self, _root: &Path, _options: &ReadOptions, _ledger: &mut Ledger) -> Result<Source, ReadError> {
        todo!()
    }

    fn date(&self, _value: &Value, _site: &Site) -> Option<Moment> {
        todo!()
    }

    fn tags(&self, _value: &Value) -> Vec<String> {
        todo!()
    }

    fn categories(&self, _value: &Value) -> Vec<Vec<String>> {
        todo!()
    }

    fn finish(&self, _post: &mut Post, _document: &Document, _site: &Site, _ledger: &mut Ledger) {
        todo!()
    }
}
