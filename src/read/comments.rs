//! Where the comments of a blog are kept, as configurations and themes write it.

use crate::model::{Map, Value};

/// Services by the names of their settings.
const SERVICES: [&str; 24] = [
    "disqus",
    "disqusjs",
    "giscus",
    "utterances",
    "utteranc",
    "gitalk",
    "gitment",
    "valine",
    "waline",
    "twikoo",
    "livere",
    "changyan",
    "cusdis",
    "isso",
    "commento",
    "comentario",
    "remark42",
    "hyvor",
    "hypercomments",
    "staticman",
    "staticman_v2",
    "facebook_comments",
    "artalk",
    "minivaline",
];

/// What the names of settings that identify a blog to a service hold or end in; the others say how it looks, and themes
/// have values of their own for them.
const IDENTIFYING: [&str; 12] =
    ["shortname", "short_name", "repo", "url", "server", "host", "site", "user", "owner", "branch", "endpoint", "key"];

/// What theme configurations call the service that is in force.
const IN_FORCE: [&str; 4] = ["provider", "active", "use", "type"];

/// The settings of every service that configurations name, the blog's own first: Minimal Mistakes and Chirpy (`comments`),
/// NexT, Butterfly and Fluid (`disqus` and the like), Icarus (`comment`), Octopress (`disqus_short_name`).
pub fn settings<'c>(configs: impl IntoIterator<Item = &'c Map>) -> Map {
    let mut found = Map::new();
    for config in configs {
        gather(config, &mut found);
        for (_, below) in config.iter().filter(|(key, _)| matches!(key.as_str(), "comments" | "comment")) {
            match below {
                Value::Map(below) => {
                    for name in IN_FORCE {
                        keep(&mut found, "provider", below.get(name).and_then(said));
                    }
                    gather(below, &mut found);
                    // Icarus: the settings of one service beside its name
                    if let Some(Value::String(service)) = below.get("type") {
                        let own = below.iter().filter(|(key, _)| *key != "type");
                        let own: Map = own.map(|(key, value)| (key.clone(), value.clone())).collect();
                        keep(&mut found, &service.to_lowercase(), identity(&Value::Map(own)));
                    }
                }
                other => keep(&mut found, "provider", said(other).filter(|_| other.as_bool().is_none())),
            }
        }
    }
    // that comments are on says nothing without a service
    if found.keys().all(|key| key == "provider") && !found.get("provider").is_some_and(is_service) {
        Map::new()
    } else {
        found
    }
}

fn is_service(value: &Value) -> bool {
    value.as_str().is_some_and(|name| SERVICES.contains(&name.to_lowercase().as_str()))
}

fn gather(config: &Map, found: &mut Map) {
    for (key, value) in config {
        let name = key.to_lowercase();
        let short = ["_shortname", "_short_name", "_site_shortname"].iter().find_map(|end| name.strip_suffix(end));
        let service = short.unwrap_or(&name);
        if SERVICES.contains(&service) {
            keep(found, service, identity(value));
        }
    }
}

fn keep(found: &mut Map, name: &str, value: Option<Value>) {
    if let Some(value) = value
        && !found.contains_key(name)
    {
        found.insert(name.to_owned(), value);
    }
}

/// The settings of a service, where it is not turned off and one of them identifies the blog.
fn identity(value: &Value) -> Option<Value> {
    let Value::Map(settings) = value else { return said(value).filter(|value| value.as_bool().is_none()) };
    if settings.get("enable").or(settings.get("enabled")).and_then(Value::as_bool) == Some(false) {
        return None;
    }
    let settings = said(value)?;
    let identifies = |(key, value): (&String, &Value)| {
        let key = key.to_lowercase();
        let is_named = key.ends_with("id") || IDENTIFYING.iter().any(|name| key.contains(name));
        is_named && !matches!(value, Value::Bool(_))
    };
    settings.as_map().is_some_and(|map| map.iter().any(identifies)).then_some(settings)
}

/// A value without what is empty in it; nothing where nothing is left.
fn said(value: &Value) -> Option<Value> {
    match value {
        Value::Map(map) => {
            let kept: Map = map.iter().filter_map(|(key, value)| Some((key.clone(), said(value)?))).collect();
            (!kept.is_empty()).then_some(Value::Map(kept))
        }
        Value::String(text) if text.trim().is_empty() => None,
        Value::Null => None,
        Value::List(items) => {
            let kept: Vec<Value> = items.iter().filter_map(said).collect();
            (!kept.is_empty()).then_some(Value::List(kept))
        }
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontmatter::{Flavor, read_value};

    #[test]
    fn services_are_found_with_what_identifies_the_blog() {
        for (config, expected) in [
            ("disqus_shortname: tide", "disqus: tide"),
            ("disqus_short_name: tide", "disqus: tide"),
            ("disqus_shortname:", "{}"),
            ("disqus: {enable: false, shortname: tide}", "{}"),
            ("disqus: {enable: true, shortname: ''}", "{}"),
            (
                "comments: {provider: giscus, giscus: {repo: a/b, category: }, disqus: {shortname: }}",
                "{provider: giscus, giscus: {repo: a/b}}",
            ),
            ("comment: {type: Disqus, shortname: tide}", "{provider: Disqus, disqus: {shortname: tide}}"),
            ("comments: true", "{}"),
            ("disqus: true", "{}"),
            ("disqus: false", "{}"),
            // what a theme has for everybody
            ("valine: {appId: , appKey: , avatar: monsterid, pageSize: 10}", "{}"),
            ("waline: {serverURL: https://a.example, bg: }", "waline: {serverURL: https://a.example}"),
            ("livere: {uid: 7}", "livere: {uid: 7}"),
            ("comments: {active: }", "{}"),
            ("utterances: {repo: a/b}", "utterances: {repo: a/b}"),
            ("title: disqus", "{}"),
        ] {
            let map = |yaml: &str| read_value(yaml, Flavor::Hexo).expect("YAML").as_map().cloned().expect("a map");
            assert_eq!(settings([&map(config)]), map(expected), "{config}");
        }
        let (own, theme) = ("disqus_shortname: own", "{disqus: {shortname: theirs}, gitalk: {repo: a}}");
        let maps =
            [own, theme].map(|yaml| read_value(yaml, Flavor::Hexo).expect("YAML").as_map().cloned().expect("a map"));
        let found = settings(&maps);
        assert_eq!(found.get("disqus"), Some(&Value::from("own")));
        assert!(found.contains_key("gitalk"));
    }
}
