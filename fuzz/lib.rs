//! What the targets share: whole blogs of one post, and settings of dialects picked by a byte.
#![forbid(unsafe_code)]

use std::fs;
use std::path::Path;

use postferry::convert::{Job, plan};
use postferry::model::MarkupSettings;
use postferry::write::{WRITERS, Writer};

/// The first byte chooses; the rest is the text.
pub fn chosen(data: &[u8]) -> Option<(u8, &[u8])> {
    data.split_first().map(|(first, rest)| (*first, rest))
}

/// Settings of a dialect: one for each bit.
pub fn settings(bits: u8) -> MarkupSettings {
    let on = |bit: u8| bits & (1 << bit) != 0;
    MarkupSettings {
        hard_breaks: on(0),
        smart: on(1),
        gfm: on(2),
        block_html: on(3),
        bare_links: on(4),
        heading_ids: on(5),
        math: on(6),
        cased_ids: on(7),
        ..MarkupSettings::default()
    }
}

/// One of the targets.
pub fn writer(byte: u8) -> &'static dyn Writer {
    WRITERS[usize::from(byte) % WRITERS.len()]
}

/// Converts a blog of these files, as if it were to be written; what cannot be read is no matter.
pub fn convert(files: &[(&str, &[u8])], job: impl FnOnce(&Path) -> Job) {
    let Ok(folder) = tempfile::tempdir() else { return };
    for (path, content) in files {
        let path = folder.path().join(path);
        let made = path.parent().map(fs::create_dir_all);
        if !matches!(made, Some(Ok(()))) || fs::write(path, content).is_err() {
            return;
        }
    }
    let Ok(conversion) = plan(&job(folder.path())) else { return };
    conversion.plan.for_each(|_, _| ());
    let _ = conversion.outcome(&[]);
}
