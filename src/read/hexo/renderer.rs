//! The renderer of Markdown that a blog was made with: which hexo-renderer-marked, as far as it shows in its pages, or
//! which other one.

use serde_json::Value;

use crate::model::{self, CommonMark, CommonMarkEngine, HeadingIds, IdText, Map, Place, RawHtml, Site};
use crate::read::Approximated;
use crate::source::SourceFolder;

const RENDERER: &str = "hexo-renderer-marked";

/// The version that the blog names, and the newest one that this allows.
fn version(folder: &SourceFolder) -> Option<(u32, u32)> {
    let json = |name: &str| folder.text(name).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let locked = json("package-lock.json").and_then(|lock| locked(&lock).map(str::to_owned));
    let version = locked.or_else(|| json("package.json").and_then(|package| named(&package).map(str::to_owned)));
    version.as_deref().and_then(newest)
}

/// Whether relative pictures are taken from the site's root: `prependRoot` (`renderer.js`), which came with version 3 and
/// is on by default since 5. No other renderer does it by itself.
pub fn roots_pictures(folder: &SourceFolder, config: &Map, other: bool) -> bool {
    let on = |value: Option<&model::Value>| value.and_then(model::Value::as_bool);
    let marked = config.get("marked").and_then(model::Value::as_map);
    let asked = on(marked.and_then(|marked| marked.get("prependRoot")));
    let by_version = match version(folder) {
        Some((..3, _)) => false,
        Some((3 | 4, _)) => asked.unwrap_or(false),
        _ => asked.unwrap_or(true),
    };
    by_version && !other && !on(config.get("relative_link")).unwrap_or(false)
}

/// How the ids of headings are made by the version that the blog names; by the newest one where it names none.
pub fn id_text(folder: &SourceFolder) -> IdText {
    match version(folder) {
        Some((..5, _)) => IdText::Entities,
        Some((5, _) | (6, ..2)) => IdText::MoreEntities,
        _ => IdText::Shown,
    }
}

/// Other renderers, by how their names end, and in what their pages differ from those that marked would make.
const OTHERS: [(&str, &str); 4] = [
    ("hexo-renderer-kramed", "formulas, footnotes, and what an older marked read otherwise"),
    (
        "hexo-renderer-markdown-it",
        "emphasis and lists as CommonMark has them, `~`, bare addresses, and ids of headings",
    ),
    (
        "hexo-renderer-markdown-it-plus",
        "emphasis and lists as CommonMark has them, formulas, footnotes, marks of its plugins, and ids of headings",
    ),
    ("hexo-renderer-pandoc", "formulas, footnotes, definition lists, tables, and ids of headings"),
];

/// The renderers whose rules are known, by the ends of their names.
pub const RENDERERS: &[&str] = &["marked", "markdown-it", "markdown-it-plus"];

/// What markdown-it is set to, where the renderer is hexo-renderer-markdown-it or its kin. `settings` is
/// `markdown.render`.
pub fn commonmark(name: &str, settings: Option<&Map>) -> Option<CommonMark> {
    if !name.contains("hexo-renderer-markdown-it") {
        return None;
    }
    let on = |key: &str| settings.and_then(|map| map.get(key)).and_then(model::Value::as_bool).unwrap_or(true);
    Some(CommonMark {
        engine: CommonMarkEngine::MarkdownIt,
        raw_html: if on("html") { RawHtml::Kept } else { RawHtml::Shown },
        tables: true,
        strike: true,
        one_tilde: false,
        tasks: false,
        footnotes: name.ends_with("-plus"),
        attributes: false,
        definitions: false,
        emoji: false,
        heading_ids: HeadingIds::Slugs { from: 2 },
    })
}

/// Another renderer than marked, where package.json stands for it, and in what it differs from marked. Hexo
/// (`load_plugins.ts`, `renderer.ts`) loads the packages in the order in which package.json has them; of two renderers the
/// later one is in force.
fn other(folder: &SourceFolder) -> Option<(String, u32, &'static str)> {
    let text = folder.text("package.json").ok()?;
    let package: Value = serde_json::from_str(&text).ok()?;
    let groups = ["dependencies", "devDependencies"].into_iter().filter_map(|group| package[group].as_object());
    let of = |name: &str| OTHERS.iter().find(|(other, _)| name == *other || name.ends_with(&format!("/{other}")));
    let renderers = groups.flat_map(|group| group.keys()).filter(|name| *name == RENDERER || of(name).is_some());
    let at = |name: &str| text.find(&format!("\"{name}\"")).unwrap_or(0);
    let last = renderers.max_by_key(|name| at(name))?;
    let (_, differs) = of(last)?;
    let line = u32::try_from(text[..at(last)].matches('\n').count() + 1).unwrap_or(u32::MAX);
    Some((last.clone(), line, differs))
}

/// The name of another renderer than marked: the one that the user asks for, or the one that the blog names.
pub fn name(folder: &SourceFolder, asked: Option<&str>) -> Option<String> {
    match asked {
        Some("marked") => None,
        Some(asked) => Some(format!("hexo-renderer-{asked}")),
        None => other(folder).map(|(name, ..)| name),
    }
}

/// The renderer that is read by other rules than its own, if there is one. markdown-it is read by its own, as long as no
/// plugin changes them.
pub fn approximated(site: &Site) -> Option<Approximated> {
    if site.renderer.is_some() {
        return None;
    }
    let (folder, config) = (&site.root, &site.config);
    let (renderer, line, differs) = other(folder)?;
    let message = if renderer.ends_with("hexo-renderer-markdown-it") {
        let markdown = config.get("markdown").and_then(model::Value::as_map);
        let set = |key: &&str| markdown.and_then(|map| map.get(*key)).is_some_and(|value| *value != model::Value::Null);
        let changed = ["plugins", "enable_rules", "disable_rules"].into_iter().find(set)?;
        format!("bodies are read by markdown-it's rules; what `{changed}` changes in them is not known")
    } else if renderer.ends_with("hexo-renderer-markdown-it-plus") {
        "bodies are read by markdown-it's rules with footnotes; formulas, marks, abbreviations and definition lists are not \
         what its plugins make of them"
            .to_owned()
    } else {
        format!("bodies are read by marked's rules; those of {renderer} differ in {differs}")
    };
    Some(Approximated { renderer, place: Place::at("package.json", line, 1), message })
}

/// npm: versions 2 and 3 of the lock file have `packages`, version 1 has `dependencies`.
fn locked(lock: &Value) -> Option<&str> {
    let package = lock["packages"].get(format!("node_modules/{RENDERER}"));
    package.or_else(|| lock["dependencies"].get(RENDERER))?["version"].as_str()
}

fn named(package: &Value) -> Option<&str> {
    ["dependencies", "devDependencies"].into_iter().find_map(|group| package[group][RENDERER].as_str())
}

/// The newest version that a range allows, as npm installs it: its major number and the minor one.
fn newest(range: &str) -> Option<(u32, u32)> {
    let numbers = range.trim_start_matches(['^', '~', 'v', '=']);
    let mut parts = numbers.split('.').map(|part| part.parse::<u32>().ok());
    let major = parts.next()??;
    // `^0.2` stays below 0.3
    let minor = parts.next().flatten().filter(|_| !range.starts_with('^') || major == 0);
    Some((major, minor.unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_newest_that_the_blog_allows() {
        for (range, version) in [
            ("6.1.0", Some((6, 1))),
            ("~6.1.0", Some((6, 1))),
            ("^6.0.0", Some((6, u32::MAX))),
            ("^0.2.6", Some((0, 2))),
            ("5", Some((5, u32::MAX))),
            ("*", None),
            ("github:hexojs/hexo-renderer-marked", None),
        ] {
            assert_eq!(newest(range), version, "{range}");
        }
    }

    #[test]
    fn pictures_are_rooted_since_version_5() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = SourceFolder::open(folder.path()).expect("a source");
        let asked = |value: bool| {
            let marked = Map::from_iter([("prependRoot".to_owned(), model::Value::Bool(value))]);
            Map::from_iter([("marked".to_owned(), model::Value::Map(marked))])
        };
        for (version, none, off, on) in
            [("^2.0.0", false, false, false), ("^4.1.0", false, false, true), ("^5.0.0", true, false, true)]
        {
            let package = format!("{{\"dependencies\": {{\"hexo-renderer-marked\": \"{version}\"}}}}");
            std::fs::write(folder.path().join("package.json"), package).expect("written");
            let found = [Map::new(), asked(false), asked(true)].map(|config| roots_pictures(&source, &config, false));
            assert_eq!(found, [none, off, on], "{version}");
        }
    }

    #[test]
    fn the_renderer_that_is_loaded_last_is_in_force() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = SourceFolder::open(folder.path()).expect("a source");
        for (names, expected) in [
            (&["hexo", "hexo-renderer-marked"][..], None),
            (&["hexo-renderer-markdown-it"], Some("hexo-renderer-markdown-it")),
            (&["hexo-renderer-markdown-it", "hexo-renderer-marked"], None),
            (&["hexo-renderer-marked", "hexo-renderer-pandoc"], Some("hexo-renderer-pandoc")),
            (&["@a/hexo-renderer-markdown-it-plus"], Some("@a/hexo-renderer-markdown-it-plus")),
            (&["hexo-renderer-ejs"], None),
        ] {
            let lines: Vec<String> = names.iter().map(|name| format!("    \"{name}\": \"*\"")).collect();
            let package = format!("{{\n  \"dependencies\": {{\n{}\n  }}\n}}\n", lines.join(",\n"));
            std::fs::write(folder.path().join("package.json"), package).expect("written");
            let found = other(&source);
            assert_eq!(found.as_ref().map(|(name, ..)| &**name), expected, "{names:?}");
            if let Some((_, line, _)) = found {
                assert_eq!(line, 2 + names.len() as u32, "{names:?}");
            }
        }
    }

    #[test]
    fn the_lock_file_speaks_before_the_package() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        let found = || id_text(&SourceFolder::open(folder.path()).expect("a source"));
        assert_eq!(found(), IdText::Shown);
        write("package.json", r#"{"dependencies": {"hexo-renderer-marked": "^6.0.0"}}"#);
        assert_eq!(found(), IdText::Shown);
        write("package-lock.json", r#"{"packages": {"node_modules/hexo-renderer-marked": {"version": "6.1.0"}}}"#);
        assert_eq!(found(), IdText::MoreEntities);
        write("package-lock.json", r#"{"dependencies": {"hexo-renderer-marked": {"version": "4.1.0"}}}"#);
        assert_eq!(found(), IdText::Entities);
    }
}
