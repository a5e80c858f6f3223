#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::dialect::commonmark::parse;
use postferry::model::{CommonMark, CommonMarkEngine, HeadingIds, RawHtml};

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = fuzzed::chosen(data) else { return };
    let (engine, heading_ids) = match choice % 2 {
        0 => (CommonMarkEngine::MarkdownIt, HeadingIds::Slugs { from: 1 }),
        _ => (CommonMarkEngine::Cmark, HeadingIds::Ascii),
    };
    let raw_html = [RawHtml::Kept, RawHtml::Filtered, RawHtml::Shown, RawHtml::Omitted][usize::from(choice / 2) % 4];
    let commonmark = CommonMark {
        engine,
        raw_html,
        tables: true,
        strike: true,
        one_tilde: choice % 2 == 1,
        tasks: true,
        footnotes: true,
        attributes: choice % 3 == 1,
        definitions: choice % 3 == 2,
        emoji: choice % 5 == 1,
        heading_ids,
    };
    let tree = parse(&String::from_utf8_lossy(text), &fuzzed::settings(choice), &commonmark);
    let _ = postferry::tree::html::render(&tree);
});
