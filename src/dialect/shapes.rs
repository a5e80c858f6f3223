//! Shapes that once cost more than linear time. Each is read in a text so long that a square of it would take minutes,
//! and within a time of the processor's that no machine needs for its length: what else the machine does does not count.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::{commonmark, gomarkdown, kramdown, marked};
use crate::model::{Blackfriday, CommonMark, CommonMarkEngine, HeadingIds, IdText, MarkupSettings, RawHtml};
use crate::tree::Node;
use crate::tree::html::render;

const REPEATS: usize = 20_000;
const PATIENCE: Duration = Duration::from_secs(10);

/// What stands before a shape, what is repeated, with its number for `%`, and what stands behind.
const SHAPES: &[(&str, &str, &str)] = &[
    ("", "{::nomarkdown}\n", ""),
    ("", "{::comment}\n\n", ""),
    ("", "x {::nomarkdown} ", ""),
    ("", "<div><!-- ", ""),
    ("<div>", "<? ", ""),
    ("", "\\\\[", ""),
    ("", "![a](b", ""),
    ("", "[a](x \"", ""),
    ("", "[a](<", ""),
    ("", "`a` ", ""),
    ("a | ", "``` `", ""),
    ("", "~", ""),
    ("", "```a\n", ""),
    ("", "# a\n\n", ""),
    ("", "# a\n\n# a-1\n\n", ""),
    ("", "*[A%]: x\n", "\nA1 A2"),
    ("", "x[^a%]\n\n[^a%]: b\n\n", ""),
    ("<a", " x=\"y\"", ">z</a>"),
    ("<div", " x=\"y\"", ">z</div>"),
];

/// Shapes of marked's own rules.
const SHAPES_OF_MARKED: &[(&str, &str, &str)] = &[
    ("", "*a ", ""),
    ("", "a* ", ""),
    ("", "**a b* ", ""),
    ("", "~a ", "~"),
    ("", "a_b*c", "@"),
    ("", "http://a/(", ""),
    ("", "http://a/;.", ""),
    ("", "[a ", ""),
    ("", "[a](\"", ""),
    ("", "[a](b ", ")"),
    ("", "> ", "a"),
    ("", "- ", "a"),
    ("", "| a |\n|-|\n", ""),
    ("", "[a]: b \"\n", ""),
    ("", "> - a\nb\n", ""),
    ("", "> > a\nb\n", ""),
    ("", "` `` ", ""),
    ("x", " ", "\nb"),
    ("", "- a\nb\n", ""),
    ("- a", "\n  b", ""),
    ("", "\\\n~a", "~"),
    ("", "<a b=c ", ""),
    ("", "``` %\n", ""),
    ("[a]: b\n\n", "[a][c] *", ""),
];

fn settings() -> MarkupSettings {
    MarkupSettings {
        hard_breaks: false,
        smart: true,
        gfm: true,
        block_html: false,
        bare_links: true,
        line_numbers: false,
        heading_ids: true,
        id_text: IdText::Shown,
        cased_ids: false,
        math: true,
        blackfriday: None,
        rooted_pictures: true,
        commonmark: None,
    }
}

/// How long this thread has run: by the kernel's own count where there is one, or else by the clock.
fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = counted.and_then(|counted| counted.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn all_are_read_in_time(parse: impl Fn(&str, &MarkupSettings) -> Node, shapes: &[(&str, &str, &str)]) {
    for (before, shape, behind) in shapes {
        let repeated: String = (0..REPEATS).map(|number| shape.replace('%', &number.to_string())).collect();
        let start = spent();
        render(&parse(&format!("{before}{repeated}{behind}"), &settings()));
        let needed = spent() - start;
        assert!(needed < PATIENCE, "{needed:?} for {shape:?}");
    }
}

#[test]
fn kramdown_reads_long_texts_of_one_shape_in_time() {
    all_are_read_in_time(kramdown::parse, SHAPES);
}

#[test]
fn marked_reads_long_texts_of_one_shape_in_time() {
    all_are_read_in_time(marked::parse, SHAPES);
    all_are_read_in_time(marked::parse, SHAPES_OF_MARKED);
}

#[test]
fn gomarkdown_reads_long_texts_of_one_shape_in_time() {
    all_are_read_in_time(gomarkdown::parse, SHAPES);
}

#[test]
fn commonmark_reads_long_texts_of_one_shape_in_time() {
    let shapes: &[(&str, &str, &str)] = &[
        ("", "a.b ", ""),
        ("", "a@b.cc ", ""),
        ("", "a@", ""),
        ("", "http://", ""),
        ("http://a", ")", ""),
        ("", "www.a&b;", ""),
        ("", "(c)..", ""),
    ];
    for (engine, heading_ids) in
        [(CommonMarkEngine::MarkdownIt, HeadingIds::Slugs { from: 1 }), (CommonMarkEngine::Cmark, HeadingIds::Ascii)]
    {
        let raw_html = RawHtml::Filtered;
        let engine = CommonMark {
            engine,
            raw_html,
            tables: true,
            strike: true,
            one_tilde: false,
            tasks: true,
            footnotes: true,
            attributes: false,
            definitions: false,
            emoji: false,
            heading_ids,
        };
        for shapes in [SHAPES, shapes] {
            all_are_read_in_time(|text, settings| commonmark::parse(text, settings, &engine), shapes);
        }
    }
}

/// Shapes of blackfriday's own rules.
const SHAPES_OF_BLACKFRIDAY: &[(&str, &str, &str)] = &[
    ("", "- a\n```\n", ""),
    ("", "- a\n```sh\n\n", ""),
    ("", "* a\n1. b\n\n", ""),
    ("- a\n", "\n", "b"),
    ("", "\ta\n", ""),
    ("", "a\t", ""),
    ("", "```\n\tb\n", ""),
    ("", "*a*b", ""),
    ("", "**a*", ""),
];

#[test]
fn blackfriday_reads_long_texts_of_one_shape_in_time() {
    for version in [Blackfriday::Early, Blackfriday::Late] {
        let parse = move |text: &str, settings: &MarkupSettings| {
            let settings = MarkupSettings { blackfriday: Some(version), math: false, ..settings.clone() };
            gomarkdown::parse(text, &settings)
        };
        all_are_read_in_time(parse, SHAPES);
        all_are_read_in_time(parse, SHAPES_OF_BLACKFRIDAY);
    }
}
