//! What the tags of Octopress read of their arguments, for tag maps (`cite`, `image`).

use std::sync::LazyLock;

use regex::Regex;

/// Whom a quotation is from.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cite {
    /// The author.
    pub author: Option<String>,
    /// The address of the source.
    pub source: Option<String>,
    /// What the link to the source shows, or the title of a work without an address.
    pub title: Option<String>,
}

/// A picture.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its classes.
    pub class: Option<String>,
    /// Its address.
    pub src: String,
    /// Its width in pixels.
    pub width: Option<String>,
    /// Its height in pixels.
    pub height: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub alt: String,
}

/// Octopress (`blockquote.rb`): `author address title`, `author address`, `author, title`, or an author.
pub fn cite(text: &str) -> Cite {
    static WITH_ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)(\S.*)\s+(https?://\S+)(?:\s+(.+))?").expect("a valid pattern"));
    static WITH_TITLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([^,]+),([^,]+)").expect("a valid pattern"));
    let owned = |text: &str| Some(text.trim().to_owned());
    if let Some(found) = WITH_ADDRESS.captures(text) {
        let title = found.get(3).map_or_else(|| shortened(&found[2]), |title| titlecase(title.as_str()));
        return Cite { author: owned(&found[1]), source: owned(&found[2]), title: Some(title) };
    }
    if let Some(found) = WITH_TITLE.captures(text) {
        return Cite { author: owned(&found[1]), source: None, title: Some(titlecase(&found[2])) };
    }
    Cite { author: owned(text).filter(|author| !author.is_empty()), ..Cite::default() }
}

/// The first parts of an address that have room in 32 letters.
fn shortened(address: &str) -> String {
    let whole = address.split_once("://").map_or(address, |(_, rest)| rest);
    let mut shown = String::new();
    for part in whole.split('/') {
        let longer = if shown.is_empty() { part.to_owned() } else { format!("{shown}/{part}") };
        if longer.chars().count() < 32 {
            shown = longer;
        }
    }
    // as it stands there: compared with the address, scheme included
    format!("{shown}/&hellip;")
}

/// Octopress (`titlecase.rb`).
fn titlecase(title: &str) -> String {
    const SMALL: [&str; 20] = [
        "a", "an", "and", "as", "at", "but", "by", "en", "for", "if", "in", "of", "on", "or", "the", "to", "v", "via",
        "vs", "",
    ];
    let words: Vec<&str> = title.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let word = |(at, word): (usize, &&str)| {
        let bare: String = word.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
        let small = SMALL.contains(&bare.to_lowercase().as_str()) && at != 0 && at != last;
        if small { word.to_lowercase() } else { capitalized(word) }
    };
    words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// Words with capitals or points within them stay as they are.
fn capitalized(word: &str) -> String {
    let at = word.find(|c| !matches!(c, '\'' | '"' | '(' | '[')).unwrap_or(word.len());
    let (marks, rest) = word.split_at(at);
    let mut letters = rest.chars();
    let pointed = rest.split_once('.').is_some_and(|(_, behind)| !behind.is_empty());
    match letters.next() {
        Some(first) if first.is_ascii_lowercase() && !pointed && !rest.contains(|c: char| c.is_ascii_uppercase()) => {
            format!("{marks}{}{}", first.to_ascii_uppercase(), letters.as_str())
        }
        _ => word.to_owned(),
    }
}

/// Octopress (`image_tag.rb`): `[classes] address [width [height]] [title | "title" "alt"]`.
pub fn image(text: &str) -> Option<Image> {
    static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(\S.*\s+)?((?:https?://|/|\S+/)\S+)(?:\s+(\d+))?(?:\s+(\d+))?(\s+.+)?")
            .expect("a valid pattern")
    });
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"["']([^"']+)?["']\s+["']([^"']+)?["']"#).expect("a valid pattern"));
    let found = IMAGE.captures(text)?;
    let part = |at: usize| found.get(at).map(|part| part.as_str().trim().to_owned());
    let rest = part(5);
    let (title, alt) = match rest.as_deref().and_then(|rest| QUOTED.captures(rest)) {
        Some(quoted) => {
            (quoted.get(1).map(|title| title.as_str().to_owned()), quoted.get(2).map_or("", |alt| alt.as_str()))
        }
        None => (rest.clone(), rest.as_deref().unwrap_or("")),
    };
    let class = part(1).map(|class| class.replace(['"', '\''], ""));
    Some(Image {
        class,
        src: part(2).unwrap_or_default(),
        width: part(3),
        height: part(4),
        alt: alt.replace('"', ""),
        title: title.map(|title| title.replace('"', "")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_told_apart_as_octopress_does() {
        for (text, author, source, title) in [
            ("Ann Other, a book of the sea", "Ann Other", None, Some("A Book of the Sea")),
            ("@ann https://a.example/x/1", "@ann", Some("https://a.example/x/1"), Some("a.example/x/1/&hellip;")),
            ("Ann https://a.example/b on the iPhone", "Ann", Some("https://a.example/b"), Some("On the iPhone")),
            ("Ann Other", "Ann Other", None, None),
        ] {
            let found = cite(text);
            assert_eq!(
                (found.author.as_deref(), found.source.as_deref(), found.title.as_deref()),
                (Some(author), source, title),
                "{text}"
            );
        }
        assert_eq!(cite(""), Cite::default());
    }

    #[test]
    fn pictures_have_classes_sizes_and_titles() {
        let found = image("right small /img/a.png 150 80 \"A title\" \"an alt\"").expect("a picture");
        let shown = (found.class.as_deref(), &*found.src, found.width.as_deref(), found.height.as_deref());
        assert_eq!(shown, (Some("right small"), "/img/a.png", Some("150"), Some("80")));
        assert_eq!((found.title.as_deref(), &*found.alt), (Some("A title"), "an alt"));
        let found = image("/img/a.png A plain title").expect("a picture");
        assert_eq!((found.class, found.title.as_deref(), &*found.alt), (None, Some("A plain title"), "A plain title"));
        assert_eq!(image("nothing"), None);
    }
}
