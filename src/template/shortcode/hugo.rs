//! Hugo's shortcodes: those that it has built in, and the site's own.

use super::go::{self, Host, Value};
use super::{Call, inline_markdown, markdown};
use crate::address::encoded;
use crate::escape::{escape_attribute, escape_text};
use crate::model::Opened;
use crate::template::Blog;

/// What a shortcode shows.
///
/// # Errors
/// Why nobody knows.
pub fn shown(call: &Call<'_>, post: &Opened, blog: &Blog) -> Result<String, String> {
    // the site's own stand before those of its theme and of Hugo (`tpl/tplimpl/templatestore.go`)
    if let Some(template) = own(call.name, blog) {
        return go::render(&template, &Page { call, post, blog }).map(|shown| shown.trim().to_owned());
    }
    built_in(call, post, blog)?.ok_or_else(|| "no template of the site has its name".to_owned())
}

/// The site's template, or its theme's.
fn own(name: &str, blog: &Blog) -> Option<String> {
    let site = &blog.site;
    let themes = match site.setting("theme") {
        Some(crate::model::Value::List(names)) => names.iter().filter_map(crate::model::Value::to_text).collect(),
        Some(one) => one.to_text().into_iter().collect::<Vec<_>>(),
        None => Vec::new(),
    };
    let roots = std::iter::once(String::new()).chain(themes.into_iter().map(|theme| format!("themes/{theme}/")));
    let mut paths = roots.flat_map(|root| {
        ["layouts/_shortcodes", "layouts/shortcodes"].map(|folder| format!("{root}{folder}/{name}.html"))
    });
    paths.find_map(|path| site.root.text(&path).ok())
}

/// Hugo (`tpl/tplimpl/embedded/templates/_shortcodes`).
fn built_in(call: &Call<'_>, post: &Opened, blog: &Blog) -> Result<Option<String>, String> {
    let arg = |key: &str, place: usize| call.named(key).or_else(|| call.at(place)).unwrap_or_default();
    Ok(Some(match call.name {
        "figure" => figure(call, post, blog),
        "highlight" => {
            let body = call.body.unwrap_or_default();
            let fence = "`".repeat(longest_ticks(body).max(2) + 1);
            format!("{fence}{}\n{}\n{fence}", arg("lang", 0), body.trim_matches('\n'))
        }
        "ref" | "relref" => reference(call, post, blog)?,
        "youtube" => {
            let from = format!(
                "https://www.youtube.com/embed/{}?autoplay=0&controls=1&end=0&loop=0&mute=0&start=0",
                arg("id", 0)
            );
            frame(&from, arg("title", 1))
        }
        "vimeo" => frame(&format!("https://player.vimeo.com/video/{}?dnt=0", arg("id", 0)), arg("title", 1)),
        "gist" => {
            let file = call.at(2).map(|file| format!("?file={file}")).unwrap_or_default();
            let mut from = String::new();
            escape_attribute(
                &format!("https://gist.github.com/{}/{}.js{file}", arg("user", 0), arg("id", 1)),
                &mut from,
            );
            format!("<script src=\"{from}\"></script>")
        }
        "details" => {
            let mut summary = String::new();
            escape_text(call.named("summary").unwrap_or("Details"), &mut summary);
            let open = if call.named("open") == Some("true") { " open" } else { "" };
            let body = markdown(call.body.unwrap_or_default(), post.dialect, &blog.site);
            format!("<details{open}>\n<summary>{summary}</summary>\n{}\n</details>", body.trim())
        }
        "param" => {
            let name = arg("name", 0).to_lowercase();
            let of_page = post.details.fields.get(&name).and_then(|field| field.value.to_text());
            let of_site = || blog.site.setting(&format!("params.{name}")).and_then(crate::model::Value::to_text);
            of_page.or_else(of_site).ok_or_else(|| format!("there is no parameter `{name}`"))?
        }
        _ => return Ok(None),
    }))
}

fn longest_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn frame(from: &str, title: &str) -> String {
    let (mut src, mut named) = (String::new(), String::new());
    escape_attribute(from, &mut src);
    escape_attribute(title, &mut named);
    let title = if named.is_empty() { named } else { format!(" title=\"{named}\"") };
    format!("<div><iframe src=\"{src}\"{title} loading=\"lazy\" allowfullscreen></iframe></div>")
}

/// Hugo (`figure.html`): a picture, linked where a link is given, with a title, a caption and whom it is by.
fn figure(call: &Call<'_>, post: &Opened, blog: &Blog) -> String {
    let attribute = |name: &str, value: Option<&str>| {
        let mut out = String::new();
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.push_str(&format!(" {name}=\""));
            escape_attribute(value, &mut out);
            out.push('"');
        }
        out
    };
    let named = |key: &str| call.named(key);
    let plain = |text: &str| text.replace(['*', '_', '`'], "");
    let caption = named("caption").map(|text| inline_markdown(text, post.dialect, &blog.site));
    let alt = named("alt").map(str::to_owned).or_else(|| named("caption").map(plain));
    let src = named("src").or_else(|| call.at(0));
    let mut picture = format!("<img{}", attribute("src", src));
    picture.push_str(&attribute("alt", alt.as_deref()));
    for name in ["width", "height", "loading"] {
        picture.push_str(&attribute(name, named(name)));
    }
    picture.push('>');
    if let Some(link) = named("link") {
        let more = format!("{}{}", attribute("target", named("target")), attribute("rel", named("rel")));
        picture = format!("<a{}{more}>{picture}</a>", attribute("href", Some(link)));
    }
    let mut lines = String::new();
    if let Some(title) = named("title") {
        lines.push_str("<h4>");
        escape_text(title, &mut lines);
        lines.push_str("</h4>");
    }
    let by =
        named("attr").map(|text| inline_markdown(text, post.dialect, &blog.site)).map(|text| match named("attrlink") {
            Some(link) => format!("<a{}>{text}</a>", attribute("href", Some(link))),
            None => text,
        });
    let words: Vec<String> = caption.into_iter().chain(by).collect();
    if !words.is_empty() {
        lines.push_str(&format!("<p>{}</p>", words.join(" ")));
    }
    let lines = if lines.is_empty() { lines } else { format!("<figcaption>{lines}</figcaption>") };
    format!("<figure{}>{picture}{lines}</figure>", attribute("class", named("class")))
}

/// Hugo (`resources/page/siteidentities.go`): the address of the document of a path: from the page's folder, from the
/// root, or by its name alone.
fn reference(call: &Call<'_>, post: &Opened, blog: &Blog) -> Result<String, String> {
    let typed = call.named("path").or_else(|| call.at(0)).unwrap_or_default();
    let (path, fragment) = typed.split_at(typed.find('#').unwrap_or(typed.len()));
    let address = match path {
        "" => post.address.clone(),
        path => document(path, post, blog).ok_or_else(|| format!("there is no document `{path}`"))?,
    };
    let host = if call.name == "ref" { blog.site.host.as_str() } else { "" };
    Ok(format!("{host}{}{}{fragment}", blog.site.base_path, encoded(&address)))
}

fn document(path: &str, post: &Opened, blog: &Blog) -> Option<std::sync::Arc<str>> {
    let content = post.source.split('/').next().unwrap_or("content");
    let folder = post.source.rsplit_once('/').map_or(content, |(folder, _)| folder);
    let path = path.trim_end_matches('/');
    let roots = if path.starts_with('/') { vec![content] } else { vec![folder, content] };
    let tails = ["", ".md", "/index.md", "/_index.md"];
    for root in roots {
        for tail in tails {
            let joined = crate::source::beneath(&format!("{root}/{}{tail}", path.trim_start_matches('/'))).ok()?;
            if let Some(found) = blog.post_of_source(&joined) {
                return Some(found.address.clone());
            }
        }
    }
    let name = path.rsplit('/').next()?;
    let name = name.strip_suffix(".md").unwrap_or(name);
    blog.published().iter().find(|post| post.slug == name).map(|post| post.address.clone())
}

/// What a template of the site sees.
struct Page<'a> {
    call: &'a Call<'a>,
    post: &'a Opened,
    blog: &'a Blog,
}

impl Host for Page<'_> {
    fn field(&self, path: &str) -> Option<Value> {
        let site = &self.blog.site;
        Some(match path {
            ".Inner" => Value::Html(self.call.body.unwrap_or_default().to_owned()),
            ".InnerDeindent" => Value::Html(self.call.body.unwrap_or_default().trim().to_owned()),
            ".IsNamedParams" => Value::Bool(self.call.args.iter().any(|arg| arg.key.is_some())),
            ".Ordinal" => Value::Int(i64::try_from(self.call.before).unwrap_or(i64::MAX)),
            ".Name" => Value::Text(self.call.name.to_owned()),
            ".Params" => Value::Object(path.to_owned()),
            ".Page.Title" => Value::Text(self.post.title.clone().unwrap_or_default()),
            ".Page.RelPermalink" => Value::Text(format!("{}{}", site.base_path, encoded(&self.post.address))),
            ".Page.Permalink" => Value::Text(format!("{}{}{}", site.host, site.base_path, encoded(&self.post.address))),
            ".Site.BaseURL" | ".Page.Site.BaseURL" => Value::Text(format!("{}{}/", site.host, site.base_path)),
            ".Site.Title" | ".Page.Site.Title" => Value::Text(site.title.clone()),
            path => {
                let name = path.strip_prefix(".Params.")?;
                self.call.named(name).map_or(Value::Nil, |value| Value::Text(value.to_owned()))
            }
        })
    }

    fn entries(&self, path: &str) -> Option<Vec<(Value, Value)>> {
        let entry = |(at, arg): (usize, &super::scan::Argument)| {
            let place = Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
            (arg.key.clone().map_or(place, Value::Text), Value::Text(arg.value.clone()))
        };
        (path == ".Params").then(|| self.call.args.iter().enumerate().map(entry).collect())
    }

    fn call(&self, name: &str, args: &[Value]) -> Option<Value> {
        let site = &self.blog.site;
        let text = |at: usize| match args.get(at) {
            Some(Value::Text(text) | Value::Html(text)) => text.clone(),
            Some(Value::Int(number)) => number.to_string(),
            _ => String::new(),
        };
        let told = |value: Option<&str>| value.map_or(Value::Nil, |value| Value::Text(value.to_owned()));
        Some(match (name, args) {
            (".Get", [Value::Int(place)]) => told(usize::try_from(*place).ok().and_then(|place| self.call.at(place))),
            (".Get", [Value::Text(key)]) => match key.parse() {
                Ok(place) => told(self.call.at(place)),
                Err(_) => told(self.call.named(key)),
            },
            ("isset", [Value::Object(_), Value::Text(key)]) => Value::Bool(self.call.named(key).is_some()),
            ("isset", [Value::Object(_), Value::Int(place)]) => {
                Value::Bool(usize::try_from(*place).is_ok_and(|place| self.call.args.len() > place))
            }
            ("index", [Value::Object(_), Value::Text(key)]) => told(self.call.named(key)),
            ("index", [Value::Object(_), Value::Int(place)]) => {
                told(usize::try_from(*place).ok().and_then(|place| self.call.at(place)))
            }
            ("markdownify" | ".Page.RenderString" | "transform.Markdownify", [.., _]) => {
                Value::Html(inline_markdown(&text(args.len() - 1), self.post.dialect, site))
            }
            ("relURL" | "urls.RelURL" | "relLangURL", [_]) => {
                let path = text(0);
                if path.contains("://") || path.starts_with("//") {
                    Value::Text(path)
                } else {
                    Value::Text(format!("{}/{}", site.base_path, path.trim_start_matches('/')))
                }
            }
            ("absURL" | "urls.AbsURL" | "absLangURL", [_]) => {
                let path = text(0);
                if path.contains("://") {
                    Value::Text(path)
                } else {
                    Value::Text(format!("{}{}/{}", site.host, site.base_path, path.trim_start_matches('/')))
                }
            }
            ("htmlEscape" | "transform.HTMLEscape", [_]) => {
                let mut out = String::new();
                escape_text(&text(0), &mut out);
                Value::Html(out)
            }
            _ => return None,
        })
    }
}
