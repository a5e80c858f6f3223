#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::dialect::gomarkdown::parse;
use postferry::model::Blackfriday;

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = fuzzed::chosen(data) else { return };
    let mut settings = fuzzed::settings(choice | 0b0101_0010);
    settings.blackfriday = [None, Some(Blackfriday::Early), Some(Blackfriday::Late)][usize::from(choice) % 3];
    let tree = parse(&String::from_utf8_lossy(text), &settings);
    let _ = postferry::tree::html::render(&tree);
});
