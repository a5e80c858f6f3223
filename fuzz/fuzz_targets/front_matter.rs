#![no_main]

use libfuzzer_sys::fuzz_target;
use postferry::frontmatter::{Flavor, decode, read_map, read_value};
use postferry::ledger::Ledger;

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = fuzzed::chosen(data) else { return };
    let flavor = [Flavor::Jekyll, Flavor::Hexo, Flavor::Ink, Flavor::Hugo, Flavor::Zola][usize::from(choice) % 5];
    let named = (choice & 0x80 != 0).then_some(encoding_rs::GBK);
    let text = decode(bytes, "x", named, &mut Ledger::default());
    let _ = read_map(&text, flavor);
    let _ = read_value(&text, flavor);
});
