//! Well-known themes (`--theme papermod`): what their front matter is called, what their configuration asks for, and the
//! command that puts them in place. Each is a mapping file with a table `preset` (`mappings/presets/`).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::mapping::UserFile;
use crate::model::{Map, Value};

macro_rules! presets {
    ($( $name:literal )+) => {
        const FILES: &[(&str, &str)] =
            &[ $( ($name, include_str!(concat!("../../mappings/presets/", $name, ".toml"))) ),+ ];
    };
}

presets! { "papermod" "ananke" "stack" "tabi" "after-dark" "serene" "abridge" }

/// A theme that somebody else keeps.
#[derive(Debug)]
pub struct Preset {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The target that it is for.
    pub target: String,
    /// Its folder below `themes`.
    pub folder: String,
    /// The command that puts it there, run in the folder of the new site.
    pub install: String,
    /// What its front matter is called, as a mapping file.
    mapping: String,
    /// What it asks of the configuration.
    pub config: Map,
    /// What it asks of the front matter of the first page (Zola).
    pub home: Map,
    /// What it asks of the front matter of the section of posts (Zola).
    pub section: Map,
    /// What it asks of the front matter of every document (Zola).
    pub page: Map,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    folder: String,
    install: String,
    #[serde(default)]
    config: toml::Table,
    #[serde(default)]
    home: toml::Table,
    #[serde(default)]
    section: toml::Table,
    #[serde(default)]
    page: toml::Table,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    // the files are part of the program; a test reads them
    let read = |(name, text): &(&'static str, &str)| -> Option<Preset> {
        // what is not in the table is a mapping file
        let mut mapping: toml::Table = toml::from_str(text).ok()?;
        let preset: Table = mapping.remove("preset")?.try_into().ok()?;
        let target = mapping.get("for")?.as_str()?.to_owned();
        let map =
            |table: toml::Table| -> Map { table.iter().map(|(key, value)| (key.clone(), value.into())).collect() };
        Some(Preset {
            name,
            target,
            mapping: toml::to_string(&mapping).ok()?,
            folder: preset.folder,
            install: preset.install,
            config: map(preset.config),
            home: map(preset.home),
            section: map(preset.section),
            page: map(preset.page),
        })
    };
    FILES.iter().filter_map(read).collect()
});

impl Preset {
    /// The names of all of them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FILES.iter().map(|(name, _)| *name)
    }

    /// The one of a name.
    pub fn of(name: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// Its mapping file.
    pub fn mapping(&self) -> UserFile {
        UserFile { name: format!("presets/{}.toml", self.name), text: self.mapping.clone() }
    }
}

impl PartialEq for Preset {
    fn eq(&self, other: &Preset) -> bool {
        self.name == other.name
    }
}

impl Eq for Preset {}

/// Puts what is asked for beside what is there, which has the better right.
pub fn add(asked: &Map, map: &mut Map) {
    for (key, value) in asked {
        match (map.get_mut(key), value) {
            (Some(Value::Map(there)), Value::Map(asked)) => add(asked, there),
            (Some(there), value) if there.is_empty() => *there = value.clone(),
            (Some(_), _) => {}
            (None, value) => _ = map.insert(key.clone(), value.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_mapping_and_a_preset() {
        assert_eq!(PRESETS.len(), FILES.len());
        for preset in &*PRESETS {
            assert!(!preset.mapping.contains("[preset"), "{}", preset.mapping);
            crate::mapping::TargetMapping::of_target(&preset.target, &[preset.mapping()]).expect("a mapping");
            assert!(preset.install.contains(&format!(" themes/{}", preset.folder)), "{}", preset.name);
        }
    }

    #[test]
    fn what_is_there_stays() {
        let map = |pairs: &[(&str, i64)]| -> Map {
            pairs.iter().map(|(key, number)| ((*key).to_owned(), Value::Int(*number))).collect()
        };
        let mut there = map(&[("a", 1)]);
        there.insert("m".to_owned(), Value::Map(map(&[("x", 1)])));
        let mut asked = map(&[("a", 2), ("b", 2)]);
        asked.insert("m".to_owned(), Value::Map(map(&[("x", 2), ("y", 2)])));
        add(&asked, &mut there);
        let mut expected = map(&[("a", 1)]);
        expected.insert("m".to_owned(), Value::Map(map(&[("x", 1), ("y", 2)])));
        expected.insert("b".to_owned(), Value::Int(2));
        assert_eq!(there, expected);
    }
}
