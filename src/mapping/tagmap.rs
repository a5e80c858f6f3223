//! Tag maps: what a theme's or plugin's tag becomes, said by data files that a blogger can read and add to.

use std::sync::LazyLock;

use indexmap::IndexMap;
use minijinja::{Environment, context};
use serde::Deserialize;

use super::octopress;

/// What one tag becomes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRule {
    /// The tag has a body and an end tag.
    #[serde(default)]
    pub block: bool,
    /// The tag stands in running text: no blank lines are put around what it becomes.
    #[serde(default)]
    pub inline: bool,
    /// A template of the Markdown or HTML that it becomes; it sees `args` (a list), `text` (all arguments in one),
    /// `options` (the arguments of the form `key:value` or `key=value`), `body`, and what Octopress's tags would read of the
    /// arguments: `cite` (`author`, `source`, `title`) and `image` (`class`, `src`, `width`, `height`, `title`, `alt`).
    pub output: String,
}

/// Tags by name.
pub type TagMap = IndexMap<String, TagRule>;

static HEXO: LazyLock<TagMap> =
    LazyLock::new(|| parse(include_str!("../../mappings/tags/hexo.toml")).unwrap_or_default());
static JEKYLL: LazyLock<TagMap> =
    LazyLock::new(|| parse(include_str!("../../mappings/tags/jekyll.toml")).unwrap_or_default());

/// The tags that a generator's plugins and widely used themes bring.
pub fn of(generator: &str) -> TagMap {
    match generator {
        "hexo" => HEXO.clone(),
        "jekyll" => JEKYLL.clone(),
        _ => TagMap::default(),
    }
}

/// Reads a tag map.
///
/// # Errors
/// The message of the TOML parser, place included.
pub fn parse(text: &str) -> Result<TagMap, toml::de::Error> {
    toml::from_str(text)
}

impl TagRule {
    /// Whether the output is a template that can be read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        Environment::new().template_from_str(&self.output).map(|_| ()).map_err(|error| error.to_string())
    }

    /// What the tag becomes with these arguments and this body.
    ///
    /// # Errors
    /// The template's error, as text.
    pub fn expand(&self, args: &[String], body: &str) -> Result<String, String> {
        let options: std::collections::BTreeMap<String, String> = args
            .iter()
            .filter_map(|arg| arg.split_once([':', '=']))
            .map(|(key, value)| (key.to_owned(), unquoted(value).to_owned()))
            .collect();
        let cite = self.output.contains("cite").then(|| octopress::cite(&args.join(" ")));
        let image = self.output.contains("image").then(|| octopress::image(&args.join(" "))).flatten();
        let values = context! {
            args => args.iter().map(|arg| unquoted(arg).to_owned()).collect::<Vec<_>>(),
            text => args.join(" "),
            options => options,
            body => body.trim_matches('\n').to_owned(),
            cite => cite.map(|cite| context! { author => cite.author, source => cite.source, title => cite.title }),
            image => image.map(|image| context! {
                class => image.class,
                src => image.src,
                width => image.width,
                height => image.height,
                title => image.title,
                alt => image.alt,
            }),
        };
        Environment::new().render_str(self.output.trim_end_matches('\n'), values).map_err(|error| error.to_string())
    }
}

/// A value without the quotes around it.
pub fn unquoted(value: &str) -> &str {
    let bytes = value.as_bytes();
    match bytes {
        [first @ (b'"' | b'\''), .., last] if first == last => &value[1..value.len() - 1],
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_tag_maps_parse() {
        assert!(parse(include_str!("../../mappings/tags/hexo.toml")).is_ok_and(|map| map.contains_key("note")));
        assert!(parse(include_str!("../../mappings/tags/jekyll.toml")).is_ok_and(|map| map.contains_key("youtube")));
    }

    #[test]
    fn every_built_in_template_renders() {
        for (name, rule) in of("hexo").iter().chain(&of("jekyll")) {
            let args: Vec<String> = ["one", "two", "three"].map(str::to_owned).to_vec();
            assert!(rule.expand(&args, "body").is_ok(), "{name}: {:?}", rule.expand(&args, "body"));
        }
    }

    #[test]
    fn templates_see_arguments_and_body() {
        let rule =
            TagRule { block: true, inline: false, output: "<i class=\"{{ args[0] }}\">{{ body }}</i>".to_owned() };
        assert_eq!(rule.expand(&["\"a b\"".to_owned()], "\ntext\n").as_deref(), Ok("<i class=\"a b\">text</i>"));
    }
}
