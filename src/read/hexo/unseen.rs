//! What may have published something on a Hexo site that is not among its files.

use serde_json::Value;

use crate::model::Site;
use crate::source::joined;

/// Plugins that publish nothing but the lists, feeds and redirects that are known (`lists.rs`), or nothing at all.
const KNOWN: [&str; 14] = [
    "hexo-browsersync",
    "hexo-cli",
    "hexo-generator-alias",
    "hexo-generator-archive",
    "hexo-generator-baidu-sitemap",
    "hexo-generator-category",
    "hexo-generator-feed",
    "hexo-generator-index",
    "hexo-generator-sitemap",
    "hexo-generator-tag",
    "hexo-server",
    "hexo-symbols-count-time",
    "hexo-theme-landscape",
    "hexo-wordcount",
];
/// Kinds of plugins of which none publishes anything of its own.
const KINDS: [&str; 3] = ["hexo-deployer-", "hexo-migrator-", "hexo-renderer-"];

/// The first that there is, in a few words.
pub fn maker(site: &Site) -> Option<String> {
    // Hexo (`load_plugins.ts`): every script of the site and of its theme is run, and every package named hexo-…
    let scripts = |folder: &str| site.root.files(folder, |_| true).into_iter().find(|file| file.extension() == "js");
    if let Some(script) = scripts("scripts") {
        return Some(format!("the script {}", script.path));
    }
    if let Some(plugin) = plugin(site) {
        return Some(format!("the plugin {plugin}"));
    }
    let theme = theme(site)?;
    let folder = theme_folder(&theme);
    if !site.root.has_folder(&folder) {
        return Some(format!("the theme {theme}, which is not here,"));
    }
    scripts(&joined(&folder, "scripts")).map(|script| format!("the script {}", script.path))
}

fn plugin(site: &Site) -> Option<String> {
    let package: Value = serde_json::from_str(&site.root.text("package.json").ok()?).ok()?;
    let groups = ["dependencies", "devDependencies"].into_iter().filter_map(|group| package[group].as_object());
    let mut names = groups.flat_map(|group| group.keys());
    let is_known = |name: &str| KNOWN.contains(&name) || KINDS.iter().any(|kind| name.starts_with(kind));
    names.find(|name| name.starts_with("hexo-") && !is_known(name)).cloned()
}

/// The theme that the configuration names; Hexo (`default_config.ts`) has landscape where it names none.
pub fn theme(site: &Site) -> Option<String> {
    match site.setting("theme") {
        None => Some("landscape".to_owned()),
        Some(named) => named.to_text().filter(|name| !name.is_empty() && name != "false"),
    }
}

/// Where the theme of a name lies.
pub fn theme_folder(theme: &str) -> String {
    joined("themes", theme)
}
