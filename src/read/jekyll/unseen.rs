//! What may have published something on a Jekyll site that is not among its files.

use super::config::texts;
use crate::model::{Site, Value};

/// Plugins that publish nothing, or nothing but the lists, feeds and redirects that are known (`lists.rs`), and what
/// else stands in a Gemfile.
const KNOWN: [&str; 34] = [
    "bundler",
    "classifier-reborn",
    "html-proofer",
    "http_parser.rb",
    "jekyll",
    "jekyll-archives",
    "jekyll-avatar",
    "jekyll-coffeescript",
    "jekyll-commonmark",
    "jekyll-commonmark-ghpages",
    "jekyll-compose",
    "jekyll-feed",
    "jekyll-gist",
    "jekyll-github-metadata",
    "jekyll-include-cache",
    "jekyll-last-modified-at",
    "jekyll-mentions",
    "jekyll-paginate",
    "jekyll-redirect-from",
    "jekyll-sass-converter",
    "jekyll-seo-tag",
    "jekyll-sitemap",
    "jekyll-toc",
    "jekyll-watch",
    "jemoji",
    "kramdown",
    "kramdown-parser-gfm",
    "liquid",
    "rake",
    "rouge",
    "tzinfo",
    "tzinfo-data",
    "wdm",
    "webrick",
];

/// The first that there is, in a few words.
pub fn maker(site: &Site) -> Option<String> {
    let named = |key: &str| site.setting(key).and_then(Value::to_text).filter(|name| !name.trim().is_empty());
    if let Some(theme) = named("remote_theme").or_else(|| named("theme")) {
        return Some(format!("the theme {theme}"));
    }
    // Jekyll (`plugin_manager.rb`): every Ruby file of this folder is run
    let folder = named("plugins_dir").unwrap_or_else(|| "_plugins".to_owned());
    if let Some(file) = site.root.files(&folder, |_| true).into_iter().find(|file| file.extension() == "rb") {
        return Some(format!("the plugin {}", file.path));
    }
    let listed = ["plugins", "gems"].into_iter().flat_map(|key| texts(site.setting(key)));
    let gemfile = site.root.text("Gemfile").ok();
    let gems = gemfile.iter().flat_map(|gemfile| gemfile.lines().filter_map(gem)).map(str::to_owned);
    if let Some(plugin) = listed.chain(gems).find(|name| !KNOWN.contains(&name.as_str())) {
        return Some(format!("the plugin {plugin}"));
    }
    // GitHub Pages builds with plugins of its own (jekyll-relative-links, jekyll-optional-front-matter …)
    let by_github = site.host.ends_with(".github.io") || site.root.file("CNAME").is_ok();
    by_github.then(|| "GitHub Pages".to_owned())
}

/// What the blog calls its theme: in the configuration, or as a gem.
pub fn themes(site: &Site) -> Vec<String> {
    let named = ["theme", "remote_theme"].into_iter().filter_map(|key| site.setting(key).and_then(Value::to_text));
    let gemfile = site.root.text("Gemfile").unwrap_or_default();
    named.chain(gemfile.lines().filter_map(gem).map(str::to_owned)).collect()
}

/// The gem that a line of a Gemfile names.
fn gem(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("gem")?.trim_start_matches([' ', '(', '\t']);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gemfile_names_gems() {
        for (line, expected) in [
            ("gem \"jekyll\", \"~> 4.3\"", Some("jekyll")),
            ("  gem 'jekyll-feed'", Some("jekyll-feed")),
            ("gem('x')", Some("x")),
            ("# gem 'x'", None),
            ("gemspec", None),
            ("source 'https://rubygems.org'", None),
        ] {
            assert_eq!(gem(line), expected, "{line}");
        }
    }
}
