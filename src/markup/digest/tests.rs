//! Trees and events say what the page that they are rendered to says.

use proptest::prelude::*;

use super::{Digest, Part};
use crate::dialect::{gomarkdown, kramdown, marked};
use crate::markup::target::{self, Reading};
use crate::model::{MarkupSettings, Target};
use crate::tree::{Node, html};

/// What every syntax that shows in a digest is made of, raw HTML that opens more than it closes among it.
const PIECES: &[&str] = &[
    "word",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "    ",
    "> ",
    "- ",
    "3. ",
    "- [x] ",
    "# H\n",
    "## H `c` {#own}\n",
    "H\n===\n",
    "{: #id .class start=\"4\"}\n",
    "*",
    "**",
    "~~",
    "_",
    "`",
    "```js a caption\ncode\n\n  more -- code\n```\n",
    "~~~\n",
    "|a|b|\n|-|:-:|\n|c|d|\n",
    "term\n: definition\n",
    "[t](/a%20b \"title\")",
    "[t]",
    "[t]: /x&y\n",
    "<https://e.example/é?a=b&c>",
    "<m@e.example>",
    "https://e.example/a_b)",
    "www.e.example",
    "![alt www.e.example *b*](</a b.png>)",
    "[^1]",
    "[^1]: note\n",
    "$$x_1 * y$$",
    "\\(a<b\\)",
    "*[HTML]: long\n",
    "HTML",
    "&amp;",
    "&#xE024;",
    "\u{E02A}",
    "--",
    "...",
    "\"q\"",
    "“é中”",
    "\\",
    "<br>",
    "<br />\n",
    "<b>",
    "</b>",
    "<h2 id='i'>",
    "</h2>",
    "<a name='n' href='#fn'>",
    "<a class=\"footnote\" href='/f'>",
    "</a>",
    "<sup class=footnote>",
    "</sup>",
    "<pre>",
    "<pre>\n",
    "</pre>\n",
    "<div>\n",
    "<div class=\"\n",
    "</div>\n",
    "<script>",
    "</script>\n",
    "<textarea>",
    "<figcaption>",
    "</figcaption>",
    "<img src=\"/i%20.png\">",
    "<iframe src='/v'></iframe>",
    "<ol start=7><li>",
    "<!--",
    "-->",
    "<!-- more -->\n",
    "<",
    "&",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

fn readings() -> [Reading; 3] {
    let zola = Reading { target: Target::Zola, hard_breaks: false, math: false, bare_links: false, cased_ids: true };
    let hugo = Reading { target: Target::Hugo, hard_breaks: false, math: true, bare_links: true, cased_ids: false };
    [zola, hugo, Reading { hard_breaks: true, math: false, ..hugo }]
}

fn trees(text: &str) -> [Node; 3] {
    let markup = MarkupSettings {
        smart: true,
        gfm: true,
        block_html: true,
        heading_ids: true,
        math: true,
        ..MarkupSettings::default()
    };
    [kramdown::parse(text, &markup), marked::parse(text, &markup), gomarkdown::parse(text, &markup)]
}

fn assert_agree(text: &str) {
    for reading in readings() {
        let page = target::page(text, reading);
        assert_eq!(target::digest(text, reading), Digest::of(&page), "{text:?} becomes {page}");
    }
    for tree in trees(text) {
        for nodes in tree.children.iter().map(std::slice::from_ref).chain([tree.children.as_slice()]) {
            let page = html::render_fragment(nodes);
            assert_eq!(Digest::of_nodes(nodes), Digest::of(&page), "{text:?} becomes {page}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_the_digest_of_its_page(text in text()) {
        assert_agree(&text);
    }
}

#[test]
fn every_piece_has_the_digest_of_its_page() {
    for piece in PIECES {
        assert_agree(piece);
        assert_agree(&format!("before {piece}between {piece}after\n\nnext"));
    }
}

#[test]
fn white_space_and_typography_do_not_count() {
    assert_eq!(Digest::of("<p>“a” –\n b…</p>"), Digest::of("<p>\"a\" --- b...</p>"));
}

#[test]
fn structure_links_and_code_count() {
    let digest = Digest::of("<ul><li><a href='/x%20y'>t</a> <code>c</code></li></ul><pre><code>a\n b\n</code></pre>");
    assert_eq!(digest.links, ["/x y"]);
    assert_eq!(digest.code, ["a\n b"]);
    assert_eq!(digest.structure[Part::Code as usize], 1);
    assert_ne!(digest, Digest::of("<a href='/x%20y'>t</a> c"));
}

#[test]
fn footnote_marks_and_scripts_do_not_count() {
    let plain = Digest::of("<p>a</p>");
    assert_eq!(plain, Digest::of("<p>a<sup class=\"footnote-ref\"><a href=\"#fn:1\">1</a></sup></p>"));
    assert_eq!(plain, Digest::of("<p>a</p><script>if (a < b) { \"<p>x</p>\" }</script>"));
}
