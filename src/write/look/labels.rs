//! What the pages themselves say, by language (`templates/labels.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::Site;
use crate::write::Blog;

/// The labels of a language by their names.
pub type Labels = BTreeMap<String, String>;

static ALL: LazyLock<BTreeMap<String, Labels>> =
    // the file is part of the program; a test reads it
    LazyLock::new(|| toml::from_str(include_str!("../../../templates/labels.toml")).unwrap_or_default());

/// The labels of a language, by its tag; English where there are none.
pub fn of(tag: &str) -> &'static Labels {
    static NONE: Labels = Labels::new();
    ALL.get(known(tag)).unwrap_or(&NONE)
}

/// The languages that there are labels for, by their tags.
fn known(tag: &str) -> &str {
    let lower = tag.to_ascii_lowercase().replace('_', "-");
    let mut parts = lower.split('-');
    match parts.next().unwrap_or("") {
        "zh" if parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")) => "zh-Hant",
        "zh" => "zh-Hans",
        primary => ALL.keys().map(String::as_str).find(|known| *known == primary).unwrap_or("en"),
    }
}

/// The language that a blog's pages are in: the one that it names, or else what the script of its titles tells of it.
pub fn language(blog: &Blog) -> &str {
    named(&blog.site).unwrap_or_else(|| told_by(blog.posts().filter_map(|post| post.title.as_deref())))
}

fn named(site: &Site) -> Option<&str> {
    site.language.as_deref().filter(|tag| !tag.is_empty())
}

/// The language of titles by their script, where that is the script of one alone; English otherwise.
fn told_by<'t>(titles: impl Iterator<Item = &'t str>) -> &'static str {
    let (mut all, mut han, mut kana, mut hangul) = (0usize, 0usize, 0usize, 0usize);
    for title in titles {
        all += 1;
        let has =
            |ranges: &[std::ops::RangeInclusive<char>]| title.chars().any(|c| ranges.iter().any(|r| r.contains(&c)));
        kana += usize::from(has(&['\u{3041}'..='\u{3096}', '\u{30A1}'..='\u{30FA}']));
        hangul += usize::from(has(&['\u{AC00}'..='\u{D7A3}']));
        han += usize::from(has(&['\u{4E00}'..='\u{9FFF}', '\u{3400}'..='\u{4DBF}']));
    }
    match all {
        0 => "en",
        all if hangul * 2 > all => "ko",
        all if kana * 4 > all => "ja",
        // a few titles with kana do not make a Chinese blog Japanese
        all if han * 2 > all => "zh",
        _ => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_label() {
        let english: Vec<&String> = ALL["en"].keys().collect();
        assert_eq!(ALL.len(), 9);
        for (tag, labels) in &*ALL {
            assert_eq!(labels.keys().collect::<Vec<_>>(), english, "{tag}");
            for (name, label) in labels {
                assert_eq!(ALL["en"][name].contains("{n}"), label.contains("{n}"), "{tag}: {name}");
            }
        }
    }

    #[test]
    fn tags_name_their_labels() {
        for (tag, label) in [
            ("zh-CN", "归档"),
            ("zh_TW", "彙整"),
            ("zh-hant", "彙整"),
            ("de-AT", "Archiv"),
            ("EN", "Archive"),
            ("xx", "Archive"),
            ("default", "Archive"),
        ] {
            assert_eq!(of(tag)["archive"], label, "{tag}");
        }
    }

    #[test]
    fn a_script_tells_a_language_where_none_is_named() {
        for (titles, expected) in [
            (vec!["目的", "你好", "Hello"], "zh"),
            (vec!["目的", "プロミスとは"], "ja"),
            (vec!["시작하기"], "ko"),
            (vec!["Hello", "目的"], "en"),
            (vec![], "en"),
        ] {
            assert_eq!(told_by(titles.iter().copied()), expected, "{titles:?}");
        }
    }
}
