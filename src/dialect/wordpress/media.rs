//! What WordPress itself makes of shortcodes (wp-includes/media.php), as a theme with `html5` shows it.

use std::sync::LazyLock;

use regex::Regex;

use super::shortcodes::{Shortcode, attributes, value};
use crate::escape::{escape_attribute, escape_text};
use crate::model::{Map, Site, Value};

/// The shortcodes of which the HTML is made here.
pub const NAMES: [&str; 5] = ["caption", "wp_caption", "gallery", "audio", "video"];

/// The library of a blog, as its reader hands it over.
pub struct Library<'a> {
    attachments: Option<&'a Map>,
    attached: Option<&'a Map>,
}

impl<'a> Library<'a> {
    pub fn of(site: &'a Site) -> Self {
        let data = |name: &str| site.data.get(name).and_then(Value::as_map);
        Library { attachments: data("attachments"), attached: data("attached") }
    }

    /// The address, the text instead and the caption of a picture.
    fn picture(&self, id: &str) -> Option<[&'a str; 3]> {
        let told = self.attachments?.get(id)?.as_list()?;
        let part = |at: usize| told.get(at).and_then(Value::as_str).unwrap_or_default();
        Some([part(0), part(1), part(2)])
    }

    /// The pictures that belong to a post.
    fn of_post(&self, id: &str) -> Vec<String> {
        let ids = self.attached.and_then(|attached| attached.get(id)).and_then(Value::as_list).unwrap_or_default();
        ids.iter().filter_map(Value::to_text).collect()
    }
}

/// The HTML of a shortcode; `None` where it stays as typed. `instance` counts the galleries of a page.
pub fn html(found: &Shortcode<'_>, library: &Library<'_>, post: &str, instance: &mut usize) -> Option<String> {
    let said = attributes(found.attributes);
    match found.name {
        "caption" | "wp_caption" => Some(caption(&said, found.content.unwrap_or_default())),
        "gallery" => {
            *instance += 1;
            gallery(&said, library, post, *instance)
        }
        "audio" | "video" => player(found.name, &said, found.content),
        _ => None,
    }
}

/// `img_caption_shortcode`
fn caption(said: &[(String, String)], content: &str) -> String {
    static PICTURE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?is)((?:<a [^>]+>\s*)?<img [^>]+>(?:\s*</a>)?)(.*)").expect("a valid pattern"));
    let (mut picture, mut text) = (content, value(said, "caption").map(str::to_owned));
    if text.is_none()
        && let Some(found) = PICTURE.captures(content)
    {
        picture = found.get(1).map_or(content, |found| found.as_str());
        text = found.get(2).map(|found| found.as_str().trim().to_owned());
    }
    let width: i64 = value(said, "width").map_or(0, number);
    let text = text.unwrap_or_default();
    // PHP's `empty`
    if width < 1 || text.is_empty() || text == "0" {
        return picture.to_owned();
    }
    let id = class_name(value(said, "id").unwrap_or_default());
    let caption_id = match class_name(value(said, "caption_id").unwrap_or_default()) {
        own if !own.is_empty() => own,
        _ if id.is_empty() => String::new(),
        _ => format!("caption-{}", id.replace('_', "-")),
    };
    let attribute =
        |name: &str, value: &str| if value.is_empty() { String::new() } else { format!("{name}=\"{value}\" ") };
    let (align, class) = (value(said, "align").unwrap_or("alignnone"), value(said, "class").unwrap_or_default());
    let mut classes = String::new();
    escape_attribute(format!("wp-caption {align} {class}").trim(), &mut classes);
    format!(
        "<figure {}{}style=\"width: {width}px\" class=\"{classes}\">{picture}<figcaption {}class=\"wp-caption-text\">{text}</figcaption></figure>",
        attribute("id", &id),
        attribute("aria-describedby", &caption_id),
        attribute("id", &caption_id),
    )
}

/// `gallery_shortcode`. Pictures lead to their files: pages of attachments are not taken over, nor are their smaller copies
/// known.
fn gallery(said: &[(String, String)], library: &Library<'_>, post: &str, instance: usize) -> Option<String> {
    let list = |name: &str| -> Vec<String> {
        let ids = value(said, name).unwrap_or_default().split([',', ' ']);
        ids.map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
    };
    let post = value(said, "id").unwrap_or(post);
    let mut ids = [list("ids"), list("include")].into_iter().find(|ids| !ids.is_empty()).unwrap_or_else(|| {
        let excluded = list("exclude");
        library.of_post(post).into_iter().filter(|id| !excluded.contains(id)).collect()
    });
    if value(said, "order").is_some_and(|order| order.eq_ignore_ascii_case("desc")) && list("ids").is_empty() {
        ids.reverse();
    }
    let pictures: Vec<(String, [&str; 3])> =
        ids.into_iter().filter_map(|id| Some((id.clone(), library.picture(&id)?))).collect();
    // what is not in the export cannot be shown
    if pictures.is_empty() {
        return None;
    }
    let columns: i64 = value(said, "columns").map_or(3, number);
    let size = class_name(value(said, "size").unwrap_or("thumbnail"));
    let mut out = format!(
        "<div id='gallery-{instance}' class='gallery galleryid-{} gallery-columns-{columns} gallery-size-{size}'>",
        class_name(post)
    );
    for (id, [address, alt, caption]) in pictures {
        let (mut escaped, mut text) = (String::new(), String::new());
        escape_attribute(address, &mut escaped);
        escape_attribute(alt, &mut text);
        let picture = format!("<img src=\"{escaped}\" alt=\"{text}\" />");
        let linked = match value(said, "link") {
            Some("none") => picture,
            _ => format!("<a href='{}'>{picture}</a>", escaped.replace('\'', "&#39;")),
        };
        out.push_str(&format!("<figure class='gallery-item'>\n<div class='gallery-icon'>\n{linked}\n</div>"));
        if !caption.trim().is_empty() {
            out.push_str(&format!("<figcaption class='wp-caption-text gallery-caption' id='gallery-{instance}-{}'>\n{caption}\n</figcaption>", class_name(&id)));
        }
        out.push_str("</figure>");
    }
    out.push_str("\n</div>\n");
    Some(out)
}

/// `wp_audio_shortcode` and `wp_video_shortcode`: the first file that is named, or the first address within.
fn player(name: &str, said: &[(String, String)], content: Option<&str>) -> Option<String> {
    const TYPES: [&str; 12] = ["src", "mp4", "m4v", "webm", "ogv", "flv", "mp3", "ogg", "flac", "m4a", "wav", "wma"];
    let unnamed =
        said.iter().find(|(key, value)| key.is_empty() && value.contains("://")).map(|(_, value)| value.as_str());
    let within =
        || content.map(str::trim).filter(|content| content.starts_with("http") && !content.contains(['<', ' ']));
    let address = TYPES.iter().find_map(|key| value(said, key)).or(unnamed).or_else(within)?;
    let mut out = format!("<{name} controls=\"controls\" src=\"");
    escape_attribute(address, &mut out);
    out.push('"');
    for key in ["width", "height", "poster", "preload", "loop", "autoplay", "muted"] {
        if let Some(said) = value(said, key).filter(|said| !said.is_empty() && !matches!(*said, "0" | "off" | "false"))
        {
            out.push_str(&format!(" {key}=\""));
            escape_attribute(said, &mut out);
            out.push('"');
        }
    }
    out.push_str("><a href=\"");
    escape_attribute(address, &mut out);
    out.push_str("\">");
    escape_text(address, &mut out);
    out.push_str(&format!("</a></{name}>"));
    Some(out)
}

/// PHP's `(int)`.
fn number(text: &str) -> i64 {
    let text = text.trim();
    let end = text.bytes().enumerate().take_while(|(at, b)| b.is_ascii_digit() || (*at == 0 && *b == b'-')).count();
    text[..end].parse().unwrap_or_default()
}

/// wp-includes/formatting.php (`sanitize_html_class`)
fn class_name(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
}
