//! Html.

use super::{Blog, Writer};
use crate::ledger::Ledger;
use crate::plan::File;

/// The writer.
pub struct Html;

impl Writer for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn write(&self, _blog: &Blog<'_>, _ledger: &mut Ledger) -> Vec<File> {
        todo!()
    }

    fn next_step(&self, _out: &str) -> String {
        todo!()
    }
}
