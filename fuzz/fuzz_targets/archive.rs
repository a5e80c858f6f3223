#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::archive::{Limits, unpack};

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = fuzzed::chosen(data) else { return };
    let end = ["zip", "tar", "tar.gz", "tar.zst", "tar.xz"][usize::from(choice) % 5];
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join(format!("x.{end}"));
    if std::fs::write(&path, bytes).is_ok() {
        let _ = unpack(&path, Limits { bytes: 1 << 20, entries: 100 });
    }
});
