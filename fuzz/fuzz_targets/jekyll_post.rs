#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::convert::Job;

fuzz_target!(|data: &[u8]| {
    let Some((choice, post)) = fuzzed::chosen(data) else { return };
    let files = [
        ("_config.yml", b"title: T\nkramdown: {parse_block_html: true}\n".as_slice()),
        ("_includes/x.html", b"{{ include.a }}"),
        ("_posts/2020-01-02-a.md", post),
    ];
    fuzzed::convert(&files, |source| Job::new(source, fuzzed::writer(choice)));
});
