#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::convert::Job;

fuzz_target!(|data: &[u8]| {
    let Some((choice, pattern)) = fuzzed::chosen(data) else { return };
    let pattern = String::from_utf8_lossy(pattern).into_owned();
    let post =
        b"---\ntitle: A B\ndate: 2020-01-02 03:04:05\ncategories: [c, \xC3\xA9]\ntags: t\n---\nText.\n".as_slice();
    let ink = b"title: A B\ndate: 2020-01-02 03:04:05\ntags: [t]\n---\nText.\n".as_slice();
    let files: &[(&str, &[u8])] = match choice % 3 {
        0 => &[("_config.yml", b"title: T\n"), ("_posts/2020-01-02-a-b.md", post)],
        1 => &[("_config.yml", b"title: T\n"), ("source/_posts/a b.md", post)],
        _ => &[("config.yml", b"site:\n  title: T\n"), ("source/a b.md", ink)],
    };
    fuzzed::convert(files, |source| {
        let mut job = Job::new(source, fuzzed::writer(choice / 3));
        job.options.permalink = Some(pattern);
        job
    });
});
