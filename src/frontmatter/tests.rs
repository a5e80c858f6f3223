//! What the engines answer: tables of small cases, and properties that hold for any text.

use proptest::prelude::*;

use super::place_of_key;
use super::{Flavor, Memo, Parts, read_map, read_value, split};
use crate::ledger::{Code, Ledger};
use crate::model::{Map, Value};

const FLAVORS: [Flavor; 3] = [Flavor::Jekyll, Flavor::Hexo, Flavor::Ink];

/// A value in a form that shows its type.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}f"),
        Value::String(text) => format!("{text:?}"),
        Value::Date(stamp) => {
            let zone = stamp.offset.map(|offset| offset.to_string()).unwrap_or_default();
            if stamp.date_only { stamp.civil.date().to_string() } else { format!("{}{zone}", stamp.civil) }
        }
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => shown_map(map),
    }
}

fn shown_map(map: &Map) -> String {
    let entries: Vec<_> = map.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
    format!("{{{}}}", entries.join(", "))
}

fn shown_fields(parts: &Parts) -> String {
    let entries: Vec<_> = parts.fields.iter().map(|(key, field)| format!("{key}: {}", shown(&field.value))).collect();
    entries.join(", ")
}

fn split_text(text: &str, flavor: Flavor) -> (Parts, Ledger) {
    let mut ledger = Ledger::default();
    let memo = Memo::default();
    let parts = split(text, "post.md", flavor, &memo, &mut ledger);
    let again = split(text, "post.md", flavor, &memo, &mut Ledger::default());
    assert_eq!(format!("{parts:?}"), format!("{again:?}"), "what is kept is what was read");
    (parts, ledger)
}

/// The table beside this file: one plain scalar a line, and its type to each generator. The answers of SafeYAML
/// 1.0.5 and js-yaml 4 were taken from the programs, those of go-yaml v2 from its rules.
#[test]
fn plain_scalars_have_the_types_of_their_generator() {
    for line in include_str!("cases/scalars.txt").lines().skip(1) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [written, jekyll, hexo, ink] = columns[..] else { panic!("four columns: {line}") };
        for (flavor, expected) in FLAVORS.into_iter().zip([jekyll, hexo, ink]) {
            let map = read_map(&format!("key: {written}\n"), flavor).unwrap();
            assert_eq!(shown(&map["key"]), expected, "{written} to {flavor:?}");
        }
    }
}

#[test]
fn quoted_scalars_are_text_to_everyone() {
    for flavor in FLAVORS {
        for written in ["'yes'", "\"1\"", "'2020-01-02'", "|-\n  ~", "''"] {
            let map = read_map(&format!("key: {written}\n"), flavor).unwrap();
            assert!(matches!(map["key"], Value::String(_)), "{written} to {flavor:?}");
        }
    }
}

#[test]
fn aliases_and_merges() {
    let text = "a: &a {x: 1, y: 2}\nb: *a\nc:\n  y: 3\n  <<: *a\n";
    // Psych and go-yaml merge where the key stands, js-yaml below what is there.
    let expected = [
        (Flavor::Jekyll, "{a: {x: 1, y: 2}, b: {x: 1, y: 2}, c: {y: 2, x: 1}}"),
        (Flavor::Hexo, "{a: {x: 1, y: 2}, b: {x: 1, y: 2}, c: {y: 3, x: 1}}"),
        (Flavor::Ink, "{a: {x: 1, y: 2}, b: {x: 1, y: 2}, c: {y: 2, x: 1}}"),
    ];
    for (flavor, expected) in expected {
        assert_eq!(shown_map(&read_map(text, flavor).unwrap()), expected, "{flavor:?}");
    }
}

#[test]
fn keys_keep_their_spelling() {
    let map = read_map("yes: 1\n1.50: 2\n:old: 3\n[a, b]: 4\n", Flavor::Jekyll).unwrap();
    assert_eq!(shown_map(&map), "{yes: 1, 1.50: 2, :old: 3, [a, b]: 4}");
}

#[test]
fn configuration_errors_name_a_place_and_a_cause() {
    let error = read_map("title: Blog\nurl: a: b\n", Flavor::Jekyll).unwrap_err();
    assert_eq!((error.line, error.column), (2, 7));
    assert_eq!(error.message, "a second colon stands in a value without quotes, or the indentation is off");
    assert_eq!(read_map("", Flavor::Jekyll), Ok(Map::new()));
    assert_eq!(read_value("- 1\n- a\n", Flavor::Jekyll).map(|value| shown(&value)), Ok("[1, \"a\"]".to_owned()));
    assert_eq!(shown_map(&read_map("a:\n\tb: 1\n", Flavor::Hexo).unwrap()), "{a: {b: 1}}");
}

/// Flavor, text, fields (`-` where there is no front matter), body. The answers are the engines' own.
const FENCES: &[(Flavor, &str, &str, &str)] = &[
    (Flavor::Jekyll, "---\nt: 1\n---\nbody\n", "t: 1", "body\n"),
    (Flavor::Jekyll, "--- \nt: 1\n...\n\n \nbody", "t: 1", "body"),
    (Flavor::Jekyll, "---\nt: 1\n--- \n\n    code", "t: 1", "    code"),
    (Flavor::Jekyll, "---\n---\nbody", "", "body"),
    (Flavor::Jekyll, "---\nt: 1\n----\n---x\n---", "t: \"1 ---- ---x\"", ""),
    (Flavor::Jekyll, "\u{FEFF}---\r\nt: 1\r\n---\r\na\r\nb", "t: 1", "a\nb"),
    (Flavor::Jekyll, "\n---\nt: 1\n---\nbody", "-", "\n---\nt: 1\n---\nbody"),
    (Flavor::Jekyll, "plain", "-", "plain"),
    (Flavor::Jekyll, "", "-", ""),
    (Flavor::Hexo, "---\nt: 1\n---\nbody", "t: 1", "body"),
    (Flavor::Hexo, "t: 1\n---\nbody", "t: 1", "body"),
    (Flavor::Hexo, "t: 1\n-----\nbody", "t: 1", "body"),
    (Flavor::Hexo, "----\nt: 1\n-----\nbody", "t: 1", "-\nbody"),
    (Flavor::Hexo, "---\nt: 1\n--- x\nbody", "t: 1", " x\nbody"),
    (Flavor::Hexo, "---\n---\nbody", "-", "---\n---\nbody"),
    (Flavor::Hexo, "\n---\nt: 1\n---\nbody", "t: 1", "body"),
    (Flavor::Hexo, "Just text\n---\nmore", "-", "Just text\n---\nmore"),
    (Flavor::Hexo, "---\nJust text\n---\nmore", "-", "---\nJust text\n---\nmore"),
    (Flavor::Hexo, "- a\n- b\n---\nmore", "0: \"a\", 1: \"b\"", "more"),
    (Flavor::Hexo, "t: 1", "-", "t: 1"),
    (Flavor::Hexo, ";;;\n\"t\": 1, \"d\": [true, null]\n;;;\nbody", "t: 1, d: [true, null]", "body"),
    (Flavor::Hexo, "\"t\": 1.5\n;;;\nbody", "t: 1.5f", "body"),
    (Flavor::Hexo, "---\nl:\n\t- a\nm:\n\tk: v\n---\n", "l: [\"a\"], m: {k: \"v\"}", ""),
    (Flavor::Hexo, "a: |+\n  x\n\n---\nbody", "a: \"x\\n\"", "body"),
    (Flavor::Ink, "title: a\n---\nbody", "title: \"a\"", "body"),
    (Flavor::Ink, "title: a---b\n---\nbody", "title: \"a\"", "b\n---\nbody"),
    (
        Flavor::Ink,
        "title: 2020\ntags: [on, 1]\ntop: on\n---\n",
        "title: \"2020\", tags: [\"on\", \"1\"], top: true",
        "",
    ),
    (Flavor::Ink, "title: a\n", "title: \"a\"", ""),
];

#[test]
fn fences_cut_where_the_generator_cuts() {
    for (flavor, text, fields, body) in FENCES {
        let (parts, _) = split_text(text, *flavor);
        let found = if parts.present { shown_fields(&parts) } else { "-".to_owned() };
        assert_eq!((found.as_str(), parts.body.as_str()), (*fields, *body), "{flavor:?} {text:?}");
    }
}

#[test]
fn places_and_body_lines_count_from_the_top_of_the_file() {
    let (parts, _) = split_text("---\n# note\ntitle: a\n\ntags:\n  - b\n---\n\nbody", Flavor::Jekyll);
    assert_eq!(parts.body_line, 9);
    let places: Vec<_> = parts.fields.values().map(|field| field.place.to_string()).collect();
    assert_eq!(places, ["post.md:3:1", "post.md:5:1"]);
}

#[test]
fn an_unclosed_fence_still_makes_a_page() {
    let (parts, _) = split_text("---\ntitle: a\n\nbody", Flavor::Jekyll);
    assert!(parts.present && parts.fields.is_empty());
}

/// What generators reject: flavor, text between the fences, what is read.
const REPAIRS: &[(Flavor, &str, &str)] = &[
    (Flavor::Jekyll, "title: Foo: bar\nn: 1", "title: \"Foo: bar\", n: 1"),
    (Flavor::Hexo, "title: [x] text\nn: 1", "title: \"[x] text\", n: 1"),
    (Flavor::Hexo, "title: @home", "title: \"@home\""),
    (Flavor::Jekyll, "title: `code` first", "title: \"`code` first\""),
    (Flavor::Jekyll, "title: %d", "title: \"%d\""),
    (Flavor::Hexo, "title: *star*", "title: \"*star*\""),
    (Flavor::Hexo, "title: !important", "title: \"!important\""),
    (Flavor::Hexo, "title: \"open\nn: 1", "title: \"open\", n: 1"),
    (Flavor::Jekyll, "title: \"He said \"no\" to it\"", "title: \"He said \\\"no\\\" to it\""),
    (Flavor::Jekyll, "title: 'it's'", "title: \"it's\""),
    (Flavor::Jekyll, "title: \"a\" b", "title: \"\\\"a\\\" b\""),
    (Flavor::Jekyll, "title: \"C:\\dir\"", "title: \"C:\\\\dir\""),
    (Flavor::Hexo, "title:Foo\ndate: 2020-01-02", "title: \"Foo\", date: 2020-01-02"),
    (Flavor::Hexo, "title：Foo\nn: 1", "title: \"Foo\", n: 1"),
    (Flavor::Jekyll, "title: a\n  date: 2020-01-02\nn: 1", "title: \"a\", date: 2020-01-02, n: 1"),
    (Flavor::Hexo, " title: a\nn: 1", "title: \"a\", n: 1"),
    (Flavor::Jekyll, " title: a\nn: 1", "title: \"a\""),
    (Flavor::Jekyll, "tags:\n\t- a\n\t- b", "tags: [\"a\", \"b\"]"),
    (Flavor::Jekyll, "tags:\n  - a\n - b\n  - @c", "tags: [\"a\", \"b\", \"@c\"]"),
    (Flavor::Jekyll, "tags: [a, @b, 'c, d', 1]", "tags: [\"a\", \"@b\", \"c, d\", 1]"),
    (Flavor::Jekyll, "m:\n  a: 1\n  b: x: y\nn: 1", "m: {a: 1, b: \"x: y\"}, n: 1"),
    (Flavor::Jekyll, "title: a\nand more\nn: 1", "title: \"a and more\", n: 1"),
    (Flavor::Hexo, "n: 1\nn: 2\nm: 3", "n: 2, m: 3"),
];

#[test]
fn what_is_kept_is_not_parsed_again_until_the_file_changes() {
    let memo = Memo::default();
    let told = |text: &str| {
        let mut ledger = Ledger::default();
        split(text, "post.md", Flavor::Jekyll, &memo, &mut ledger);
        ledger.entries().len()
    };
    let (text, changed) = ("---\na: 1\na: 2\n---\n", "---\na: 1\na: 3\n---\n");
    assert_eq!([told(text), told(text), told(changed)], [1, 0, 1]);
}

#[test]
fn what_is_rejected_is_repaired_and_said() {
    for (flavor, text, fields) in REPAIRS {
        let (parts, ledger) = split_text(&format!("---\n{text}\n---\nbody"), *flavor);
        assert_eq!(shown_fields(&parts), *fields, "{flavor:?} {text:?}");
        assert_eq!(parts.body, "body", "{text:?}");
        let codes: Vec<Code> = ledger.entries().iter().map(|entry| entry.code).collect();
        let known = |code: &Code| matches!(code, Code::FrontMatterRepaired | Code::DuplicateKey);
        assert!(!codes.is_empty() && codes.iter().all(known), "{text:?}: {codes:?}");
    }
}

#[test]
fn repairs_point_at_their_line() {
    let (_, ledger) = split_text("---\nn: 1\ntitle: [x] text\n---\nbody", Flavor::Jekyll);
    let entry = &ledger.entries()[0];
    assert_eq!((entry.place.to_string().as_str(), entry.quote.as_deref()), ("post.md:3:1", Some("title: [x] text")));
    assert!(entry.message.contains("text follows a closing quote or bracket"), "{}", entry.message);
}

#[test]
fn duplicate_keys_are_said_and_the_last_wins() {
    for (flavor, text) in [(Flavor::Jekyll, "---\nn: 1\nn: 2\n---\n"), (Flavor::Ink, "n: 1\nn: 2\n---\n")] {
        let (parts, ledger) = split_text(text, flavor);
        assert_eq!(shown_fields(&parts), "n: 2");
        assert_eq!(ledger.entries()[0].code, Code::DuplicateKey);
    }
}

#[test]
fn ink_files_that_begin_with_a_fence_are_read_all_the_same() {
    let (parts, ledger) = split_text("---\ntitle: a\n---\nbody", Flavor::Ink);
    assert_eq!((shown_fields(&parts).as_str(), parts.body.as_str()), ("title: \"a\"", "body"));
    assert_eq!(ledger.entries()[0].code, Code::FrontMatterRepaired);
}

#[test]
fn what_cannot_be_read_stays_in_the_body() {
    let cases = [
        (Flavor::Jekyll, "---\nHello world\n---\nbody"),
        (Flavor::Hexo, ";;;\nnot json\n;;;\nbody"),
        (Flavor::Hexo, "a: 'b\nand so on\n---\nbody"),
    ];
    for (flavor, text) in cases {
        let (parts, ledger) = split_text(text, flavor);
        assert_eq!(parts.body, text, "{flavor:?}");
        assert_eq!(ledger.entries()[0].code, Code::FrontMatterUnreadable, "{flavor:?}");
    }
}

/// Hexo stops at the colons, and Ink wants fields; neither text was meant as front matter.
#[test]
fn text_before_a_rule_is_text() {
    for (flavor, text) in [(Flavor::Hexo, "* one: two: three\n---\nbody"), (Flavor::Ink, "Hello world\n---\nbody")] {
        let (parts, ledger) = split_text(text, flavor);
        assert_eq!((parts.present, parts.body.as_str()), (false, text), "{flavor:?}");
        assert_eq!(ledger.entries()[0].code, Code::FrontMatterRepaired, "{flavor:?}");
    }
}

#[test]
fn hostile_texts_end_in_time() {
    let deep = "[".repeat(20_000);
    let blocks: String = (0..1000).map(|depth| " ".repeat(depth) + "k:\n").collect();
    let laughs: String = (1..40).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(9))).collect();
    let texts = [
        format!("---\na: {deep}\n---\n"),
        format!("---\n{}\n---\n", "- ".repeat(20_000)),
        format!("---\n{blocks}---\n"),
        format!("---\na0: &a0 x\n{laughs}---\n"),
        format!("---\ntitle: {}\n---\n", "a: ".repeat(100_000)),
        format!("---\ntitle: '{}\n---\n", "a\nb: ".repeat(10_000)),
        format!("---\ntags: [@{}]\n---\n", "a, ".repeat(50_000)),
        "-".repeat(1_000_000),
        "---\na: b\0c\n---\n\0".to_owned(),
    ];
    for text in &texts {
        for flavor in FLAVORS {
            split_text(text, flavor);
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_split_and_its_body_is_its_end(text in "(---\n|;;;\n|[a-z]+: ?|[\\PC\t\r\n]|- |\\[|\\]|\"|'|&a |\\*a|<<: |\u{0}|\u{FEFF}){0,40}") {
        for flavor in FLAVORS {
            let (parts, _) = split_text(&text, flavor);
            let whole = text.strip_prefix('\u{FEFF}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
            prop_assert!(whole.ends_with(&parts.body));
            let before = &whole[..whole.len() - parts.body.len()];
            prop_assert_eq!(parts.body_line as usize, before.matches('\n').count() + 1);
        }
    }

    #[test]
    fn sound_front_matter_needs_no_entry(title in "[a-zA-Z][a-zA-Z ]{0,20}", number in any::<i32>(), body in "[a-z\n]{0,40}") {
        let text = format!("---\ntitle: x {title}\nnumber: {number}\n---\nb{body}");
        for flavor in [Flavor::Jekyll, Flavor::Hexo] {
            let (parts, ledger) = split_text(&text, flavor);
            prop_assert!(ledger.entries().is_empty());
            prop_assert_eq!(&parts.fields["number"].value, &Value::Int(number.into()));
            prop_assert_eq!(parts.body, format!("b{body}"));
        }
    }
}

#[test]
fn keys_of_configurations_have_a_place() {
    assert_eq!(place_of_key("\u{FEFF}a: 1\n# b: 2\n  \nb: 3\n", "b"), Some((4, 1)));
    assert_eq!(place_of_key(":source: x\n", "source"), Some((1, 1)));
    assert_eq!(place_of_key("title = \"a\"\nsource = \"b\"\n", "source"), Some((2, 1)));
    assert_eq!(place_of_key("a: 1\n", "b"), None);
}
