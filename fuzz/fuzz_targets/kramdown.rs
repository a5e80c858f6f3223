#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::dialect::kramdown::parse;

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = fuzzed::chosen(data) else { return };
    let tree = parse(&String::from_utf8_lossy(text), &fuzzed::settings(choice));
    let _ = postferry::tree::html::render(&tree);
});
