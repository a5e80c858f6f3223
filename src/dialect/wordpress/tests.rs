use super::*;
use crate::model::{Map, MarkupSettings};

/// A site with pictures 6 and 7, of which the first belongs to post 1, and with the text of block 9.
pub(super) fn site() -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.yml"), "site:\n  title: x\n").expect("written");
    let source = crate::source::SourceFolder::open(folder.path()).expect("a source");
    let opened = crate::read::Reader::open(&crate::read::ink::Ink, &source, &Default::default(), &mut Ledger::default());
    let mut site = opened.expect("a site").site;
    let picture = |told: [&str; 3]| Value::List(told.map(Value::from).into());
    let map = |entries: Vec<(&str, Value)>| {
        Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map>())
    };
    site.data = Map::from_iter([
        (
            "attachments".to_owned(),
            map(vec![("6", picture(["/a.png", "An \"A\"", "The boat"])), ("7", picture(["/b.png", "", ""]))]),
        ),
        ("attached".to_owned(), map(vec![("1", Value::List(vec![Value::from("6")]))])),
        ("blocks".to_owned(), map(vec![("9", Value::from("<!-- wp:paragraph --><p>named</p><!-- /wp:paragraph -->"))])),
    ]);
    site.markup = MarkupSettings::default();
    site
}

fn page(text: &str) -> (String, Vec<Told>) {
    Context { id: "1", site: &site() }.page(text)
}

fn told(text: &str) -> Vec<(Code, String)> {
    page(text).1.into_iter().map(|told| (told.code, told.typed)).collect()
}

#[test]
fn pages_are_those_that_wordpress_makes() {
    let (cases, site) = (include_str!("cases.txt"), site());
    let mut wrong = String::new();
    let mut count = 0;
    for case in cases.split("\n######## ").skip(1) {
        count += 1;
        let (title, rest) = case.split_once('\n').expect("a title");
        let (source, expected) = rest.split_once("\n--------\n").expect("what WordPress made of it");
        let found = Context { id: "1", site: &site }.page(source).0;
        if found.trim_end_matches('\n') != expected.trim_end_matches('\n') {
            wrong.push_str(&format!("== {title}\n{source}\n-- expected\n{expected}\n-- found\n{found}\n"));
        }
    }
    assert!(count > 50 && wrong.is_empty(), "{wrong}");
}
