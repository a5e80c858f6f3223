#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::convert::Job;

fuzz_target!(|data: &[u8]| {
    let Some((choice, post)) = fuzzed::chosen(data) else { return };
    let files = [("config.yml", b"site:\n  title: T\n".as_slice()), ("source/a.md", post)];
    fuzzed::convert(&files, |source| Job::new(source, fuzzed::writer(choice)));
});
