//! The YAML reader held against a reader of values (`yaml_serde`, the kept line of `serde_yaml`): what both accept under
//! the same schema means the same. Hexo's js-yaml and it both read YAML 1.2's core schema, but for dates, which are text
//! to the one.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_yaml::Value as Theirs;

use super::{Flavor, read_value};
use crate::model::Value;

/// Whether two readers mean the same; `None` where their schemas differ on purpose.
fn same(ours: &Value, theirs: &Theirs) -> Option<bool> {
    Some(match (ours, theirs) {
        (Value::Null, Theirs::Null) => true,
        (Value::Bool(a), Theirs::Bool(b)) => a == b,
        (Value::Int(a), Theirs::Number(b)) => b.as_i64() == Some(*a),
        (Value::Float(a), Theirs::Number(b)) => b.as_f64().is_some_and(|b| b == *a || (a.is_nan() && b.is_nan())),
        (Value::String(a), Theirs::String(b)) => a == b,
        (Value::Date(stamp), Theirs::String(b)) => stamp.raw == *b,
        // js-yaml reads `0b1`, `0777`, `1_000` and `12:30` as numbers; the other as text
        (Value::Int(_) | Value::Float(_), Theirs::String(_)) => return None,
        (Value::List(a), Theirs::Sequence(b)) => a.len() == b.len() && all(a.iter().zip(b).map(|(a, b)| same(a, b)))?,
        (Value::Map(a), Theirs::Mapping(b)) => {
            let entry = |(key, a): (&String, &Value)| same(a, b.get(Theirs::String(key.clone()))?);
            // keys that are no text are left to the schemas
            let texts = b.keys().all(|key| matches!(key, Theirs::String(_)));
            if !texts {
                return None;
            }
            a.len() == b.len() && all(a.iter().map(entry))?
        }
        _ => false,
    })
}

fn all(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    answers.try_fold(true, |so_far, answer| answer.map(|answer| so_far && answer))
}

/// What both accept; the other refuses keys that stand twice, tags and much else.
fn compare(text: &str) -> Option<bool> {
    let theirs = merged(serde_yaml::from_str(text).ok()?)?;
    let ours = read_value(text, Flavor::Hexo).ok()?;
    same(&ours, &theirs)
}

/// The value with what stands under `<<` merged, which js-yaml does of itself and the other reader where it is asked;
/// `None` where it refuses.
fn merged(mut value: Theirs) -> Option<Theirs> {
    value.apply_merge().ok()?;
    Some(value)
}

#[test]
fn front_matter_of_the_fixtures_means_the_same_to_both() {
    let mut compared = 0;
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in walkdir::WalkDir::new(fixtures).into_iter().map(|entry| entry.expect("read")) {
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        let yaml = match entry.path().extension().and_then(|extension| extension.to_str()) {
            Some("yml" | "yaml") => Some(&*text),
            // Ink has no fence in front
            _ => text.strip_prefix("---\n").unwrap_or(&text).split_once("\n---\n").map(|(yaml, _)| yaml),
        };
        let yaml = yaml.map(|yaml| format!("{yaml}\n"));
        if let Some(same) = yaml.as_deref().and_then(compare) {
            assert!(same, "{}", entry.path().display());
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

fn value() -> impl Strategy<Value = Theirs> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,8}",
        prop::sample::select(vec![
            "yes",
            "~",
            "null",
            "1e3",
            "0x1f",
            "- a",
            "a: b",
            "#x",
            "'",
            "\"",
            "2020-01-02",
            "true",
            "<<",
            ""
        ])
        .prop_map(str::to_owned),
    ];
    // the other's writer is of YAML 1.1, where these end a line, and sets the next one in; to js-yaml (`is_EOL`) and to
    // ours they are text like any other
    let text = text.prop_map(|text| text.replace(['\u{85}', '\u{2028}', '\u{2029}'], ""));
    let leaf = prop_oneof![
        Just(Theirs::Null),
        any::<bool>().prop_map(Theirs::Bool),
        any::<i64>().prop_map(Theirs::from),
        (-1e9..1e9).prop_map(Theirs::from),
        text.clone().prop_map(Theirs::String),
    ];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Theirs::Sequence),
            prop::collection::btree_map(text.clone(), inner, 0..5).prop_map(|map| {
                Theirs::Mapping(map.into_iter().map(|(key, value)| (Theirs::String(key), value)).collect())
            }),
        ]
    })
}

/// js-yaml's own answer.
#[test]
fn the_line_ends_of_yaml_1_1_are_text() {
    let ours = read_value("- \"a\u{2028}  b\"\n- '\u{2028}  '\n- x\u{85}y\n", Flavor::Hexo).expect("read");
    let expected = ["a\u{2028}  b", "\u{2028}  ", "x\u{85}y"].map(|text| Value::String(text.to_owned()));
    assert_eq!(ours, Value::List(expected.to_vec()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// What the other reader writes means the same to ours.
    #[test]
    fn generated_values_mean_the_same_to_both(value in value()) {
        let text = serde_yaml::to_string(&value).expect("written");
        let ours = read_value(&text, Flavor::Hexo);
        let Some(value) = merged(value) else { return Ok(()) };
        prop_assert!(ours.is_ok(), "{text}");
        if let Ok(ours) = ours {
            prop_assert!(same(&ours, &value) != Some(false), "{text}\n{ours:?}");
        }
    }

    /// Lines as authors type them.
    #[test]
    fn typed_lines_mean_the_same_to_both(lines in prop::collection::vec("(a|b1|c-d|标题): ?(x|'x: y'|\"\\\\n\"|\\[a, b c\\]|\\{a: 1\\}|1|2\\.5|true|~|\\|\n  x\n  y|>\n  x\n  y|\n  - a\n  - b: c)?( # note)?", 1..5)) {
        let text = lines.join("\n") + "\n";
        prop_assert!(compare(&text) != Some(false), "{text}\n{:?}\n{:?}", read_value(&text, Flavor::Hexo), serde_yaml::from_str::<Theirs>(&text));
    }
}
