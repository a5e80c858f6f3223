//! Hexo's built-in tags (`plugins/tag`), each with all its arguments.

use std::sync::LazyLock;

use regex::Regex;

use super::{Expander, Expansion, scan};
use crate::escape::{escape_attribute, escape_text};
use crate::ledger::Code;
use crate::mapping::tagmap::unquoted;
use crate::source::{Refusal, joined};
use crate::tree::text::longest_run;

/// Hexo (`img.ts`, `link.ts`): what counts as an address among the arguments.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(([A-Za-z]{3,9}:(?://)?)(?:[-;:&=+$,\w]+@)?[A-Za-z0-9.-]+|(?:www.|[-;:&=+$,\w]+@)[A-Za-z0-9.-]+)")
        .expect("a valid pattern")
});

impl Expander<'_> {
    /// The expansion of a built-in tag; `None` where the name is none or a body is missing.
    pub(super) fn built_in(&mut self, name: &str, args: &[String], body: Option<(&str, usize)>) -> Option<Expansion> {
        Some(match (name, body) {
            ("raw", Some((body, _))) => raw(body),
            ("codeblock" | "code", Some((body, _))) => Expansion::Block(code_block(args, body)),
            ("blockquote" | "quote", Some((body, offset))) => {
                let body = self.nested(body, offset);
                Expansion::Block(block_quote(args, &body))
            }
            ("pullquote", Some((body, offset))) => {
                let body = self.nested(body, offset);
                let classes =
                    std::iter::once("pullquote").chain(args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
                Expansion::Block(format!(
                    "<blockquote class=\"{}\">\n\n{}\n\n</blockquote>",
                    attribute(&classes),
                    body.trim_matches('\n')
                ))
            }
            ("img" | "image", None) => Expansion::Inline(self.image(args)),
            ("asset_img" | "asset_image", None) => Expansion::Inline(self.asset_image(args)),
            ("asset_path", None) => {
                Expansion::Inline(args.first().and_then(|slug| self.asset(slug)).unwrap_or_default())
            }
            ("asset_link", None) => Expansion::Inline(self.asset_link(args)),
            ("post_link", None) => Expansion::Inline(self.post_link(args)?),
            ("post_path", None) => {
                let found = args.first().and_then(|slug| self.blog.post_of_name(unquoted(slug)));
                Expansion::Inline(found.map(|post| self.address(&post.address)).unwrap_or_default())
            }
            ("url_for" | "full_url_for", None) => {
                let (text, path) = (args.first()?, args.get(1)?);
                Expansion::Inline(format!("<a href=\"{}\">{}</a>", attribute(&self.rooted(path)), text))
            }
            ("link" | "a" | "anchor", None) => Expansion::Inline(link(args)),
            ("iframe", None) => Expansion::Block(iframe(args)?),
            ("include_code" | "include-code", None) => Expansion::Block(self.include_code(args)?),
            _ => return None,
        })
    }

    /// Hexo `url_for`: an address without scheme gets the site's root in front.
    fn rooted(&self, path: &str) -> String {
        if path.contains("://") || path.starts_with("//") || path.starts_with('#') || path.starts_with("mailto:") {
            return path.to_owned();
        }
        let base = &self.blog.site.base_path;
        if !base.is_empty() && path.starts_with(&format!("{base}/")) {
            return path.to_owned();
        }
        format!("{base}/{}", path.trim_start_matches('/'))
    }

    fn address(&self, address: &str) -> String {
        format!("{}{}", self.blog.site.base_path, encode(address))
    }

    /// `{% img [class…] /url [width] [height] ["title" ["alt"]] %}`
    fn image(&self, args: &[String]) -> String {
        let at = args.iter().position(|arg| ADDRESS.is_match(arg) || arg.starts_with('/'));
        let classes = args[..at.unwrap_or(args.len())].join(" ");
        let src = at.map(|at| self.rooted(&args[at])).unwrap_or_default();
        let rest = at.map_or(&[][..], |at| &args[at + 1..]);
        image_of(&src, &classes, rest)
    }

    /// `{% asset_img [class…] slug … %}`: as `img`, the slug being one of the post's own assets.
    fn asset_image(&self, args: &[String]) -> String {
        let found = args.iter().enumerate().find_map(|(at, arg)| self.asset(unquoted(arg)).map(|src| (at, src)));
        match found {
            Some((at, src)) => image_of(&src, &args[..at].join(" "), &args[at + 1..]),
            None => String::new(),
        }
    }

    /// The address of one of the post's own assets: a file in the folder named like the post.
    fn asset(&self, slug: &str) -> Option<String> {
        let slug = unquoted(slug).trim_start_matches("./");
        let folder = self.post.source.rsplit_once('.').map_or(&*self.post.source, |(stem, _)| stem);
        let wanted = format!("{folder}/{slug}");
        Some(self.address(&self.blog.asset_of_source(&wanted)?.address))
    }

    fn asset_link(&self, args: &[String]) -> String {
        let Some((slug, rest)) = args.split_first() else { return String::new() };
        let Some(href) = self.asset(slug) else { return String::new() };
        let (rest, escape) = without_escape(rest);
        let title = if rest.is_empty() { unquoted(slug).to_owned() } else { rest.join(" ") };
        let shown = if escape { text(&title) } else { title.clone() };
        format!("<a href=\"{}\" title=\"{}\">{shown}</a>", attribute(&href), attribute(&title))
    }

    /// `{% post_link slug|title [text] [escape] %}`; a missing post is an error to Hexo.
    fn post_link(&self, args: &[String]) -> Option<String> {
        let (slug, rest) = args.split_first()?;
        let (slug, hash) = slug.split_once('#').map_or((slug.as_str(), ""), |(slug, hash)| (slug, hash));
        let post = self.blog.post_of_name(unquoted(slug))?;
        let (rest, escape) = without_escape(rest);
        let name = post.title.clone().unwrap_or_else(|| post.slug.clone());
        let title = if rest.is_empty() { name.clone() } else { rest.join(" ") };
        let shown = if escape { text(&title) } else { title };
        let hash = if hash.is_empty() { String::new() } else { format!("#{hash}") };
        let href = format!("{}{hash}", self.address(&post.address));
        Some(format!("<a href=\"{}\" title=\"{}\">{shown}</a>", attribute(&href), attribute(&name)))
    }

    /// Hexo (`include_code.ts`): a path below `code_dir`, whatever slashes are between the two.
    fn code_file(&mut self, path: &str) -> Option<String> {
        let site = &self.blog.site;
        let setting = |key: &str| site.setting(key).and_then(|value| value.as_str());
        let folder = joined(setting("source_dir").unwrap_or("source"), setting("code_dir").unwrap_or("downloads/code"));
        match site.root.text(&joined(&folder, path)) {
            Ok(code) => Some(code),
            Err(Refusal::LeadsOut) => {
                let message = format!("{path} leads out of the source's folder");
                self.ledger.add(Code::OutsideSource, self.post.start(), message);
                None
            }
            Err(_) => None,
        }
    }

    /// `{% include_code [title] [lang:x] [from:n] [to:n] path %}`: a file of `source/<code_dir>`.
    fn include_code(&mut self, args: &[String]) -> Option<String> {
        let option = |key: &str| args.iter().find_map(|arg| arg.strip_prefix(key));
        let words: Vec<&String> =
            args.iter().filter(|arg| !["lang:", "from:", "to:"].iter().any(|key| arg.starts_with(key))).collect();
        let (path, title) = words.split_last()?;
        let code = self.code_file(path)?;
        let from = option("from:").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1).saturating_sub(1);
        let to = option("to:").and_then(|n| n.parse::<usize>().ok()).unwrap_or(usize::MAX);
        let lines: Vec<&str> = code.lines().skip(from).take(to.saturating_sub(from)).collect();
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let language = option("lang:").unwrap_or(extension);
        let title = title.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
        Some(fence(&format!("{language} {title}"), lines.join("\n").trim()))
    }
}

/// `raw` shows its body as it stands, after the Markdown has been rendered; fenced code in it is code all the same.
fn raw(body: &str) -> Expansion {
    if !scan::fences(body).is_empty() {
        return Expansion::Block(body.to_owned());
    }
    if body.contains('\n') {
        return Expansion::Block(body.trim_matches('\n').to_owned());
    }
    let mut shown = String::new();
    for c in body.chars() {
        if matches!(c, '*' | '_' | '`' | '[' | ']' | '\\') {
            shown.push('\\');
        }
        shown.push(c);
    }
    Expansion::Inline(shown)
}

/// `{% codeblock [title] [lang:x] [url] [link text] [options] %}`: a fence; Hexo strips the common indent.
fn code_block(args: &[String], body: &str) -> String {
    const OPTIONS: [&str; 7] =
        ["line_number:", "line_threshold:", "first_line:", "mark:", "wrap:", "highlight:", "language_attr:"];
    let language = args.iter().find_map(|arg| arg.strip_prefix("lang:")).unwrap_or("");
    let words =
        args.iter().filter(|arg| !arg.starts_with("lang:") && !OPTIONS.iter().any(|option| arg.starts_with(option)));
    let title = words.map(String::as_str).collect::<Vec<_>>().join(" ");
    let info = if title.is_empty() {
        language.to_owned()
    } else {
        format!("{} {title}", if language.is_empty() { "plain" } else { language })
    };
    fence(&info, &dedent(body.trim_matches('\n')))
}

fn fence(info: &str, code: &str) -> String {
    let fence = "`".repeat((longest_run(code, '`') + 1).max(3));
    format!("{fence}{}\n{code}\n{fence}", info.replace('`', "").trim())
}

/// Takes the indent that all lines share off every line (`strip-indent`).
fn dedent(code: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = code.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    code.lines().map(|line| line.get(shared..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// `{% blockquote [author[, source]] [url] [title] %}`: a quote with a footer.
fn block_quote(args: &[String], body: &str) -> String {
    let mut quote = String::new();
    for line in body.trim_matches('\n').lines() {
        quote.push_str(if line.is_empty() { ">" } else { "> " });
        quote.push_str(line);
        quote.push('\n');
    }
    let footer = footer(&args.join(" "));
    if !footer.is_empty() {
        quote.push_str(&format!(">\n> <footer>{footer}</footer>"));
    }
    quote
}

fn footer(cite: &str) -> String {
    static FULL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)(\S.*)\s+(https?://\S+)(?:\s+(.+))?").expect("a valid pattern"));
    static TITLED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([^,]+),\s*([^,]+)").expect("a valid pattern"));
    let (author, source, title) = if let Some(found) = FULL.captures(cite) {
        (
            found[1].to_owned(),
            found[2].to_owned(),
            found.get(3).map_or(String::new(), |title| title.as_str().to_owned()),
        )
    } else if let Some(found) = TITLED.captures(cite) {
        (found[1].to_owned(), String::new(), found[2].to_owned())
    } else {
        (cite.to_owned(), String::new(), String::new())
    };
    let mut footer = String::new();
    if !author.is_empty() {
        footer.push_str(&format!("<strong>{author}</strong>"));
    }
    if !source.is_empty() {
        let bare = source.trim_start_matches("https://").trim_start_matches("http://");
        let bare = bare
            .strip_suffix("/index.html")
            .or(bare.strip_suffix("/index.htm"))
            .or(bare.strip_suffix('/'))
            .unwrap_or(bare);
        let shown = if title.is_empty() { bare } else { &title };
        footer.push_str(&format!("<cite><a href=\"{source}\">{shown}</a></cite>"));
    } else if !title.is_empty() {
        footer.push_str(&format!("<cite>{title}</cite>"));
    }
    footer
}

/// `[width] [height] ["title" ["alt"]]` behind an image's address.
fn image_of(src: &str, classes: &str, rest: &[String]) -> String {
    let number =
        |arg: Option<&String>| arg.filter(|arg| !arg.is_empty() && arg.bytes().all(|b| b.is_ascii_digit())).cloned();
    let width = number(rest.first());
    let height = if width.is_some() { number(rest.get(1)) } else { None };
    let used = usize::from(width.is_some()) + usize::from(height.is_some());
    let (title, alt) = title_and_alt(&rest[used..].join(" "));
    if classes.is_empty() && width.is_none() && !src.contains([' ', '(', ')', '<', '>']) {
        let title = title.map(|title| format!(" \"{}\"", title.replace('"', "\\\""))).unwrap_or_default();
        let alt = alt.unwrap_or_default().replace(['[', ']'], "");
        return format!("![{alt}]({src}{title})");
    }
    let mut tag = format!("<img src=\"{}\"", attribute(src));
    let own = [
        ("class", Some(classes.to_owned()).filter(|c| !c.is_empty())),
        ("width", width),
        ("height", height),
        ("title", title),
        ("alt", alt),
    ];
    for (name, value) in own {
        if let Some(value) = value {
            tag.push_str(&format!(" {name}=\"{}\"", attribute(&value)));
        }
    }
    tag.push('>');
    tag
}

/// Hexo tells title and alternative text apart by their quotes.
fn title_and_alt(meta: &str) -> (Option<String>, Option<String>) {
    let mut quoted = Vec::new();
    let mut rest = meta.trim();
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let Some(end) = rest[1..].find(quote) else { break };
        quoted.push(rest[1..=end].to_owned());
        rest = rest[end + 2..].trim_start();
    }
    if quoted.is_empty() && !rest.is_empty() {
        return (Some(rest.to_owned()), None);
    }
    let mut quoted = quoted.into_iter().map(|value| Some(value).filter(|value| !value.is_empty()));
    (quoted.next().flatten(), quoted.next().flatten())
}

/// `{% link text… url [external] [title] %}`
fn link(args: &[String]) -> String {
    let at = args.iter().position(|arg| ADDRESS.is_match(arg));
    let shown = args[..at.unwrap_or(args.len())].join(" ");
    let href = at.map_or("", |at| args[at].as_str());
    let mut rest = at.map_or(&[][..], |at| &args[at + 1..]);
    let mut external = false;
    if let Some((first, others)) = rest.split_first()
        && matches!(first.as_str(), "true" | "false")
    {
        external = first == "true";
        rest = others;
    }
    let title = rest.join(" ");
    let mut tag = format!("<a href=\"{}\"", attribute(href));
    if !title.is_empty() {
        tag.push_str(&format!(" title=\"{}\"", attribute(&title)));
    }
    if external {
        tag.push_str(" target=\"_blank\"");
    }
    format!("{tag}>{shown}</a>")
}

/// `{% iframe url [width] [height] %}`
fn iframe(args: &[String]) -> Option<String> {
    let size = |at: usize, default: &'static str| {
        args.get(at).map(String::as_str).filter(|arg| *arg != "default").unwrap_or(default).to_owned()
    };
    Some(format!(
        "<iframe src=\"{}\" width=\"{}\" height=\"{}\" frameborder=\"0\" loading=\"lazy\" allowfullscreen></iframe>",
        attribute(args.first()?),
        attribute(&size(1, "100%")),
        attribute(&size(2, "300"))
    ))
}

/// A last argument `true` or `false` says whether the text is escaped; it is by default.
fn without_escape(args: &[String]) -> (&[String], bool) {
    match args.split_last() {
        Some((last, rest)) if last == "true" || last == "false" => (rest, last == "true"),
        _ => (args, true),
    }
}

fn attribute(value: &str) -> String {
    let mut out = String::new();
    escape_attribute(value, &mut out);
    out
}

fn text(value: &str) -> String {
    let mut out = String::new();
    escape_text(value, &mut out);
    out
}

/// Spaces and marks that end an address are percent-encoded; letters of any script stay readable.
fn encode(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '"' => out.push_str("%22"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '%' => out.push_str("%25"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn block_quotes_have_hexos_footers() {
        let cases = [
            ("", "> text\n"),
            ("Jane Doe", "> text\n>\n> <footer><strong>Jane Doe</strong></footer>"),
            ("Jane Doe, A Book", "> text\n>\n> <footer><strong>Jane Doe</strong><cite>A Book</cite></footer>"),
            (
                "Jane https://a.example/b/",
                "> text\n>\n> <footer><strong>Jane</strong><cite><a href=\"https://a.example/b/\">a.example/b</a></cite></footer>",
            ),
        ];
        for (cite, expected) in cases {
            assert_eq!(block_quote(&args(cite), "\ntext\n"), expected, "{cite}");
        }
    }

    #[test]
    fn images_take_classes_sizes_and_texts() {
        assert_eq!(image_of("/a.png", "", &args("\"The title\" \"alt\"")), "![alt](/a.png \"The title\")");
        assert_eq!(
            image_of("/a.png", "left", &args("300 200")),
            "<img src=\"/a.png\" class=\"left\" width=\"300\" height=\"200\">"
        );
    }

    #[test]
    fn code_blocks_become_fences() {
        assert_eq!(
            code_block(&args("lang:rust A title mark:1"), "\n  fn a() {}\n    b\n"),
            "```rust A title\nfn a() {}\n  b\n```"
        );
        assert_eq!(code_block(&[], "a ``` b"), "````\na ``` b\n````");
    }

    #[test]
    fn links_tell_text_from_address() {
        assert_eq!(
            link(&args("some text https://a.example true A title")),
            "<a href=\"https://a.example\" title=\"A title\" target=\"_blank\">some text</a>"
        );
    }
}
