//! Blocks come over by the weakest means that the target reads as the old page shows them.

use proptest::prelude::*;

use super::*;
use crate::dialect::{gomarkdown, kramdown, marked};
use crate::markup::target;
use crate::model::{MarkupSettings, Target};

const ZOLA: Reading =
    Reading { target: Target::Zola, hard_breaks: false, math: false, bare_links: false, cased_ids: true };

const HUGO: Reading =
    Reading { target: Target::Hugo, hard_breaks: false, math: true, bare_links: true, cased_ids: false };

/// What plain posts are made of, and what stands between.
const PIECES: &[&str] = &[
    "Plain words, \"quoted\" -- and so on...\nOn two lines.",
    "Wörter “é” 中文，**粗体**。",
    "*one* word, **two** words, a `c_o*d[e` and snake_case.",
    "a *b*c* d **e*",
    "_x_ and x_y_ 2*3*4",
    "A [link](/a_b/c*d?e=f&g#h) ![pic](/p.png \"title\")[x](y)!",
    "[text `code`](/x) [![i](/i.png)](/y)",
    "![[x](y)",
    "[^1](z)",
    "[label]",
    "[label]: /url\n",
    "Hard  \nbreak and\\\nanother\\\\\none.",
    "lazy\n    line\n\t tab\n1. one\n2019. two\n- three\n> four\n# five\n: six\n***\n===",
    "2019 was a year\n12) too",
    "    indented code",
    "  two spaces",
    "# Heading",
    "## Heading",
    "## Two `words` & more!",
    "## A #1 {#own} #",
    "### *em*",
    "Heading\n-----",
    "---",
    "* * *",
    "***",
    "- one\n- two\n  on two lines\n\n- three",
    "* one\n* two",
    "+ [ ] task\n+ [x] task",
    "- outer\n    - inner\n\n    second",
    "1. one\n2. two",
    "3. three\n1. one",
    "  below an item",
    "> quoted words\n> on two lines",
    "> quoted\nlazy",
    "> > deep\n\n> next",
    "```js\ncode *x* [y]\n\n  more\n```",
    "~~~\n```\n~~~",
    "```\nnever closed",
    "~~~ {.c}\nx\n~~~",
    "{% raw %}",
    "<div id=\"raw\">\n<b>bold</b> *x*\n</div>",
    "<div>",
    "</div>",
    "<!-- more -->",
    "<!-- never closed",
    "<script>\nx\n\ny\n</script>",
    "<pre>\na\n\nb\n</pre>",
    "<b>x</b> <i>y",
    "a <b c & d &amp; e",
    "|a|b|\n|-|-|\n|c|d|",
    "a | b",
    "term\n: definition",
    ": definition",
    "Note[^1].",
    "[^1]: The note.\n    More.",
    "$$x$$",
    "a \\(b\\) \\[c\\]",
    "costs 5$ or $6",
    "www.e.example or https://e.example/x, me@e.example",
    "{: .class #id}",
    "*[HTML]: long",
    "HTML ~ tilde ~~strike~~",
    "Ends with a backslash\\",
    "A [link\nover *two* lines](/x \"t\") and [`code`\n](/y).",
    "**Bold.** *Said:* and __so.__ x**y.**z *'q'*r (*in*) \\**a**",
    "*one\ntwo.*\nthree **four  \nfive**",
    "Escaped \\[a\\] \\*b\\* \\_c_ \\# \\\\ d\\e",
    "R&D, AT&T; &amp; &eacute;x **a&nbsp;**b &#8211; &#65; &nope; &notit; &#150;",
    "line<br>\nx <b>y</b> <img src=\"/a.png\" alt=\"b\" /> <a href=\"/x\">z</a> <span id=\"s\">w</span>",
    "<b>x</b> begins",
    "see [label] and [words\nmore][label] and [label][] and [Label](/x) [a][none]",
    "see [other][2] and [2].",
    "[2]: <https://e.example/a(b)> 'title'",
    "[LABEL]: /second",
    "- a\n  - b\n    - c\n- d",
    "* a\n* b\n    1. c\n    2. d\n\n* e",
    "1. x\n\n   y\n   z\n\n2. w",
    "1.  x\n\n    1. y\n\n     z",
    "- a\n\n  b\n\n      code\n- c",
    "> one\n>\n> two\n>  \n>three",
    "$$x\n\ny$$",
    "begins \\(a",
    "ends b\\) and $ 5$",
    "```\n\\(a $$ b\n```",
    "Above\n===",
    "`code` above & <\n---",
    "    code\n\n      & more\n    end",
    "costs \\$5 and \\$$6 & more &",
    "<https://e.example/x_y> and [https://e.example](/z) ",
    "[p](/a_(b)_c) [q](/a((b))c)",
];

fn text() -> impl Strategy<Value = String> {
    let between = prop::sample::select(vec!["\n\n", "\n\n", "\n\n", "\n\n\n", "\n", "\n  \n", " "]);
    prop::collection::vec((prop::sample::select(PIECES), between), 0..12)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, between)| format!("{piece}{between}")).collect())
}

/// The bridged text by the way that is gone, and by reading every block.
fn both_ways(text: &str, tree: &Node, reading: Reading) -> [Bridged; 2] {
    let whole = Bridge { reads_all: true, ..Bridge::new(text, tree, reading) }.cross();
    [bridge(text, tree, reading), whole].map(|mut bridged| {
        bridged.ids.sort();
        bridged
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proved_is_what_the_target_reads(text in text(), smart: bool, hard_breaks: bool) {
        let settings = MarkupSettings { smart, hard_breaks, gfm: true, heading_ids: true, ..MarkupSettings::default() };
        for tree in [
            kramdown::parse(&text, &settings),
            marked::parse(&text, &settings),
            gomarkdown::parse(&text, &settings),
        ] {
            for reading in [ZOLA, HUGO, Reading { hard_breaks: true, math: false, ..HUGO }] {
                let [fast, whole] = both_ways(&text, &tree, reading);
                prop_assert_eq!(&fast, &whole, "{:?}", text);
                let page = target::page(&fast.text, reading);
                let mut shown = ids::of_html(&page);
                shown.sort();
                prop_assert_eq!(fast.ids, shown, "{:?}", text);
            }
        }
    }
}

#[test]
fn the_places_that_links_can_name_are_those_of_the_new_page() {
    let settings = MarkupSettings { gfm: true, heading_ids: true, ..MarkupSettings::default() };
    let text = "# One\n\n|a|\n|-|\n|<b id=\"b\">x</b>|\n\n<p id = \"p\"></p>\n\n# One\n\n## Two's *more*\n\na<a name=\"n\"></a>[^1]\n\n[^1]: note\n";
    for reading in [ZOLA, HUGO] {
        let bridged = bridge(text, &kramdown::parse(text, &settings), reading);
        let page = target::page(&bridged.text, reading);
        let (mut found, mut shown) = (bridged.ids, ids::of_html(&page));
        found.sort();
        shown.sort();
        assert_eq!(found, shown);
        assert!(found.len() == 7, "{found:?}");
    }
}

#[test]
fn plain_posts_are_proved() {
    let settings = MarkupSettings { gfm: true, heading_ids: true, ..MarkupSettings::default() };
    let text = "# One\n\nWords, *more* `words`\nand [links](/x).\n\n- a\n- b\n\n> quote\n\n```c\nx\n```\n\n<p id=\"p\">x</p>\n\n# One\n";
    let tree = kramdown::parse(text, &settings);
    let mut bridge = Bridge::new(text, &tree, HUGO);
    let page = bridge.assemble();
    let found = bridge.look(&page);
    assert!(found.slots.is_empty(), "{found:?}");
    assert_eq!(found.ids, ["one", "p", "one-1"]);
}

#[test]
fn what_all_dialects_write_alike_is_proved() {
    let settings = MarkupSettings { gfm: true, heading_ids: true, ..MarkupSettings::default() };
    for text in [
        "**Bold.** And *said:* so.\n",
        "*one\ntwo* and a [link\nover lines](/x).\n",
        "Escaped \\# and \\*b\\*, \\$5.\n",
        "R&D, caf&eacute; &#8211; x\n",
        "line<br>\nwith <b>tags</b>\n",
        "See <https://e.example/x> and [p](/a_(b)).\n",
        "- a\n  - b\n    - c\n- d\n",
        "1. x\n\n   y\n\n2. z\n",
        "> one\n>\n> two\n",
        "Above\n=====\n",
        "    code\n\n      more\n",
    ] {
        let tree = kramdown::parse(text, &settings);
        let mut bridge = Bridge::new(text, &tree, HUGO);
        let page = bridge.assemble();
        assert!(bridge.look(&page).slots.is_empty(), "{text:?} is read");
    }
    let text = "See [that][b].\n\n[b]: /x\n";
    let tree = kramdown::parse(text, &settings);
    let mut bridge = Bridge::new(text, &tree, HUGO);
    let page = bridge.assemble();
    assert_eq!(bridge.look(&page).slots.len(), 1, "only the definition is read");
}

#[test]
fn what_agreed_is_not_read_again() {
    let settings = MarkupSettings { gfm: true, ..MarkupSettings::default() };
    let text = "a | b\n--|--\nc | d\n\nx {::comment}y{:/} ~~z~~\n";
    let tree = kramdown::parse(text, &settings);
    let mut bridge = Bridge::new(text, &tree, HUGO);
    let page = bridge.assemble();
    let mut found = bridge.look(&page);
    assert_eq!(found.slots.len(), 2);
    assert!(bridge.strengthen(&mut found));
    let page = bridge.assemble();
    let read: Vec<usize> = bridge.look(&page).slots.into_iter().map(|(at, _)| at).collect();
    assert_eq!(read, [1], "the table agreed");
}

fn text_node(text: &str, from: &str) -> Node {
    let at = from.find(text).expect("the text stands in the source");
    Node::new(NodeKind::Text(text.to_owned()), at..at + text.len(), Vec::new())
}

#[test]
fn what_reads_the_same_stays_as_typed() {
    let source = "One *line*.\n\n\n\nAnother.\n";
    let emphasis = Node::new(NodeKind::Emphasis, 4..10, vec![text_node("line", source)]);
    let first = vec![text_node("One ", source), emphasis, Node::new(NodeKind::Text(".".to_owned()), 10..11, vec![])];
    let second = vec![text_node("Another.", source)];
    let tree = Node::new(
        NodeKind::Document,
        0..source.len(),
        vec![Node::new(NodeKind::Paragraph, 0..11, first), Node::new(NodeKind::Paragraph, 15..23, second)],
    );
    let bridged = bridge(source, &tree, ZOLA);
    assert_eq!(bridged.text, source);
    assert!(bridged.blocks.iter().all(|block| block.means == Means::Typed && block.agrees));
}

#[test]
fn text_that_the_target_would_mark_up_is_escaped() {
    let source = "2 * 3 * 4 and *not emphasis*\n";
    let tree = Node::new(
        NodeKind::Document,
        0..source.len(),
        vec![Node::new(NodeKind::Paragraph, 0..28, vec![text_node("2 * 3 * 4 and *not emphasis*", source)])],
    );
    let bridged = bridge(source, &tree, ZOLA);
    assert_eq!(bridged.text, "2 \\* 3 \\* 4 and \\*not emphasis\\*\n");
    assert_eq!(bridged.blocks, [Block { span: 0..29, means: Means::Edited, agrees: true, as_html: Vec::new() }]);
}
