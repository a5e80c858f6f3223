//! What themes do to the texts of a blog, said by mapping files that are in force where the blog names the theme.

use super::UserFile;
use super::file::MappingFile;

/// The built-in files by name.
const THEMES: &[(&str, &str)] = &[
    ("al-folio", include_str!("../../mappings/themes/al-folio.toml")),
    ("butterfly", include_str!("../../mappings/themes/butterfly.toml")),
    ("chirpy", include_str!("../../mappings/themes/chirpy.toml")),
    ("fluid", include_str!("../../mappings/themes/fluid.toml")),
    ("icarus", include_str!("../../mappings/themes/icarus.toml")),
    ("minimal-mistakes", include_str!("../../mappings/themes/minimal-mistakes.toml")),
    ("next", include_str!("../../mappings/themes/next.toml")),
];

/// The names of the built-in files.
pub fn names() -> impl Iterator<Item = &'static str> {
    THEMES.iter().map(|(name, _)| *name)
}

/// What stands in a built-in file.
pub fn text(name: &str) -> Option<&'static str> {
    THEMES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The files of the themes that a blog names, and then the user's own.
pub fn layered(themes: &[String], user: &[UserFile]) -> Vec<UserFile> {
    let file = |(name, text): &(&str, &str)| UserFile { name: format!("themes/{name}.toml"), text: (*text).to_owned() };
    let named = THEMES.iter().filter(|(name, text)| {
        MappingFile::parse(text, name).is_ok_and(|file| file.themes.iter().any(|of| themes.iter().any(|t| is(t, of))))
    });
    named.map(file).chain(user.iter().cloned()).collect()
}

/// Whether a blog's word for its theme means this one: GitHub's owner may stand in front, a version behind.
fn is(named: &str, theme: &str) -> bool {
    let name = named.rsplit('/').next().unwrap_or(named);
    name.split('@').next().unwrap_or(name).eq_ignore_ascii_case(theme)
}

#[cfg(test)]
mod tests {
    use super::super::rules_of;
    use super::*;

    #[test]
    fn every_built_in_file_is_right() {
        for (name, text) in THEMES {
            let file = MappingFile::parse(text, name).unwrap_or_else(|mistake| panic!("{name}: {}", mistake.message));
            assert!(!file.themes.is_empty(), "{name}");
            let layers = layered(&file.themes[..1], &[]);
            let generator = if text.contains("for = \"hexo\"") { "hexo" } else { "jekyll" };
            let rules = rules_of(generator, &layers).expect("rules");
            for (tag, rule) in &rules.tags {
                for args in [&["one, two", "three"][..], &[]] {
                    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
                    let shown = rule.expand(&args, "a | /b | c\nd");
                    assert!(shown.is_ok(), "{name}: {tag}: {shown:?}");
                }
            }
        }
    }

    #[test]
    fn a_theme_is_known_by_its_name() {
        for (named, expected) in [
            ("jekyll-theme-chirpy", 1),
            ("cotes2020/jekyll-theme-chirpy@v7.1.0", 1),
            ("mmistakes/minimal-mistakes", 1),
            ("NexT", 1),
            ("landscape", 0),
        ] {
            assert_eq!(layered(&[named.to_owned()], &[]).len(), expected, "{named}");
        }
    }
}
