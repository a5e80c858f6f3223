//! Attribute lists (`parser/kramdown/extensions.rb`): `{: .class #id key="value" reference}`.

use std::collections::HashMap;

/// What an attribute list says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Names and values, in order.
    pub pairs: Vec<(String, String)>,
    /// Names of definitions, or of kramdown's own marks (`toc`).
    pub references: Vec<String>,
}

impl Attributes {
    /// Reads the content of a list and adds what it says.
    pub fn read(&mut self, list: &str) {
        let mut rest = list.trim_start();
        while !rest.is_empty() {
            rest = self.item(rest).unwrap_or_else(|| after_word(rest)).trim_start();
        }
    }

    /// One item that ends at white space; `None` where it is none.
    fn item<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let name = name_length(text);
        if name > 0 && text[name..].starts_with('=') {
            let quote = text[name + 1..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let value = &text[name + 2..];
            let end = closing(value, quote)?;
            ends_item(&value[end + 1..])?;
            let unescaped = value[..end].replace("\\}", "}").replace(&format!("\\{quote}"), &quote.to_string());
            self.set(&text[..name], &unescaped);
            return Some(&value[end + 1..]);
        }
        if name > 0 {
            ends_item(&text[name..])?;
            self.references.push(text[..name].to_owned());
            return Some(&text[name..]);
        }
        let word = &text[..text.find(char::is_whitespace).unwrap_or(text.len())];
        let mut rest = word;
        while let Some(named) = rest.strip_prefix(['.', '#']) {
            let value = &named[..named.find(['.', '#']).unwrap_or(named.len())];
            match rest.as_bytes()[0] {
                b'.' if !value.is_empty() => self.set("class", value),
                b'#' if value.starts_with(|c: char| c.is_ascii_alphabetic()) => self.set("id", value),
                _ => return None,
            }
            rest = &named[value.len()..];
        }
        if !rest.is_empty() {
            return None;
        }
        Some(&text[word.len()..])
    }

    fn set(&mut self, name: &str, value: &str) {
        set(&mut self.pairs, name, value);
    }

    /// Applies the list to an element's attributes, the definitions that it refers to first
    /// (`update_attr_with_ial`).
    pub fn apply(&self, definitions: &HashMap<String, Attributes>, to: &mut Vec<(String, String)>) {
        self.apply_below(definitions, to, 0);
    }

    fn apply_below(&self, definitions: &HashMap<String, Attributes>, to: &mut Vec<(String, String)>, depth: usize) {
        // definitions may refer to each other in a circle
        const DEEPEST: usize = 8;
        for reference in self.references.iter().filter(|_| depth < DEEPEST) {
            if let Some(definition) = definitions.get(reference) {
                definition.apply_below(definitions, to, depth + 1);
            }
        }
        for (name, value) in &self.pairs {
            set(to, name, value);
        }
    }
}

/// Classes add up, everything else is the last one's.
fn set(pairs: &mut Vec<(String, String)>, name: &str, value: &str) {
    match pairs.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) if name == "class" => {
            if !known.is_empty() {
                known.push(' ');
            }
            known.push_str(value);
        }
        Some((_, known)) => *known = value.to_owned(),
        None => pairs.push((name.to_owned(), value.to_owned())),
    }
}

/// The length of `\w[\w-]*` at the start of a text.
pub fn name_length(text: &str) -> usize {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(|b| word(*b)) {
        return 0;
    }
    bytes.iter().take_while(|b| word(**b) || **b == b'-').count()
}

/// Where a quoted value ends: no `}` stands in it without a backslash.
fn closing(value: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return Some(at),
            '}' if !escaped => return None,
            _ => escaped = false,
        }
    }
    None
}

fn ends_item(rest: &str) -> Option<()> {
    rest.chars().next().is_none_or(char::is_whitespace).then_some(())
}

fn after_word(text: &str) -> &str {
    &text[text.find(char::is_whitespace).unwrap_or(text.len())..]
}

/// The content of `{:…}` at the start of a text, with its length: anything up to a `}` without a backslash.
/// Definitions (`{:name:`), extensions (`{::`) and their ends (`{:/`) are no such list.
pub fn inline_list(text: &str) -> Option<(&str, usize)> {
    let content = text.strip_prefix("{:")?;
    if content.starts_with([':', '/']) {
        return None;
    }
    braced(content).map(|length| (&content[..length], length + 3))
}

/// The length of what stands before the closing brace; not empty.
pub fn braced(content: &str) -> Option<usize> {
    let bytes = content.as_bytes();
    let end = memchr::memchr_iter(b'}', bytes).find(|at| *at == 0 || bytes[at - 1] != b'\\')?;
    (end > 0).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_item_by_item() {
        let mut list = Attributes::default();
        list.read(" .a.b #top key=\"v \\\" w\" toc .c");
        let pairs = [("class", "a b c"), ("id", "top"), ("key", "v \" w")];
        assert_eq!(list.pairs, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(list.references, ["toc"]);
    }

    #[test]
    fn what_is_no_item_is_passed_over() {
        let mut list = Attributes::default();
        list.read("é .a .é é.b ü=\"c\" #é");
        assert_eq!(list.pairs, [("class".to_owned(), "a é".to_owned())]);
    }

    #[test]
    fn definitions_come_before_the_list_itself() {
        let mut definition = Attributes::default();
        definition.read(".wide id=\"x\"");
        let mut list = Attributes::default();
        list.read("pic #y .tall");
        let mut attributes = Vec::new();
        list.apply(&HashMap::from([("pic".to_owned(), definition)]), &mut attributes);
        assert_eq!(attributes, [("class".to_owned(), "wide tall".to_owned()), ("id".to_owned(), "y".to_owned())]);
    }
}
