//! Menus, as configurations and themes write them.

use crate::model::{MenuLink, Value};

/// The links of a menu in any of the forms that themes read: names with addresses, or a list of entries that have both.
/// NexT and Butterfly write an icon behind `||`; what is below an entry is not taken.
pub fn links(value: &Value) -> Vec<MenuLink> {
    match value {
        Value::Map(map) => map.iter().filter_map(|(name, value)| link(name, value)).collect(),
        Value::List(items) => items.iter().flat_map(entry).collect(),
        _ => Vec::new(),
    }
}

fn link(name: &str, value: &Value) -> Option<MenuLink> {
    let to = match value {
        Value::Map(map) => ADDRESSES.iter().find_map(|key| map.get(*key)).and_then(Value::to_text)?,
        Value::String(address) => address.clone(),
        _ => return None,
    };
    let without_icon = |text: &str| text.split("||").next().unwrap_or("").trim().to_owned();
    let link = MenuLink { label: without_icon(name), to: without_icon(&to) };
    (!link.label.is_empty() && !link.to.is_empty()).then_some(link)
}

/// What themes call the address of an entry.
const ADDRESSES: [&str; 6] = ["url", "link", "path", "href", "permalink", "slug"];

/// What they call its name.
const NAMES: [&str; 6] = ["title", "name", "label", "text", "key", "page"];

fn entry(item: &Value) -> Vec<MenuLink> {
    match item {
        // minima's `header_pages`: files of the source, shown with the titles that they have
        Value::String(file) => vec![MenuLink { label: String::new(), to: file.clone() }],
        Value::Map(map) => {
            let name = NAMES.iter().find_map(|key| map.get(*key)).and_then(Value::to_text);
            match name {
                Some(name) => link(&name, item).into_iter().collect(),
                None => links(item),
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontmatter::Flavor;

    #[test]
    fn menus_of_many_forms_are_read() {
        let home = |label: &str, to: &str| MenuLink { label: label.to_owned(), to: to.to_owned() };
        for (written, expected) in [
            ("home: / || fa fa-home\nabout: /about/", vec![home("home", "/"), home("about", "/about/")]),
            (
                "- title: Start\n  url: /\n- {label: More, link: /more/}",
                vec![home("Start", "/"), home("More", "/more/")],
            ),
            ("- about.md\n- links.md", vec![home("", "about.md"), home("", "links.md")]),
            ("- Start: /\n- More: /more/", vec![home("Start", "/"), home("More", "/more/")]),
            ("Start: {path: /, icon: x}", vec![home("Start", "/")]),
            ("Start:\n  Below: /x/", vec![]),
            ("1", vec![]),
        ] {
            let value = crate::frontmatter::read_value(written, Flavor::Hexo).unwrap();
            assert_eq!(links(&value), expected, "{written}");
        }
    }
}
